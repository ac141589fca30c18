"""Do the campaigns find a fault that is there? It is planted by LD_PRELOAD; and in the
database itself, a fault for each of the invariants."""
import argparse
import os
import re
import sqlite3

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


# What is done to the database of the "people", and what the invariants say of it.
NEW_INVITE = ("INSERT INTO invite (from_id, to_id, email, status, token_serial, created_at,"
              " updated_at, expires_at) SELECT from_id, to_id, email, status, 1, 1, 1, 1"
              " FROM invite WHERE id = ")
NEW_CONNECTION = ("INSERT INTO connection (from_id, to_id, low_id, high_id, status, since_at)"
                  " SELECT from_id, to_id, low_id, high_id, 'active', 1 FROM connection")
BREAKS = [
    ("PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = replace(sql, 'email TEXT,',"
     " 'email TEXT NOT NULL,') WHERE name = 'company'", "integrity: NULL value"),
    ("UPDATE contact SET company_id = 99", "foreign key: contact row 1"),
    ("DELETE FROM audit WHERE id = 3", "audit ids have a gap: 35 rows, 1 to 36"),
    ("UPDATE audit SET hash = 'x' WHERE id IN (3, 4)", "audit hash twice: x"),
    ("DELETE FROM portal", "portal rows: 0"),
    ("UPDATE audit SET action = 'x' WHERE id = 1", "audit begins with x"),
    ("DELETE FROM invite WHERE id = 2", "invite ids have a gap: 4 rows, up to 5"),
    ("UPDATE invite SET outbox_id = 1 WHERE id = 4", "invite 4 without its mail"),
    ("UPDATE outbox SET recipient = 'x@y.example' WHERE id = 7",
     "invite 4 has 0 mails for 1 sendings"),
    ("UPDATE audit SET action = 'x' WHERE action = 'invite.send' AND target_id = 4",
     "invite 4 is logged as sent 0 times"),
    ("UPDATE invite SET status = 'refused', ended_at = 1 WHERE id = 4",
     "invite 4 (refused) has 0 ends in the log"),
    ("UPDATE invite SET status = 'refused', ended_at = 1 WHERE id = 4",
     "invite 4 (refused) has 0 mails about its end"),
    ("UPDATE invite SET status = 'accepted', ended_at = 1 WHERE id = 4",
     "accepted invite 4 without a connection"),
    ("DROP INDEX invite_live; " + NEW_INVITE + "4", "live invite twice: 6"),
    ("DROP INDEX connection_active; " + NEW_CONNECTION, "connected twice: 2"),
    ("DROP INDEX connection_active; " + NEW_CONNECTION, "connection 2 is not in the log"),
    ("UPDATE audit SET target_id = 3 WHERE action = 'company.add' AND target_id = 4",
     "company 3 is logged as added 2 times"),
    ("UPDATE audit SET target_id = 2 WHERE action = 'user.add' AND target_id = 3",
     "user 2 is logged as added 2 times"),
    ("UPDATE \"user\" SET role = 'collaborator' WHERE id = 1",
     "company 2 has users and 0 active admins"),
    ("UPDATE \"user\" SET is_first = 0 WHERE id = 1", "company 2 has 0 first users"),
    ("UPDATE \"user\" SET is_first = id = 3 WHERE company_id = 2",
     "first user 3 was not made an active admin"),
    ("UPDATE audit SET changes = replace(changes, 'admin', 'collaborator') WHERE target_id = 1"
     " AND action = 'user.add'", "first user 1 was not made an active admin"),
    ("UPDATE \"user\" SET email = 'x@y.example' WHERE id = 3", "user 3 is nobody"),
    ("UPDATE \"user\" SET contact_id = 6 WHERE id = 3", "user 3 is nobody"),
    ("UPDATE contact SET removed_at = 1 WHERE id = 4", "user 3 is nobody"),
    ("UPDATE \"user\" SET created_via = 'signup' WHERE id = 3",
     "user 3 registered, and no admin hears of it"),
    ("DELETE FROM outbox WHERE template = 'access_link'",
     "user 4 has an open link and no mail of it"),
    ("UPDATE outbox SET recipient = 'x@y.example' WHERE template = 'access_link'",
     "user 4 has an open link and no mail of it"),
    ("UPDATE outbox SET state = 'queued' WHERE template = 'access_link'",
     "user 1 has 1 mails of links waiting"),
    ("UPDATE outbox SET cause_id = 4 WHERE template = 'access_link'",
     "user 4 has 2 mails of links waiting"),
    ("UPDATE \"user\" SET must_change_password = 1 WHERE id = 3",
     "user 3 has a temporary password without a mail"),
    ("UPDATE \"user\" SET area_access = 1 WHERE id = 3",
     "user 3 may see the client area without a mail"),
    ("UPDATE contact SET removed_at = 1 WHERE id = 3", "contact 3 is removed, and not in the log"),
    ("UPDATE audit SET action = 'contact.remove' WHERE action = 'contact.add' AND target_id = 3",
     "contact 3 is removed, and not in the log"),
    ("UPDATE audit SET target_id = 1 WHERE action = 'session.login'",
     "session 1 is logged as begun 2 times"),
    ("UPDATE session SET ended_at = 1 WHERE id = 1", "session 1 and its end"),
    ("UPDATE session SET ended_at = 1, end_reason = 'session.logout' WHERE id = 1",
     "session 1 and its end"),
    ("UPDATE \"user\" SET status = 'blocked' WHERE id = 3",
     "session 2 is open after its user ended"),
    ("UPDATE \"user\" SET removed_at = 1 WHERE id = 3", "session 2 is open after its user ended"),
    ("UPDATE company SET status = 'disabled' WHERE id = 2",
     "session 1 is open after its company ended"),
    ("UPDATE audit SET id = id + 9 WHERE action = 'user.passwd' AND target_id = 3",
     "session 2 is open after its user changed"),
    ("UPDATE audit SET action = 'user.set-role', target_id = 1, target_kind = 'user' WHERE id ="
     " (SELECT max(id) FROM audit)", "session 1 is open after its user changed"),
    ("UPDATE company SET main_company_id = 2 WHERE id = 2",
     "company 2 is in a group that is not there"),
    ("UPDATE company SET main_company_id = NULL WHERE id = 4", "group 1 without its main company"),
    ("UPDATE company SET main_company_id = 4 WHERE id = 1", "the office is in a group"),
    ("UPDATE audit SET action = 'x' WHERE action = 'group.create'", "group 1 and its log"),
    ("DELETE FROM company_group WHERE id = 1", "groups made and ended: 2, there: 1"),
    ("UPDATE company SET main_company_id = 4 WHERE id = 6",
     "company 6 and the log of its group"),
    ("UPDATE company SET main_company_id = NULL WHERE id = 5",
     "company 5 and the log of its group"),
    ("UPDATE manifest_object SET object_id = 99 WHERE kind = 'contact'",
     "set base made a contact that is not there"),
    ("UPDATE audit SET target_id = 99 WHERE action = 'group.create'",
     "set base made a group that is not there"),
    ("DELETE FROM invite WHERE id = 5", "log row 11 speaks of a invite that is not there"),
]


