/* A zone as callers have it. Private to lib. */
#ifndef LIB_TIME_PRIVATE_H
#define LIB_TIME_PRIVATE_H

#include <portal/time.h>

struct zone;

struct portal_zone {
	const struct zone *rules;
};

#endif
