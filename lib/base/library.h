/* A shared library that is loaded when it is needed, and stays until the process ends. */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* The library of that name ("libcurl.so.4"), or NULL: dlerror() says why. */
void *library_open(const char *name);

/* Puts the address of the function @name into the pointer to a function at @ret, whose
 * size is @size. False where @library is NULL or has no such function. */
bool library_find(void *library, const char *name, void *ret, size_t size);

#endif
