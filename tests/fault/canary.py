"""No secret is where it does not belong (P7): every command that takes or makes one is
run under strace with passwords and tokens that are searched for afterwards, in all
that the command gave to the system, in all it printed, and in all files it left.

A secret may come in by read() alone, and a token may go out on the standard output of
the command that was asked for it. Everything else is a leak."""
import base64
import json
import os
import pty
import random
import re
import select
import sqlite3
import subprocess
import tempfile
import termios
import time

import portal

OFFICE, ALFA, NOVA = portal.OFFICE, portal.CLIENT, portal.NEWCOMER
# No letters of hexadecimal numbers, of which a portal is full.
LETTERS = "ghijkmnpqrstuvwxyz"
READS = ("read", "readv")
STRACE = ("strace", "-f", "-v", "-xx", "-s", "1048576")
TOKEN = re.compile(rb"\b[adis]\d+\.[A-Za-z0-9_-]{43}")


def forms(piece):
    """A piece of a secret as it may be written: plain, in hexadecimal, in base64."""
    plain = piece.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for skipped in range(3):
        code = base64.b64encode(bytes(skipped) + plain)
        found.add(code[4 if skipped else 0:-4])
    return found


class Secret:
    """core: what nobody else could have written. Half of it is a leak, too."""

    def __init__(self, name, text, core=None):
        self.name, self.text = name, text
        self.core = core = core or text
        half = len(core) // 2
        pieces = (core[:half], core[half:]) if half >= 8 else (core,)
        self.needles = set().union(*map(forms, pieces))
        self.read = False

    def is_in(self, data):
        return any(needle in data for needle in self.needles)


class Call:
    """A line of strace: the call, its descriptor, and the bytes it was given."""
    line = re.compile(rb"\d+ +(?:<\.\.\. )?(\w+)(?: resumed>|\()(\d+)?")
    text = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?')

    def __init__(self, line):
        match = self.line.match(line)
        self.name = match[1].decode() if match else ""
        self.fd = int(match[2]) if match and match[2] else None
        self.line_text = line
        self.texts = [bytes.fromhex(t.decode().replace("\\x", ""))
                      for t in self.text.findall(line)]

    def __str__(self):
        return self.name if self.fd is None else f"{self.name}({self.fd})"


class Run:
    """What one command did. shows: secrets its standard output may hold; environment:
    one that its caller put there; argument: one that its caller said in the clear."""

    def __init__(self, words, calls, shows, environment, argument):
        self.words, self.calls, self.shows = words, calls, shows
        self.environment, self.argument = environment, argument
        self.said = b""

    def may(self, secret, index, call):
        if index == 0:
            return secret in (self.environment, self.argument)
        return call.name in READS or (call.name == "write" and call.fd == 1
                                      and secret in self.shows)

    def unknown_tokens(self, call):
        """Tokens that nobody asked for are leaks, too, though nobody knows them."""
        if call.name in READS or (call.name == "write" and call.fd == 1 and self.shows):
            return []
        return [t for text in call.texts for t in TOKEN.findall(text)]

    def leaks(self, secrets):
        label = " ".join(self.words)
        yield from ((label, f"{s.name} on standard error") for s in secrets if s.is_in(self.said))
        for index, call in enumerate(self.calls):
            for secret in secrets:
                if any(secret.is_in(t) for t in call.texts) and not self.may(secret, index, call):
                    yield label, f"{secret.name} in {call}"
            if index and self.unknown_tokens(call):
                yield label, f"a token in {call}"

    def reads(self, secret):
        return any(call.name in READS and secret.core.encode() in text
                   for call in self.calls for text in call.texts)

    def is_guarded(self):
        """No core may hold it: that is said before anything is read from a caller."""
        names = [c.name for c in self.calls]
        said = next((i for i, c in enumerate(self.calls) if c.name == "prctl"
                     and b"PR_SET_DUMPABLE, SUID_DUMP_DISABLE" in c.line_text), len(names))
        return said < next((i for i, c in enumerate(self.calls)
                            if c.name in READS and c.fd == 0), len(names) + 1)


