load helpers
load network

# to_beta ITEM...: a draft to Beta, 2026-0001 in a fresh network.
to_beta() {
	local item items=()
	for item; do items+=(--item "$item"); done
	ok sale add --company $BETA "${items[@]}" --json
}

# A sale that was sent to Beta.
sent() {
	network
	to_beta "Folha;12;89.90"
	ok sale send 2026-0001 "$@"
}

# sales WANT ARGS...: the list gives the sales with these numbers.
sales() {
	ok sale list "${@:2}" --format tsv --fields number
	is "$(paste -sd, out.txt)" "$1" "sales of ${*:2}"
}

# never SQL: the database itself refuses.
never() {
	! sqlite3 portal.db "$1" >got.txt 2>&1 || { echo "done: $1"; return 1; }
	has "$(cat got.txt)" "$2"
}

@test "P2 a sale has every documented field" {
	network
	ok sale add --company 02.919.305/0001-27 --item "Folha; extra;1,5;100.01" \
		--item "Balanço;1;1500" --valid-until 2026-03-31 --json
	holds '"\(.kind) \(.changed) \(.action)"' "sale true added"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id number company_tax_id company_name items total_cents status valid_until sent_at signed_at signed_by reason created_at updated_at ended_at ended_by"
	holds '.data | "\(.number) \(.company_tax_id) \(.company_name) \(.status) \(.valid_until)"' \
		"2026-0001 $BETA Beta S.A. draft 2026-03-31"
	holds '.data.items | tostring' \
		'[{"description":"Folha; extra","quantity":"1.5","unit_price_cents":10001,"total_cents":15002},{"description":"Balanço","quantity":"1","unit_price_cents":150000,"total_cents":150000}]'
	holds .data.total_cents 165002
	is "$(sql "SELECT action, target_kind, target_id, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		"sale.add|sale|1|{\"number\":[null,\"2026-0001\"],\"company_tax_id\":[null,\"$BETA\"],\"total_cents\":[null,\"165002\"],\"valid_until\":[null,\"2026-03-31\"]}"
	ok sale show 1 --json
	holds .data.number 2026-0001
	ok sale show 2026-0001 --json
	holds .data.id 1
	ok sale list --lang pt_BR
	has "$out" "R$ 1.650,02"
	has "$out" 31/03/2026
	ok sale list
	has "$out" "BRL 1,650.02"
	has "$out" 2026-03-31
}

@test "P2 totals are exact: half a cent goes up, and what is too large is refused" {
	network
	to_beta "a;0.333333;100" "b;1.005;1" "c;0.5;0.01" "d;0.499999;0.01"
	holds '[.data.items[].total_cents] | tostring' "[3333,101,1,0]"
	holds .data.total_cents 3435
	to_beta "a;1;90071992547409.91"
	is "$(jq -r .data.total_cents out.txt)" 9007199254740991
	untouched fails 6 sale add --company $BETA --item "a;1;90071992547409.92"
	untouched fails 6 sale add --company $BETA --item "a;1;90071992547409.91" --item "b;1;0.01"
	has "$err" "too large"
	untouched fails 6 sale add --company $BETA --item "a;9999999999999;90071992547409"
	untouched fails 6 sale add --company $BETA --item "a;9223372036854;90071992547409"
	has "$err" "too large"
}

