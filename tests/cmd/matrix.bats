load helpers

@test "P8 each role may do to each object what the table of permissions says, and no more" {
	run env PORTALCTL="$PORTALCTL" python3 "$BATS_TEST_DIRNAME/../matrix/run"
	printf '%s\n' "$output"
	is "$status" 0
	has "$output" " 0 failures"
}