def until(terminal, end):
    """What appears on a terminal until it ends so, or ends at all."""
    data = b""
    try:
        while not end or not data.endswith(end):
            if not select.select([terminal], [], [], 120)[0]:
                raise SystemExit(f"the terminal still shows {data!r}")
            data += os.read(terminal, 4096)
    except OSError:
        pass
    return data


def wait_for_silence(terminal, screen):
    for _ in range(1000):
        if not termios.tcgetattr(terminal)[3] & termios.ECHO:
            return
        time.sleep(0.01)
    raise SystemExit(f"the terminal echoes passwords: {screen!r}")


class Watch:
    """A portal in a directory of its own; secrets lie beside it."""

    def __init__(self, directory):
        self.top = directory
        self.secrets, self.runs, self.failures = {}, [], []
        for name in ("portal", "secret", "trace"):
            os.mkdir(f"{directory}/{name}", 0o700)
        self.home = f"{directory}/portal"
        self.random = random.SystemRandom()
        self.program = [portal.PORTALCTL]

    def path(self, name):
        return f"{self.top}/secret/{name}"

    def keep(self, secret):
        self.secrets[secret.name] = secret
        portal.write(self.path(secret.name), secret.text + "\n")
        return secret

    def password(self, name, size=20, more=""):
        core = "".join(self.random.choice(LETTERS) for _ in range(size))
        return self.keep(Secret(name, core + more, core))

    def token(self, name, text):
        """One that a command gave; its mark and number are no secret."""
        return self.keep(Secret(name, text, re.sub(r"^(?:k|[adis]\d+\.)", "", text)))

    def environment(self, token):
        more = {"HOME": self.home, "TMPDIR": self.home, "PORTALCTL_DB": "p.db"}
        if token:
            more["PORTALCTL_TOKEN"] = token.text
        return portal.environment(**more)

    def run(self, *words, status=0, stdin=None, shows=(), token=None, argument=None,
            fault=None, output=None):
        """Runs portalctl. stdin: a secret. fault: what strace is to inject. output: a
        file instead of what is returned."""
        trace = f"{self.top}/trace/{len(self.runs)}"
        inject = ["-e", f"inject={fault}"] if fault else []
        line = [*STRACE, *inject, "-o", trace, *self.program, *words]
        given = (stdin.text + "\n").encode() if isinstance(stdin, Secret) else stdin or b""
        with open(output or os.devnull, "wb") as sink:
            done = subprocess.run(line, cwd=self.home, input=given, timeout=120,
                                  stdout=sink if output else subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=self.environment(token))
        self.note(words, trace, shows, token, argument).said = done.stderr
        if done.returncode != status:
            self.failures.append((" ".join(words), f"exit {done.returncode}, not {status}: "
                                  f"{done.stderr.decode(errors='replace').strip()}"))
        return (done.stdout or b"").decode()

    def note(self, words, trace, shows, token, argument):
        with open(trace, "rb") as file:
            calls = [Call(line) for line in file]
        os.unlink(trace)
        run = Run(words, calls, shows, token, argument)
        self.runs.append(run)
        return run

    def ask(self, name, *words, status=0, stdin=None, token=None, field="token"):
        """Runs a command that shows a token in JSON: what is shown is a secret from now."""
        out = self.run(*words, "--json", status=status, stdin=stdin, token=token)
        shown = self.token(name, json.loads(out)["data"][field])
        self.runs[-1].shows = (shown,)
        return shown

    def prompt(self, secret, *words):
        """Types a secret twice on a terminal."""
        trace = f"{self.top}/trace/{len(self.runs)}"
        line = [*STRACE, "-o", trace, *self.program]
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.home)
            os.execvpe(line[0], [*line, *words], self.environment(None))
        screen = b""
        for end in (b"password: ", b"(again): "):
            screen += until(terminal, end)
            # What is typed while the echo is still on is thrown away.
            wait_for_silence(terminal, screen)
            os.write(terminal, (secret.text + "\n").encode())
        screen += until(terminal, None)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.note(words, trace, (), None, None)
        if status or secret.is_in(screen):
            self.failures.append((" ".join(words), f"exit {status}, or echo of {secret.name}"))

    def files(self):
        for folder, _, names in os.walk(self.home):
            for name in names:
                with open(f"{folder}/{name}", "rb") as file:
                    yield name, file.read()

    def search(self):
        """What was leaked, and what was not used: a search for it would say nothing."""
        secrets = list(self.secrets.values())
        found = list(self.failures)
        for run in self.runs:
            found += run.leaks(secrets)
            if not run.is_guarded():
                found.append((" ".join(run.words), "could leave a core"))
        for name, data in self.files():
            found += [(name, f"{s.name} in the file") for s in secrets if s.is_in(data)]
            found += [(name, "a token in the file") for _ in TOKEN.findall(data)[:1]]
        for secret in secrets:
            if not any(run.reads(secret) or (run.environment is secret) for run in self.runs):
                found.append((secret.name, "was never read"))
        return found


