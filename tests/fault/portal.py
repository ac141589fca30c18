"""The commands the campaigns work on, and the judgement of what one left behind."""
import os
import re
import shutil
import sqlite3
import subprocess

# The campaigns find all of these here.
from bases import (CLIENT, HERE, NEWCOMER, OFFICE, PORTALCTL, RECEIVE, STRANGER, Bases, cnpj,
                   environment, has_verb, portalctl, scratch, write)

INVARIANTS = f"{HERE}/invariants"


class Command:
    """A command that changes something, or one that reads. said: what stdout shows once
    it is done. later: what it shows where the rest is left to the next run. after: the words that must work on whatever it left behind."""
    reads = False
    resumes = False
    stdin = None
    later = None

    def __init__(self, name, *words, base="portal", said=r'"changed":true',
                 after=("company", "add", STRANGER, "--name", "Depois", "--json")):
        self.name, self.words, self.base, self.said, self.after = name, words, base, said, after

    def share(self):
        """How much smaller its samples are: hashing a password takes its time."""
        return 8 if self.base == "dear" else 1

    def argv(self):
        return [PORTALCTL, *self.words]


class People(Command):
    """A command among the people of the portal."""

    def __init__(self, name, *words, **more):
        super().__init__(name, *words, "--json", base="people", **more)


class Reading(People):
    """One that changes nothing, and says all of it or fails."""
    reads = True


class Desk(Command):
    """A command on what the office works on. The next one attaches a file, the same that
    some of these keep."""

    def __init__(self, name, *words, **more):
        more.setdefault("after", ("task", "attach", "1", "other.txt", "--json"))
        super().__init__(name, *words, "--json", base="desk", **more)


class Due(Desk):
    """One that does its work in steps: another run does those that are left."""
    resumes = True


class Talk(Command):
    """A command in conversations over WhatsApp."""

    def __init__(self, name, *words, **more):
        more.setdefault("after", ("ticket", "comment", "1", "--body", "Depois", "--json"))
        super().__init__(name, *words, "--json", base="talk", **more)


class Receive(Talk):
    """What comes from WhatsApp, which sends it again where it was not answered."""
    resumes = True
    stdin = "hook.json"
    later = '"state":"received"'

    def __init__(self, name):
        super().__init__(name, *RECEIVE, said='"state":"done"', after=(*RECEIVE, "--json"))


AGAIN_INIT = ("init", "--if-not-exists", "--office", OFFICE, "--name", "Modelo", "--json")

LOGIN = ("session", "login", "--company", CLIENT, "--email", "eva@cliente.example",
         "--password-file", "password")

RUI = ("--as", "rui@office.example")

