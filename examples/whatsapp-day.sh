#!/bin/sh
# A day of an office over WhatsApp, from the client's first word to "done". It makes a portal
# in a folder of its own. What the client writes comes in as WhatsApp's web hooks do, by
# `wa receive`; what the office writes goes out by `deliver`, where PORTALCTL_CONFIG names
# a number, a token and an api_url (without them it stays in the outbox, to be looked at).
#
#   examples/whatsapp-day.sh [FOLDER]
set -eu
cd "${1:-$(mktemp -d)}"
export PORTALCTL_DB="$PWD/portal.db" PORTALCTL_NOW=2026-03-02T11:59:00Z
number=${WHATSAPP_NUMBER:-106540352242922}
if [ -z "${PORTALCTL_CONFIG:-}" ]; then
	printf 'whatsapp:\n  phone_number_id: "%s"\n' "$number" >config.yaml
	export PORTALCTL_CONFIG="$PWD/config.yaml"
fi

# client ID TIME MEMBERS: a message of Ana's, whose number WhatsApp knows without the ninth digit.
client() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",
	"value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"%s"},
	"contacts":[{"profile":{"name":"Ana Lima"},"wa_id":"553199990001"}],
	"messages":[{"from":"553199990001","id":"%s","timestamp":"%s",%s}]}}]}]}' \
		"$number" "$1" "$(date -d "$2" +%s)" "$3" | portalctl -q wa receive
}

# send: what waits; without a token there is nothing to send with.
send() {
	if grep -q token_file "$PORTALCTL_CONFIG"; then portalctl -q deliver --channel whatsapp; fi
}

portalctl -q init --office 65635571000148 --name 'Escritório Modelo' --allow-clock-override
portalctl -q config set wa_menu on
portalctl -q user add dora@modelo.example --company 65635571000148 --name Dora --active
portalctl -q user add caio@modelo.example --company 65635571000148 --name Caio --active
portalctl -q category add Fiscal --word guia --word imposto
portalctl -q category add Folha --word salário
portalctl -q company add 02919305000127 --name 'Modelo Ltda.'
portalctl -q contact add --company 02919305000127 --name 'Ana Lima' --phone '(31) 99999-0001'

echo '--- 09:00 the client writes: a ticket, and a greeting with its number'
PORTALCTL_NOW=2026-03-02T12:00:00Z
client wamid.1 "$PORTALCTL_NOW" '"type":"text","text":{"body":"Bom dia! Preciso de ajuda."}'
send
ticket=$(portalctl ticket list --fields number --format tsv | tail -n 1)
portalctl ticket list --fields number,subject,contact_name,status

echo '--- 09:05 she chooses a subject from the menu; Dora takes care of it and answers'
PORTALCTL_NOW=2026-03-02T12:05:00Z
client wamid.2 "$PORTALCTL_NOW" '"type":"text","text":{"body":"1"}'
PORTALCTL_NOW=2026-03-02T12:06:00Z
portalctl --as dora@modelo.example wa send "$ticket" --body 'Bom dia, Ana! Em que posso ajudar?'
send

echo '--- 09:20 it is for Caio, with a comment that the client never sees'
PORTALCTL_NOW=2026-03-02T12:20:00Z
portalctl ticket transfer "$ticket" --to caio@modelo.example --comment 'Guia do Simples de fevereiro.'

echo '--- the next day the 24 hours are over'
PORTALCTL_NOW=2026-03-03T13:00:00Z
portalctl wa can-reply "$ticket" || echo "exit status $?"
portalctl -q wa expire

echo '--- 10:00 Caio asks by an approved template; what he writes waits'
portalctl --as caio@modelo.example wa start "$ticket"
echo 'guia do Simples' >guia.txt
portalctl --as caio@modelo.example wa send "$ticket" --body 'Segue a guia.' --file guia.txt
send
portalctl wa show "$ticket" --fields status,waiting_count,phone

echo '--- 10:30 she taps "Conversar agora": what waited goes out'
PORTALCTL_NOW=2026-03-03T13:30:00Z
client wamid.3 "$PORTALCTL_NOW" '"type":"button","button":{"payload":"portalctl:start","text":"Conversar agora"}'
send

echo '--- 11:00 done'
PORTALCTL_NOW=2026-03-03T14:00:00Z
portalctl ticket close "$ticket"
send
portalctl ticket messages "$ticket"
portalctl outbox list --channel whatsapp --fields id,subject,state
portalctl audit verify
