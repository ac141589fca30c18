#include "text/cjson.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"

/* C has no cast from the pointer that dlsym() gives to one of a function. */
static bool get(void *library, const char *name, void *ret, size_t size)
{
	void *const found = library ? dlsym(library, name) : NULL;

	memcpy(ret, &found, size);
	return found;
}

int cjson_load(struct cjson *ret, struct portal_error *err)
{
	void *library = dlopen("libcjson.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (get(library, "cJSON_ParseWithLength", &ret->parse, sizeof(ret->parse)) &&
		get(library, "cJSON_Delete", &ret->free_tree, sizeof(ret->free_tree))) {
		dlclose(library);
		return 0;
	}
	portal_fail(err, PORTAL_FAILURE, _("cannot read JSON: %s"), dlerror());
	return portal_hint(err, _("install libcjson1"));
}