def make_portal(watch):
    watch.run("init", "--office", OFFICE, "--name", "Modelo")
    watch.run("config", "set", "base_url", "https://portal.example")
    watch.run("company", "add", ALFA, "--name", "Alfa Ltda.")
    watch.run("company", "add", portal.STRANGER, "--name", "Beta Ltda.")


USER = ("user", "add", "--company", ALFA, "--name", "Ana", "--active")


def users(watch):
    """Passwords that the office gives."""
    ana = watch.password("ana")
    watch.run(*USER, "ana@alfa.example", "--password-stdin", "-v", stdin=ana)
    watch.run(*USER, "bia@alfa.example", "--password-file", watch.path("bia"), "--json",
              stdin=watch.password("bia"))
    watch.run(*USER, "caio@alfa.example")
    watch.prompt(watch.password("typed"), "user", "passwd", "caio@alfa.example")
    weak = watch.password("weak", 7)
    for more in ((), ("--json",), ("-v", "--lang", "pt_BR")):
        watch.run(*USER, "x@alfa.example", "--password-stdin", *more, stdin=weak, status=6)
    long = watch.password("long", 20, "x" * 1100)
    watch.run(*USER, "x@alfa.example", "--password-stdin", "--json", stdin=long, status=6)
    lost = watch.password("lost")
    watch.run(*USER, "lost@alfa.example", "--password-stdin", "-v", stdin=lost, status=12,
              fault="pwrite64:error=ENOSPC")
    watch.run("user", "passwd", "nobody@alfa.example", "--password-stdin", stdin=lost, status=3)
    watch.run("user", "passwd", "bia@alfa.example", "--password-stdin", "--json",
              stdin=watch.password("unsaid"), status=1, output="/dev/full")
    said = watch.password("said")
    for words in (("--password", said.text), (f"--password={said.text}",),
                  (f"--password-stdin={said.text}",)):
        watch.run(*USER, "x@alfa.example", *words, status=2, argument=said)
    record = {"email": "x@alfa.example", "company": ALFA, "name": "X", "password": said.text}
    watch.run("user", "add", "--batch", "-", "--json", status=6,
              stdin=(json.dumps(record) + "\n").encode())
    return ana


def links(watch):
    """Passwords that people choose by a link."""
    first = watch.ask("signup-1", "company", "signup-link", ALFA, "-v")
    watch.run("company", "signup-link", ALFA, shows=(first,))
    second = watch.ask("signup-2", "company", "signup-link", ALFA, "--rotate")
    register = ("user", "register", "--name", "Duda", "--email")
    duda, weak = watch.password("duda"), watch.secrets["weak"]
    watch.run(*register, "duda@alfa.example", "--signup-token-file", watch.path(first.name),
              "--password-stdin", "-v", stdin=duda, status=4)
    watch.run(*register, "duda@alfa.example", "--signup-token-file", watch.path(second.name),
              "--password-stdin", "--json", stdin=weak, status=6)
    watch.run(*register, "duda@alfa.example", "--signup-token-file", watch.path(second.name),
              "--password-stdin", "-v", stdin=duda)
    passwd = ("user", "passwd")
    old = watch.ask("access-1", *passwd, "caio@alfa.example", "--send-link", "--show-token", "-v")
    watch.run(*passwd, "caio@alfa.example", "--send-link", "-v")
    new = watch.ask("access-2", *passwd, "caio@alfa.example", "--send-link", "--show-token")
    mine = watch.password("mine")
    for token, status in ((old, 4), (new, 0), (new, 4)):
        watch.run(*passwd, "--access-token-file", watch.path(token.name), "--password-stdin",
                  "-v", stdin=mine, status=status)
    watch.run(*passwd, "caio@alfa.example", "--password-stdin", "-n", stdin=mine)


