/* The YAML half of text/document.h. */
#ifndef TEXT_DOCUMENT_YAML_H
#define TEXT_DOCUMENT_YAML_H

#include "text/document.h"

struct document_yaml;

/* As document_open(), document_next() and document_close(). */
int document_yaml_open(
	struct document_yaml **ret, const struct document_text *text, struct portal_error *err);
int document_yaml_next(
	struct document_yaml *yaml, struct document_event *ret, struct portal_error *err);
void document_yaml_close(struct document_yaml *yaml);

#endif
