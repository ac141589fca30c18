load helpers
load network

@test "every setting is listed with where it comes from" {
	network
	no_settings
	ok config list --json
	holds '"\(.kind) \(.count)"' "config.list 17"
	holds '[.items[].key] | join(" ")' \
		"access_link_days attachment_max_mb base_url business_hours default_area_code document_login holidays host_name language mail_from password_cost session_days session_idle_minutes session_remember_days time_zone wa_menu wa_warn_minutes"
	holds '[.items[].origin] | unique | join(" ")' default
	ok config set language en
	ok config get language --json
	holds '.data | "\(.key) \(.value) \(.origin)"' "language en portal"
	ok config get time_zone --format tsv --fields value
	is "$out" America/Sao_Paulo
}

@test "O4 a setting is set once and may be set again" {
	network
	rehearses config set base_url https://portal.example
	ok config set base_url https://portal.example --json
	holds '"\(.kind) \(.changed) \(.action)"' "config true set"
	is "$(sql "SELECT action, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		'config.set|{"base_url":["","https://portal.example"]}'
	untouched ok config set base_url https://portal.example --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok config set base_url "" --json
	holds .data.value ""
}

@test "settings that break their rule are refused" {
	network
	for pair in "base_url http://plain.example" "base_url javascript:alert(1)" \
		"time_zone Mars/Olympus" "time_zone ../../etc/passwd" "mail_from nobody" \
		"default_area_code 00" "access_link_days 0" "access_link_days 7d" \
		"session_days 0" "session_idle_minutes 1.5" "session_remember_days 100000" \
		"host_name Portal.Example" "base_url https:///x" \
		"host_name .." "host_name -" "host_name a..b" "host_name a.-b" "host_name a." \
		"business_hours 18-9" "business_hours 9" "holidays 2026-02-30" "holidays tomorrow" \
		"base_url https://p.example/?q" "base_url https://p.example/#f"; do
		# shellcheck disable=SC2086 # two words
		untouched fails 6 config set $pair
	done
	untouched fails 6 config set host_name $'a\nb'
	untouched fails 3 config set no_such_key 1
	untouched fails 3 config get no_such_key
	code not_found config get no_such_key
	untouched fails 2 config set language
	untouched refused 2 "'klingon' is not one of the choices of 'language': pt_BR, en" \
		config set language klingon
}

@test "S14 business hours and the office's own days off are settings" {
	network
	ok config set business_hours "mon-fri 09:00-12:00,13:00-18:00; sat 09:00-12:00"
	ok config set holidays "2026-07-09, 2026-01-25" --json
	holds .data.value "2026-07-09, 2026-01-25"
	ok config set holidays ""
	untouched fails 6 config set business_hours ""
	untouched fails 6 config set business_hours "mon-fri 09:00-12:00; fri 13:00-18:00"
	has "$err" "write them like this"
	untouched fails 6 config set business_hours "seg-sex 09:00-18:00"
}

@test "P7 passwords are hashed as dear as is set, and cheaply in a portal for tests alone" {
	network
	untouched fails 6 config set password_cost 9
	untouched fails 6 config set password_cost 19
	printf '%s\n' 'cinco ratos roxos' >password
	ok user add eva@alfa.example --company $ALFA --name Eva --password-file password
	is "$(sql "SELECT substr(password, 1, 22) FROM user WHERE email = 'eva@alfa.example'")" \
		'$scrypt$ln=10,r=8,p=1$'
	unset PORTALCTL_NOW
	ok init --db real.db --office $OFFICE --name E
	refused 6 "'16' is not a number from 17 to 18" config set password_cost 16 --db real.db
	ok config set password_cost 18 --db real.db
	refused 6 "'17' is not a number from 18 to 18" config set password_cost 17 --db real.db
	ok user add eva@office.example --company $OFFICE --name Eva --password-file password --db real.db
	is "$(sqlite3 real.db "SELECT substr(password, 1, 22) FROM user")" '$scrypt$ln=18,r=8,p=1$'
}

@test "the name of a host has one label or more, of 63 bytes at most" {
	network
	ok config set host_name portal
	ok config set host_name a-1.portal.example
	untouched fails 6 config set host_name "$(printf 'a%.0s' {1..64}).example"
	ok config set host_name ""
}

# settings LINE...: the settings file.
settings() {
	printf '%s\n' "$@" >config.yaml
	export PORTALCTL_CONFIG=$BATS_TEST_TMPDIR/config.yaml
}

