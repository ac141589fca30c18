"""deliver killed at every system call, in a power cut, and with many others at once, with a
mail server that counts: what is queued was not seen, what is sent was, once; of the rest
the outbox says so, and none is lost."""
import collections
import contextlib
import glob
import random
import re
import shutil
import socketserver
import sqlite3
import threading
import time

import portal
import powerfail
import races
import sysfault

MAILS = 5
BASE = portal.Command("deliver", "deliver")
# Minutes after the first run: its process is not there any more; its claims are over; what
# was in doubt may be tried again.
AT_ONCE, CLAIMS_OVER, DOUBTS_OVER = 0, 60, 120


class Peer:
    """An SMTP server on a port of this machine that keeps the recipients of what it took."""

    def __init__(self):
        self.seen, self.lock, self.open = collections.Counter(), threading.Lock(), 0
        peer = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self):
                with peer.lock:
                    peer.open += 1
                try:
                    peer.serve(self.rfile, self.wfile)
                except OSError:
                    pass
                with peer.lock:
                    peer.open -= 1

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, request_queue_size = True, 64

        self.server = Server(("127.0.0.1", 0), Connection)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, lines, out):
        recipient = None
        out.write(b"220 peer\r\n")
        for line in lines:
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = re.search(rb"<(.*)>", line)[1].decode()
            out.write(b"354 go\r\n" if verb == b"DATA" else b"250 ok\r\n")
            if verb == b"QUIT":
                return
            if verb == b"DATA":
                for text in lines:
                    if text == b".\r\n":
                        with self.lock:
                            self.seen[recipient] += 1
                        out.write(b"250 taken\r\n")
                        break

    def settled(self):
        """What was seen once nobody speaks any more."""
        end = time.monotonic() + 5
        while self.open and time.monotonic() < end:
            time.sleep(0.002)
        return dict(self.seen)

    def settings(self, directory):
        portal.write(f"{directory}/config.yaml", "smtp:\n  host: 127.0.0.1\n"
                     f"  port: {self.server.server_address[1]}\n  security: none\n"
                     "  from: portal@modelo.example\n")

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Folder:
    """Stands in for a server where none is set: the Maildir."""

    def __init__(self, directory):
        self.directory = directory

    def settled(self):
        found = collections.Counter()
        for path in glob.glob(f"{self.directory}/p.db.mail/new/*"):
            with open(path, encoding="utf-8") as mail:
                found[re.search(r"(?m)^To: <?([^>\n]*)", mail.read())[1]] += 1
        return dict(found)

    def settings(self, directory):
        portal.write(f"{directory}/config.yaml", "")

    def stop(self):
        pass


@contextlib.contextmanager
def database(directory):
    with contextlib.closing(sqlite3.connect(f"{directory}/p.db", timeout=30)) as db, db:
        yield db


def address(i):
    return f"p{i}@lote.example"


def queue(directory, count):
    with database(directory) as db:
        db.execute("UPDATE outbox SET next_attempt_at = 1 << 50 WHERE state = 'queued'")
        db.executemany(
            "INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,"
            " next_attempt_at, cause_kind, cause_id, created_at) VALUES ('email', ?, 'ticket_closed', 'en',"
            " '{\"office\":\"Modelo\",\"number\":\"1\",\"subject\":\"S\"}', 'queued', 0, ?, 'ticket', 1, 1)",
            [(address(i), 1000 + i) for i in range(count)])


def states(directory):
    """Of each recipient the state, and whether sending it had begun."""
    with database(directory) as db:
        return {row[0]: row[1:] for row in db.execute(
            "SELECT recipient, state, started_at IS NOT NULL FROM outbox WHERE recipient LIKE '%@lote.example'")}


def words(minutes):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1772366400 + 60 * minutes))
    return ["--config", "config.yaml", "deliver", "--now", now, "--json"]


def run(r, minutes):
    outcome = r.run([portal.PORTALCTL, *words(minutes)])
    return None if outcome.status in (0, 7, 8) else f"exit {outcome.status}: {outcome.err.strip()}"


def broken_promise(found, seen):
    """What a message's state says that is not so, or None."""
    for recipient, (state, started) in found.items():
        times = seen.get(recipient, 0)
        if times > 1:
            return f"{recipient} was sent {times} times"
        if state == "queued" and times or state == "sent" and not times:
            return f"{recipient} is {state}, and was seen {times} times"
        if state not in ("queued", "sending", "sent"):
            return f"{recipient} is {state}"
        if state == "sending" and times and not started:
            return f"{recipient} was seen, and is said not to have begun"
    return None


def end_badly(found, seen, folder):
    """found: after the kill. Each arrived; twice only what was in doubt."""
    for recipient, (state, started) in found.items():
        most = 2 if state == "sending" and started and not folder else 1
        if not 1 <= seen.get(recipient, 0) <= most:
            return f"{recipient}, {state} at first, arrived {seen.get(recipient, 0)} times"
    return None