def contacts(watch):
    for name in ("eva", "fabi", "gil"):
        watch.run("contact", "add", "--company", ALFA, "--name", name, "--email",
                  f"{name}@alfa.example")
    allow = ("contact", "allow")
    watch.run(*allow, "eva@alfa.example", "--password-stdin", "--json", status=6,
              stdin=watch.secrets["weak"])
    watch.run(*allow, "eva@alfa.example", "--password-stdin", "-v", stdin=watch.password("eva"))
    made = watch.ask("made", *allow, "fabi@alfa.example", "--send-password", "--show-token", "-v")
    watch.ask("fabi-session", "session", "login", "--company", ALFA, "--email",
              "fabi@alfa.example", "--password-stdin", stdin=made)
    watch.run("session", "logout", "--token-file", watch.path("fabi-session"))
    watch.run(*allow, "gil@alfa.example", "--send-password", "-v")


def sessions(watch, ana):
    login = ("session", "login", "--company", ALFA, "--password-stdin", "--email")
    wrong = watch.password("wrong")
    for email, more in (("ana@alfa.example", "-v"), ("nobody@alfa.example", "--json")):
        watch.run(*login, email, more, stdin=wrong, status=4)
    watch.run(*login, "ana@alfa.example", stdin=ana, status=12, fault="pwrite64:error=ENOSPC")
    watch.run(*login, "ana@alfa.example", "-v", stdin=ana, status=1, output="/dev/full")
    session = watch.ask("session", *login, "ana@alfa.example", "-v", "--remember", stdin=ana)
    file = ("--token-file", watch.path("session"))
    watch.run("session", "check", "-v", *file)
    watch.run("session", "check", "--json", token=session)
    watch.run("user", "list", "-v", token=session)
    watch.run("status", "-v", "--json", token=session, status=4)
    own = watch.password("own")
    change = ("user", "passwd", "ana@alfa.example", "--password-stdin", *file,
              "--current-password-file")
    watch.run(*change, watch.path("wrong"), "--json", stdin=own, status=4)
    watch.run(*change, watch.path("ana"), "-v", stdin=own)
    again = watch.ask("session-2", *login, "ana@alfa.example", stdin=own)
    watch.run("session", "logout", "-v", token=again)
    for more in ((), ("--json",)):
        watch.run("session", "check", "-v", *more, token=again, status=4)
    bad = watch.token("forged", "k" + "".join(watch.random.choice(LETTERS) for _ in range(43)))
    watch.run("session", "check", "--token-file", watch.path("forged"), status=4)
    watch.run("session", "check", "--token", bad.text, "--json", status=2, argument=bad)


def invites(watch):
    send = ("invite", "send", NOVA, "--show-token", "--email")
    first = watch.ask("invite-1", *send, "rui@nova.example", "-v", "--idempotency-key", "k")
    for words in ((*send, "rui@nova.example", "--idempotency-key", "k"),
                  ("invite", "resend", "1", "--show-token", "-v")):
        watch.run(*words, shows=(first,))
    other = watch.ask("invite-2", *send, "sol@nova.example")
    watch.run("invite", "send", NOVA, "--email", "tom@nova.example", "-v")
    accept = ("invite", "accept", "--company-name", "Nova", "--name", "Rui", "--password-stdin",
              "--invite-token-file")
    rui, token = watch.password("rui"), watch.path(first.name)
    watch.run(*accept, token, "--json", stdin=watch.secrets["weak"], status=6)
    watch.run(*accept, token, "-v", stdin=rui, status=12, fault="pwrite64:error=ENOSPC")
    watch.run(*accept, token, "-v", stdin=rui)
    watch.run(*accept, token, "--json", stdin=rui, status=4)
    watch.run("invite", "refuse", "--invite-token-file", watch.path(other.name), "-v", status=4)


