"""The portals that the campaigns begin with."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PORTALCTL = os.path.abspath(os.environ.get("PORTALCTL", f"{ROOT}/build/plain/bin/portalctl"))
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
    """What a command gets of it: not CI, which forbids it to ask on a terminal."""
    drop = ("PORTALCTL_", "LC_", "XDG_", "LANGUAGE")
    keep = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith(drop)}
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
    """Invites 1 to 3 are due, 4 can be answered by a user, 5 by its token alone.
    Passwords are hashed in a moment."""
    portalctl(directory, "init", "--office", OFFICE, "--name", "Modelo", "--allow-clock-override")
    portalctl(directory, "config", "set", "password_cost", "10")
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
    write(f"{directory}/other-password", PASSWORD[::-1] + "\n")
    make_links(directory)
    write(f"{directory}/batch.ndjson", "".join(
        json.dumps({"to_tax_id": cnpj(700 + i), "email": f"b{i}@lote.example"}) + "\n"
        for i in range(3)))


def make_dear_portal(directory):
    """The same, but that hashing a password takes as long as in a portal that is used."""
    make_portal(directory)
    portalctl(directory, "config", "set", "password_cost", "17")


def make_busy_portal(directory):
    """Besides, invite 4 led to a connection, a company asks for an invite, another
    one is disabled, and a table is there to import."""
    make_portal(directory)
    portalctl(directory, "invite", "accept", "4")
    portalctl(directory, "company", "add", cnpj(3), "--name", "Pedinte")
    portalctl(directory, "request", "send", "--from", cnpj(3), "--to", OFFICE,
              "--email", "paula@pedinte.example")
    portalctl(directory, "company", "add", cnpj(4), "--name", "Antiga")
    portalctl(directory, "company", "disable", cnpj(4))
    write(f"{directory}/table.csv", "CNPJ;Nome;E-mail\n" + "".join(
        f"{cnpj(800 + i)};Linha {i};l{i}@tabela.example\n" for i in range(3)))


def manifest(directory, name, settings, people, *more):
    """One of the set "base": the newcomer with its people, in a group with others."""
    write(f"{directory}/{name}", "\n".join((
        "portalctl: 1", "set: base", f"settings: {{{settings}}}", "companies:",
        f'- {{tax_id: "{CLIENT}", trade_name: "{name}"}}', f'- tax_id: "{NEWCOMER}"',
        "  name: Novo Ltda.", *people, *more, "")))


def write_manifests(directory):
    """first.yaml has been applied. next.yaml, pruned, takes away of it: a user, a contact,
    a group and a connection. more.yaml adds to it, hashed.yaml with a password."""
    ana, bia, davi = (f"  - {{email: {name.lower()}@novo.example, name: {name}}}"
                      for name in ("Ana", "Bia", "Davi"))
    group = f'groups: [{{main: "{NEWCOMER}", name: Grupo, members: ["{cnpj(8)}"]}}]'
    connection = f'connections: [{{from: "{NEWCOMER}", to: "{cnpj(5)}"}}]'
    second = f'connections: [{{from: "{NEWCOMER}", to: "{cnpj(5)}"}}, ' \
             f'{{from: "{cnpj(6)}", to: "{NEWCOMER}"}}]'
    contact = ("  contacts:", "  - {email: caio@novo.example, name: Caio}")
    manifest(directory, "first.yaml", "access_link_days: 3",
             (*contact, "  users:", ana, bia), group, connection)
    manifest(directory, "next.yaml", "access_link_days: 4", ("  users:", ana, davi))
    manifest(directory, "more.yaml", "access_link_days: 5",
             (*contact, "  - {name: Portaria, phones: [11 98765-4321]}", "  users:", ana,
              "  - {email: bia@novo.example, name: Bia, role: admin}", davi),
             group.replace("Grupo", "Outro"), second)
    manifest(directory, "hashed.yaml", "access_link_days: 3",
             (*contact, "  users:", ana, bia, davi.replace("}", ", password_file: password}")),
             group, connection)


def enter(directory, email, password):
    """Writes the token of a new session to a file of the user's name."""
    shown = portalctl(directory, "session", "login", "--company", CLIENT, "--email", email,
                      "--password-file", password, "--json")
    write(f"{directory}/{email.partition('@')[0]}",
          json.loads(shown.stdout)["data"]["token"] + "\n")


