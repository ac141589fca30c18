#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

/* What is found stays where it is, so the handle need not be kept. */
void *library_open(const char *name)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (library)
		dlclose(library);
	return library;
}

/* C has no cast from the pointer that dlsym() gives to one of a function. */
bool library_find(void *library, const char *name, void *ret, size_t size)
{
	void *const found = library ? dlsym(library, name) : NULL;

	memcpy(ret, &found, size);
	return found;
}
