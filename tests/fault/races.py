"""Many processes at once. A race is played for some rounds, each on a fresh
portal; with widened windows strace holds every process back before it writes, and
turns take so long that on a busy machine 64 of them are more than a command waits
for unasked."""
import collections
import concurrent.futures
import fcntl
import json
import os
import re
import subprocess
import time

import portal

FORBIDDEN = re.compile(r"locked|busy|SQLITE|other programs are writing", re.IGNORECASE)
SLOWEST_SECONDS = 15
WIDE = ["strace", "-qqq", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync,flock,renameat2",
        "-e", "inject=pwrite64,fdatasync,flock,renameat2:delay_enter=2000"]
WIDE_SECONDS = 120


class Crowd:
    """Starts commands together and keeps what came of each."""

    def __init__(self, directory, wide):
        self.directory = directory
        self.program = ([*WIDE, portal.PORTALCTL, "--wait", str(WIDE_SECONDS)] if wide
                        else [portal.PORTALCTL])

    def one(self, words):
        began = time.monotonic()
        done = subprocess.run([*self.program, *words], cwd=self.directory,
                              env=portal.environment(PORTALCTL_DB="p.db"), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=300)
        return (words, done.returncode, done.stdout.decode(), done.stderr.decode(),
                time.monotonic() - began)

    def run(self, commands, at_once=64):
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(self.one, commands))


def statuses(results):
    return dict(collections.Counter(r[1] for r in results))


def unlike(results, **wanted):
    """What is wrong with the exit statuses, or None: unlike(r, s0=1, s5=63)."""
    want = {int(k[1:]): v for k, v in wanted.items() if v}
    if statuses(results) == want:
        return None
    odd = next((r for r in results if r[1] not in want), results[0])
    return f"exit statuses {statuses(results)}, not {want}: {odd[0]} {odd[3].strip()[:160]}"


def changed(results):
    return sum('"changed":true' in r[2] for r in results)


def exactly_one_changed(results):
    count = changed(results)
    return None if count == 1 else f"{count} changed it"


def send_same(crowd, count):
    results = crowd.run([("invite", "send", portal.CLIENT, "--email", "x@corrida.example",
                          "--json")] * count)
    return unlike(results, s0=1, s5=count - 1), results


def send_new_company(crowd, count):
    """The company is made by whoever comes first."""
    results = crowd.run([("invite", "send", portal.cnpj(55), "--email", f"x{i}@corrida.example",
                          "--json") for i in range(count)])
    return unlike(results, s0=count), results


def add_same(crowd, count):
    results = crowd.run([("company", "add", portal.cnpj(9), "--name", "Corrida", "--json")] * count)
    return unlike(results, s0=1, s5=count - 1), results


def add_first_user(crowd, count):
    portal.portalctl(crowd.directory, "company", "add", portal.cnpj(9), "--name", "Corrida")
    results = crowd.run([("user", "add", f"u{i}@corrida.example", "--company", portal.cnpj(9),
                          "--name", "U", "--json") for i in range(count)])
    admins = sum('"role":"admin"' in r[2] for r in results)
    return unlike(results, s0=count) or (admins != 1 and f"{admins} first admins"), results


def init_same(crowd, count):
    for name in os.listdir(crowd.directory):
        os.unlink(f"{crowd.directory}/{name}")
    results = crowd.run([("init", "--office", portal.OFFICE, "--name", "Modelo", "--json")] * count)
    return unlike(results, s0=1, s5=count - 1), results


def init_if_not_exists(crowd, count):
    for name in os.listdir(crowd.directory):
        os.unlink(f"{crowd.directory}/{name}")
    results = crowd.run([("init", "--office", portal.OFFICE, "--name", "Modelo", "--json",
                          "--if-not-exists")] * count)
    return unlike(results, s0=count) or exactly_one_changed(results), results


def accept_same(crowd, count):
    results = crowd.run([("invite", "accept", "4", "--json")] * count)
    return unlike(results, s0=count) or exactly_one_changed(results), results


