"""The portals and commands the campaigns work on, and the judgement of what a
command left behind."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PORTALCTL = os.path.abspath(os.environ.get("PORTALCTL", f"{ROOT}/build/plain/bin/portalctl"))
INVARIANTS = f"{HERE}/invariants"
OFFICE, CLIENT, STRANGER, NEWCOMER = (
    "65635571000148", "02919305000127", "12345678000195", "11222333000181")
PASSWORD = "uma senha longa 27"


def cnpj(number):
    """A CNPJ of its own for each number."""
    digits = [int(c) for c in f"{number:08d}0001"]
    for length in (12, 13):
        weights = [2 + (length - 1 - i) % 8 for i in range(length)]
        rest = sum(d * w for d, w in zip(digits, weights)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def scratch(prefix):
    """A directory on a disk of memory where there is one: a campaign makes thousands."""
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.mkdtemp(prefix=prefix, dir=os.environ.get("FAULT_TMP", shm))


def environment(**more):
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("PORTALCTL_", "LC_", "XDG_"))}
    keep.update(LC_ALL="C.UTF-8", LANG="C.UTF-8", TZ="UTC", HOME="/nonexistent",
                PORTALCTL=PORTALCTL, FAULT_VERIFY=os.environ.get("FAULT_VERIFY", ""))
    keep.update(more)
    return keep


def portalctl(directory, *words, stdin=b"", check=True, **more):
    done = subprocess.run([PORTALCTL, *words], cwd=directory, input=stdin, capture_output=True,
                          env=environment(PORTALCTL_DB="p.db", **more), timeout=120)
    if check and done.returncode:
        raise SystemExit(f"portalctl {' '.join(words)}: {done.returncode} {done.stderr.decode()}")
    return done


def has_verb(noun, verb):
    table = json.loads(portalctl("/", "help", "--json").stdout)
    return any(c["noun"] == noun and c["verb"] == verb for c in table["commands"])


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)


def make_links(directory):
    """Somebody who waits, the company's signup link, and a link to set a password."""
    portalctl(directory, "user", "add", "beto@cliente.example", "--company", CLIENT,
              "--name", "Beto")
    for name, words in (("signup", ("company", "signup-link", CLIENT)),
                        ("access", ("user", "passwd", "ana@cliente.example", "--send-link",
                                    "--show-token"))):
        shown = portalctl(directory, *words, "--json")
        write(f"{directory}/{name}", json.loads(shown.stdout)["data"]["token"] + "\n")


def make_portal(directory):
    """Invites 1 to 3 are due, 4 can be answered by a user, 5 by its token alone."""
    portalctl(directory, "init", "--office", OFFICE, "--name", "Modelo", "--allow-clock-override")
    portalctl(directory, "company", "add", CLIENT, "--name", "Cliente Ltda.",
              "--email", "contato@cliente.example")
    portalctl(directory, "user", "add", "ana@cliente.example", "--company", CLIENT,
              "--name", "Ana")
    for i in range(3):
        portalctl(directory, "invite", "send", CLIENT, "--email", f"old{i}@cliente.example",
                  "--now", "2020-01-01T00:00:00Z")
    portalctl(directory, "invite", "send", CLIENT, "--email", "bia@cliente.example")
    sent = portalctl(directory, "invite", "send", NEWCOMER, "--email", "caio@novo.example",
                     "--json", "--show-token")
    write(f"{directory}/token", json.loads(sent.stdout)["data"]["token"] + "\n")
    write(f"{directory}/password", PASSWORD + "\n")
    make_links(directory)
    write(f"{directory}/batch.ndjson", "".join(
        json.dumps({"to_tax_id": cnpj(700 + i), "email": f"b{i}@lote.example"}) + "\n"
        for i in range(3)))


def make_busy_portal(directory):
    """Besides, invite 4 led to a connection, a company asks for an invite, another
    one is disabled, a user waits for activation, and a table is there to import."""
    make_portal(directory)
    portalctl(directory, "invite", "accept", "4")
    portalctl(directory, "company", "add", cnpj(3), "--name", "Pedinte")
    portalctl(directory, "request", "send", "--from", cnpj(3), "--to", OFFICE,
              "--email", "paula@pedinte.example")
    portalctl(directory, "company", "add", cnpj(4), "--name", "Antiga")
    portalctl(directory, "company", "disable", cnpj(4))
    portalctl(directory, "user", "add", "eva@cliente.example", "--company", CLIENT,
              "--name", "Eva")
    db = sqlite3.connect(f"{directory}/p.db")
    db.execute("""UPDATE "user" SET status = 'inactive' WHERE email = 'eva@cliente.example'""")
    db.commit()
    db.close()
    write(f"{directory}/table.csv", "CNPJ;Nome;E-mail\n" + "".join(
        f"{cnpj(800 + i)};Linha {i};l{i}@tabela.example\n" for i in range(3)))


def older_schema(version):
    """The schema as it was at that version, for SQLite."""
    folder = f"{ROOT}/lib/store/schema"
    text = ""
    for name in sorted(os.listdir(folder))[:version]:
        with open(f"{folder}/{name}", encoding="utf-8") as step:
            text += step.read()
    for macro, words in (("@ID@", "INTEGER PRIMARY KEY AUTOINCREMENT"), ("@INT@", "INTEGER"),
                         ("@STRICT@", "STRICT")):
        text = text.replace(macro, words)
    return text