def go_on(r, peer, found):
    """The runs that follow settle everything."""
    why = run(r, AT_ONCE)
    later = {state for state, _ in states(r.directory).values()} - {"sent", "unknown"}
    why = why or (later and f"after the next run some are {later}") or run(r, DOUBTS_OVER)
    last = states(r.directory)
    odd = {state for state, _ in last.values()} - {"sent"}
    return (why or (odd and f"in the end some are {odd}")
            or end_badly(found, peer.settled(), isinstance(peer, Folder))
            or portal.run_invariants(f"{r.directory}/p.db"))


@contextlib.contextmanager
def site(bases, way, count=MAILS):
    with portal.Round(bases, BASE) as r:
        peer = Peer() if way == "smtp" else Folder(r.directory)
        try:
            peer.settings(r.directory)
            queue(r.directory, count)
            yield r, peer
        finally:
            peer.stop()


def kill_one(bases, way, injection):
    with site(bases, way) as (r, peer):
        name = injection.split(":")[0]
        argv = sysfault.strace(r, "-e", f"trace={name}", "-e", f"inject={injection}")
        r.run([*argv, portal.PORTALCTL, *words(0)])
        found = states(r.directory)
        return broken_promise(found, peer.settled()) or go_on(r, peer, found)


def kill_campaign(bases, way, runner):
    with site(bases, way) as (r, _):
        r.run([*sysfault.strace(r), portal.PORTALCTL, *words(0)])
        calls = re.findall(r"(?m)^([a-z_0-9]+)\(", r.text("trace"))
    start = next(i for i, name in enumerate(calls) if name == "flock")
    plan = list(sysfault.injections(calls, start, "KILL"))
    return runner.rounds(plan, lambda injection: kill_one(bases, way, injection))


class Recording(powerfail.Recording):
    """Notes, as if it was said, when the last byte of a message was given away."""

    def add(self, name, arguments, result):
        if name != "sendto":
            super().add(name, arguments, result)
        elif r'"\x2e\x0d\x0a"' in arguments:
            self.ops.append(("say", b"."))


def go_on_after_cut(r, peer, seen):
    why = run(r, CLAIMS_OVER)
    again = set(peer.settled()) & set(seen)
    why = why or (again and f"sent again without a doubt: {again}") or run(r, DOUBTS_OVER)
    arrived = collections.Counter(peer.settled())
    twice = [recipient for recipient, times in arrived.items() if times > 1]
    lost = {address(i) for i in range(MAILS)} - set(arrived) - set(seen)
    if twice or lost:
        why = why or f"twice {twice}, lost {lost}"
    return why or portal.run_invariants(f"{r.directory}/p.db")


def cut_one(bases, disk_state):
    """Every message that had left is known to have, or in doubt; nothing else had."""
    _, files, said = disk_state
    with portal.Round(bases, BASE) as r:
        shutil.rmtree(r.directory)
        powerfail.build(r.directory, {"": None, **files})
        seen = {address(i): 1 for i in range(len(said))}
        found = states(r.directory)
        # The claim itself may be lost with all that followed: nothing had left then.
        why = broken_promise({k: (s, True) for k, (s, _) in found.items()}, seen)
        if why:
            return why
        with database(r.directory) as db:
            db.execute("UPDATE outbox SET boot = 'before the power cut' WHERE boot IS NOT NULL")
        peer = Peer()
        try:
            peer.settings(r.directory)
            return go_on_after_cut(r, peer, seen)
        finally:
            peer.stop()


def cut_campaign(bases, runner):
    with site(bases, "smtp") as (r, _):
        base = f"{r.top}/base"
        shutil.copytree(r.directory, base)
        outcome = r.run(["strace", "-y", "-xx", "-s", "100000000", "-qqq", "-o", f"{r.top}/trace", "-e",
                         f"trace={powerfail.TRACED},sendto", portal.PORTALCTL, *words(0)])
        recording = Recording(r.text("trace"), r.directory, f"{r.top}/out")
        chance = random.Random(runner.options.seed)
        plan = [powerfail.Label(s) for s in powerfail.states_of(recording, base, "prefix", chance)]
    left = recording.ops.count(("say", b"."))
    if outcome.status or left != MAILS:
        raise SystemExit(f"the recorded run sends {left}: {outcome.err}")
    return runner.rounds(plan, lambda disk_state: cut_one(bases, disk_state))


def crowd_one(bases, wide, count):
    with site(bases, "smtp", count) as (r, peer):
        results = races.Crowd(r.directory, wide).run([tuple(words(0))] * 8, at_once=8)
        seen = peer.settled()
        found = {state for state, _ in states(r.directory).values()}
        odd = [(a, seen.get(address(a), 0)) for a in range(count) if seen.get(address(a), 0) != 1]
        return (races.unlike(results, s0=8) or (odd and f"not once: {odd[:5]}")
                or (found != {"sent"} and f"some are {found}")
                or portal.run_invariants(f"{r.directory}/p.db"))


def crowd_campaign(bases, wide, runner):
    return runner.rounds(["8 at once, 200 mails"], lambda _: crowd_one(bases, wide, 200))
