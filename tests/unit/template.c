#include "text/template.h"

#include <portal/arena.h>

#include "check.h"
#include "text/json.h"

static const char args_text[] =
	"{\"office\":\"Escritório Modelo\",\"from_name\":\"A {{link}}\",\"to_name\":\"B\","
	"\"link\":\"https://p.example/x\",\"expires_on\":\"2027-03-01\",\"message\":\"Oi\\nB\","
	"\"empty\":\"\",\"number\":1}";

static const struct json *read_args(struct arena *arena, const char *text)
{
	struct portal_error err = { 0 };
	struct json *args = NULL;

	CHECK_INT(json_parse(arena, text, strlen(text), &args, &err), 0);
	return args;
}

/* What @text becomes, or the sentence of its fault. */
static const char *expanded(const char *text)
{
	static char out[1000];
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	const char *got = NULL;
	int rc = template_expand(&arena, text, read_args(&arena, args_text), &got, &err);

	CHECK(rc == 0 || rc == -PORTAL_FAILURE);
	snprintf(out, sizeof(out), "%s", rc < 0 ? err.message : got);
	return out;
}

static void placeholders_become_values_once(void)
{
	CHECK_STR(expanded("x {{to_name}}{{to_name}}."), "x BB.");
	CHECK_STR(expanded("{{from_name}}"), "A {{link}}");
	CHECK_STR(expanded("{ } }} ${x} %s"), "{ } }} ${x} %s");
	CHECK_STR(expanded(""), "");
}

static void a_section_stands_for_a_value_that_is_there(void)
{
	CHECK_STR(expanded("a\n{{#message}}\n({{message}})\n{{/message}}\nb"), "a\n(Oi\nB)\nb");
	CHECK_STR(expanded("a\n{{#empty}}\n({{empty}})\n{{/empty}}\nb"), "a\nb");
	CHECK_STR(expanded("a{{#absent}}{{absent}}{{/absent}}b"), "ab");
}

static void an_inverted_section_stands_where_there_is_no_value(void)
{
	CHECK_STR(expanded("a\n{{^message}}\n({{message}})\n{{/message}}\nb"), "a\nb");
	CHECK_STR(expanded("a\n{{^empty}}\n-\n{{/empty}}\nb"), "a\n-\nb");
	CHECK_STR(expanded("a{{^absent}}-{{/absent}}b{{#absent}}+{{/absent}}"), "a-b");
}

static void faulty_templates_are_refused(void)
{
	CHECK_STR(expanded("{{absent}}"), "the template asks for 'absent', which is not given");
	CHECK_STR(expanded("{{number}}"), "the template asks for 'number', which is not given");
	CHECK_STR(expanded("{{"), "the template is not well formed at '{{'");
	CHECK_STR(expanded("{{}}"), "the template is not well formed at '{{}}'");
	CHECK(strstr(expanded("{{#}}x"), "not well formed"));
	CHECK_STR(expanded("{{#message}}"), "the section 'message' of the template is not closed");
	CHECK(strstr(expanded("{{/message}}"), "not well formed"));
	CHECK(strstr(expanded("{{/}}"), "not well formed"));
	CHECK(strstr(expanded("{{^}}"), "not well formed"));
	CHECK(strstr(expanded("{{^message}}"), "not closed"));
	CHECK(strstr(expanded("{{^message}}{{#link}}{{/link}}"), "not well formed"));
	CHECK(strstr(expanded("{{#message}}{{/link}}"), "not well formed"));
	CHECK(strstr(expanded("{{#message}}{{#link}}{{/link}}"), "not well formed"));
}

static const char *subject_in(const char *language)
{
	static char out[300];
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct template_text text = { 0 };

	CHECK_INT(template_render(&arena, "invite_sent", language, read_args(&arena, args_text),
			  &text, &err),
		0);
	snprintf(out, sizeof(out), "%s", text.subject);
	return out;
}

