#include "text/cjson.h"

#include <dlfcn.h>

#include "base/i18n.h"
#include "base/library.h"

int cjson_load(struct cjson *ret, struct portal_error *err)
{
	void *library = library_open("libcjson.so.1");

	if (library_find(library, "cJSON_ParseWithLength", &ret->parse, sizeof(ret->parse)) &&
		library_find(library, "cJSON_Delete", &ret->free_tree, sizeof(ret->free_tree)))
		return 0;
	portal_fail(err, PORTAL_FAILURE, _("cannot read JSON: %s"), dlerror());
	return portal_hint(err, _("install libcjson1"));
}
