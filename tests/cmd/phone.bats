load helpers

@test "W9 phone check gives every form of a number" {
	ok phone check "(21) 98765-4321" --json
	holds .kind phone
	for key in input valid kind e164 formatted wa_ids reason; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.valid) \(.kind) \(.["e164"])"' "true mobile +5521987654321"
	holds '.data.wa_ids | join(" ")' "5521987654321 552187654321"
	ok phone check 3333-4444 --area-code 11 --json
	holds '.data | "\(.kind) \(.["e164"])"' "landline +551133334444"
	ok phone check "+54 9 11 5612-1008" --json
	holds '.data["e164"]' +5491156121008
}

@test "an invalid number is shown with the reason, and the status is 6" {
	portalctl phone check 1 --json
	is "$status" 6
	holds '.data | "\(.valid) \(.["e164"]) \(.wa_ids | length)"' "false null 0"
	is "$(jq -r .code err.txt)" invalid_phone
	portalctl phone check "(21) 98765-4321" 1 --format csv
	is "$status" 6
	is "$(tr -d '\r' <out.txt | cut -d, -f1,2 | paste -sd' ')" "line,ok 1,true 2,false"
	portalctl phone check "(10) 98765-4321"
	is "$status" 6
	portalctl phone check ""
	is "$status" 6
	fails 2 phone check
}
