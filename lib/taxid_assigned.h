/* Which countries there are (N1). */
#ifndef TAXID_ASSIGNED_H
#define TAXID_ASSIGNED_H

#include <stdbool.h>

/* Is @country, two letters in upper case, a code that ISO 3166-1 has assigned? */
bool taxid_country_is_assigned(const char *country);

#endif
