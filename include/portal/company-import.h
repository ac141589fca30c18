/* Companies from a table (N1), as spreadsheets write it: the first line names
 * the columns, every other line is a company.
 *
 * The file: parted by ';', ',' or tab, whichever the first line has most of;
 * UTF-8 or Windows-1252, with or without byte order mark; lines end in LF, CRLF
 * or CR; fields may be quoted. Lines without any value are passed over. A record
 * of more than 1 MiB ends the reading.
 *
 * The columns, in any order and case, with or without accents and punctuation:
 *	tax id      CNPJ/CPF, CNPJ, CPF, Inscrição, Documento, Tax ID (required)
 *	country     País, Country: two letters, or the name of one of the nine
 *	            countries whose ids are known; where empty: that of the tax id
 *	name        Razão Social, Nome, Nome da Empresa, Empresa, Name, Legal Name
 *	trade name  Nome Fantasia, Fantasia, Trade Name
 *	e-mail      E-mail, Correio Eletrônico
 *	phone       Telefone, Fone, Celular, WhatsApp, Phone
 *	relation    Relação, Tipo, Relation: cliente, fornecedor, ambos, nenhum or the
 *	            words of company_relations
 *	role        Matriz/Filial, Role: matriz, filial or the words of company_roles
 * Two columns that mean the same are a failure; other columns are ignored, and
 * the summary names them. */
#ifndef PORTAL_COMPANY_IMPORT_H
#define PORTAL_COMPANY_IMPORT_H

#include <portal/portal.h>

/* What became of one line.
 *	line        the line of the file on which the record begins, from 1
 *	result      a word of company_import_results:
 *	            ok         the company was added or, with @update, changed
 *	            warning    the same, but with remarks: an e-mail or phone that is
 *	                       none was left out; a name that begins like a formula
 *	                       was kept
 *	            duplicate  nothing was changed: an earlier line has the same tax
 *	                       id, or the company exists
 *	            error      nothing was changed: the line breaks a rule
 *	country     of the tax id, and the tax id in its normal form; both NULL where
 *	tax_id      the tax id is no valid one
 *	name        the legal name, NULL where it is none
 *	phone       E.164, also in a line with errors; NULL where it is none
 *	company_id  of the company added or found; none in lines with errors and for
 *	            what a dry run made
 *	message     all remarks, in the user's language, with "; " between; NULL when
 *	            there is none
 *	faults      the same one by one: [{"code":"invalid_email","field":"email","message":"…"}];
 *	            field is "line" where the whole line is meant
 * Not part of the record, for callers in C: @changed; @first_fault, the list that
 * @faults shows; @code, the failure of a line with errors, else PORTAL_OK. */
struct company_import {
	int64_t line;
	const char *result;
	const char *country;
	const char *tax_id;
	const char *name;
	const char *phone;
	portal_id company_id;
	const char *message;
	portal_json faults;
	bool changed;
	enum portal_code code;
	struct portal_fault *first_fault;
};
extern const struct portal_record company_import_record;

/* ok warning duplicate error */
extern const struct portal_word company_import_results[];

/* What to read and how.
 *
 * @fd: where the table comes from; stays the caller's; need not be a file.
 * @encoding: "auto" (NULL), "utf-8" or "cp1252".
 * @relation: of new companies whose line names none; NULL: "none".
 * @update: companies that exist get the values their line has. Empty ones, and
 *   columns that are not there, leave theirs as they are.
 * @atomic: everything or nothing: the faults of all lines with an error, each with
 *   its line, are the failure of the whole. At most 100,000 lines and 32 MiB
 *   (PORTAL_USAGE). */
struct company_import_request {
	int fd;
	const char *encoding;
	const char *relation;
	bool update;
	bool atomic;
};

/* What it came to, in lines; @lines is the sum of the four results. @changed were
 * added or changed. @ignored are headings that mean nothing here, one a line, in
 * the portal's arena. @stopped_early: a record was too long to read on. */
struct company_import_summary {
	int64_t lines;
	int64_t ok;
	int64_t warnings;
	int64_t duplicates;
	int64_t errors;
	int64_t changed;
	portal_list ignored;
	bool stopped_early;
};

/* Imports the table and gives each line's result (struct company_import) to
 * @visit in the order of the file. Every line is done wholly or not at all. While
 * @visit runs, @ret_summary counts every line committed by then.
 *
 * Lines are committed in chunks of at most 10,000 lines or 200 ms, and results
 * are given after their chunk's commit, so what was reported is stored. A run
 * that was interrupted is completed by running it again: what is there already is
 * then a duplicate. Memory does not grow with the file, but for 12 bytes a tax id
 * up to 1.8 million of them: the table of what came before. Behind those, a
 * real run still finds every duplicate, being in the database; a dry run, whose
 * chunks are rolled back, finds only those that exist or stand in one chunk; and
 * with @update the last of equal lines counts, not the first.
 *
 * Lines with errors are results, not failures: 0 is returned. Failures:
 * PORTAL_INVALID_INPUT for a table without a tax id column, with a column twice,
 * empty, or in UTF-16; PORTAL_USAGE; PORTAL_DENIED; those of the store and of
 * reading, before which all chunks reported have been committed. A negative result
 * of @visit ends the import and is returned; @err is then left alone. */
int company_import(struct portal *portal, const struct company_import_request *request,
	portal_visit *visit, void *arg, struct company_import_summary *ret_summary,
	struct portal_error *err);

#endif
