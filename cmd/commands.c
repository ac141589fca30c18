#include "cli/builtin.h"

const struct noun *const nouns[] = {
	&builtin_noun,
	NULL,
};
