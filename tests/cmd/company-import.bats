load helpers

office=65635571000148
data() { printf '%s/../data/%s' "$BATS_TEST_DIRNAME" "$1"; }

portal() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office $office --name "Escritório Modelo"
}

# table LINE...: writes t.csv; escapes as printf has them.
table() {
	local line
	for line in "$@"; do printf "$line"; done >t.csv
}

# import WANTED-STATUS ARGS...: imports t.csv and keeps the JSON in out.txt.
import() {
	local want=$1
	shift
	portalctl company import t.csv --json "$@"
	is "$status" "$want" "status of the import: $err"
}

# The result of each line: "2 ok, 3 error".
results() { json '[.items[].data | "\(.line) \(.result)"] | join(", ")'; }
message() { json ".items[].data | select(.line == $1) | .message"; }
names() {
	"$PORTALCTL" company list --format tsv --fields tax_id,name |
		grep -v "^$office" | sort | tr '\t\n' '=;'
}
audit_rows() { sqlite3 portal.db 'select count(*) from audit'; }

numbers=(02919305000127 99194695000157 65635571000229)

# Many lines with valid tax ids: table_of COUNT
table_of() {
	awk -v n="$1" '
	function digit(s, w,    i, sum, r) {
		for (i = 1; i <= length(s); i++)
			sum += substr(s, i, 1) * substr(w, i, 1)
		r = sum % 11
		return r < 2 ? 0 : 11 - r
	}
	BEGIN {
		print "CNPJ;Nome;E-mail"
		for (i = 1; i <= n; i++) {
			id = sprintf("%08d0001", 20000000 + i * 37)
			id = id digit(id, "543298765432")
			id = id digit(id, "6543298765432")
			print id ";Empresa " i ";e" i "@empresa.example"
		}
	}'
}

# expected_of: what fornecedores-esperado.tsv says, in the words of the command
expected() {
	awk -F'\t' -v OFS='\t' 'NR > 1 {
		r["ok"] = "ok"; r["aviso"] = "warning"; r["duplicado"] = "duplicate"; r["erro"] = "error"
		sub(" ", "\t", $3)
		print $1, r[$2], $3 == "" ? "\t" : $3, $4
	}' "$(data fornecedores-esperado.tsv)"
}

for_encoding() {
	portal
	portalctl company import "$(data "$1")" --format tsv --fields line,result,country,tax_id,phone
	is "$status" 7 "status"
	has "$err" "records failed"
	diff <(expected) out.txt
	"$PORTALCTL" company list --search "acucar mascavo" --format tsv --fields name >name.txt
	is "$(cat name.txt)" "Panificadora Pão de Açúcar Mascavo"
	ok company show Z9Y8X7W6000105 --json
	is "$(json .data.email)" null "an e-mail that is none is left out"
	portalctl company import "$(data "$1")" --json
	is "$(json '[.items[] | select(.data.result != "ok") | .data.message | length > 0] | unique | tostring')" \
		"[true]" "every line that is not ok says why"
}

@test "N1 a supplier file in UTF-8 gives exactly the expected results" {
	for_encoding fornecedores-import.csv
}

@test "N1 the same file in Windows-1252 gives the same results" {
	for_encoding fornecedores-import-cp1252.csv
}

@test "N1 an import answers with results, a summary and an error for each line that failed" {
	portal
	portalctl company import "$(data fornecedores-import.csv)" --json
	is "$(json .kind)" result.list
	is "$(json '.summary | tostring')" '{"ok":51,"changed":50,"failed":6}'
	is "$(json '.items[0] | "\(.line) \(.ok) \(.changed) \(.action)"')" "2 true true imported"
	is "$(json '.items[46] | "\(.line) \(.ok) \(.error.code) \(.error.field) \(.error.source.line)"')" \
		"48 false invalid_tax_id tax_id 48"
	is "$(json '.items[53].data | "\(.result) \(.faults[0].code) \(.faults[0].field)"')" \
		"warning invalid_email email"
	is "$(json '[.items[].data | keys | join(",")] | unique | length')" 1 "all keys are always there"
}

@test "N1 the table says what became of each line, and which columns were ignored" {
	portal
	portalctl company import "$(data fornecedores-import.csv)"
	has "$out" "the same tax id as in line 2"
	has "$out" "51 ok (50 changed), 6 failed"
	has "$out" "columns ignored: Município, UF, Categoria"
}

@test "N1 semicolon, comma and tab part the columns" {
	local delimiter i=0
	portal
	for delimiter in ';' ',' '\t'; do
		table "CNPJ${delimiter}Nome\n" "${numbers[i]}${delimiter}Firma $i\n"
		import 0
		is "$(results)" "2 ok" "with $delimiter"
		i=$((i + 1))
	done
}

