/* The whole framework of the unit tests. A test is a function named as a
 * sentence; main() lists them with RUN() and ends with CHECK_REPORT(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failed_here, check_passed, check_failed;

#define CHECK(expr) \
	do { \
		if (!(expr)) { \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #expr); \
			check_failed_here = 1; \
		} \
	} while (0)

#define CHECK_STR(got, want) \
	do { \
		const char *got_ = (got), *want_ = (want); \
		if ((!got_ || !want_) ? got_ != want_ : strcmp(got_, want_) != 0) { \
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #got, \
				got_ ? got_ : "(null)", want_ ? want_ : "(null)"); \
			check_failed_here = 1; \
		} \
	} while (0)

#define CHECK_INT(got, want) \
	do { \
		long long got_ = (long long)(got), want_ = (long long)(want); \
		if (got_ != want_) { \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, got_, \
				want_); \
			check_failed_here = 1; \
		} \
	} while (0)

#define RUN(test) \
	do { \
		check_failed_here = 0; \
		test(); \
		printf("%s %s\n", check_failed_here ? "not ok" : "ok", #test); \
		check_failed_here ? check_failed++ : check_passed++; \
	} while (0)

/* How far to go on in a loop over many cases that are much alike: to the next one,
 * or under sanitizers, and with CHECK_SMALL in the environment, as under valgrind, to the
 * far-th: what is slow there has been through all of them without. */
#ifdef __SANITIZE_ADDRESS__
#define CHECK_STRIDE(far) (far)
#else
#define CHECK_STRIDE(far) (getenv("CHECK_SMALL") ? (far) : 1)
#endif

#define SKIP(test, why) printf("ok %s # skip %s\n", #test, why)

#define CHECK_REPORT() \
	do { \
		printf("%d passed, %d failed\n", check_passed, check_failed); \
		return check_failed ? EXIT_FAILURE : EXIT_SUCCESS; \
	} while (0)

/* The folder of what the repository does not hold: the one that SHARED names, or
 * the one beside the checkout. To make the word is a knob, and then no path. */
static inline const char *check_shared(void)
{
	const char *shared = getenv("SHARED");

	return shared && strchr(shared, '/') ? shared : "../shared";
}

#endif
