/* What the strict host of tests/hosts/ofx calls of Linux's loader, on Windows: the bundle's files
 * have other names there. Included by -I in place of the system's header, which Windows lacks. */

#ifndef DLFCN_H
#define DLFCN_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <string>

enum { RTLD_NOW = 0, RTLD_LOCAL = 0 };

inline void replace(std::string &text, const std::string &what, const std::string &with) {
  const size_t at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
}

inline void *dlopen(const char *path, int) {
  std::string windows = path;
  replace(windows, "Linux-x86-64", "Win64");
  replace(windows, "libimpasto.so.0.2", "impasto.dll");
  return LoadLibraryA(windows.c_str());
}

inline void *dlsym(void *library, const char *name) {
  return reinterpret_cast<void *>(GetProcAddress(static_cast<HMODULE>(library), name));
}

inline const char *dlerror() { return "LoadLibrary or GetProcAddress failed"; }

#endif
