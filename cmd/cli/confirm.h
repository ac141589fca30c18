/* The question before what concerns all records. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include <portal/error.h>

struct parsed;

/* Asks a person at the terminal whether --all is meant, unless --yes was said, or
 * nothing will change (--dry-run). Scripts, cron jobs and --no-input are never
 * asked. PORTAL_USAGE where the answer is not yes. */
int confirm_all(const struct parsed *parsed, struct portal_error *err);

#endif