def cancel_same(crowd, count):
    results = crowd.run([("invite", "cancel", "4", "--json")] * count)
    return unlike(results, s0=count) or exactly_one_changed(results), results


def accept_or_cancel(crowd, count):
    """Those who say the same as the winner hear that it was so already."""
    verbs = ["accept", "cancel", "refuse"]
    results = crowd.run([("invite", verbs[i % 3], "4", "--json") for i in range(count)])
    winner = next((r[0][1] for r in results if '"changed":true' in r[2]), None)
    same = sum(r[0][1] == winner for r in results)
    return (exactly_one_changed(results) or unlike(results, s0=same, s5=count - same)
            or next((f"{r[0]} lost and exits 0" for r in results
                     if r[1] == 0 and r[0][1] != winner), None)), results


def send_accept_cancel(crowd, count):
    """The next invite to the same person can begin only where the last one ended."""
    work = [("send", portal.CLIENT, "--email", "bia@cliente.example"), ("accept", "4"),
            ("cancel", "4")]
    results = crowd.run([("invite", *work[i % 3], "--json") for i in range(count)])
    sent = changed(r for r in results if r[0][1] == "send")
    ended = [r for r in results if r[0][1] != "send"]
    odd = set(statuses(results)) - {0, 5}
    return ((odd and unlike(results, s0=count)) or exactly_one_changed(ended)
            or (sent > 1 and f"{sent} sent the next one")), results


def expire_same(crowd, count):
    results = crowd.run([("invite", "expire", "--json")] * count)
    expired = sum(json.loads(r[2])["data"]["expired"] for r in results if r[1] == 0)
    return unlike(results, s0=count) or (expired != 3 and f"{expired} of 3 expired"), results


def expire_or_cancel(crowd, count):
    results = crowd.run([("invite", "expire", "--json") if i % 2 else
                         ("invite", "cancel", "1", "--json") for i in range(count)])
    ends = sum('"action":"cancelled"' in r[2] for r in results)
    ends += sum(json.loads(r[2])["data"]["expired"] for r in results
                if r[1] == 0 and r[0][1] == "expire")
    return ends != 3 and f"{ends} ends of 3 invites", results


def token_same(crowd, count):
    results = crowd.run([("invite", "accept", "--invite-token-file", "token", "--company-name",
                          "Novo", "--name", "Caio", "--password-file", "password", "--json")]
                        * count)
    return exactly_one_changed(results) or unlike(results, s0=1, s4=count - 1), results


def same_key(crowd, count):
    results = crowd.run([("invite", "send", portal.CLIENT, "--email", "k@corrida.example",
                          "--idempotency-key", "k", "--json")] * count)
    ids = {json.loads(r[2])["data"]["id"] for r in results if r[1] == 0}
    return (unlike(results, s0=count) or exactly_one_changed(results)
            or (len(ids) != 1 and f"ids {ids}")), results


def send_many(crowd, count):
    """Ten a place: nobody fails, ids have no gap and no repeat."""
    results = crowd.run([("invite", "send", portal.cnpj(100 + i % 7), "--email",
                          f"m{i}@corrida.example", "--json") for i in range(10 * count)], count)
    ids = sorted(json.loads(r[2])["data"]["id"] for r in results if r[1] == 0)
    wanted = list(range(6, 6 + 10 * count))
    return unlike(results, s0=10 * count) or (ids != wanted and "ids with gaps or repeats"), results


def waiters(file):
    """How many wait for the lock of a file."""
    with open("/proc/locks", encoding="ascii") as locks:
        return sum("->" in line and f":{os.fstat(file.fileno()).st_ino} " in line
                   for line in locks)


