/* Which fields of a record are printed, and whether a token is among them. */
#include "print.h"

#include <string.h>

#include "text.h"

static const char token_key[] = "token";

/* The option that asks for the token, without its dashes; NULL where there is none. */
static const char *token_option(const struct command *command)
{
	for (const struct arg *arg = command->options; arg && arg->name; arg++)
		if (arg->flags & ARG_SHOWS_TOKEN)
			return arg->name;
	return NULL;
}

static bool names_token(const char *fields)
{
	size_t len;

	for (;; fields += len + 1) {
		len = strcspn(fields, ",");
		if (len == strlen(token_key) && !strncmp(fields, token_key, len))
			return true;
		if (!fields[len])
			return false;
	}
}

/* The record with a field more, whose text stands behind the struct. */
static const struct portal_record *with_token(
	struct arena *arena, const struct portal_record *record)
{
	struct portal_record *longer = arena_new(arena, struct portal_record);
	struct portal_field *fields;
	size_t count = 0;

	while (record->fields[count].key)
		count++;
	fields = arena_array(arena, count + 2, sizeof(*fields));
	memcpy(fields, record->fields, count * sizeof(*fields));
	*longer = (struct portal_record){ record->kind, record->size + sizeof(char *), fields };
	fields[count] = (struct portal_field){
		.key = token_key, .title = N_("TOKEN"), .type = PORTAL_TEXT, .offset = record->size
	};
	return longer;
}

bool out_is_token(const struct out *out, const struct portal_field *field)
{
	return out->prints != out->command->prints && field->key == token_key;
}

static bool has_no_place(const struct out *out)
{
	return out->format == FORMAT_IDS || out->format == FORMAT_COUNT;
}

/* Of a command whose answer is a token, which nobody would ever see otherwise. */
static int check_token_answer(const struct out *out, struct portal_error *err)
{
	const char *fields = out->options.fields;

	if (has_no_place(out)) {
		portal_fail(err, PORTAL_USAGE,
			_("'--format %s' has no place for the token, which is the answer"),
			out->options.format);
		return portal_about_field(err, "format");
	}
	if (!fields || names_token(fields))
		return 0;
	portal_fail(
		err, PORTAL_USAGE, _("'--fields' leaves out '%s', which is the answer"), token_key);
	return portal_about_field(err, "fields");
}

static int check_token(const struct out *out, const char *option, struct portal_error *err)
{
	const char *fields = out->options.fields;

	if (out->command->flags & COMMAND_TOKEN_ONCE)
		return check_token_answer(out, err);
	if (out->options.token && has_no_place(out)) {
		portal_fail(err, PORTAL_USAGE, _("'--%s' and '--format %s' contradict"), option,
			out->options.format);
		return portal_about_field(err, "format");
	}
	if (option && !out->options.token && fields && names_token(fields)) {
		portal_fail(err, PORTAL_USAGE, _("the field '%s' is shown with '--%s' alone"),
			token_key, option);
		return portal_about_field(err, "fields");
	}
	return 0;
}

static int choose_token(struct out *out, struct portal_error *err)
{
	const struct command *command = out->command;
	const char *option = token_option(command);
	const int result = check_token(out, option, err);

	if (result < 0 || (option && !out->options.token))
		return result;
	out->prints = with_token(&out->arena, command->prints);
	if (option && out->options.fields && !names_token(out->options.fields))
		out->options.fields =
			arena_printf(&out->arena, "%s,%s", out->options.fields, token_key);
	return 0;
}

int out_choose_fields(struct out *out, struct portal_error *err)
{
	int result = 0;

	if (out->options.fields && out->format == FORMAT_HTML) {
		portal_fail(err, PORTAL_USAGE, _("'--fields' and '--format html' contradict"));
		return portal_about_field(err, "fields");
	}
	out->prints = out->command->prints;
	if (out->command->flags & COMMAND_TOKEN)
		result = choose_token(out, err);
	if (result == 0 && out->prints)
		return portal_columns_make(
			&out->arena, out->prints, out->options.fields, &out->columns, err);
	if (result < 0 || !out->options.fields)
		return result;
	portal_fail(err, PORTAL_USAGE, _("this command prints no record, so '--fields' is no use"));
	return portal_about_field(err, "fields");
}
