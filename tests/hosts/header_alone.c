/* impasto.h needs nothing before it. */

#include <impasto.h>

int main(void) { return impasto_version_number() == 0; }