@test "P2 what is no sale is refused, all faults of its items at once" {
	network
	untouched fails 2 sale add --item "a;1;1"
	untouched fails 6 sale add --company $BETA
	untouched fails 3 sale add --company 34028316000103 --item "a;1;1"
	for item in "a;1" "a;0;1" "a;-1;1" "a;1;-1" "a;1e3;1" "a;1;1.001" "a;1.0000001;1" ";1;1" \
		"a;1.234,5;1" "a;;1" "a;1;"; do
		untouched fails 6 sale add --company $BETA --item "$item"
	done
	untouched fails 6 sale add --company $BETA --item "$(printf '%0301d' 0);1;1"
	untouched code invalid sale add --company $BETA --item "a;x;1" --item "b;1;y" --item "c;1;1"
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "item item"
	untouched fails 6 sale add --company $BETA --item "a;1;1" --valid-until 2026-02-28
	untouched fails 6 sale add --company $BETA --item "a;1;1" --valid-until 2026-02-30
	for number in 2026-0001 123 "a b" "a/b" "a.b" "" "$(printf '%041d' 0)a"; do
		untouched fails 6 sale add --company $BETA --item "a;1;1" --number "$number"
	done
}

@test "P2 numbers are counted within the local year, without a gap" {
	network
	to_beta "a;1;1"
	ok sale add --company $GAMA --item "a;1;1" --number PED-7 --json
	untouched fails 6 sale add --company $BETA --item "a;0;1"
	rehearses sale add --company $BETA --item "a;1;1"
	untouched refused 1 "can't read 'absent': No such file" sale add --company $BETA --items-file absent
	to_beta "b;1;1"
	holds .data.number 2026-0002
	code already_exists sale add --company $GAMA --item "a;1;1" --number PED-7
	at 2027-01-01T02:59:59Z
	to_beta "c;1;1"
	holds .data.number 2026-0003
	at 2027-01-01T03:00:00Z
	to_beta "d;1;1"
	holds .data.number 2027-0001
}

@test "P2 many at a time get numbers without gap or repeat" {
	network
	for i in {1..12}; do
		"$PORTALCTL" sale add --company $BETA --item "a;1;1" >/dev/null &
	done
	wait
	is "$(sql "SELECT count(*), count(DISTINCT number), max(number) FROM sale")" "12|12|2026-0012"
}

@test "P2 items come from a file, and sales in a batch" {
	network
	printf 'descricao;quantidade;valor_unitario\nFolha, extra;1,5;10,00\nB;2;1\n' >lines.csv
	ok sale add --company $BETA --items-file lines.csv --item "first;1;1" --json
	holds '[.data.items[].description] | join("|")' "first|Folha, extra|B"
	holds .data.total_cents 1800
	printf '\xef\xbb\xbfDescrição;Quantidade;Valor Unitário\r\nFolha;1,5;10,00\r\n' >Itens.CSV
	ok sale add --company $BETA --items-file Itens.CSV --json
	holds '.data | "\(.total_cents) \(.items[0].description)"' "1500 Folha"
	printf 'DESCRI\xc7\xc3O;Qtde.;Pre\xe7o unit\xe1rio (R$)\r\nServi\xe7o;2;10\r\n' >ansi.csv
	ok sale add --company $BETA --items-file ansi.csv --json
	holds '.data | "\(.total_cents) \(.items[0].description)"' "2000 Serviço"
	printf 'Item;Produto;Qtd;Preço\na;b;1;1\n' >twice.csv
	untouched refused 6 "'Produto' means the same as a column before it" \
		sale add --company $BETA --items-file twice.csv
	printf '{"description":"x;y","quantity":"0.5","unit_price":3}\n' >lines.json
	ok sale add --company $BETA --items-file lines.json --json
	holds '.data.items[0].description + " " + .data.items[0].quantity' "x;y 0.5"
	printf '{"description":"x","quantity":"1","unit_price":"1","tax":2}\n' >lines.json
	untouched fails 6 sale add --company $BETA --items-file lines.json
	has "$err" "tax"
	printf '{"company":"%s","item":["a;1;1","b;2;2"]}\n{"company":"%s","item":["a;x;1"]}\n' \
		$BETA $BETA >batch
	portalctl sale add --batch batch --format ndjson
	is "$status" 7
	is "$(sed -n 1p out.txt | jq .data.total_cents)" 500
}

