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