def documents(watch):
    """Links of documents, and who makes an account by one, logs in by it, and signs."""
    portal.write(f"{watch.home}/das.txt", "DAS\n")
    watch.run("document", "publish", "das.txt", "--company", ALFA)
    watch.run("config", "set", "document_login", "on")
    watch.run("document", "link", "1", "-v")
    old = watch.ask("document-1", "document", "link", "1", "--show-token", "-v")
    new = watch.ask("document-2", "document", "link", "1", "--rotate", "--show-token")
    hugo, wrong = watch.password("hugo"), watch.secrets["wrong"]
    for token, status in ((old, 4), (new, 0)):
        watch.run("user", "register", "--email", "hugo@alfa.example", "--name", "Hugo", "-v",
                  "--document-token-file", watch.path(token.name), "--password-stdin",
                  stdin=hugo, status=status)
        watch.run("document", "open", "--document-token-file", watch.path(token.name), status=4)
    log_in = ("document", "open", "--email", "hugo@alfa.example", "--document-token-file")
    watch.run(*log_in, watch.path(new.name), "--password-stdin", "-v", stdin=wrong, status=4)
    watch.run(*log_in, watch.path(new.name), "--password-file", watch.path("hugo"), "--output",
              "-")
    watch.run(*log_in, watch.path(new.name), "--password-stdin", "--json", stdin=hugo)
    watch.run("sale", "add", "--company", ALFA, "--item", "Folha;1;2.00", "--number", "A-1")
    watch.run("sale", "send", "A-1")
    # As if a link that nobody was shown had set it: so she may sign.
    db = sqlite3.connect(f"{watch.home}/p.db")
    with db:
        db.execute("UPDATE \"user\" SET own_password = 1 WHERE email = 'ana@alfa.example'")
    db.close()
    ana = watch.ask("signer", "session", "login", "--company", ALFA, "--email",
                    "ana@alfa.example", "--password-stdin", stdin=watch.secrets["own"])
    watch.run("sale", "sign", "A-1", "--accept-terms", "--token-file", watch.path("signer"), "-v")
    watch.run("ticket", "open", "--subject", "Oi", "--body", "Bom dia", "-v", token=ana)


def manifest(member):
    return (f"portalctl: 1\ncompanies:\n- tax_id: {portal.STRANGER}\n  users:\n"
            f"  - {{email: zoe@beta.example, name: Zoe, {member}}}\n")


def manifests_and_settings(watch):
    watch.password("zoe")
    files = {"good": f"password_file: {watch.path('zoe')}",
             "weak": f"password_file: {watch.path('weak')}",
             "said": f"password: {watch.secrets['said'].text}"}
    for name, member in files.items():
        portal.write(f"{watch.top}/secret/{name}.yaml", manifest(member))
    for verb in ("diff", "apply"):
        for name, status in (("weak", 6), ("said", 6), ("good", 0)):
            watch.run(verb, "-f", watch.path(f"{name}.yaml"), "-v", status=status)
    mail = watch.password("mail")
    for name, line, status in (("c", f"password_file: {watch.path('mail')}", 0),
                               ("d", f"password: {mail.text}", 6)):
        portal.write(watch.path(f"{name}.yaml"), f"smtp:\n  {line}\n")
        for words in (("config", "check", "-v"), ("config", "list", "--json"), ("status", "-v")):
            watch.run("--config", watch.path(f"{name}.yaml"), *words, status=status)


