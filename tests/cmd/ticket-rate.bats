load helpers
load network

# A ticket of Ana that is done.
with_done() {
	network
	ok --as ana@alfa.example ticket open --subject Um --body "Bom dia"
	ok ticket close 1
}

@test "S7 the client rates a done ticket, and the office is told" {
	with_done
	ok --as ana@alfa.example ticket rate 260301-001 4 --comment "Foi rápido" --json
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "ticket true rated"
	holds '.data | "\(.rating) \(.rating_comment) \(.status)"' "4 Foi rápido done"
	is "$(notified ticket_rated)" $OFFICE
	ok ticket messages 1 --json
	holds '.items[-1] | "\(.event) \(.event_from) \(.event_to) \(.author_name) \(.internal)"' \
		"rated null 4 Ana false"
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" '{"rating":[null,"4"]}'
}

@test "S7 a rating may be changed, and the same again changes nothing" {
	with_done
	ok --as ana@alfa.example ticket rate 1 4 --comment "Foi rápido"
	untouched ok --as ana@alfa.example ticket rate 1 4 --comment "Foi rápido" --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok --as caio@alfa.example ticket rate 1 2 --json
	holds '.data | "\(.rating) \(.rating_comment)"' "2 null"
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" '{"rating":["4","2"]}'
	ok ticket list --status "done" --json
	holds '.items[0].rating' 2
}

@test "S7 what is no rating, or not done, is refused" {
	with_done
	untouched fails 6 --as ana@alfa.example ticket rate 1 0
	untouched fails 6 --as ana@alfa.example ticket rate 1 6
	untouched fails 2 --as ana@alfa.example ticket rate 1 muito
	untouched fails 2 --as ana@alfa.example ticket rate 1
	untouched fails 6 --as ana@alfa.example ticket rate 1 5 --comment "$(printf 'a%.0s' {1..1001})"
	untouched fails 6 --as ana@alfa.example ticket rate 1 5 --comment $'a\033b'
	ok ticket reopen 1
	untouched fails 5 --as ana@alfa.example ticket rate 1 5
	code wrong_state --as ana@alfa.example ticket rate 1 5
	ok ticket cancel 1
	untouched fails 5 --as ana@alfa.example ticket rate 1 5
	ok ticket show 1 --json
	holds .data.rating null
}

@test "P8 the client alone rates, and its own tickets alone" {
	with_done
	denied --as dora@office.example ticket rate 1 5
	refused 3 "there is no ticket '1'" --as bia@beta.example ticket rate 1 5
	untouched refused 2 "the operator does not" ticket rate 1 5
	ok company set $ALFA --sections documents
	fails 4 --as caio@alfa.example ticket rate 1 5 || fails 3 --as caio@alfa.example ticket rate 1 5
}