def first_come(crowd, count):
    """Writers get their turn in the order they came, or a few places off, where one
    steps in while another wakes up."""
    with open(f"{crowd.directory}/p.db.lock", "rb") as lock, \
            concurrent.futures.ThreadPoolExecutor(count) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        began, turns = time.monotonic(), []
        for i in range(count):
            turns.append(pool.submit(crowd.one, ("invite", "send", portal.cnpj(100), "--email",
                                                 f"t{i}@corrida.example", "--json")))
            while waiters(lock) <= i and time.monotonic() - began < SLOWEST_SECONDS:
                time.sleep(.005)
        time.sleep(.2)
        fcntl.flock(lock, fcntl.LOCK_UN)
        results = [turn.result() for turn in turns]
    ids = [json.loads(r[2])["data"]["id"] for r in results if r[1] == 0]
    off = max((abs(i - (6 + place)) for place, i in enumerate(ids)), default=0)
    return unlike(results, s0=count) or (off > count // 8 and f"turns {ids}"), results


def read_while_writing(crowd, count):
    """A list is one moment's: invites and companies of a batch come together."""
    lines = "".join(json.dumps({"to_tax_id": portal.cnpj(5000 + i),
                                "email": "l@corrida.example"}) + "\n" for i in range(20))
    portal.write(f"{crowd.directory}/twenty", lines)
    work = []
    for i in range(count):
        work.append(("invite", "list", "--status", "any", "--format", "ids"))
        if i % 16 == 0:
            portal.write(f"{crowd.directory}/b{i}", lines.replace("l@", f"l{i}@"))
            work.append(("invite", "send", "--batch", f"b{i}", "--format", "ids"))
    results = crowd.run(work)
    for words, _, out, _, _ in results:
        ids = [int(line) for line in out.split()]
        if words[1] == "list" and (ids != list(range(1, len(ids) + 1)) or len(ids) % 20 != 5):
            return f"a list saw {len(ids)} invites, part of a batch", results
    return unlike(results, s0=len(work)), results


def people(directory, company, count, *words):
    """A company of its own, and the commands by which its people are added."""
    portal.portalctl(directory, "company", "add", company, "--name", "Corrida")
    return [("user", "add", f"a{i}@corrida.example", "--company", company, "--name", "U", "--json",
             *words) for i in range(count)]


def register(directory, company, count):
    """The commands by which so many register with the company's signup link."""
    link = portal.portalctl(directory, "company", "signup-link", company, "--json")
    portal.write(f"{directory}/{company}", json.loads(link.stdout)["data"]["token"] + "\n")
    return [("user", "register", "--signup-token-file", company, "--email",
             f"r{i}@corrida.example", "--name", "R", "--password-file", "password", "--json")
            for i in range(count)]


def one_first_admin(results, count):
    first = sum('"role":"admin","status":"active"' in r[2] for r in results)
    later = sum('"role":"collaborator","status":"inactive"' in r[2] for r in results)
    if (first, later) == (1, count - 1):
        return unlike(results, s0=count)
    return f"{first} first admins and {later} who wait, of {count}: {statuses(results)}"


def registrations(crowd, count):
    played = []
    for number, size_of_crowd in enumerate((2, 8, count)):
        company = portal.cnpj(9 + number)
        people(crowd.directory, company, 0)
        results = crowd.run(register(crowd.directory, company, size_of_crowd))
        played += results
        wrong = one_first_admin(results, size_of_crowd)
        if wrong:
            return wrong, played
    return None, played


def registered_or_added(crowd, count):
    company = portal.cnpj(9)
    added = people(crowd.directory, company, count // 2)
    results = crowd.run(added + register(crowd.directory, company, count // 2))
    return one_first_admin(results, count // 2 * 2), results


def registrations_alone(crowd, count):
    """Passwords are hashed as in a portal that is used: 0.4 s and 136 MB each."""
    portal.portalctl(crowd.directory, "config", "set", "password_cost", "17")
    company = portal.cnpj(9)
    people(crowd.directory, company, 0)
    results = crowd.run(register(crowd.directory, company, count))
    return one_first_admin(results, count), results


def admins(directory, company):
    found = portal.portalctl(directory, "user", "list", "--company", company, "--role", "admin",
                             "--status", "active", "--json")
    return [user["email"] for user in json.loads(found.stdout)["items"]]


def fall(email, i):
    """A command after which this user is no active admin."""
    return (("set-role", email, "collaborator"), ("remove", email), ("block", email),
            ("deactivate", email))[i % 4]


def two_admins(crowd, company):
    for words in people(crowd.directory, company, 2, "--role", "admin", "--active"):
        portal.portalctl(crowd.directory, *words)
    return admins(crowd.directory, company)


def last_admin(crowd, count):
    """Two admins fall at once, from both sides: one stays. Then a crowd tries it."""
    pair = two_admins(crowd, portal.cnpj(9))
    played = crowd.run([("user", *fall(email, i), "--json") for i, email in enumerate(pair)])
    wrong = unlike(played, s0=1, s5=1)
    if wrong or sum('"last_admin"' in r[3] for r in played) != 1:
        return wrong or "nobody is told of the last admin", played
    pair = [f"{email}/{portal.cnpj(10)}" for email in two_admins(crowd, portal.cnpj(10))]
    work = []
    for i in range(count):
        email = pair[i % 2].split("/")[0]
        acting = ("--as", pair[i % 2]) if i // 2 % 2 else ()
        work.append((*acting, "user", *fall(email, i // 4), "--company", portal.cnpj(10), "--json"))
    results = crowd.run(work)
    left = admins(crowd.directory, portal.cnpj(10))
    if len(left) != 1:
        return f"{len(left)} active admins are left", played + results
    for words, status, _, err, _ in results:
        stays = left[0] in words
        if (status != 5 or '"last_admin"' not in err) if stays else status not in (0, 3, 4):
            return f"{' '.join(words)} exits {status}: {err.strip()[:160]}", played + results
    return None, played + results


def midnight(crowd, count):
    """Half of them open before midnight, half behind it: each day counts from 1, without
    gap or repeat, and a number is one ticket's."""
    sides = ("2026-03-01T23:59:59-03:00", "2026-03-02T00:00:00-03:00")
    results = crowd.run([("--now", sides[i % 2], "ticket", "open", "--contact",
                          "ana@cliente.example", "--subject", "Corrida", "--json")
                         for i in range(count)])
    days = collections.defaultdict(list)
    for result in results:
        if result[1] == 0:
            day, _, number = json.loads(result[2])["data"]["number"].partition("-")
            days[day].append(int(number))
    wanted = {"260301": list(range(1, count - count // 2 + 1)),
              "260302": list(range(1, count // 2 + 1))}
    got = {day: sorted(numbers) for day, numbers in days.items()}
    return unlike(results, s0=count) or (got != wanted and f"numbers {got}"), results


def midnight_many(crowd, count):
    """As many as an office has in days, on one."""
    return midnight(crowd, 10 * count)


def sign_same(crowd, count):
    """The same person, in one session: signed once, and all hear so."""
    results = crowd.run([("--token-file", "ana", "sale", "sign", "S-2", "--accept-terms",
                          "--json")] * count)
    return exactly_one_changed(results) or unlike(results, s0=count), results


def sign_or_refuse(crowd, count):
    """Ana and Eva sign or refuse: one of four wins, the others are told."""
    ways = [(who, *what) for who in ("ana", "eva") for what in
            (("sign", "S-2", "--accept-terms"), ("refuse", "S-2"))]
    results = crowd.run([("--token-file", who, "sale", *words, "--json")
                         for who, *words in (ways[i % 4] for i in range(count))])
    odd = set(statuses(results)) - {0, 5}
    return exactly_one_changed(results) or (odd and unlike(results, s0=count)), results


DUE_ONCE = {"invites_expired": 3, "sales_expired": 1, "files_removed": 1, "tasks_made": 1,
            "tasks_reminded": 1}


def due_same(crowd, count):
    """What is due is done once, whoever does it; what is sent with it has its own race."""
    results = crowd.run([("due", "--json")] * count)
    done = collections.Counter()
    for result in results:
        data = json.loads(result[2])["data"] if result[1] == 0 else {}
        done.update({name: n for name, n in data.items() if name in DUE_ONCE})
    return unlike(results, s0=count) or (done != DUE_ONCE and f"in all {dict(done)}"), results


def publish_same(crowd, count):
    results = crowd.run([("document", "publish", "other.txt", "--company", portal.CLIENT,
                          "--kind", "DARF", "--if-not-exists", "--json")] * count)
    ids = {json.loads(r[2])["data"]["id"] for r in results if r[1] == 0}
    return (unlike(results, s0=count) or exactly_one_changed(results)
            or (ids != {2} and f"ids {ids}")), results


def conclude_same(crowd, count):
    """Some answer, some conclude: the client is told of the end once."""
    portal.portalctl(crowd.directory, "ticket", "open", "--contact", "ana@cliente.example",
                     "--subject", "Corrida")
    portal.portalctl(crowd.directory, "user", "add", "rui@office.example", "--company",
                     portal.OFFICE, "--name", "Rui")
    results = crowd.run([("--as", "rui@office.example", "ticket", "close" if i % 2 else "reply", "1",
                          *(() if i % 2 else ("--body", "Oi", "--idempotency-key", "k")), "--json")
                         for i in range(count)])
    shown = json.loads(portal.portalctl(crowd.directory, "ticket", "messages", "1",
                                        "--json").stdout)["items"]
    told = sum(m["automatic"] for m in shown)
    if told != 1 or sum(m["event_to"] == "done" for m in shown) != 1:
        return f"{told} automatic messages", results
    return None, results


RACES = {race.__name__.replace("_", "-"): race for race in (
    send_same, send_new_company, add_same, add_first_user, init_same, init_if_not_exists,
    accept_same, cancel_same, accept_or_cancel, send_accept_cancel, expire_same,
    expire_or_cancel, token_same, same_key, send_many, first_come, read_while_writing,
    registrations, registered_or_added, last_admin, midnight, conclude_same,
    sign_same, sign_or_refuse, due_same, publish_same)}
SLOW_RACES = {"registrations": registrations_alone, "midnight": midnight_many}


def noise(results, slowest):
    for words, _, _, err, seconds in results:
        if FORBIDDEN.search(err):
            return f"{' '.join(words)} says: {err.strip()[:160]}"
        if seconds > slowest * (4 if "--password-file" in words else 1):
            return f"{' '.join(words)} took {seconds:.1f} s"
    return None


AFTER = portal.Command("after", "status")
AFTER_DESK = portal.Command("after", "status", base="desk")
AT_THE_DESK = (sign_same, sign_or_refuse, due_same, publish_same)


def play(bases, race, count, wide):
    with portal.Round(bases, AFTER_DESK if race in AT_THE_DESK else AFTER) as r:
        wrong, results = race(Crowd(r.directory, wide), count)
        return (wrong or noise(results, WIDE_SECONDS if wide else SLOWEST_SECONDS)
                or portal.run_invariants(f"{r.directory}/p.db")
                or portal.judge_next(AFTER, r.directory))


def size(race, options, wide):
    """Rounds and processes at once."""
    crowded = not options.short and (not wide or race in (send_many, send_accept_cancel))
    if race in (registrations_alone, midnight_many):
        return (5 if options.all else 1), 64
    if race in (send_many, first_come, read_while_writing):
        return (3 if options.all else 1), (64 if crowded else 16)
    if wide:
        return (20 if options.all else 2), (64 if crowded else 16)
    return (200 if options.all else 1), (16 if options.short else 64)


def campaign(bases, race, options, wide):
    rounds, count = size(race, options, wide)
    rounds = options.rounds or rounds
    failures = []
    for number in range(rounds):
        wrong = play(bases, race, count, wide)
        if wrong:
            failures.append((f"round {number + 1}", wrong))
    return rounds, failures
