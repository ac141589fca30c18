"""Every allocation of a command fails once; and from each tenth on, all of them."""
import portal


def failing(command, library, **which):
    return dict(LD_PRELOAD=library, **which)


def count(bases, command, library):
    with portal.Round(bases, command) as r:
        outcome = r.run(command.argv(), LD_PRELOAD=library, FM_COUNT=f"{r.top}/n")
        if outcome.status:
            raise SystemExit(f"{command.name} fails under the shim: {outcome.err}")
        return int(r.text("n"))


def one(bases, command, library, which, states):
    with portal.Round(bases, command) as r:
        outcome = r.run(command.argv(), LD_PRELOAD=library, **{which[0]: str(which[1])})
        if outcome.status is not None and outcome.status < 0:
            return f"died by signal {-outcome.status}"
        if outcome.status not in (0, 1, None):
            return f"exit {outcome.status}: {outcome.err.strip()}"
        if outcome.status == 1 and len(outcome.err.strip().splitlines()) > 2:
            return f"more than a sentence and a hint: {outcome.err.strip()}"
        return r.judge(command, outcome, *states)


def campaign(bases, command, library, runner):
    states = portal.baseline(bases, command)
    total = count(bases, command, library)
    plan = [("FM_FAIL_AT", i) for i in range(1, total + 1)]
    plan += [("FM_FAIL_FROM", i) for i in range(1, total + 1, 10)]
    return runner.rounds(plan, lambda which: one(bases, command, library, which, states),
                         command.share())
