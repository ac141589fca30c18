load helpers

@test "N1 taxid check gives the normal and the printed form" {
	ok taxid check 65.635.571/0001-48 --json
	holds .kind taxid
	for key in input country kind valid tax_id tax_id_formatted reason; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.input) \(.country) \(.kind) \(.valid)"' "65.635.571/0001-48 BR cnpj true"
	holds '.data | "\(.tax_id) \(.tax_id_formatted) \(.reason)"' \
		"65635571000148 65.635.571/0001-48 null"
}

@test "N1 the alphanumeric CNPJ, the CPF and the neighbours' ids are known" {
	ok taxid check 12.abc.345/01de-35 529.982.247-25 "AR 30-94537838-3" --json
	holds '[.items[].data | "\(.kind):\(.tax_id)"] | join(" ")' \
		"cnpj:12ABC34501DE35 cpf:52998224725 cuit:30945378383"
	ok taxid check --country AR 30-94537838-3 --json
	holds .data.kind cuit
}

@test "N1 an invalid one is shown with the reason, and the status is 6" {
	portalctl taxid check 65635571000149 --json
	is "$status" 6
	holds '.data | "\(.valid) \(.tax_id)"' "false null"
	holds '.data.reason | length > 0' true
	is "$(jq -r .code err.txt)" invalid_tax_id
	portalctl taxid check 65635571000148 65635571000149 --json
	is "$status" 6
	holds '[.items[].data.valid] | join(" ")' "true false"
}

@test "taxid check needs no portal, and takes a stream" {
	portalctl taxid check --batch - --batch-format ids --format ndjson \
		< <(printf '65635571000148\n\n52998224725\n')
	is "$status" 0
	is "$(jq -r 'select(.kind == "result") | .data.kind' out.txt | paste -sd' ')" "cnpj cpf"
	ok taxid check 65635571000148 --db /nowhere/at/all
	fails 2 taxid check
	portalctl taxid check ""
	is "$status" 6
	portalctl taxid check "$(printf '%0100000d' 1)"
	is "$status" 6
	is "$(wc -c <err.txt | awk '{ print $1 < 1000 }')" 1 "length of the sentence"
}
