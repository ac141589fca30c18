/* cJSON, loaded when a document is read: most commands read none, and a library
 * costs a twentieth of the start of a short one. */
#ifndef TEXT_CJSON_H
#define TEXT_CJSON_H

#include <cjson/cJSON.h>

#include <portal/error.h>

struct cjson {
	cJSON *(*parse)(const char *text, size_t len);
	void (*free_tree)(cJSON *tree);
};

/* Finds the functions, which stay where they are until the process ends. 0, or
 * PORTAL_FAILURE where the library is not there. */
int cjson_load(struct cjson *ret, struct portal_error *err);

#endif