static void a_missing_language_falls_back(void)
{
	const char *portuguese = "A {{link}} convida B para o portal de Escritório Modelo";
	const char *english = "A {{link}} invites B to the portal of Escritório Modelo";

	CHECK_STR(subject_in("pt_BR"), portuguese);
	CHECK_STR(subject_in("en"), english);
	CHECK_STR(subject_in("en_GB"), english);
	CHECK_STR(subject_in("pt"), portuguese);
	CHECK_STR(subject_in("es"), portuguese);
	CHECK_STR(subject_in(""), portuguese);
}

static void the_body_is_whole(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct template_text text = { 0 };

	CHECK_INT(template_render(&arena, "invite_sent", "pt_BR", read_args(&arena, args_text),
			  &text, &err),
		0);
	CHECK(strncmp(text.body, "Olá!\n\n", 7) == 0);
	CHECK(strstr(text.body, "\n\nMensagem de A {{link}}:\n\nOi\nB\n\nPara aceitar") != NULL);
	CHECK(strstr(text.body, "\n\nhttps://p.example/x\n\n") != NULL);
	CHECK(strstr(text.body, "vale até 2027-03-01.") != NULL);
	CHECK_STR(text.body + strlen(text.body) - 21, ",\nEscritório Modelo\n");
}

static void a_subject_is_one_line(void)
{
	static const char *const breaks[] = { "a\\nBcc: x", "a\\rBcc: x" };

	for (int i = 0; i < 2; i++) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct portal_error err = { 0 };
		struct template_text text = { 0 };
		const struct json *args = read_args(
			&arena, arena_printf(&arena,
					"{\"from_name\":\"%s\",\"to_name\":\"\",\"office\":\"\"}",
					breaks[i]));

		CHECK_INT(template_render(&arena, "invite_sent", "en", args, &text, &err),
			-PORTAL_INVALID_TEXT);
		CHECK(text.subject == NULL);
	}
}

static void an_unknown_template_fails(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct template_text text = { 0 };

	CHECK_INT(template_render(&arena, "letter", "en", NULL, &text, &err), -PORTAL_FAILURE);
	CHECK_STR(err.message, "there is no template 'letter'");
}

/* Runs the build helper on @text: 1 when its output has @wanted, -1 when it fails. */
static int embeds(const char *text, const char *wanted)
{
	char folder[] = "/tmp/templatesXXXXXX", path[100], command[300], got[2000] = "";
	FILE *file;
	int failed;

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/note.en.txt", folder);
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
	snprintf(command, sizeof(command), "lib/text/embed-templates %s 2>&1", path);
	file = popen(command, "r");
	got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
	failed = pclose(file);
	remove(path);
	remove(folder);
	return failed ? -1 : strstr(got, wanted) != NULL;
}

static void the_build_takes_only_whole_templates(void)
{
	CHECK_INT(embeds("Subject: a \"b\" \\ c\n\n\"d\\e\" &\n", "\"a \\\"b\\\" \\\\ c\""), 1);
	CHECK_INT(embeds("Subject: a\n\n\"d\\e\" &\n", "\"\\\"d\\\\e\\\" &\\n\""), 1);
	CHECK_INT(embeds("Hello\n\nbody\n", ""), -1);
	CHECK_INT(embeds("Subject: a\nbody\n", ""), -1);
	CHECK_INT(embeds("Subject: a\n", ""), -1);
	CHECK_INT(embeds("", ""), -1);
}

int main(void)
{
	RUN(placeholders_become_values_once);
	RUN(a_section_stands_for_a_value_that_is_there);
	RUN(an_inverted_section_stands_where_there_is_no_value);
	RUN(faulty_templates_are_refused);
	RUN(a_missing_language_falls_back);
	RUN(the_body_is_whole);
	RUN(a_subject_is_one_line);
	RUN(an_unknown_template_fails);
	RUN(the_build_takes_only_whole_templates);
	CHECK_REPORT();
}
