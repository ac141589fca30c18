#!/bin/sh
# process-from-ticket.sh TICKET TEMPLATE-FILE
# Opens a process from a ticket: adds the template if the portal has none of that name,
# starts the process once, and says in the ticket, for colleagues, what is to be done. Prints the
# steps with their due dates. Safe to run twice. Needs jq.
set -eu

ticket=$1 file=$2

template=$(portalctl process template add "$file" --if-not-exists --json | jq -r .data.name)

# One process a ticket and template: the second run finds it.
process=$(portalctl process list --ticket "$ticket" --json |
	jq -r --arg template "$template" 'first(.items[] | select(.template == $template) | .id) // empty')
if [ -z "$process" ]; then
	process=$(portalctl process start "$template" --ticket "$ticket" --json | jq -r .data.id)
	portalctl -q ticket comment "$ticket" --body "Processo $process iniciado: $template"
fi

portalctl process show "$process" --json |
	jq -r '.data.steps[] | [.task_id, .due_on // "-", .status, .title] | @tsv'
