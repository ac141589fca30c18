# shellcheck shell=bash
# A mail server that does as it is told, for tests of what is sent.

# server MODE [CERTIFICATE [ARGS...]]: an SMTP server, and the settings to reach it.
server() {
	local root=$BATS_TEST_DIRNAME/../net
	[ -d certificates ] || "$root/make-certificates" certificates >/dev/null 2>&1
	rm -f port.txt
	python3 "$root/evil-smtp.py" --mode "$1" --log smtp.log --portfile port.txt --hold 20 --max-seconds 60 \
		--cert "certificates/${2:-good}.pem" --key "certificates/${2:-good}.key" "${@:3}" >/dev/null 3>&- &
	server=$!
	while [ ! -s port.txt ]; do sleep 0.02; done
	(umask 077; echo 'uma senha' >password.txt)
	cat >config.yaml <<-END
		smtp:
		  host: localhost
		  port: $(cat port.txt)
		  user: portal
		  password_file: ${PASSWORD_FILE:-password.txt}
		  from: portal@modelo.example
		  reply_to: contato@modelo.example
		  ca_file: certificates/ca.pem
		  timeout_seconds: ${TIMEOUT:-2}
	END
	export PORTALCTL_CONFIG=$PWD/config.yaml
}

teardown() {
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || :
}
