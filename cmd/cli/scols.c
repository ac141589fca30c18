#include "scols.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* C has no cast from the pointer that dlsym() gives to one of a function. */
static bool find(const struct scols *scols, const char *name, void *ret_function)
{
	void **function = ret_function;

	*function = dlsym(scols->library, name);
	return *function;
}

static bool find_all(struct scols *scols)
{
#define FIND(name) find(scols, "scols_" #name, &scols->name) &&
	return SCOLS_FUNCTIONS(FIND) true;
#undef FIND
}

int scols_open(struct scols *scols, struct portal_error *err)
{
	scols->library = dlopen("libsmartcols.so.1", RTLD_NOW | RTLD_LOCAL);
	if (scols->library && find_all(scols))
		return 0;
	portal_fail(err, PORTAL_FAILURE, _("cannot draw a table: %s"), dlerror());
	return portal_hint(err, _("install libsmartcols1, or ask for --format json"));
}

void scols_close(struct scols *scols)
{
	if (scols->library)
		dlclose(scols->library);
	scols->library = NULL;
}