@test "P2 only a draft is changed" {
	network
	to_beta "a;1;1"
	ok sale set 1 --item "b;2;3" --item "c;1;1" --valid-until 2026-03-31 --json
	holds '"\(.changed) \(.data.total_cents) \(.data.valid_until)"' "true 700 2026-03-31"
	untouched ok sale set 1 --item "b;2,0;3.00" --item "c;1;1" --json
	holds .changed false
	ok sale set 1 --valid-until "" --json
	holds '"\(.data.valid_until) \(.data.items | length)"' "null 2"
	sales 2026-0001 --search "B"
	sales "" --search zzz
	ok sale send 1
	untouched code wrong_state sale set 1 --item "d;1;1"
}

@test "P2 the database itself keeps what was sent and what was signed" {
	sent
	never "UPDATE sale SET total_cents = 1" "says the same"
	never "UPDATE sale SET valid_until = '2030-01-01', expires_at = 1" "says the same"
	never "UPDATE sale_item SET total_cents = 1" "not changed"
	never "DELETE FROM sale_item" "not changed"
	never "INSERT INTO sale_item VALUES (1, 9, 'x', 1, 1, 1)" "not changed"
	never "DELETE FROM sale" "not deleted"
	never "UPDATE sale SET status = 'signed', signed_at = 1, ended_at = 1" "evidence"
}

@test "P1 what was never sent is the office's alone" {
	network
	to_beta "a;1;1"
	for words in "sale show" "sale terms" "sale sign" "sale refuse" "sale set" "sale send"; do
		# shellcheck disable=SC2086 # words are words
		fails 3 --as bia@beta.example $words 2026-0001
		mine=$err
		# shellcheck disable=SC2086 # words are words
		fails 3 --as bia@beta.example $words 2026-0009
		is "${mine/0001/N}" "${err/0009/N}" "$words"
	done
	ok --as bia@beta.example sale list --format count
	is "$out" 0
	ok sale cancel 1
	fails 3 --as bia@beta.example sale show 1
	is "$(sql "SELECT count(*) FROM outbox WHERE template LIKE 'sale%'")" 0
}

@test "P1 the client sees the sales sent to it with values and state" {
	sent
	ok --as bruna@beta.example sale show 2026-0001 --json
	holds '"\(.data.status) \(.data.total_cents)"' "sent 107880"
	fails 3 --as gil@gama.example sale show 2026-0001
	denied --as bia@beta.example sale cancel 1
	denied --as bia@beta.example sale set 1 --item "a;1;1"
	denied --as dora@office.example sale refuse 1
}

@test "U5 collaborators see sales only while their section is on" {
	sent
	ok company set $BETA --sections documents,tasks
	fails 3 --as bruna@beta.example sale show 1
	fails 3 --as bruna@beta.example sale refuse 1
	denied --as bruna@beta.example sale list
	ok --as bia@beta.example sale show 1
	ok company set $BETA --sections sales
	ok --as bruna@beta.example sale show 1
}

@test "U10 a group shares its sales, and unlinking takes them away at once" {
	sent
	ok group create $ALFA
	fails 3 --as caio@alfa.example sale show 1
	ok group link $ALFA $BETA
	ok --as caio@alfa.example sale show 1
	ok --as caio@alfa.example sale list --format count
	is "$out" 1
	ok --as caio@alfa.example sale list --company $BETA --format count
	is "$out" 1
	ok group unlink $ALFA $BETA
	fails 3 --as caio@alfa.example sale show 1
	ok --as caio@alfa.example sale list --format count
	is "$out" 0
}

