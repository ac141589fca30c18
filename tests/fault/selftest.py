"""Do the campaigns find a fault that is there? It is planted by LD_PRELOAD."""
import argparse
import os

import portal
import powerfail
import races
import sysfault


def find(name):
    return next(c for c in portal.COMMANDS if c.name == name)


def wrapped(defect, library, name):
    """The command as a program with the fault: env(1) comes before it."""
    command = find(name)
    plain = command.argv
    planted = portal.Command(name, *command.words, base=command.base, said=command.said)
    planted.argv = lambda: ["env", f"LD_PRELOAD={library}", f"DEFECT={defect}", *plain()]
    return planted


def nosync(bases, library, runner):
    """Only some states of a disk show it: a small sample may hold none of them."""
    runner = type(runner)(argparse.Namespace(**{**vars(runner.options), "sample": (1, 3)}))
    story = powerfail.Story(wrapped("nosync", library, "invite-send"))
    return powerfail.campaign(bases, story, runner)


def ackearly(bases, library, runner):
    planted = wrapped("ackearly", library, "invite-send")
    states = portal.baseline(bases, find("invite-send"))
    plan = [f"fdatasync:signal=KILL:when={n}" for n in (1, 2)]
    return runner.rounds(plan, lambda i: sysfault.one(bases, planted, i, states))


def mute(bases, library, runner):
    planted = wrapped("mute", library, "invite-send")
    states = portal.baseline(bases, find("invite-send"))

    def one(unused):
        with portal.Round(bases, planted) as r:
            return portal.judge(planted, r.directory, r.run(planted.argv()), *states)
    return runner.rounds([1], one)


def nolock(bases, library, runner):
    os.environ.update(LD_PRELOAD=library, DEFECT="nolock")
    try:
        return runner.rounds([1], lambda unused: races.play(bases, races.send_many, 16, False))
    finally:
        del os.environ["LD_PRELOAD"], os.environ["DEFECT"]


DEFECTS = {f.__name__: f for f in (nosync, ackearly, mute, nolock)}


def campaign(bases, defect, library, runner):
    """One round, failed if the campaign found nothing."""
    rounds, failures = defect(bases, library, runner)
    return 1, [] if failures else [(defect.__name__, f"not found in {rounds} rounds")]
