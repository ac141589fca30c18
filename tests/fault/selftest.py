"""Do the campaigns find a fault that is there? It is planted by LD_PRELOAD; and in the
database itself, a fault for each of the invariants."""
import argparse
import hashlib
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
    third = {"sample": (1, 3), "most": None}
    runner = type(runner)(argparse.Namespace(**{**vars(runner.options), **third}))
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
    ("DELETE FROM audit WHERE id = 3", "audit ids have a gap: 36 rows, 1 to 37"),
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


def kept(directory):
    """Of each kept file: where it is."""
    return [f"{top}/{name}" for top, _, names in os.walk(f"{directory}/p.db.files")
            for name in names if not name.startswith("new-")]


def cut_files(directory):
    for path in kept(directory):
        os.chmod(path, 0o600)
        os.truncate(path, 100)


def alter_files(directory):
    for path in kept(directory):
        os.chmod(path, 0o600)
        with open(path, "r+b") as file:
            file.write(b"X")


def remove_files(directory):
    for path in kept(directory):
        os.unlink(path)


# The same for the desk; or what is done to the files in its directory.
OTHER_SHA = 64 * "a"
NOTE_SHA, ANNEX_SHA = (hashlib.sha256(f"{name}\n".encode() * 1000).hexdigest()
                       for name in ("note", "annex"))
