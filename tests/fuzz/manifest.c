#include "base/utf8.h"
#include "fuzz.h"
#include "manifest-kinds.h"
#include "text/document.h"

enum { FILES = 3 };

static void check_event(const struct document_event *event, const struct document_event *before)
{
	FUZZ_CHECK(event->line > before->line ||
		   (event->line == before->line && event->column >= before->column));
	if (event->type < DOCUMENT_KEY)
		return;
	FUZZ_CHECK(strlen(event->text) == event->len && utf8_valid(event->text, event->len));
	FUZZ_CHECK(event->type == DOCUMENT_SCALAR || before->type != DOCUMENT_KEY);
}

static void events(const uint8_t *data, size_t size, enum document_format format)
{
	const struct document_text text = { "x", (const char *)data, size, format };
	_cleanup_document_ struct document *document = NULL;
	struct document_event event, before = { .line = 1, .column = 1 };
	struct portal_error err = { 0 };
	int rc = document_open(&document, &text, &err), depth = 0;

	while (rc >= 0 && (rc = document_next(document, &event, &err)) > 0) {
		check_event(&event, &before);
		depth += event.type == DOCUMENT_MAPPING || event.type == DOCUMENT_LIST;
		depth -= event.type == DOCUMENT_MAPPING_END || event.type == DOCUMENT_LIST_END;
		FUZZ_CHECK(depth >= 0 && depth <= DOCUMENT_MAX_DEPTH);
		before = event;
	}
	FUZZ_CHECK(rc == 0 ? depth == 0 : rc == -PORTAL_INVALID_INPUT);
	FUZZ_CHECK(rc == 0 || (err.source == text.path && err.line >= 1 && err.column >= 1));
}

static void check_list(const struct manifest_list *list);

/* What was read without a fault has all that its table asks for. */
static void check_object(const struct manifest_object *object)
{
	const struct manifest_kind *kind = object->kind;
	const char *bytes = (const char *)object;

	FUZZ_CHECK(object->key && *object->key && object->place.line && object->place.column);
	for (const struct portal_field *f = kind->record.fields; f->key; f++) {
		const char *text = *(const char *const *)(const void *)(bytes + f->offset);

		FUZZ_CHECK(!(f->flags & MANIFEST_REQUIRED) || (text && *text));
		FUZZ_CHECK(!text || utf8_valid(text, strlen(text)));
		if (kind != &manifest_setting_kind && strcmp(f->key, "country") != 0)
			FUZZ_CHECK(!text == !object->fields[f - kind->record.fields].line);
	}
	for (const struct manifest_child *c = kind->children; c->key; c++)
		check_list((const void *)(bytes + c->offset));
}

static void check_list(const struct manifest_list *list)
{
	size_t count = 0;

	for (const struct manifest_object *o = list->first; o; o = o->next, count++)
		check_object(o);
	FUZZ_CHECK(count == list->count);
}

static void check_faults(const struct portal_error *err)
{
	int count = 0;

	for (const struct portal_fault *f = err->faults; f; f = f->next, count++) {
		FUZZ_CHECK(strlen(f->source) == 1 && f->line >= 1 && f->column >= 1);
		FUZZ_CHECK(portal_code_exit(f->code) == 6 && *f->message);
	}
	FUZZ_CHECK(count >= 1 && count <= PORTAL_FAULTS_MAX && err->fault_count >= count);
}

static void manifest(const struct manifest_source *sources, size_t count)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct manifest read;
	const int rc = manifest_read(&arena, sources, count, &read, &err);

	if (rc < 0) {
		check_faults(&err);
		return;
	}
	FUZZ_CHECK(rc == 0 && !err.faults);
	check_list(&read.settings);
	check_list(&read.companies);
	check_list(&read.groups);
	check_list(&read.connections);
}

/* The byte 1e parts up to three files. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[FILES] = { "a", "b", "c" };
	struct manifest_source sources[FILES];
	size_t count = 0;

	events(data, size, DOCUMENT_YAML);
	events(data, size, DOCUMENT_JSON);
	while (count < FILES) {
		const uint8_t *end = count + 1 < FILES && size ? memchr(data, 0x1e, size) : NULL;
		const size_t len = end ? (size_t)(end - data) : size;

		sources[count] = (struct manifest_source){ names[count], (const char *)data, len };
		count++;
		if (!end)
			break;
		data += len + 1;
		size -= len + 1;
	}
	manifest(sources, count);
	return 0;
}
