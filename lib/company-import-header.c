/* What people call the columns of a table of companies, and what they write
 * into them. */
#include "company-import-private.h"

#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"

static const struct heading {
	const char *name;
	enum import_column column;
} headings[] = {
	{ "cnpjcpf", IMPORT_TAX_ID },
	{ "cpfcnpj", IMPORT_TAX_ID },
	{ "cnpj", IMPORT_TAX_ID },
	{ "cpf", IMPORT_TAX_ID },
	{ "cnpjoucpf", IMPORT_TAX_ID },
	{ "cpfoucnpj", IMPORT_TAX_ID },
	{ "inscricao", IMPORT_TAX_ID },
	{ "inscricaofiscal", IMPORT_TAX_ID },
	{ "documento", IMPORT_TAX_ID },
	{ "taxid", IMPORT_TAX_ID },
	{ "pais", IMPORT_COUNTRY },
	{ "country", IMPORT_COUNTRY },
	{ "razaosocial", IMPORT_NAME },
	{ "nome", IMPORT_NAME },
	{ "nomedaempresa", IMPORT_NAME },
	{ "nomeempresarial", IMPORT_NAME },
	{ "empresa", IMPORT_NAME },
	{ "name", IMPORT_NAME },
	{ "legalname", IMPORT_NAME },
	{ "companyname", IMPORT_NAME },
	{ "company", IMPORT_NAME },
	{ "nomefantasia", IMPORT_TRADE_NAME },
	{ "fantasia", IMPORT_TRADE_NAME },
	{ "tradename", IMPORT_TRADE_NAME },
	{ "email", IMPORT_EMAIL },
	{ "correioeletronico", IMPORT_EMAIL },
	{ "telefone", IMPORT_PHONE },
	{ "fone", IMPORT_PHONE },
	{ "celular", IMPORT_PHONE },
	{ "whatsapp", IMPORT_PHONE },
	{ "phone", IMPORT_PHONE },
	{ "telephone", IMPORT_PHONE },
	{ "relacao", IMPORT_RELATION },
	{ "tipo", IMPORT_RELATION },
	{ "relation", IMPORT_RELATION },
	{ "matrizfilial", IMPORT_ROLE },
	{ "matrizoufilial", IMPORT_ROLE },
	{ "role", IMPORT_ROLE },
};

static const struct heading *find_heading(struct arena *arena, const char *text)
{
	const char *name = fold_name(arena, text);

	for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
		if (!strcmp(headings[i].name, name))
			return &headings[i];
	return NULL;
}

static int twice(const struct csv_row *row, int before, int again, struct portal_error *err)
{
	err->line = row->line;
	portal_fail(err, PORTAL_INVALID_INPUT, _("column %d '%s' and column %d '%s' mean the same"),
		before + 1, row->fields[before], again + 1, row->fields[again]);
	return portal_hint(err, _("leave one of them out, or give it another heading"));
}

static int no_tax_id(const struct csv_row *row, struct portal_error *err)
{
	err->line = row->line;
	portal_fail(err, PORTAL_INVALID_INPUT,
		_("the first line names no column of tax ids: CNPJ/CPF, CNPJ, CPF, Inscrição, "
		  "Documento or Tax ID"));
	return portal_hint(
		err, _("the first line must name the columns, parted by ';', ',' or tab"));
}

/* Spreadsheets leave columns without a heading behind; there is nothing to tell. */
static void add_ignored(struct arena *arena, struct import_header *header, const char *heading)
{
	char *line = arena_strdup(arena, heading);

	if (!*fold_name(arena, heading))
		return;
	for (char *c = line; *c; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	header->ignored =
		header->ignored ? arena_printf(arena, "%s\n%s", header->ignored, line) : line;
}

int import_header_read(struct arena *arena, const struct csv_row *row, struct import_header *ret,
	struct portal_error *err)
{
	*ret = (struct import_header){ .count = row->count };
	for (int c = 0; c < IMPORT_COLUMNS; c++)
		ret->field[c] = -1;
	for (int f = 0; f < row->count; f++) {
		const struct heading *heading = find_heading(arena, row->fields[f]);

		if (!heading)
			add_ignored(arena, ret, row->fields[f]);
		else if (ret->field[heading->column] >= 0)
			return twice(row, ret->field[heading->column], f, err);
		else
			ret->field[heading->column] = f;
	}
	return ret->field[IMPORT_TAX_ID] < 0 ? no_tax_id(row, err) : 0;
}

/* @words are pairs: what people write, simplified, and the word for it. */
static const char *translate(struct arena *arena, const struct portal_word *words, const char *text)
{
	const char *name;

	if (!text)
		return NULL;
	name = fold_name(arena, text);
	return portal_word_known(words, name) ? portal_word_label(words, name) : text;
}

const char *import_relation(struct arena *arena, const char *text)
{
	static const struct portal_word words[] = { { "client", "client" }, { "cliente", "client" },
		{ "supplier", "supplier" }, { "fornecedor", "supplier" },
		{ "fornecedora", "supplier" }, { "both", "both" }, { "ambos", "both" },
		{ "clienteefornecedor", "both" }, { "none", "none" }, { "nenhum", "none" },
		{ "nenhuma", "none" }, { NULL, NULL } };

	return translate(arena, words, text);
}

/* 1 and 2 are how the Receita Federal's registry writes it. */
const char *import_role(struct arena *arena, const char *text)
{
	static const struct portal_word words[] = { { "headoffice", "head_office" },
		{ "matriz", "head_office" }, { "1", "head_office" }, { "branch", "branch" },
		{ "filial", "branch" }, { "2", "branch" }, { "unknown", "unknown" },
		{ NULL, NULL } };

	return translate(arena, words, text);
}

const char *import_country(struct arena *arena, const char *text)
{
	static const struct portal_word words[] = { { "brasil", "BR" }, { "brazil", "BR" },
		{ "argentina", "AR" }, { "chile", "CL" }, { "colombia", "CO" }, { "mexico", "MX" },
		{ "paraguai", "PY" }, { "paraguay", "PY" }, { "peru", "PE" }, { "uruguai", "UY" },
		{ "uruguay", "UY" }, { "estadosunidos", "US" }, { "eua", "US" }, { "usa", "US" },
		{ "unitedstates", "US" }, { NULL, NULL } };

	return translate(arena, words, text);
}
