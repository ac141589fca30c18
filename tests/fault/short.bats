# What there is time for every day; tests/fault/run has the whole of it.

@test "P2 P12 limits of the machine end a command with a sentence" {
	PORTALCTL=${PORTALCTL:-$PWD/build/plain/bin/portalctl} run tests/fault/run --short limits
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "P6 in a race one wins and nobody sees a lock" {
	PORTALCTL=${PORTALCTL:-$PWD/build/plain/bin/portalctl} run tests/fault/run --short race
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "P4 P5 P7 what the Cloud API may have accepted is not sent again, and the token goes nowhere else" {
	command -v openssl >/dev/null || skip "there is no openssl"
	PORTALCTL=${PORTALCTL:-$PWD/build/plain/bin/portalctl} run tests/fault/run whatsapp:reused-fin \
		whatsapp:reused-rst whatsapp:rst-after-body whatsapp:307-other whatsapp:echo-token \
		whatsapp:200-noid whatsapp:502 whatsapp:untrusted
	echo "$output"
	[ "$status" -eq 0 ]
}