def log_in(directory, email):
    portalctl(directory, "user", "passwd", email, "--password-file", "password")
    enter(directory, email, "password")


def choose_password(directory, email):
    """So may the user sign: it is set by a link as it is mailed, which nobody was shown."""
    link = f"{directory}/own-link"
    shown = portalctl(directory, "user", "passwd", email, "--send-link", "--show-token", "--json")
    write(link, json.loads(shown.stdout)["data"]["token"] + "\n")
    db = sqlite3.connect(f"{directory}/p.db")
    with db:
        db.execute('UPDATE "user" SET access_shown = 0')
    db.close()
    portalctl(directory, "user", "passwd", "--access-token-file", "own-link",
              "--password-file", "other-password")
    os.unlink(link)
    enter(directory, email, "other-password")


def make_people_portal(directory):
    """Besides what make_portal() makes: Rita, who has no access; Ana and Eva, who have
    logged in; a group of two companies, another one outside; a manifest that was applied."""
    make_portal(directory)
    portalctl(directory, "contact", "add", "--company", CLIENT, "--name", "Rita", "--email",
              "rita@cliente.example")
    portalctl(directory, "user", "add", "eva@cliente.example", "--company", CLIENT, "--name",
              "Eva", "--active")
    for number in (5, 6, 7, 8):
        portalctl(directory, "company", "add", cnpj(number), "--name", f"Filial {number}")
    portalctl(directory, "group", "create", cnpj(5), "--name", "Casa")
    portalctl(directory, "group", "link", cnpj(5), cnpj(6))
    write_manifests(directory)
    portalctl(directory, "apply", "--file", "first.yaml")
    for email in ("ana@cliente.example", "eva@cliente.example"):
        log_in(directory, email)


TEMPLATE = {"name": "Baixa", "steps": [
    {"title": "Encerrar"}, {"title": "Avisar", "after": ["Encerrar"]}]}


def make_tickets(directory):
    """1 and 2 are open, 1 with a file; 3 is done."""
    for number in range(3):
        portalctl(directory, "ticket", "open", "--contact", "ana@cliente.example", "--subject",
                  f"Assunto {number + 1}", "--body", "Bom dia", "--file", "note.txt")
    portalctl(directory, "ticket", "close", "3")


def make_work(directory):
    """Task 1 has a checklist, 2 is overdue, of 3 a month is due; project 1 can be closed;
    process 1 runs."""
    portalctl(directory, "task", "add", "Conferir", "--company", CLIENT, "--check-item", "Um",
              "--check-item", "Dois", "--visible")
    portalctl(directory, "task", "add", "Enviar", "--company", CLIENT, "--due", "2020-01-02",
              "--assignee", "rui@office.example")
    portalctl(directory, "task", "add", "DAS {competence}", "--company", CLIENT, "--every",
              "month", "--day", "20", "--competence", "2020-01", "--until", "2020-02",
              "--now", "2020-01-02T12:00:00Z")
    portalctl(directory, "project", "add", "Filial", "--company", CLIENT)
    portalctl(directory, "process", "template-add", "-", stdin=json.dumps(TEMPLATE).encode())
    portalctl(directory, "process", "start", "Baixa", "--company", CLIENT)


def make_habits(directory):
    """What the office says and asks again and again."""
    portalctl(directory, "category", "add", "Folha", "--word", "holerite")
    portalctl(directory, "answer", "add", "Prazo", "--body", "Amanha")
    portalctl(directory, "filter", "add", "Abertos", "--status", "open", "--shared")


def make_sales(directory):
    """S-1 is a draft, S-2 is sent, S-3's term is over, S-4 is signed."""
    for number in (1, 2, 3, 4):
        more = ("--valid-until", "2020-02-01", "--now", "2020-01-01T12:00:00Z")
        portalctl(directory, "sale", "add", "--company", CLIENT, "--number", f"S-{number}",
                  "--item", "Folha;12;89.90", *(more if number == 3 else ()))
        if number > 1:
            portalctl(directory, "sale", "send", f"S-{number}", *(more[2:] if number == 3 else ()))
    for email in ("ana@cliente.example", "eva@cliente.example"):
        choose_password(directory, email)
    portalctl(directory, "--token-file", "ana", "sale", "sign", "S-4", "--accept-terms")


