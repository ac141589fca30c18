/* How far long work has come, on a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

/* A struct portal_options.progress: shows @done of @whole (0: unknown) in the
 * last line of standard error, which must be a terminal. @arg is not used. */
void progress_show(void *arg, int64_t done, int64_t whole);

/* Clears that line. */
void progress_clear(void);

#endif