COMMANDS = [
    Command("init", "init", "--office", OFFICE, "--name", "Modelo", "--json", base="nothing",
            after=AGAIN_INIT),
    Command("init-deep", "--db", "a/b/p.db", "init", "--office", OFFICE, "--name", "Modelo",
            "--json", base="nothing", after=("--db", "a/b/p.db", *AGAIN_INIT)),
    Command("company-add", "company", "add", cnpj(1), "--name", "Nova", "--json"),
    Command("company-set", "company", "set", CLIENT, "--email", "novo@cliente.example", "--json"),
    Command("invite-send", "invite", "send", cnpj(2), "--email", "a@b.example", "--json"),
    Command("invite-send-token", "invite", "send", CLIENT, "--email", "a@b.example", "--json",
            "--show-token", said='"token":"i6[.]'),
    Command("invite-send-key", "invite", "send", CLIENT, "--email", "a@b.example", "--json",
            "--idempotency-key", "k1"),
    Command("invite-resend", "invite", "resend", "4", "--json"),
    Command("invite-accept", "invite", "accept", "4", "--json"),
    Command("invite-accept-table", "invite", "accept", "4", said="invite '4' accepted"),
    Command("invite-refuse", "invite", "refuse", "4", "--reason", "nada", "--json"),
    Command("invite-cancel", "invite", "cancel", "4", "--json"),
    Command("invite-expire", "invite", "expire", "--json", said='"expired":3'),
    Command("invite-accept-token", "invite", "accept", "--invite-token-file", "token",
            "--company-name", "Novo", "--name", "Caio", "--password-file", "password", "--json"),
    Command("user-add", "user", "add", "davi@cliente.example", "--company", CLIENT,
            "--name", "Davi", "--json"),
    Command("user-add-password", "user", "add", "davi@cliente.example", "--company", CLIENT,
            "--name", "Davi", "--password-file", "password", "--json"),
    Command("user-add-dear", "user", "add", "davi@cliente.example", "--company", CLIENT,
            "--name", "Davi", "--password-file", "password", "--json", base="dear"),
    Command("user-register", "user", "register", "--signup-token-file", "signup", "--email",
            "davi@cliente.example", "--name", "Davi", "--password-file", "password", "--json"),
    Command("user-set", "user", "set", "ana@cliente.example", "--email", "a@cliente.example",
            "--name", "Ana Sá", "--json"),
    Command("user-set-role", "user", "set-role", "beto@cliente.example", "admin", "--json"),
    Command("user-activate", "user", "activate", "beto@cliente.example", "--json"),
    Command("user-remove", "user", "remove", "beto@cliente.example", "--json"),
    Command("user-passwd-link", "user", "passwd", "ana@cliente.example", "--send-link",
            "--show-token", "--json", said='"token":"a1[.]'),
    Command("user-passwd", "user", "passwd", "--access-token-file", "access", "--password-file",
            "password", "--json"),
    Command("user-send-area-link", "user", "send-area-link", "beto@cliente.example", "--json"),
    Command("config-set", "config", "set", "language", "en", "--json"),
    Command("batch", "invite", "send", "--batch", "batch.ndjson", "--json", said='"ok":3'),
    Command("batch-atomic", "invite", "send", "--batch", "batch.ndjson", "--atomic", "--json",
            said='"ok":3'),
    Command("company-import", "company", "import", "table.csv", "--json", base="busy",
            said='"ok":3'),
    Command("company-import-atomic", "company", "import", "table.csv", "--atomic", "--json",
            base="busy", said='"ok":3'),
    Command("company-disable", "company", "disable", CLIENT, "--json", base="busy"),
    Command("company-enable", "company", "enable", cnpj(4), "--json", base="busy"),
    Command("company-new-link", "company", "signup-link", CLIENT, "--rotate", "--json",
            base="busy"),
    Command("request-send", "request", "send", "--from", CLIENT, "--to", cnpj(3),
            "--email", "ana@cliente.example", "--json", base="busy"),
    Command("request-dismiss", "request", "dismiss", "1", "--json", base="busy"),
    Command("connection-end", "connection", "end", "1", "--json", base="busy"),
    Command("notification-read", "notification", "read", "--all", "--json", base="busy",
            said='"ok":7'),
    People("contact-add", "contact", "add", "--company", CLIENT, "--name", "Sílvia", "--email",
           "silvia@cliente.example"),
    People("contact-set", "contact", "set", "eva@cliente.example", "--name", "Eva Sá", "--phone",
           "11 98765-4321"),
    People("contact-allow", "contact", "allow", "rita@cliente.example", "--show-token",
           said='"token":"a'),
    People("contact-allow-inactive", "contact", "allow", "beto@cliente.example"),
    People("contact-allow-password", "contact", "allow", "eva@cliente.example",
           "--send-password", "--show-token", said='"token":"'),
    People("contact-deny", "contact", "deny", "eva@cliente.example"),
    People("contact-remove", "contact", "remove", "rita@cliente.example"),
    People("user-deactivate", "user", "deactivate", "eva@cliente.example"),
    People("user-block", "user", "block", "eva@cliente.example"),
    People("user-remove-live", "user", "remove", "eva@cliente.example"),
    People("user-set-login", "user", "set", "eva@cliente.example", "--email",
           "eva.sa@cliente.example"),
    People("user-passwd-live", "user", "passwd", "eva@cliente.example", "--password-file",
           "password"),
    People("user-passwd-own", "user", "passwd", "ana@cliente.example", "--token-file", "ana",
           "--current-password-file", "password", "--password-file", "other-password"),
    People("group-create", "group", "create", cnpj(7), "--name", "Nova"),
    People("group-link", "group", "link", cnpj(5), cnpj(7)),
    People("group-unlink", "group", "unlink", cnpj(5), cnpj(6)),
    People("group-dissolve", "group", "dissolve", cnpj(5)),
    People("session-login", *LOGIN, said='"token":"k', after=LOGIN),
    People("session-logout", "session", "logout", "--token-file", "ana"),
    People("session-logout-all", "session", "logout", "--all", said='"ok":2'),
    People("apply", "apply", "--file", "more.yaml", said='"changed":[1-9]'),
    People("apply-password", "apply", "--file", "hashed.yaml", said='"changed":[1-9]'),
    People("apply-prune", "apply", "--file", "next.yaml", "--prune", said='"changed":[1-9]'),
    Reading("session-check", "session", "check", "--token-file", "ana", said='"status":"live"'),
    Reading("diff", "diff", "--file", "next.yaml", "--prune", said='"summary":'),
    Reading("export", "export", said='"connections":'),
    Desk("ticket-open", "ticket", "open", "--contact", "ana@cliente.example", "--subject", "Novo",
         "--body", "Bom dia"),
    Desk("ticket-reply", *RUI, "ticket", "reply", "1", "--body", "Segue", "--file", "other.txt"),
    Desk("ticket-comment", "ticket", "comment", "1", "--body", "Ligar"),
    Desk("ticket-assign", "ticket", "assign", "1", "--to", "rui@office.example"),
    Desk("ticket-transfer", "ticket", "transfer", "1", "--to", "rui@office.example", "--comment",
         "Sabe mais"),
    Desk("ticket-close", "ticket", "close", "1"),
    Desk("ticket-set", "ticket", "set", "1", "--subject", "Outro", "--tag", "urgente", "--status",
         "pending"),
    Desk("ticket-cancel", "ticket", "cancel", "1", "--reason", "Engano"),
    Desk("ticket-reopen", "ticket", "reopen", "3"),
    Desk("ticket-merge", "ticket", "merge", "2", "--into", "1"),
    Desk("ticket-rate", "--as", "ana@cliente.example", "ticket", "rate", "3", "5", "--comment",
         "Bom"),
    Desk("task-add", "task", "add", "Nova", "--company", CLIENT, "--check-item", "Um",
         "--assignee", "rui@office.example"),
    Desk("task-done", "task", "done", "1"),
    Desk("task-set", "task", "set", "1", "--title", "Rever", "--assignee", "rui@office.example",
         "--check-item", "Tres"),
    Desk("task-start", "task", "start", "2"),
    Desk("task-cancel", "task", "cancel", "1"),
    Desk("task-comment", *RUI, "task", "comment", "1", "--body", "Feito"),
    Desk("task-check", "task", "check", "1", "1"),
    Desk("task-attach", "task", "attach", "1", "other.txt", "annex.txt"),
    Desk("project-add", "project", "add", "Obra", "--company", CLIENT),
    Desk("project-set", "project", "set", "1", "--name", "Matriz", "--description", "Mudou"),
    Desk("project-comment", "project", "comment", "1", "--body", "Comecou"),
    Desk("project-close", "project", "close", "1"),
    Desk("process-start", "process", "start", "Baixa", "--company", CLIENT),
    Desk("process-cancel", "process", "cancel", "1"),
    Desk("document-publish", "document", "publish", "other.txt", "--company", CLIENT, "--kind",
         "DARF", "--attach", "note.txt"),
    Desk("document-open", "document", "open", "1", "--output", "copy.txt"),
    Desk("document-send", "document", "send", "1", "--to", "ana@cliente.example"),
    Desk("document-link", "document", "link", "1", "--rotate"),
    Desk("document-withdraw", "document", "withdraw", "1"),
    Desk("sale-add", "sale", "add", "--company", CLIENT, "--item", "Folha;1;2.00"),
    Desk("sale-set", "sale", "set", "S-1", "--item", "Folha;2;3.00", "--item", "Guia;1;1.00"),
    Desk("sale-cancel", "sale", "cancel", "S-2", "--reason", "mudou"),
    Desk("sale-send", "sale", "send", "S-1"),
    Desk("sale-sign", "--token-file", "ana", "sale", "sign", "S-2", "--accept-terms"),
    Desk("sale-refuse", "--token-file", "ana", "sale", "refuse", "S-2", "--reason", "caro"),
    Desk("category-add", "category", "add", "Guias", "--word", "guia"),
    Desk("category-set", "category", "set", "Folha", "--name", "Salarios", "--word", "salario"),
    Desk("category-remove", "category", "remove", "Folha"),
    Desk("answer-add", "answer", "add", "Obrigado", "--body", "De nada"),
    Desk("answer-remove", "answer", "remove", "Prazo"),
    Desk("filter-add", "filter", "add", "Urgentes", "--tag", "urgente", "--shared"),
    Desk("filter-remove", "filter", "remove", "Abertos"),
    Talk("wa-start", "wa", "start", "2"),
    Talk("wa-send", "wa", "send", "1", "--body", "Segue", "--file", "other.txt"),
    Talk("wa-end", "wa", "end", "3"),
    Talk("wa-reply", "ticket", "reply", "3", "--body", "Espera"),
    Talk("wa-close", "ticket", "close", "1"),
    Talk("contact-assign", "contact", "assign", "6", "--company", CLIENT),
    Talk("contact-phone", "contact", "set", "1", "--phone", "31 98888-0009"),
    Receive("wa-receive"),
    Due("due", "due", after=("due", "--json")),
    Command("db-migrate", "db", "migrate", "--json", base="old",
            after=("db", "migrate", "--json")),
]

