#!/bin/bash
# onboard-client.sh TAX-ID NAME E-MAIL PERSON <PASSWORD: takes a client from nothing to
# the first login. Standard input has the password that the person chooses; in daily
# life they do the last two steps themselves, by the link of the mail. Prints the token
# of the session. Safe to run again with the same words and password; only where it was
# cut off before the password was set, "portalctl user passwd E-MAIL --send-link" goes on.
set -euo pipefail

[ $# = 4 ] || { echo "usage: onboard-client.sh TAX-ID NAME E-MAIL PERSON <PASSWORD" >&2; exit 2; }
company=$1 name=$2 email=$3 person=$4
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT
cat >"$secrets/password"

portalctl -q company add "$company" --name "$name" --if-not-exists
portalctl -q contact add --company "$company" --name "$person" --email "$email" --if-not-exists

# The first user of a company is its admin. The link of the mail works once; its token is
# shown here so that nobody has to wait for the mail. Who has access already gets none.
portalctl contact allow "$email" --company "$company" --show-token --json |
	jq -r '.data.token // empty' >"$secrets/access"
if [ -s "$secrets/access" ]; then
	portalctl -q user passwd --access-token-file "$secrets/access" \
		--password-file "$secrets/password"
fi

portalctl session login --company "$company" --email "$email" --password-file "$secrets/password"
