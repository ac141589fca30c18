/* The Common Gateway Interface (RFC 3875): what a web server tells a program that it runs
 * for a request, and how the program answers. */
#ifndef CLI_CGI_H
#define CLI_CGI_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* The environment of a request; NULL for what the server did not set.
 *
 * @method: REQUEST_METHOD. @query: QUERY_STRING, as it came.
 * @content_length: CONTENT_LENGTH, in digits.
 * @signature: the header X-Hub-Signature-256. */
struct cgi {
	const char *method;
	const char *query;
	const char *content_length;
	const char *signature;
};

/* From the environment; texts live as long as that. */
struct cgi cgi_request(void);

/* CONTENT_LENGTH as a number; false where it is none. What is longer than @most is
 * @most + 1. */
bool cgi_content_length(const struct cgi *cgi, size_t most, size_t *ret);

/* The value of a parameter of the query, decoded, in @arena: the first of that name; NULL
 * where there is none, or where it holds a NUL. */
const char *cgi_parameter(struct arena *arena, const struct cgi *cgi, const char *name);

/* Answers with a line of text under @status, 200 to 599, and ends the output: the server
 * sends it on at once, whatever the program does afterwards; only behind a failure is
 * standard error still open. Signals by which servers end programs whose answer they have
 * do nothing from here on. */
void cgi_answer(int status, const char *text);

#endif