@test "N1 a byte order mark, CRLF, CR alone, blank lines and blanks at the ends mean nothing" {
	portal
	table '\xef\xbb\xbfCNPJ;Nome\r\n' '\r\n' ' ;; \r\n' "  ${numbers[0]} ;\xc2\xa0 Um  \r\n" '\r\n'
	import 0
	is "$(results)" "4 ok"
	table 'CNPJ;Nome\r' "${numbers[1]};Dois\r" "${numbers[2]};Três\r"
	import 0
	is "$(results)" "2 ok, 3 ok"
	is "$(names)" "${numbers[0]}=Um;${numbers[2]}=Três;${numbers[1]}=Dois;"
}

@test "N1 columns are found by Portuguese and English names in any order, case and spelling" {
	local heading
	for heading in 'CNPJ/CPF;RAZÃO SOCIAL' 'cnpj;nome' 'Inscrição;Nome da Empresa' \
		'inscricao;razao social' 'Tax ID;Name' 'tax_id;name' 'CPF;Empresa' '"CNPJ";"Razão_Social"'; do
		rm -f portal.db*
		portal
		table "$heading\n" "${numbers[0]};Modelo\n"
		import 0
		is "$(names)" "${numbers[0]}=Modelo;" "$heading"
	done
	rm -f portal.db*
	portal
	table 'Matriz/Filial,Relação,País,Fone,Email,Nome Fantasia,Nome,UF,CNPJ\n' \
		"FILIAL,Fornecedor,Brasil,(11) 3333-4444,A@B.example,Fantasia,Modelo,SP,${numbers[0]}\n" \
		'matriz,Ambos,Argentina,,,,Maderas,,30-94537838-3\n'
	import 0
	ok company show "${numbers[0]}" --json
	is "$(json '.data | "\(.role) \(.relation) \(.phone) \(.email) \(.trade_name)"')" \
		"branch supplier +551133334444 a@b.example Fantasia"
	ok company show "AR 30945378383" --json
	is "$(json '.data | "\(.role) \(.relation)"')" "head_office both"
}

@test "N1 --relation is for lines that name none" {
	portal
	table 'CNPJ;Nome;Relação\n' "${numbers[0]};Um;\n" "${numbers[1]};Dois;cliente\n"
	import 0 --relation supplier
	ok company list --relation supplier --format count
	is "$out" 1
	refused 2 "relation" company import t.csv --relation friend
}

@test "N1 a table without tax ids, with a column twice, or empty is refused as a whole" {
	portal
	table 'Nome;E-mail\n' 'A;a@b.example\n'
	refused 6 "CNPJ/CPF" company import t.csv
	table 'CNPJ;Nome;cnpj\n' "${numbers[0]};A;${numbers[0]}\n"
	refused 6 "column 1 'CNPJ' and column 3 'cnpj'" company import t.csv
	table ''
	refused 6 "empty" company import t.csv
	table '\xff\xfeC\x00N\x00'
	refused 6 "UTF-16" company import t.csv
	refused 1 "nowhere.csv" company import nowhere.csv
	is "$(names)" ""
}

@test "N1 all faults of a line are told at once, and nothing of it is done" {
	portal
	table 'CNPJ;Nome;E-mail;Telefone;Relação\n' '123;;x;y;friend\n' "${numbers[0]};Bom;;;\n"
	import 7
	is "$(results)" "2 error, 3 ok"
	is "$(json '[.items[0].data.faults[].field] | sort | join(" ")')" "email name phone relation tax_id"
	is "$(json '.items[0].error.errors | length')" 5
	is "$(json '.items[0].data | .message == ([.faults[].message] | join("; "))')" true
	is "$(json '.items[0] | .error.message == .data.faults[0].message')" true
	portalctl company import t.csv --dry-run
	for part in "'123' is not a tax id" "a company needs a name" "'x' is not an e-mail" \
		"'y' is" "'friend' is not"; do
		has "$out" "$part"
	done
	is "$(names)" "${numbers[0]}=Bom;"
}

@test "N1 when every line fails alike the exit status is theirs" {
	portal
	table 'CNPJ;Nome\n' '1;A\n' '2;B\n'
	import 6
	is "$(results)" "2 error, 3 error"
}

@test "N1 quoted values may hold delimiters and quotes, but no line breaks" {
	portal
	table 'CNPJ;Nome;E-mail\n' "${numbers[0]};\"Ponto; e \"\"Aspas\"\"\";\n" \
		"${numbers[1]};\"Duas\nLinhas\";\n" "${numbers[1]};\"Volta\rDuas\";\n" "${numbers[2]};Fim;\n"
	import 7
	is "$(results)" "2 ok, 3 error, 5 error, 7 ok"
	has "$(names)" 'Ponto; e "Aspas"'
}