def make_old_portal(directory, version=4):
    """One that was made before there were invites: its rows in the tables of then."""
    portalctl(directory, "init", "--office", OFFICE, "--name", "Modelo")
    path = f"{directory}/p.db"
    os.rename(path, f"{directory}/newer.db")
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.executescript(older_schema(version) + f"ATTACH '{directory}/newer.db' AS newer;")
    number = db.execute("PRAGMA newer.application_id").fetchone()[0]
    tables = db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND"
                        " name NOT LIKE 'sqlite_%'").fetchall()
    for (table,) in tables:
        columns = ", ".join(row[1] for row in db.execute(f'PRAGMA main.table_info("{table}")'))
        db.execute(f'INSERT INTO main."{table}" ({columns})'
                   f' SELECT {columns} FROM newer."{table}"')
    db.commit()
    db.executescript(f"DETACH newer; PRAGMA application_id={number};"
                     f"PRAGMA user_version={version};")
    db.close()
    os.chmod(path, 0o600)
    for name in os.listdir(directory):
        if name.startswith("newer.db"):
            os.unlink(f"{directory}/{name}")


class Bases:
    """Directories that rounds are copied from, made once."""
    makers = {"portal": make_portal, "busy": make_busy_portal, "old": make_old_portal,
              "nothing": lambda directory: None}

    def __init__(self):
        self.top = scratch("fault-base.")
        self.made = set()

    def path(self, name):
        directory = f"{self.top}/{name}"
        if name not in self.made:
            self.made.add(name)
            os.mkdir(directory, 0o700)
            self.makers[name](directory)
        return directory

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


class Command:
    """A changing command. said: what stdout shows once it is done. after: the
    words that must work on whatever it left behind."""

    def __init__(self, name, *words, base="portal", said=r'"changed":true',
                 after=("company", "add", STRANGER, "--name", "Depois", "--json")):
        self.name, self.words, self.base, self.said, self.after = name, words, base, said, after

    def argv(self):
        return [PORTALCTL, *self.words]


AGAIN_INIT = ("init", "--if-not-exists", "--office", OFFICE, "--name", "Modelo", "--json")

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
    Command("user-activate", "user", "activate", "eva@cliente.example", "--json", base="busy"),
    Command("notification-read", "notification", "read", "--all", "--json", base="busy",
            said='"ok":7'),
    Command("db-migrate", "db", "migrate", "--json", base="old",
            after=("db", "migrate", "--json")),
]

STATE = """
SELECT json_array(
 (SELECT group_concat(id || tax_id || coalesce(name, '') || coalesce(email, '') || status, ';')
  FROM company),
 (SELECT group_concat(id || email || role || status || (password IS NULL) || area_access ||
   access_serial || (removed_at IS NULL), ';') FROM "user"),
 (SELECT group_concat(id || name || coalesce(email, '') || phones, ';') FROM contact),
 (SELECT group_concat(id || email || status || coalesce(outbox_id, 'no'), ';') FROM invite),
 (SELECT group_concat(id || status, ';') FROM connection),
 (SELECT group_concat(id || status, ';') FROM request),
 (SELECT group_concat(key || value, ';') FROM setting),
 (SELECT group_concat(id || recipient || template, ';') FROM outbox),
 (SELECT group_concat(id || (read_at IS NULL), ';') FROM notification),
 (SELECT count(*) FROM idempotency),
 (SELECT group_concat(id || action, ';') FROM audit))
"""


def state(path):
    """What is stored, without times and random values, as one text."""
    if not os.path.exists(path):
        return "nothing"
    db = sqlite3.connect(path, timeout=30)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'invite'").fetchone():
            return f"version {version}"
        return f"version {version} " + db.execute(STATE).fetchone()[0]
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


def judge_next(command, directory):
    """The next command works without repair."""
    done = portalctl(directory, *command.after, check=False)
    if done.returncode:
        return f"next command exits {done.returncode}: {done.stderr.decode().strip()[-160:]}"
    return run_invariants(f"{directory}/{db_of(command)}")


def judge_effect(command, outcome, before, found, after):
    done = found == after
    if not done and found != before:
        return f"neither as before nor as after: {found[:200]}"
    told = re.search(command.said, outcome.out) and outcome.out.endswith("\n")
    if told and not done:
        return "said to be done, and is not"
    if outcome.status == 0 and not (told and done):
        return "exit 0 " + ("without its output" if done else "without its effect")
    if outcome.status and outcome.status > 0 and done and "was made" not in outcome.err:
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
            or judge_next(command, directory))


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
        with open(f"{self.top}/out", "wb") as out, open(f"{self.top}/err", "wb") as err:
            try:
                status = subprocess.run(
                    argv, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
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
    with Round(bases, command) as r:
        path = f"{r.directory}/{db_of(command)}"
        before = state(path)
        outcome = r.run(command.argv())
        after = state(path)
        wrong = judge(command, r.directory, outcome, before, after)
        if wrong or before == after:
            raise SystemExit(f"{command.name} fails undisturbed: {outcome.status} "
                             f"{wrong or 'no change'} {outcome.err}")
        return before, after