def everything_there_is(watch):
    for noun in ("company", "contact", "user", "session", "invite", "outbox", "notification",
                 "audit", "config", "group", "connection", "request", "document", "ticket", "task",
                 "sale"):
        watch.run(noun, "list", "--json")
    watch.run("session", "list", "--status", "any", "--format", "csv")
    watch.run("document", "log", "--json")
    watch.run("ticket", "messages", "1", "--json")
    watch.run("sale", "export", "A-1")
    watch.run("export", "-v")
    watch.run("audit", "verify", "-v")
    count = int(watch.run("outbox", "list", "--format", "count"))
    for number in range(1, count + 1):
        watch.run("outbox", "show", str(number), "--body", "--json")


def not_played(watch):
    """Options that take a secret or show one, and that no command here was given."""
    table = json.loads(portal.portalctl("/", "help", "--json").stdout)
    for command in table["commands"]:
        verb = [w for w in (command["noun"], command["verb"]) if w]
        given = {w for run in watch.runs if list(run.words[:len(verb)]) == verb
                 for w in run.words}
        for option in command["options"]:
            name = f"--{option['name']}"
            ways = [f"{name}-stdin", f"{name}-file"] if option["type"] == "secret" else [name]
            if (option["type"] == "secret" or name == "--show-token") and not given & set(ways):
                yield " ".join(verb), f"{name} was not tried"


def scenario(watch):
    make_portal(watch)
    # The log beside the database stays as long as somebody has it open.
    reader = sqlite3.connect(f"{watch.home}/p.db")
    reader.execute("SELECT count(*) FROM company").fetchall()
    ana = users(watch)
    links(watch)
    contacts(watch)
    sessions(watch, ana)
    invites(watch)
    documents(watch)
    manifests_and_settings(watch)
    everything_there_is(watch)
    if not os.path.getsize(f"{watch.home}/p.db-wal"):
        watch.failures.append(("p.db-wal", "holds nothing to search"))
    found = watch.search() + list(not_played(watch))
    reader.close()
    return found


def play(bases, story):
    """The number of commands run, and what was found."""
    watch = Watch(tempfile.mkdtemp(prefix="canary.", dir=bases.top))
    found = story(watch)
    return len(watch.runs), found


def leak(script):
    """A program that reads a password and does not keep it to itself."""
    def story(watch):
        watch.program = ["sh", "-c", "read -r p; " + script, "sh"]
        watch.run("planted", stdin=watch.password("password"))
        return watch.search()
    return story


def leak_in_table(watch):
    make_portal(watch)
    secret = watch.password("password")
    watch.run("user", "passwd", "x@alfa.example", "--password-stdin", stdin=secret, status=3)
    db = sqlite3.connect(f"{watch.home}/p.db")
    db.execute("INSERT INTO setting VALUES ('x', ?, 1)", (f"<{secret.text}>",))
    db.commit()
    found = watch.search()
    db.close()
    return found


def unasked_token(watch):
    make_portal(watch)
    watch.run("company", "signup-link", ALFA)
    return watch.search()


def unused(watch):
    watch.password("password")
    return watch.search()


# What is planted, and what the search says of it.
PLANTS = {
    "argv": (leak('exec env printf "%s" "$p"'), "password in execve"),
    "environment": (leak('P=$p exec env'), "password in execve"),
    "stdout": (leak('echo "$p"'), "password in write(1)"),
    "stderr": (leak('echo "no: $p" >&2'), "password on standard error"),
    "half": (leak('echo "${p%??????????}" >&2'), "password on standard error"),
    "file": (leak('echo "$p" >log'), "password in the file"),
    "coded-file": (leak('echo "$p" | base64 >log'), "password in the file"),
    "passing-file": (leak('echo "$p" >log; rm log'), "password in write("),
    "file-name": (leak('mkdir "$p"; rmdir "$p"'), "password in "),
    "core": (leak(":"), "could leave a core"),
    "table": (leak_in_table, "password in the file"),
    "token": (unasked_token, "a token in write(1)"),
    "unused": (unused, "was never read"),
}


def selftest(bases, plant):
    """One round, failed if what is planted was not found."""
    story, said = plant
    _, found = play(bases, story)
    return 1, [] if any(said in why for _, why in found) else [(said, f"not among {found}")]
