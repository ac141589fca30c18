#!/bin/bash
# publish-guides.sh FOLDER KIND MONTH [DUE]: publishes a folder of guides, each to the
# company whose CNPJ or CPF stands in the name of its file, and mails the link of each new
# one to the company's contacts, or to the company itself. For cron, every night: what
# was published before stays as it is and is not mailed again. Files that fit no company
# are told on standard error, and the exit status is then 7; the others are done.
set -euo pipefail

[ $# = 3 ] || [ $# = 4 ] || { echo "usage: publish-guides.sh FOLDER KIND MONTH [DUE]" >&2; exit 2; }
results=$(mktemp)
trap 'rm -f "$results"' EXIT

status=0
portalctl document publish --folder "$1" --kind "$2" --competence "$3" ${4:+--due "$4"} \
	--format ndjson >"$results" 2>/dev/null || status=$?
jq -r 'select(.ok == false) | .error.message' "$results" >&2

# Whom nobody has mailed yet: a run that was cut off goes on here. The outbox says so.
portalctl document list --kind "$2" --competence "$3" --status published --format ndjson |
	jq -r '[.id, .company_tax_id] | @tsv' | while IFS=$'\t' read -r id company; do
	[ "$(portalctl outbox list --cause "document:$id" --format count)" = 0 ] || continue
	mapfile -t to < <(portalctl contact list --company "$company" --format ndjson |
		jq -r '.email // empty')
	[ ${#to[@]} -gt 0 ] || mapfile -t to < <(portalctl company show "$company" --json |
		jq -r '.data.email // empty')
	if [ ${#to[@]} = 0 ]; then
		echo "nobody to mail document $id to: $company" >&2
		continue
	fi
	portalctl -q document send "$id" "${to[@]/#/--to=}"
done
exit "$status"