def leave_stale_file(directory):
    """What a command leaves that was killed, long enough ago to be swept away."""
    path = f"{directory}/p.db.files/new-stale"
    write(path, "lost")
    os.utime(path, (1, 1))


def hold_mails(directory):
    """So that due leaves them where they are: peers.py has what becomes of them."""
    db = sqlite3.connect(f"{directory}/p.db")
    with db:
        db.execute("INSERT INTO channel_hold (channel, until, reason) VALUES ('email', 1 << 60, 'a test')")
    db.close()


def make_desk_portal(directory):
    """Besides what make_people_portal() makes: Rui of the office, and something of all
    that he works on."""
    make_people_portal(directory)
    portalctl(directory, "user", "add", "rui@office.example", "--company", OFFICE, "--name",
              "Rui", "--password-file", "password")
    for name in ("note", "guide", "annex", "other"):
        write(f"{directory}/{name}.txt", f"{name}\n" * 1000)
    make_tickets(directory)
    make_work(directory)
    make_habits(directory)
    make_sales(directory)
    portalctl(directory, "document", "publish", "guide.txt", "--company", CLIENT, "--kind",
              "DAS", "--attach", "annex.txt")
    portalctl(directory, "document", "open", "1", "--output", "-")
    leave_stale_file(directory)
    hold_mails(directory)


NUMBER = "106540352242922"
RECEIVE = ("wa", "receive", "--config", "config.yaml")


def hook(wamid, wa_id, text, at):
    """A message as the web hook of WhatsApp tells it, with a file."""
    message = {"from": wa_id, "id": wamid, "timestamp": str(at), "type": "document",
               "document": {"id": f"media-{wamid}", "mime_type": "application/pdf",
                            "sha256": "A" * 43 + "=", "filename": "guia.pdf", "caption": text}}
    value = {"metadata": {"phone_number_id": NUMBER}, "messages": [message],
             "contacts": [{"profile": {"name": "Bia"}, "wa_id": wa_id}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [{"field": "messages", "value": value}]}]})


def make_talk_portal(directory):
    """Ticket 1 is spoken of over WhatsApp, 2 may be, 3 waits for the client; contact 6 and
    ticket 4, which is spoken of too, are of no company; hook.json is what a stranger writes."""
    make_portal(directory)
    write(f"{directory}/config.yaml", f"whatsapp:\n  phone_number_id: '{NUMBER}'\n")
    write(f"{directory}/other.txt", "other\n" * 1000)
    now = int(time.time())
    for number in range(1, 4):
        portalctl(directory, "contact", "add", "--company", CLIENT, "--name", f"Contato {number}",
                  "--email", f"c{number}@cliente.example", "--phone", f"31 99999-000{number}")
        portalctl(directory, "ticket", "open", "--contact", f"c{number}@cliente.example",
                  "--subject", f"Assunto {number}")
    portalctl(directory, *RECEIVE, stdin=hook("w1", "5531999990001", "Oi", now).encode())
    portalctl(directory, "wa", "start", "3")
    portalctl(directory, "wa", "send", "3", "--body", "Espera")
    portalctl(directory, *RECEIVE, stdin=hook("w0", "5521977770003", "Ola", now).encode())
    write(f"{directory}/hook.json", hook("w2", "5511988880002", "Bom dia", now))
    hold_mails(directory)


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
    """Directories that rounds are copied from, made once; and what is known of the
    undisturbed run of each command: its states, its system calls."""
    makers = {"portal": make_portal, "busy": make_busy_portal,
              "dear": make_dear_portal, "people": make_people_portal, "desk": make_desk_portal,
              "talk": make_talk_portal,
              "old": make_old_portal,
              "nothing": lambda directory: None}

    def __init__(self):
        self.top = scratch("fault-base.")
        self.made = set()
        self.states, self.calls = {}, {}

    def path(self, name):
        directory = f"{self.top}/{name}"
        if name not in self.made:
            self.made.add(name)
            os.mkdir(directory, 0o700)
            self.makers[name](directory)
        return directory

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)