@test "N1 control characters, NUL bytes and broken UTF-8 cost their line and no other" {
	portal
	table 'CNPJ;Nome\n' "${numbers[0]};A\xc3\xa7o\n" "${numbers[1]};\x1b[31mVermelho\n" \
		"${numbers[1]};N\x00L\n" "${numbers[1]};quebrado \xe7\xe3\n" "${numbers[2]};Fim\n"
	import 7 --encoding utf-8
	is "$(results)" "2 ok, 3 error, 4 error, 5 error, 6 ok"
	portalctl company import t.csv
	! grep -q $'\x1b' out.txt
}

@test "N1 names that begin like a formula are kept and flagged" {
	portal
	table 'CNPJ;Nome\n' "${numbers[0]};=CMD|calc!A1\n" "${numbers[1]};@soma(1)\n"
	import 0
	is "$(results)" "2 warning, 3 warning"
	has "$(message 2)" formula
	has "$(names)" "=CMD|calc!A1"
}

@test "N1 a value behind the last column is told, empty cells there are not" {
	portal
	table 'CNPJ;Nome\n' "${numbers[0]};Silva; Filhos\n" "${numbers[1]};Só Um;;;\n" "${numbers[2]}\n"
	import 7
	is "$(results)" "2 error, 3 ok, 4 error"
	has "$(message 2)" quotes
	has "$(message 4)" "needs a name"
}

@test "N1 a line that failed does not make a later one a duplicate" {
	portal
	table 'CNPJ;Nome\n' "${numbers[0]};\n" "${numbers[0]};Modelo\n" "${numbers[0]};De novo\n"
	import 7
	is "$(results)" "2 error, 3 ok, 4 duplicate"
	has "$(message 4)" "line 3"
}

@test "N1 importing twice changes nothing the second time" {
	local before
	portal
	portalctl company import "$(data fornecedores-import.csv)"
	before=$(audit_rows)
	portalctl company import "$(data fornecedores-import.csv)" --json
	is "$(json .summary.changed)" 0
	is "$(json '[.items[].data.result] | unique | join(" ")')" "duplicate error"
	is "$(audit_rows)" "$before"
}

@test "N1 --update changes what the line gives and leaves the rest" {
	portal
	ok company add "${numbers[0]}" --name Antes --email a@b.example --relation client
	table 'CNPJ;Nome;E-mail;Telefone\n' "${numbers[0]};Depois;;(11) 3333-4444\n" \
		"${numbers[0]};Mais Tarde;;\n" "${numbers[1]};;;\n"
	import 7 --update --relation supplier
	is "$(results)" "2 ok, 3 duplicate, 4 error"
	ok company show "${numbers[0]}" --json
	is "$(json '.data | "\(.name) \(.email) \(.phone) \(.relation)"')" \
		"Depois a@b.example +551133334444 client"
	import 7 --update
	is "$(results)" "2 duplicate, 3 duplicate, 4 error"
}

@test "N1 an import makes a company that was only named a registered one" {
	portal
	ok invite send "${numbers[0]}" --email ana@b.example
	table 'CNPJ;Nome\n' "${numbers[0]};Modelo\n"
	import 0
	is "$(results)" "2 ok"
	ok company show "${numbers[0]}" --json
	is "$(json '.data | "\(.status) \(.name)"')" "registered Modelo"
}

@test "N1 --atomic imports all lines or none" {
	portal
	table 'CNPJ;Nome\n' "${numbers[0]};Um\n" '123;Dois\n' "${numbers[2]};Três\n"
	refused 6 "portalctl: t.csv:3: '123' is not a tax id" company import t.csv --atomic
	is "$(names)" ""
	is "$(grep -c 'line 3' err.txt)" 0 "places said twice"
	table 'CNPJ;Nome;E-mail\n' "${numbers[0]};Um;torto\n" "${numbers[2]};Três;\n"
	import 0 --atomic
	is "$(results)" "2 warning, 3 ok"
}

@test "N1 --atomic tells every fault of every line, each with its place once" {
	portal
	table 'CNPJ;Nome;E-mail\n' '123;;torto\n' "${numbers[0]};Um;\n" "${numbers[1]};Dois;x\n" \
		"${numbers[2]};a;;b\n" '456;Três;\n'
	portalctl company import t.csv --atomic --json
	is "$status" 6
	is "$(jq -r '.errors[] | "\(.source.line) \(.field) \(.code)"' err.txt | paste -sd,)" \
		"2 tax_id invalid_tax_id,2 email invalid_email,2 name invalid,5 null invalid_input,6 tax_id invalid_tax_id"
	is "$(jq -r '.source.line' err.txt)" 2
	fails 6 company import t.csv --atomic
	has "$err" "portalctl: t.csv:2: 5 faults, the first: '123' is not a tax id"
	has "$err" "  t.csv:6: '456' is not a tax id"
	is "$(grep -c 'line [0-9]' err.txt)" 0 "places said twice"
	is "$(names)" ""
}

