#include "progress.h"

#include <stdio.h>

void progress_show(void *arg, int64_t done, int64_t whole)
{
	(void)arg;
	if (whole)
		fprintf(stderr, "\r%lld/%lld\033[K", (long long)done, (long long)whole);
	else
		fprintf(stderr, "\r%lld\033[K", (long long)done);
}

void progress_clear(void)
{
	fputs("\r\033[K", stderr);
}
