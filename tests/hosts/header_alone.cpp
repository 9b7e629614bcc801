// impasto.hpp needs nothing before it, and may be included by several files of one program.

#include <impasto.hpp>

#include <impasto.hpp>

int main() { return impasto::setting_table().empty() ? 1 : 0; }
