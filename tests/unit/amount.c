/* Money as people read it. */
#include <portal/text.h>

#include <portal/arena.h>

#include "check.h"

static void amounts_have_their_thousands_apart(void)
{
	_cleanup_arena_ struct arena arena = { 0 };

	CHECK_STR(portal_money_text(&arena, 0, "R$ 1.234,56"), "R$ 0,00");
	CHECK_STR(portal_money_text(&arena, 5, "R$ 1.234,56"), "R$ 0,05");
	CHECK_STR(portal_money_text(&arena, 99999, "R$ 1.234,56"), "R$ 999,99");
	CHECK_STR(portal_money_text(&arena, 100000, "R$ 1.234,56"), "R$ 1.000,00");
	CHECK_STR(portal_money_text(&arena, 123456, "BRL 1,234.56"), "BRL 1,234.56");
	CHECK_STR(portal_money_text(&arena, 9007199254740991, "R$ 1.234,56"),
		"R$ 90.071.992.547.409,91");
	CHECK_STR(portal_money_text(&arena, -150000, "R$ 1.234,56"), "R$ -1.500,00");
	CHECK_STR(portal_money_text(&arena, INT64_MIN, "1,234.56"), "-92,233,720,368,547,758.08");
}

int main(void)
{
	RUN(amounts_have_their_thousands_apart);
	CHECK_REPORT();
}
