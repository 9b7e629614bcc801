# Which versions of Impasto serve which requests.
#
# usage: cmake -DTEMPLATE=packaging/impasto-config-version.cmake.in -P versions.cmake
#
# Folders are made in the working directory.

cmake_minimum_required(VERSION 3.19)

function(expect answer VERSION)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${VERSION}")
  configure_file("${TEMPLATE}" "${folder}/impasto-config-version.cmake" @ONLY)
  file(TOUCH "${folder}/impasto-config.cmake")
  unset(impasto_DIR CACHE)
  find_package(impasto ${ARGN} CONFIG QUIET PATHS "${folder}" NO_DEFAULT_PATH)
  if(NOT impasto_FOUND STREQUAL answer)
    message(SEND_ERROR "Impasto ${VERSION} for a request of ${ARGN}: ${impasto_FOUND}")
  endif()
endfunction()

# Any; one; a later one of the same line.
expect(1 0.1.0)
expect(1 0.1.0 0.1)
expect(1 0.1.0 0.1.0)
expect(1 0.1.3 0.1.2)
expect(1 1.3.0 1)
expect(1 1.3.0 1.2)
# Too old.
expect(0 0.1.0 0.1.1)
expect(0 0.1.0 0.2)
expect(0 1.1.0 1.2)
# Of another line.
expect(0 0.2.0 0.1)
expect(0 0.10.0 0.1)
expect(0 1.0.0 0.1)
expect(0 2.0.0 1.2)
expect(0 0.1.0 1.0)
# For 32 bits.
set(CMAKE_SIZEOF_VOID_P 4)
expect(0 0.1.0 0.1)
set(CMAKE_SIZEOF_VOID_P 8)
# Exactly.
expect(1 0.1.0 0.1.0 EXACT)
expect(1 0.1.0 0.1 EXACT)
expect(0 0.1.1 0.1.0 EXACT)
# Ranges, with and without their upper end.
expect(1 0.1.0 0.1...0.2)
expect(1 0.1.5 0.1...0.2)
expect(1 0.1.5 0.1...<0.2)
expect(1 0.2.0 0.1...0.2)
expect(0 0.2.0 0.1...<0.2)
expect(0 0.2.1 0.1...0.2)
expect(0 0.3.0 0.1...<0.2)
expect(0 0.1.0 0.1.1...0.2)
expect(1 0.1.0 0...1)
expect(1 0.1.0 0.1...<1)
expect(0 1.0.0 0.1...<1)
expect(1 1.4.0 1.2...1.4)
expect(0 1.4.1 1.2...1.4)
expect(1 2.0.0 1.2...2)
