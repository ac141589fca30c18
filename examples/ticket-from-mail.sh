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

# The head of the mail with its folded lines joined, and what comes behind it.
tr -d '\r' | head -c 60000 >"$work/mail"
sed '/^$/q' "$work/mail" | sed -e ':join' -e '$!N' -e 's/\n[ \t][ \t]*/ /' -e 't join' -e 'P' -e 'D' >"$work/head"
sed '1,/^$/d' "$work/mail" | LC_ALL=C tr -d '\000-\010\013-\037\177' | iconv -f UTF-8 -t UTF-8 -c >"$work/body"
grep -q '[^[:space:]]' "$work/body" || echo '(empty)' >"$work/body"

# field NAME: the first of that name.
field() {
	sed -n "s/^$1:[ 	]*//Ip" "$work/head" | head -n 1 | LC_ALL=C tr -d '\000-\037\177' |
		iconv -f UTF-8 -t UTF-8 -c | cut -c 1-200
}

id=$(field Message-ID)
[ -n "$id" ] || id=$(cat "$work/mail")
tag=mail-$(printf '%s' "$id" | sha256sum | cut -c 1-32)
subject=$(field Subject)

# One run at a time: what the list does not have, the other run may be opening.
exec 9>"${TMPDIR:-/tmp}/ticket-from-mail.$(id -u).lock"
flock 9
number=$(portalctl ticket list --status any --tag "$tag" --limit 1 --format tsv --fields number 9>&-)
if [ -z "$number" ]; then
	set -- --contact "$contact" --subject "${subject:-(no subject)}" --origin email --tag "$tag"
	[ -z "$company" ] || set -- "$@" --company "$company"
	number=$(portalctl ticket open "$@" --body-file "$work/body" --format tsv --fields number 9>&-)
fi
printf '%s\n' "$number"
