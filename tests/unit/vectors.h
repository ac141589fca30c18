/* Tables of test vectors: tab-separated, a heading first. Those of the repository
 * lie in tests/data; longer ones may lie in the directory that SHARED names. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum {
	VECTORS_COLUMNS = 8,
};

struct vectors {
	FILE *file;
	char line[1024];
	char *column[VECTORS_COLUMNS];
	int row;
};

/* Splits the next row in place; absent columns are "". False at the end. */
static inline bool vectors_next(struct vectors *vectors)
{
	char *rest = vectors->line;

	if (!fgets(vectors->line, sizeof(vectors->line), vectors->file)) {
		fclose(vectors->file);
		return false;
	}
	vectors->line[strcspn(vectors->line, "\r\n")] = '\0';
	for (int i = 0; i < VECTORS_COLUMNS; i++)
		vectors->column[i] =
			rest ? strsep(&rest, "\t") : vectors->line + strlen(vectors->line);
	vectors->row++;
	return true;
}

/* Opens @dir/@name behind its heading; false when there is none. */
static inline bool vectors_open(struct vectors *vectors, const char *dir, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	*vectors = (struct vectors){ .file = fopen(path, "r") };
	return vectors->file && vectors_next(vectors);
}

/* The same in the shared directory. */
static inline bool vectors_open_shared(struct vectors *vectors, const char *name)
{
	return vectors_open(vectors, check_shared(), name);
}

#endif
