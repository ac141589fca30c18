"""Output that can't be written, and little of what a process may have."""

import portal

SEND = next(c for c in portal.COMMANDS if c.name == "invite-send")
MADE = "was made"


class Check:
    """A shell line with "$@" for the command. changed: whether it must have been
    made (None: either). statuses: those allowed. read: a reading command."""

    def __init__(self, line, statuses, changed, says=None, words=SEND.words):
        self.line, self.statuses, self.changed = line, statuses, changed
        self.says, self.words = says, words


READ = ("invite", "list", "--status", "any", "--json")
FIRST = ("init", "--db", "new.db", "--office", portal.OFFICE, "--name", "Modelo", "--json")
CHECKS = {
    "full-device": Check('"$@" >/dev/full', (1,), True, MADE),
    "closed-stdout": Check('"$@" >&-', (1,), True, MADE),
    "all-closed": Check('"$@" <&- >&- 2>&-', (1,), True),
    "closed-stderr": Check('"$@" 2>&-', (0,), True),
    "closed-pipe": Check('"$@" | true', (0,), True),
    "read-full-device": Check('"$@" >/dev/full', (1,), False, "output", READ),
    "read-closed": Check('"$@" >&-', (1,), False, "output", READ),
    "batch-full-device": Check('"$@" >/dev/full', (1,), True, MADE,
                               ("invite", "send", "--batch", "batch.ndjson", "--json")),
    "batch-closed": Check('"$@" >&-', (1,), True, MADE,
                          ("invite", "send", "--batch", "batch.ndjson", "--format", "ids")),
    "init-full-device": Check('"$@" >/dev/full', (1,), None, MADE, FIRST),
    "no-file-size": Check('ulimit -f 0; "$@"', (0, 1, 12), None),
    "little-file-size": Check('ulimit -f 8; "$@"', (0, 1, 12), None),
    "init-little-file-size": Check('ulimit -f 8; "$@"', (1, 12), None, None, FIRST),
    **{f"descriptors-{n}": Check(f'ulimit -n {n}; "$@"', (0, 1), None) for n in range(4, 10)},
    "small-stack": Check('ulimit -s 256; "$@"', (0,), True),
    "little-memory": Check('ulimit -v 60000; "$@"', (0, 1), None),
    "no-home": Check('unset HOME TMPDIR; "$@"', (0,), True),
    "far-future": Check('"$@" --now 2038-01-20T00:00:00Z', (0,), True),
    "long-past": Check('"$@" --now 1969-12-31T00:00:00Z', (0, 6), None),
    "read-only-directory": Check('chmod 500 .; "$@"; s=$?; chmod 700 .; exit $s', (0, 12), None),
    "hangup-ignored": Check('trap "" HUP PIPE; "$@"', (0,), True),
}


def campaign(bases, check, runner):
    return runner.rounds([check.line], lambda line: one(bases, check))


def one(bases, check):
    with portal.Round(bases, SEND) as r:
        before = portal.state(f"{r.directory}/p.db")
        outcome = r.run(["/bin/sh", "-c", check.line, "sh", portal.PORTALCTL, *check.words])
        done = portal.state(f"{r.directory}/p.db") != before
        if outcome.status not in check.statuses:
            return f"exit {outcome.status}: {outcome.err.strip()}"
        if check.changed is not None and done != check.changed:
            return f"change made: {done}"
        if check.says and check.says not in outcome.err:
            return f"says: {outcome.err.strip()}"
        if check.words == SEND.words and outcome.status and done and MADE not in outcome.err \
                and "2>&-" not in check.line:
            return f"changed, and says: {outcome.err.strip()}"
        return judge_rest(r, check)


def judge_rest(r, check):
    if check.words[0] == "init":
        again = portal.portalctl(r.directory, "init", "--if-not-exists", *check.words[1:],
                                 check=False)
        return None if again.returncode == 0 else f"init again: {again.stderr.decode()}"
    return portal.run_invariants(f"{r.directory}/p.db") or portal.judge_next(SEND, r.directory)
