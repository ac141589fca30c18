/* Quantities and amounts of money as people write them, in exact integers: no
 * binary fraction ever stands for a decimal one. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdint.h>

/* A quantity counts millionths: "1.5" is 1500000. */
enum { QUANTITY_PLACES = 6, QUANTITY_SCALE = 1000000, QUANTITY_SIZE = 24 };

/* The largest amount in cents: JSON readers have integers exactly below 2^53. */
#define CENTS_MAX INT64_C(9007199254740991)

/* Read "1.5" or "1,5": digits, and behind a point or comma one to six more, of an
 * amount in money one or two. No sign, no blank, no grouping of thousands, no exponent.
 * 0; -1 for anything else and for what is too large (@ret untouched). */
int quantity_parse(const char *text, int64_t *ret_micro);
int cents_parse(const char *text, int64_t *ret_cents);

/* "1.5": without zeros at the end. Returns @buf. */
char *quantity_format(int64_t micro, char buf[static QUANTITY_SIZE]);

/* What @micro of something costs at @unit_cents each, neither below 0, rounded to the
 * cent, half a cent up. 0; -1 where it is over CENTS_MAX (@ret untouched). */
int quantity_price(int64_t micro, int64_t unit_cents, int64_t *ret_cents);

#endif
