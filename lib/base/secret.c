#include <portal/secret.h>

#include <string.h>

void portal_secret_clear(struct portal_secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}