DESK_BREAKS = [
    ("UPDATE ticket SET n = 4, day = '1' WHERE id = 2", "tickets of 1 have a gap: 1 up to 4"),
    ("DROP INDEX ticket_number; UPDATE ticket SET day = '1', n = max(2, id)",
     "tickets of 1 have a gap: 3 up to 3"),
    ("UPDATE ticket SET day = '1'; UPDATE ticket_day SET day = '1', last = 2",
     "day 1 and its last ticket"),
    ("DELETE FROM ticket_day", "ticket 1 is of a day that is not counted"),
    ("UPDATE ticket SET closed_at = 1 WHERE id = 1", "ticket 1 (new) and its end"),
    ("UPDATE ticket SET closed_at = NULL WHERE id = 3", "ticket 3 (done) and its end"),
    ("UPDATE audit SET action = 'x' WHERE action = 'ticket.open' AND target_id = 2",
     "ticket 2 is logged as opened 0 times"),
    ("UPDATE ticket SET company_id = NULL WHERE id = 2",
     "ticket 2 is not of the company of its contact"),
    ("UPDATE message SET ticket_id = 2 WHERE event = 'opened'", "ticket 1 begins with 0 events"),
    ("UPDATE message SET automatic = 0", "ticket 3 is done, and the client is not told"),
    ("UPDATE ticket SET merged_into_id = 1 WHERE id = 2", "merged ticket 2 is open"),
    ("UPDATE message SET ticket_id = 2 WHERE id = 2", "message 2 has a mail of something else"),
    ("UPDATE message SET direction = 'internal', internal = 1 WHERE id = 2",
     "internal message 2 has a mail"),
    ("UPDATE message SET ticket_id = 99 WHERE id = 2", "foreign key: message row 2"),
    ("DELETE FROM message WHERE id = 2", "attachment 1 is of a message that is not there"),
    ("UPDATE attachment SET target_kind = 'task', target_id = 99 WHERE id = 1",
     "attachment 1 is of a task that is not there"),
    ("UPDATE attachment SET position = 2 WHERE id = 1", "attachments of message 2 have a gap"),
    ("DELETE FROM attachment WHERE target_kind = 'document'", f"file {ANNEX_SHA} is nobody's"),
    ("UPDATE file SET size_bytes = size_bytes + 1", f"file {NOTE_SHA} is missing or has another size"),
    (cut_files, f"file {NOTE_SHA} is missing or has another size"),
    (remove_files, f"file {NOTE_SHA} is missing or has another size"),
    (alter_files, ": FAILED"),
    (f"UPDATE document_access SET sha256 = '{OTHER_SHA}'",
     f"file {OTHER_SHA} is named, and not known"),
    (f"DELETE FROM file WHERE sha256 = '{NOTE_SHA}'", f"file {NOTE_SHA} is named, and not known"),
    ("UPDATE audit SET action = 'x' WHERE action = 'document.publish'",
     "document 1 is logged as published 0 times"),
    ("UPDATE document SET status = 'withdrawn', withdrawn_at = 1",
     "document 1 (withdrawn) and its end"),
    ("UPDATE document SET withdrawn_at = 1", "document 1 (published) and its end"),
    ("DELETE FROM document_access", "access log lost rows: 0 up to 0"),
    ("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'document_access'",
     "access log lost rows: 1 up to 1"),
    ("SELECT 1", "access log can be changed"),
    ("UPDATE document_access SET sha256 = (SELECT sha256 FROM attachment WHERE id = 1)",
     "access 1 is not of what was opened"),
    ("UPDATE audit SET target_id = 2 WHERE action = 'task.add' AND target_id = 1",
     "task 1 is logged as added 0 times"),
    ("DROP INDEX task_once_a_competence; INSERT INTO task SELECT 9, company_id, ticket_id,"
     " project_id, process_id, step, recurrence_id, competence, assignee_id, title, title_norm,"
     " description, due_on, status, progress_percent, visible_to_client, reminded, created_at,"
     " updated_at, started_at, ended_at, free_told FROM task WHERE id = 3",
     "recurrence 1 has 2 tasks of 2020-01"),
    ("UPDATE ticket SET late = 1 WHERE id = 1", "ticket 1 is late, or marked so"),
    ("UPDATE recurrence SET competence = '2020-01'", "recurrence 1 will make 2020-01 again"),
    ("UPDATE task SET reminded = 3 WHERE id = 2", "task 2 is reminded of without a mail"),
    ("UPDATE task SET ended_at = 1 WHERE id = 1", "task 1 (todo) and its end"),
    ("UPDATE process SET status = 'done', ended_at = 1", "process 1 (done) has 2 open steps"),
    ("UPDATE task SET status = 'done', ended_at = 1, progress_percent = 100 WHERE process_id = 1",
     "process 1 (running) has 0 open steps"),
    ("UPDATE task SET step = step + 1 WHERE id = 5", "process 1 has no steps, or a gap"),
    ("UPDATE task SET process_id = NULL, step = NULL", "process 1 has no steps, or a gap"),
    ("UPDATE project SET status = 'closed', closed_at = 1; UPDATE task SET project_id = 1"
     " WHERE id = 1", "closed project 1 has open tasks"),
    ("INSERT INTO comment (internal, body, created_at) VALUES (0, 'x', 1)",
     "comment 1 is of nothing, or of two"),
    ("DELETE FROM sale_signature", "sale 4 (signed) has 0 evidence"),
    ("UPDATE sale_signature SET sale_id = 2", "sale 2 (sent) has 1 evidence"),
    ("UPDATE sale_signature SET id = 2", "evidence has a gap: 1 rows, up to 2"),
    ("UPDATE sale SET total_cents = 1 WHERE id = 4", "sale 4 is not what was signed"),
    ("UPDATE sale SET updated_at = 1 WHERE id = 4", "sale 4 is not what was signed"),
    ("UPDATE audit SET action = 'sale.set' WHERE action = 'sale.sign'",
     "sale 4 changed after it was signed"),
    ("UPDATE sale_item SET total_cents = 1", "sale 1 is not the sum of its items"),
    ("UPDATE audit SET action = 'x' WHERE action = 'sale.add' AND target_id = 1",
     "sale 1 is logged as added 0 times"),
]


def sayings():
    """What each rule of the invariants may say, as a pattern."""
    with open(portal.INVARIANTS, encoding="utf-8") as script:
        rules = re.findall(r"^\tSELECT ('.*?)(?: FROM|$)", script.read(), re.M)
    words = [re.findall(r"'((?:[^']|'')*)'", rule) for rule in rules]
    return [".*".join(re.escape(word.replace("''", "'")) for word in each) for each in words]


def one_break(bases, name, sql, words):
    """None where the invariants say these words once this was done to the base of the
    command."""
    command = find(name)
    with portal.Round(bases, command) as r:
        path = f"{r.directory}/p.db"
        if callable(sql):
            sql(r.directory)
            sql = "SELECT 1"
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
               if not any(re.match(rule, words) for _, words in BREAKS + DESK_BREAKS)]
    bases.path("people"), bases.path("desk")
    plan = [("contact-add", *it) for it in BREAKS] + [("ticket-open", *it) for it in DESK_BREAKS]
    rounds, failures = runner.rounds(plan, lambda it: one_break(bases, *it))
    return rounds, failures + [(rule, "is a rule that nothing breaks") for rule in untried]