@test "P2 sending mails and notifies the company, once" {
	network
	to_beta "a;1;1234.50"
	untouched fails 3 sale send 1 --to nobody@beta.example
	untouched fails 3 sale send 1 --to gil@gama.example
	untouched fails 6 sale send 1 --to nobody
	untouched fails 6 sale send 1 --valid-until 2026-02-28
	ok sale send 1 --to bruna@beta.example --valid-until 2026-03-01 --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.sent_at) \(.data.valid_until)"' \
		"true sent sent 2026-03-01T12:00:00Z 2026-03-01"
	is "$(sql "SELECT group_concat(recipient) FROM (SELECT recipient FROM outbox WHERE template = 'sale_sent' ORDER BY id)")" \
		"bruna@beta.example,beto@beta.example,bia@beta.example"
	ok outbox show "$(sql "SELECT max(id) FROM outbox")" --body
	has "$out" "R\$ 1.234,50"
	has "$out" "assinada até 01/03/2026"
	ok --as bia@beta.example notification list --json
	holds '.items[0] | "\(.kind) \(.target_kind) \(.target_id)"' "sale_sent sale 1"
	untouched ok sale send 1 --json
	holds .changed false
	untouched ok sale send 1 --json --to bruna@beta.example --valid-until 2026-03-01
	holds .changed false
	untouched code wrong_state sale send 1 --valid-until 2026-03-02
	untouched code wrong_state sale send 1 --valid-until ""
	ok contact add --company $BETA --name Rui --email rui@beta.example
	untouched code wrong_state sale send 1 --to rui@beta.example
	untouched fails 3 sale send 1 --to nobody@beta.example
}

@test "P2 the company refuses, the office hears why" {
	sent
	ok --as bruna@beta.example sale refuse 1 --reason "caro demais" --json
	holds '.data | "\(.status) \(.reason) \(.ended_by)"' "refused caro demais bruna@beta.example/$BETA"
	is "$(sql "SELECT recipient FROM outbox WHERE template = 'sale_refused'")" dora@office.example
	untouched ok --as bia@beta.example sale refuse 1 --json
	holds .changed false
	code wrong_state sale cancel 1
	is "$(sql "SELECT count(*) FROM audit WHERE changes LIKE '%caro%'")" 0
	ok audit verify
}

@test "P2 the office cancels, the company hears of it" {
	sent
	ok --as dora@office.example sale cancel 1 --reason engano --json
	holds '.data | "\(.status) \(.reason)"' "cancelled engano"
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'sale_cancelled'")" 2
	untouched ok sale cancel 1 --json
	holds .changed false
	code wrong_state --as bia@beta.example sale refuse 1
	code wrong_state sale send 1
}

@test "P2 what is not signed through its last day expires, once" {
	sent --valid-until 2026-03-31
	to_beta "b;1;1"
	ok sale send 2
	at 2026-04-01T02:59:59Z
	ok due --json
	holds .data.sales_expired 0
	at 2026-04-01T03:00:00Z
	code wrong_state --as bia@beta.example sale refuse 1
	rehearses due
	ok due --json
	holds '"\(.changed) \(.data.sales_expired)"' "true 1"
	ok sale show 1 --json
	holds '.data | "\(.status) \(.ended_at) \(.ended_by)"' "expired 2026-04-01T03:00:00Z expiry"
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'sale_expired'")" 3
	untouched ok due
	ok sale show 2 --json
	holds .data.status sent
}

@test "P2 sales are listed by company, state, time and words" {
	network
	to_beta "Folha;1;1"
	at 2026-03-02T12:00:00Z
	ok sale add --company $GAMA --item "Balanço anual;1;99" --number PED-7
	ok sale send PED-7
	sales "2026-0001,PED-7"
	sales "2026-0001" --company $BETA
	sales "PED-7" --status sent
	sales "PED-7" --since 2026-03-02
	sales "2026-0001" --until 2026-03-02
	sales "PED-7" --search BALANCO
	sales "PED-7" --search gama
	sales "PED-7,2026-0001" --sort -total_cents
	ok sale list --limit 1 --json
	holds '"\(.items[0].items[0].description) \(.truncated)"' "Folha true"
	ok sale list --limit 1 --after "$(json .next)" --json
	holds '.items[0].number' PED-7
	fails 2 sale list --status gone
}