@test "config check tells every fault of the settings file with its place" {
	network
	settings "lang: xx" "smtp:" "  hots: mail.example" "  port: 70000" "  security: maybe" \
		"  from: nobody" "  host: a..b" "nonsense: 1" "wait: -1" "tz: Mars/Olympus" \
		"whatsapp:" "  phone_number_id: 12a" "  timeout_seconds: 0" \
		"  api_url: http://graph.example" "  token_file: ''" "  templates:" "    start: Olá" \
		"    ended: x"
	portalctl config check --json
	is "$(jq -r '.errors[] | "\(.source.line):\(.source.column)"' err.txt | paste -sd ' ')" \
		"1:1 3:3 4:3 5:3 6:3 7:3 8:1 9:1 10:1 12:3 13:3 14:3 15:3 17:5 18:5"
	is "$(jq -r '[.errors[].source.file] | unique | join(" ")' err.txt)" "$PORTALCTL_CONFIG"
	is "$(jq -r '.errors[3] | "\(.code) \(.field)"' err.txt)" "invalid smtp.security"
	fails "$status" config check
	has "$err" "config.yaml:1:1: 15 faults, the first: 'xx'"
	has "$err" "  $PORTALCTL_CONFIG:4:3: '70000' is not a number from 1 to 65535"
	fails "$status" config check --lang en
}

@test "a single fault of the settings file is the sentence, and keeps its hint" {
	network
	settings "smtp:" "  hots: mail.example"
	fails 6 config check
	has "$err" "config.yaml:2:3: 'smtp.hots' is no setting"
	has "$err" "did you mean 'smtp.host'?"
}

@test "settings of every type are taken where they are right" {
	network
	settings "smtp:" "  host: Mail.Example" "  port: 587" "  security: starttls" \
		"  user: office" "  password_file: /etc/smtp-password" "  from: a@b.example" \
		"  reply_to: c@d.example" "  bounce_to: e@f.example" "  timeout_seconds: 60" "  ca_file: /etc/ca.pem" \
		"whatsapp:" "  phone_number_id: '106540352242922'" \
		"  business_account_id: '102290129340398'" "  token_file: token" \
		"  api_url: https://graph.example/v1" "  timeout_seconds: 3600" \
		"  ca_file: /etc/ca.pem" "  templates:" "    start: comecar_2" "    closed: fim" \
		"    document: guia"
	ok config check
	settings "smtp:" "  host: ::1" "whatsapp:" "  api_url: http://127.0.0.1:8080"
	ok config check
}

@test "an address of the settings file has a host, and nothing that can't be seen" {
	network
	local address
	for address in 'https://a.example/\nx' 'https://a.example/\tx' 'https://a.example/\x7f' \
		'https://:80' 'https:///v1'; do
		settings "whatsapp:" "  api_url: \"$address\""
		refused 6 "is not an address that begins with https://" config check
	done
	settings "smtp:" "  host: ':'"
	refused 6 "is not the name of a host" config check
}

@test "a base address is kept without the slash at its end" {
	network
	ok config set base_url https://portal.example/a/ --json
	holds .data.value https://portal.example/a
	ok company signup-link $BETA --json
	holds .data.url https://portal.example/a/signup
	untouched ok config set base_url https://portal.example/a// --json
	holds .changed false
}

@test "U9 all links lead to the office's own host name where it has one" {
	network
	echo x >x.txt
	ok document publish x.txt --company $BETA --title X
	ok config set host_name portal.escritorio.example
	ok company signup-link $BETA --json
	holds .data.url https://portal.escritorio.example/signup
	ok config set base_url https://portal.example/a
	ok company signup-link $BETA --json
	holds .data.url https://portal.escritorio.example/signup
	ok document link 1 --json
	holds .data.url https://portal.escritorio.example/document
	ok config get base_url --json
	holds .data.value https://portal.example/a
	ok config set host_name ""
	ok document link 1 --json
	holds .data.url https://portal.example/a/document
}

@test "an area code completes the phones of companies" {
	network
	fails 6 company set $BETA --phone 3333-4444
	ok config set default_area_code 11
	ok company set $BETA --phone 3333-4444 --json
	holds .data.phone +551133334444
}

@test "N5 a change of the zone counts for invites sent from then on" {
	network
	at 2028-03-01T02:30:00Z
	ok invite send $BETA --email a@beta.example
	ok config set time_zone UTC
	ok invite send $BETA --email b@beta.example
	ok invite list --json
	holds '[.items[].expires_at] | join(" ")' "2029-03-02T02:30:00Z 2029-03-01T02:30:00Z"
}

@test "a stored time zone that nobody knows is the portal's fault, not the user's" {
	network
	sql "INSERT INTO setting (key, value, updated_at) VALUES ('time_zone', 'Mars/Olympus', 0)"
	untouched fails 1 invite send $BETA --email novo@beta.example
	has "$err" "the setting 'time_zone' of this portal is 'Mars/Olympus'"
	has "$err" "hint: portalctl config set time_zone America/Sao_Paulo"
	code damaged invite send $BETA --email novo@beta.example
	ok config set time_zone America/Sao_Paulo
	ok invite send $BETA --email novo@beta.example
	untouched fails 6 config set time_zone Mars/Olympus
}
