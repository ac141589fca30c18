# For every file in tests/doc: what tests/cmd has, and a small portal to look at.
load ../cmd/helpers

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# A portal with an office, a company and a pending invite, at ./p.db.
portal() {
	export PORTALCTL_DB=$PWD/p.db
	ok init --office 65635571000148 --name "Escritório Modelo"
	ok company add 02919305000127 --name "João e Irmãos Ltda." --email contato@modelo.example
	ok user add ana@modelo.example --company 02919305000127 --name "Ana Conceição" --active
	ok invite send 10908068000127 --email a@b.example --name João
}
