#include "confirm.h"

#include <stdio.h>
#include <strings.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "parse.h"
#include "text.h"

static bool asks(const struct parsed *parsed)
{
	const struct globals *globals = &parsed->globals;

	return globals->all && !globals->yes && !globals->no_input && !globals->dry_run &&
	       isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* In either language, whichever the question was in. */
static bool is_yes(const char *answer)
{
	static const char *const words[] = { "y", "yes", "s", "sim" };
	const size_t len = strcspn(answer, "\r\n");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len && !strncasecmp(words[i], answer, len))
			return true;
	return false;
}

/* The line to its end: what stayed unread would be the shell's next command. */
static void read_answer(char *ret, size_t size)
{
	size_t len = 0;
	char c = '\0';

	while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
		if (len < size - 1)
			ret[len++] = c;
	ret[len] = '\0';
}

int confirm_all(const struct parsed *parsed, struct portal_error *err)
{
	char answer[16];

	if (!asks(parsed))
		return 0;
	dprintf(STDERR_FILENO, _("'%s %s' for all there are, without a filter? [y/N] "),
		parsed->command->noun, parsed->command->verb);
	read_answer(answer, sizeof(answer));
	if (is_yes(answer))
		return 0;
	portal_fail(err, PORTAL_USAGE, _("nothing was done"));
	return portal_hint(err, _("answer yes, or say --yes"));
}