@test "N1 a hundred thousand faults are told in little time and memory" {
	portal
	awk 'BEGIN { print "CNPJ;Nome"; for (i = 0; i < 99999; i++) print "1;A" }' >t.csv
	SECONDS=0
	(ulimit -v 400000 && "$PORTALCTL" company import t.csv --atomic >out.txt 2>err.txt) || status=$?
	is "$status" 6
	is "$(wc -l <err.txt)" 100000
	[ "$SECONDS" -lt 10 ]
}

@test "N1 a dry run gives the same results and changes nothing" {
	local before
	portal
	before=$(sqlite3 portal.db .dump | sha256sum)
	portalctl company import "$(data fornecedores-import.csv)" --dry-run --format tsv \
		--fields line,result,country,tax_id,phone
	diff <(expected) out.txt
	is "$(sqlite3 portal.db .dump | sha256sum)" "$before"
}

@test "N1 a dry run knows duplicates of other chunks" {
	portal
	table_of 30000 >t.csv
	sed -n 2p t.csv >>t.csv
	portalctl company import t.csv --dry-run --format tsv --fields line,result,message
	is "$(tail -n 1 out.txt)" "$(printf '30002\tduplicate\tthe same tax id as in line 2')"
	is "$(names)" ""
}

@test "P6 an import killed in the middle is completed by running it again" {
	portal
	table_of 60000 >t.csv
	"$PORTALCTL" company import t.csv --format tsv --fields line,result >killed.txt &
	until [ "$(sqlite3 portal.db 'select count(*) from company')" -gt 1000 ]; do sleep 0.02; done
	kill -9 $!
	wait $! || true
	[ "$(sqlite3 portal.db 'select count(*) from company')" -lt 60001 ]
	portalctl company import t.csv --format count
	is "$status" 0 "$err"
	is "$(sqlite3 portal.db 'select count(*), count(distinct tax_id) from company')" "60001|60001"
	is "$(sqlite3 portal.db "select count(*) from audit where action = 'company.add'")" 60001
}

@test "P12 a line of a gigabyte is refused at once, and what came before it stays" {
	portal
	mkfifo big
	(printf 'CNPJ;Nome\n%s;Um\n%s;' "${numbers[0]}" "${numbers[1]}"
		head -c 1073741824 /dev/zero | tr '\0' x) >big 2>/dev/null &
	SECONDS=0
	portalctl company import big --json
	wait || true
	[ "$SECONDS" -lt 5 ]
	is "$status" 7 "$err"
	is "$(results)" "2 ok, 3 error"
	has "$(message 3)" "1 MiB"
}

@test "P12 output that can't be written is a failure, and says that companies were added" {
	portal
	table_of 10 >t.csv
	status=0
	"$PORTALCTL" company import t.csv >/dev/full 2>err.txt || status=$?
	is "$status" 1
	has "$(cat err.txt)" "the change was made all the same"
	is "$(sqlite3 portal.db 'select count(*) from company')" 11
}

@test "P12 output that ends among duplicates says that the companies behind them were added" {
	portal
	table_of 2000 >t.csv
	ok company import t.csv
	table_of 2001 >t.csv
	status=0
	"$PORTALCTL" company import t.csv --format ndjson >/dev/full 2>err.txt || status=$?
	is "$status" 1
	has "$(cat err.txt)" "the change was made all the same"
	is "$(sqlite3 portal.db 'select count(*) from company')" 2002
}

@test "N1 standard input, every format, and an exit status that is the same in all" {
	local format
	portal
	for format in table json ndjson csv tsv count; do
		status=0
		printf 'CNPJ;Nome\n%s;Um\n1;Dois\n' "${numbers[0]}" |
			"$PORTALCTL" company import - --dry-run --format $format >out.txt || status=$?
		is "$status" 7 "$format"
		[ -s out.txt ]
	done
	refused 2 "ids" company import - --format ids
}

@test "P8 only admins of the office may import" {
	portal
	ok company add "${numbers[0]}" --name Cliente
	ok user add ana@cliente.example --company "${numbers[0]}" --name Ana
	table 'CNPJ;Nome\n' "${numbers[1]};Um\n"
	refused 4 "may not" company import t.csv --as ana@cliente.example
	is "$(sqlite3 portal.db 'select count(*) from company')" 2
}
