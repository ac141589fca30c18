#!/bin/sh
# ticket-from-mail.sh CONTACT [COMPANY] < MAIL
# Opens a ticket from a mail on standard input, such as the one in which cron tells of a
# job that failed. Safe to run twice: the ticket of a mail is found again by the tag that
# holds the digest of its Message-ID. Prints the ticket's number.
#
# In /etc/aliases:  jobs: "|/usr/local/bin/ticket-from-mail.sh ops@office.example"
set -eu
contact=$1 company=${2:-}
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# utf8 [CHARSET]: text in UTF-8, whatever the mail says of it, without control characters.
utf8() {
	cat >"$work/raw"
	if [ -n "${1:-}" ] && iconv -f "$1" -t UTF-8 "$work/raw" >"$work/text" 2>"$work/errors"; then
		:
	elif grep -q "$(printf '[\302-\364][\200-\277]')" "$work/raw"; then
		iconv -f UTF-8 -t UTF-8 -c "$work/raw" >"$work/text" 2>"$work/errors" || :
	else
		iconv -f WINDOWS-1252 -t UTF-8 -c "$work/raw" >"$work/text" 2>"$work/errors" || :
	fi
	tr -d '\000-\010\013-\037\177' <"$work/text" |
		sed "$(printf 's/\302[\200-\237]//g; s/\302\240/ /g; s/\342\200[\200-\212]/ /g')"
}

# cut_at BYTES: no more than those of UTF-8, and no half character at the end.
cut_at() {
	head -c "$1" >"$work/long"
	iconv -f UTF-8 -t UTF-8 -c "$work/long" 2>"$work/errors" || :
}

# unquote [_]: what =41 stands for; a _ for a blank, where one is given.
unquote() {
	awk -v blank="${1:-}" 'function digit(c) {
			return c == "" ? -1 : index("0123456789ABCDEF", toupper(c)) - 1
		}
		{
			end = blank == "" && sub(/=[ \t]*$/, "") ? "" : "\n"
			if (blank != "") gsub(blank, " ")
			for (out = ""; at = index($0, "="); $0 = substr($0, at + 1 + skip)) {
				high = digit(substr($0, at + 1, 1)); low = digit(substr($0, at + 2, 1))
				skip = high < 0 || low < 0 ? 0 : 2
				out = out substr($0, 1, at - 1) (skip ? sprintf("%c", high * 16 + low) : "=")
			}
			printf "%s%s%s", out, $0, end
		}'
}

# decode HOW: bytes as they were before they were made fit for a mail.
decode() {
	case $1 in
	[Bb] | [Bb]ase64 | BASE64) base64 -d -i 2>"$work/errors" || : ;;
	[Qq]) unquote _ ;;
	[Qq]uoted-[Pp]rintable | QUOTED-PRINTABLE) unquote ;;
	*) cat ;;
	esac
}

# Encoded words (=?UTF-8?Q?=C3=A7?=) of a line apart from what is between them: two lines
# each, how it is encoded and the text. Blanks between two of them are no text.
words() {
	awk 'function flush() { if (held != "") print held "\n" text; held = text = "" }
		function plain(s) { flush(); if (s != "") print "- -\n" s }
		{
			while (match($0, /=\?[^?]+\?[QqBb]\?[^?]*\?=/)) {
				split(substr($0, RSTART + 2, RLENGTH - 4), part, "?")
				between = substr($0, 1, RSTART - 1)
				sub(/\*.*/, "", part[1])
				if (held == "" || between ~ /[^ \t]/) plain(between)
				if (held != part[2] " " part[1]) flush()
				held = part[2] " " part[1]
				text = text part[3]
				$0 = substr($0, RSTART + RLENGTH)
			}
			plain($0)
		}'
}

# field NAME: the first of that name.
field() {
	sed -n "s/^$1:[ 	]*//Ip" "$work/head" | head -n 1
}

subject() {
	field Subject | words | while read -r how charset && IFS= read -r text; do
		printf '%s' "$text" | decode "$how" | utf8 "${charset#-}" | tr -d '\n'
	done | cut_at 290
}

body() {
	charset=$(field Content-Type | sed -n 's/.*charset="\{0,1\}\([^";[:space:]]*\).*/\1/Ip')
	how=$(field Content-Transfer-Encoding)
	sed '1,/^$/d' "$work/mail" | decode "${how%%[; ]*}" | utf8 "$charset" | cut_at 60000
}

# Of the mail, whose text is bytes until it has been read: its id, its subject, its body.
# The folded lines of its head are joined.
take_apart() (
	export LC_ALL=C
	tr -d '\r' | head -c 1000000 >"$work/mail"
	sed '/^$/q' "$work/mail" | sed -e ':join' -e '$!N' -e 's/\n[ \t][ \t]*/ /' -e 't join' \
		-e 'P' -e 'D' >"$work/head"
	field Message-ID | utf8 | tr -d '\n\t' | cut -c 1-200 >"$work/id"
	[ -s "$work/id" ] || head -c 60000 "$work/mail" >"$work/id"
	subject >"$work/subject"
	grep -q '[^[:space:]]' "$work/subject" || echo '(no subject)' >"$work/subject"
	body >"$work/body"
	grep -q '[^[:space:]]' "$work/body" || echo '(empty)' >"$work/body"
)

take_apart
cat >/dev/null
id=$(cat "$work/id")
tag=mail-$(printf '%s' "$id" | sha256sum | cut -c 1-32)

# One run at a time: what the list does not have, the other run may be opening.
exec 9>"${TMPDIR:-/tmp}/ticket-from-mail.$(id -u).lock"
flock 9
number=$(portalctl ticket list --status any --tag "$tag" --limit 1 --format tsv --fields number 9>&-)
if [ -z "$number" ]; then
	set -- --contact "$contact" --subject "$(cat "$work/subject")" --origin email --tag "$tag"
	[ -z "$company" ] || set -- "$@" --company "$company"
	number=$(portalctl ticket open "$@" --body-file "$work/body" --format tsv --fields number 9>&-)
fi
printf '%s\n' "$number"
