/* P2: what things cost is exact, whatever they are multiplied with. */
#include "base/quantity.h"

#include "check.h"

static int64_t quantity(const char *text)
{
	int64_t micro = -1;

	return quantity_parse(text, &micro) < 0 ? -1 : micro;
}

static int64_t cents(const char *text)
{
	int64_t value = -1;

	return cents_parse(text, &value) < 0 ? -1 : value;
}

static int64_t price(const char *micro, const char *unit)
{
	int64_t total = -2;

	return quantity_price(quantity(micro), cents(unit), &total) < 0 ? -1 : total;
}

static void a_quantity_has_up_to_six_places(void)
{
	CHECK_INT(quantity("1"), 1000000);
	CHECK_INT(quantity("1.5"), 1500000);
	CHECK_INT(quantity("1,5"), 1500000);
	CHECK_INT(quantity("0.000001"), 1);
	CHECK_INT(quantity("007"), 7000000);
	CHECK_INT(quantity("9223372036854.775807"), INT64_MAX);
	CHECK_INT(quantity("9223372036854.775808"), -1);
	CHECK_INT(quantity("99999999999999999999"), -1);
}

static void an_amount_has_up_to_two_places(void)
{
	CHECK_INT(cents("123.45"), 12345);
	CHECK_INT(cents("123,45"), 12345);
	CHECK_INT(cents("123.4"), 12340);
	CHECK_INT(cents("0"), 0);
	CHECK_INT(cents("90071992547409.91"), CENTS_MAX);
	CHECK_INT(cents("90071992547409.92"), -1);
}

static void what_could_be_read_in_two_ways_is_refused(void)
{
	static const char *const wrong[] = { "", ".", ",5", ".5", "1.", "1,", "-1", "+1", " 1",
		"1 ", "1e3", "1.5.0", "1.234,56", "1,234.56", "0x10", "1_000", "R$1", "1.2345678" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK_INT(quantity(wrong[i]), -1);
		CHECK_INT(cents(wrong[i]), -1);
	}
	CHECK_INT(quantity("1.2345678"), -1);
	CHECK_INT(cents("1.234"), -1);
}

static void a_quantity_is_written_without_zeros_at_its_end(void)
{
	static const char *const texts[] = { "0", "1", "10", "1.5", "0.000001", "100.01",
		"9223372036854.775807" };
	char buf[QUANTITY_SIZE];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_STR(quantity_format(quantity(texts[i]), buf), texts[i]);
	CHECK_STR(quantity_format(quantity("1.500"), buf), "1.5");
}

static void half_a_cent_goes_up(void)
{
	CHECK_INT(price("0.5", "0.01"), 1);
	CHECK_INT(price("0.499999", "0.01"), 0);
	CHECK_INT(price("1.5", "0.03"), 5);
	CHECK_INT(price("3", "0.10"), 30);
	CHECK_INT(price("0.333333", "100.00"), 3333);
	CHECK_INT(price("1.005", "1.00"), 101);
	CHECK_INT(price("2.675", "1.00"), 268);
	CHECK_INT(price("0", "12.00"), 0);
}

static void what_is_too_large_is_refused_and_never_wraps(void)
{
	CHECK_INT(price("1", "90071992547409.91"), CENTS_MAX);
	CHECK_INT(price("1.000001", "90071992547409.91"), -1);
	CHECK_INT(price("9223372036854.775807", "90071992547409.91"), -1);
	CHECK_INT(price("9223372036854.775807", "9.76"), INT64_C(9002011107970261));
	CHECK_INT(price("9223372036854.775807", "9.77"), -1);
}

int main(void)
{
	RUN(a_quantity_has_up_to_six_places);
	RUN(an_amount_has_up_to_two_places);
	RUN(what_could_be_read_in_two_ways_is_refused);
	RUN(a_quantity_is_written_without_zeros_at_its_end);
	RUN(half_a_cent_goes_up);
	RUN(what_is_too_large_is_refused_and_never_wraps);
	CHECK_REPORT();
}