STATE = """
SELECT json_array(
 (SELECT group_concat(id || tax_id || coalesce(name, '') || coalesce(trade_name, '') ||
   coalesce(email, '') || status || coalesce(main_company_id, '') || sections || signup_serial,
   ';') FROM company),
 (SELECT group_concat(id || email || role || status || (password IS NULL) || must_change_password
   || area_access || access_serial || (access_expires_at IS NULL) || (last_login_at IS NULL)
   || is_first || (removed_at IS NULL), ';') FROM "user"),
 (SELECT group_concat(id || name || coalesce(email, '') || phones || coalesce(company_id, 'no') ||
   (removed_at IS NULL), ';') FROM contact),
 (SELECT group_concat(id || main_id || name, ';') FROM company_group),
 (SELECT group_concat(id || ' ' || user_id || coalesce(end_reason, 'live'), ';') FROM session),
 (SELECT group_concat(kind || object_id || set_name, ';') FROM manifest_object),
 (SELECT group_concat(id || email || status || coalesce(outbox_id, 'no'), ';') FROM invite),
 (SELECT group_concat(id || status, ';') FROM connection),
 (SELECT group_concat(id || status, ';') FROM request),
 (SELECT group_concat(key || value, ';') FROM setting),
 (SELECT group_concat(id || recipient || template || state, ';') FROM outbox),
 (SELECT group_concat(id || (read_at IS NULL), ';') FROM notification),
 (SELECT group_concat(day || ' ' || n || ' ' || status || coalesce(assignee_id, '') ||
   coalesce(merged_into_id, '') || coalesce(rating, '') || office_unread || client_unread, ';')
  FROM (SELECT (day = max(day) OVER ()) AS day, n, status, assignee_id, merged_into_id, rating,
   office_unread, client_unread FROM ticket ORDER BY id)),
 (SELECT group_concat(ticket_id || direction || coalesce(author_id, '') || automatic ||
   coalesce(body, '') || coalesce(event, '') || coalesce(event_to, '') ||
   coalesce(outbox_id, ''), ';') FROM message),
 (SELECT group_concat(word || ticket_id || internal, ';') FROM
  (SELECT * FROM ticket_word ORDER BY ticket_id, word)),
 (SELECT group_concat(target_kind || target_id || ' ' || position || sha256 || name, ';')
  FROM attachment),
 (SELECT group_concat(sha256, ';') FROM (SELECT sha256 FROM file ORDER BY sha256)),
 (SELECT group_concat(id || title || status || link_serial, ';') FROM document),
 (SELECT group_concat(document_id || ' ' || position || via || result, ';') FROM document_access),
 (SELECT group_concat(id || name || status, ';') FROM project),
 (SELECT group_concat(id || template || status, ';') FROM process),
 (SELECT group_concat(id || coalesce(make_on, '')  || competence, ';') FROM recurrence),
 (SELECT group_concat(id || title || status || progress_percent || reminded ||
   coalesce(competence, '') || coalesce(assignee_id, ''), ';') FROM task),
 (SELECT group_concat(task_id || ' ' || number || text || done, ';') FROM task_item),
 (SELECT group_concat(task_id || ' ' || needs_id, ';') FROM task_need),
 (SELECT group_concat(coalesce(task_id, 'p' || project_id) || body || internal, ';') FROM comment),
 (SELECT group_concat(id || number || status || total_cents || coalesce(signed_by, ''), ';')
  FROM sale),
 (SELECT group_concat(sale_id || ' ' || id, ';') FROM sale_signature),
 (SELECT count(*) FROM sale_item),
 (SELECT group_concat(id || subject || tags || coalesce(company_id, 'no'), ';') FROM ticket),
 (SELECT group_concat(id || name || coalesce(description, ''), ';') FROM project),
 (SELECT group_concat(id || name || words, ';') FROM category),
 (SELECT group_concat(id || name || body, ';') FROM answer),
 (SELECT group_concat(id || name || shared || coalesce(tag, ''), ';') FROM filter),
 (SELECT group_concat(identity || contact_id || (client_at IS NULL), ';') FROM contact_identity),
 (SELECT group_concat(ticket_id || contact_id || address || status || coalesce(end_reason, ''), ';')
  FROM conversation),
 (SELECT group_concat(delivery || coalesce(wamid, ''), ';') FROM message),
 (SELECT group_concat(id || state || messages || set_aside, ';') FROM webhook),
 (SELECT group_concat(message_id || media_id || state, ';') FROM wa_media),
 (SELECT group_concat(wa_ids || wa_user_ids, ';') FROM contact),
 (SELECT count(*) FROM idempotency),
 (SELECT group_concat(id || action, ';') FROM audit))
"""