def sayings():
    """What each rule of the invariants may say, as a pattern."""
    with open(portal.INVARIANTS, encoding="utf-8") as script:
        rules = re.findall(r"^\tSELECT ('.*?)(?: FROM|$)", script.read(), re.M)
    return [".*".join(map(re.escape, re.findall(r"'([^']*)'", rule))) for rule in rules]


def one_break(bases, sql, words):
    """None where the invariants say these words once this was done."""
    command = find("contact-add")
    with portal.Round(bases, command) as r:
        path = f"{r.directory}/p.db"
        db = sqlite3.connect(path)
        triggers = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        db.executescript("".join(f"DROP TRIGGER {name};" for (name,) in triggers)
                         + "PRAGMA ignore_check_constraints = on;" + sql)
        db.close()
        said = portal.run_invariants(path, INVARIANTS_WIDTH="9999") or ""
        return None if words in said else f"not found after {sql}: {said[:200]}"


def broken_rules(bases, runner):
    """Every rule is broken, and says so."""
    untried = [rule for rule in sayings()
               if not any(re.match(rule, words) for _, words in BREAKS)]
    rounds, failures = runner.rounds(BREAKS, lambda it: one_break(bases, *it))
    return rounds, failures + [(rule, "is a rule that nothing breaks") for rule in untried]