def stale_files(path):
    """What nobody has and is old enough to be swept away."""
    old = f"{path}.files/new-stale"
    return " stale" if os.path.exists(old) else ""


def state(path):
    """What is stored, without times, random values and tries to log in, as one text."""
    if not os.path.exists(path):
        return "nothing"
    db = sqlite3.connect(path, timeout=30)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'company_group'").fetchone():
            return f"version {version}"
        return f"version {version} " + db.execute(STATE).fetchone()[0] + stale_files(path)
    finally:
        db.close()


def db_of(command):
    return "a/b/p.db" if command.words[0] == "--db" else "p.db"


class Outcome:
    """status: exit status, or -N for signal N, or None where it hung."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def run_invariants(path, **more):
    done = subprocess.run([INVARIANTS, path], capture_output=True, text=True, timeout=120,
                          env=environment(**more))
    return done.stdout.strip() if done.returncode else None


def contents(directory, command):
    """What the command reads on standard input."""
    if not command.stdin:
        return b""
    with open(f"{directory}/{command.stdin}", "rb") as file:
        return file.read()


def judge_next(command, directory, wanted=None):
    """The next command works without repair, and leads to what is wanted."""
    done = portalctl(directory, *command.after, stdin=contents(directory, command), check=False)
    if done.returncode:
        return f"next command exits {done.returncode}: {done.stderr.decode().strip()[-160:]}"
    path = f"{directory}/{db_of(command)}"
    if wanted and state(path) != wanted:
        return f"another run leads to {state(path)[:200]}"
    return run_invariants(path)


# How a failed command says that its change stays.
TELLS = re.compile("was made|access log has this")


def judge_effect(command, outcome, before, found, after):
    done = found == after
    if not done and found != before and not command.resumes:
        return f"neither as before nor as after: {found[:200]}"
    told = re.search(command.said, outcome.out) and outcome.out.endswith("\n")
    if told and not done:
        return "said to be done, and is not"
    if outcome.status == 0 and command.later and re.search(command.later, outcome.out):
        return None
    if outcome.status == 0 and not (told and done):
        return "exit 0 " + ("without its output" if done else "without its effect")
    # One of several transactions may have done all, and fail where it looks for more.
    changed = done and not command.reads and not command.resumes
    if outcome.status and outcome.status > 0 and changed and not TELLS.search(outcome.err):
        return f"failed with {outcome.status}, yet the change was made: {outcome.err.strip()}"
    return None


def judge_status(outcome):
    if outcome.status is None:
        return "hangs"
    if outcome.status > 0 and not outcome.err.strip() and "\"failed\"" not in outcome.out:
        return f"exit {outcome.status} without a word"
    return None


def judge(command, directory, outcome, before, after):
    """None, or what is wrong with what the command left in the directory."""
    path = f"{directory}/{db_of(command)}"
    if judge_status(outcome):
        return judge_status(outcome)
    if os.path.exists(path) and command.base != "old":
        broken = run_invariants(path)
        if broken:
            return broken
    return (judge_effect(command, outcome, before, state(path), after)
            or judge_next(command, directory, after if command.resumes else None))


def tree(directory):
    """The names in a directory, and of each its mode and contents."""
    found = {}
    for top, directories, files in os.walk(directory):
        for path in [f"{top}/{name}" for name in directories + files]:
            contents = None
            if not os.path.isdir(path):
                with open(path, "rb") as file:
                    contents = file.read()
            found[os.path.relpath(path, directory)] = os.lstat(path).st_mode, contents
    return found


class Round:
    """A fresh copy of a base and the outcome of the command in it."""

    def __init__(self, bases, command):
        self.top = scratch("fault.")
        self.directory, self.base = f"{self.top}/w", bases.path(command.base)
        self.stdin = f"{self.directory}/{command.stdin}" if command.stdin else os.devnull
        shutil.copytree(self.base, self.directory)

    def judge(self, command, outcome, before, after):
        """As judge(). Where every byte is as it was, what was found of the base holds,
        and looking for it again would be most of a campaign's time."""
        if tree(self.directory) == tree(self.base):
            return judge_status(outcome) or judge_effect(command, outcome, before, before, after)
        return judge(command, self.directory, outcome, before, after)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.top, ignore_errors=True)

    def run(self, argv, timeout=150, **more):
        """A command may wait for a lock for 30 s, and again when it takes back what it did."""
        with (open(f"{self.top}/out", "wb") as out, open(f"{self.top}/err", "wb") as err,
              open(self.stdin, "rb") as given):
            try:
                status = subprocess.run(
                    argv, cwd=self.directory, stdin=given, stdout=out, stderr=err,
                    env=environment(PORTALCTL_DB="p.db", **more), timeout=timeout).returncode
            except subprocess.TimeoutExpired:
                status = None
        return Outcome(status, self.text("out"), self.text("err"))

    def text(self, name):
        try:
            with open(f"{self.top}/{name}", encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""


def baseline(bases, command):
    """The states before and after, from one undisturbed run."""
    if command.name in bases.states:
        return bases.states[command.name]
    with Round(bases, command) as r:
        path = f"{r.directory}/{db_of(command)}"
        before = state(path)
        outcome = r.run(command.argv())
        after = state(path)
        wrong = judge(command, r.directory, outcome, before, after)
        if wrong or (before == after) != command.reads:
            raise SystemExit(f"{command.name} fails undisturbed: {outcome.status} "
                             f"{wrong or 'no change, or one'} {outcome.err}")
        bases.states[command.name] = before, after
        return before, after
