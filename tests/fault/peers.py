"""deliver against mail servers that do everything a mail server may do, and then against
one that works: nothing is lost, and nothing is sent twice but where no answer came."""

import collections
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

import portal

NET = os.path.join(os.path.dirname(portal.HERE), "net")
MAX_SECONDS = 4
BASE = portal.Command("deliver", "deliver")

# What a message is after the first run, and what at the end.
SENT, LATER, STOPPED, REFUSED, UNKNOWN = "sent", "queued", "stopped", "failed", "unknown"
MODES = {
    SENT: "ok quit-silent quit-rst dot-250-rst no-8bit no-smtputf8 greet-nul rcpt-mixed size-small",
    LATER: "greet-silent greet-drop greet-421 greet-slowloris greet-endless greet-longline halfopen "
           "ehlo-drop auth-454 auth-drop mail-451 rcpt-450 rcpt-452 data-354-drop data-451 dot-451 dot-452 "
           "mid-421 reply-endless reply-noncode",
    STOPPED: "greet-554 no-starttls starttls-454 starttls-garbage starttls-inject auth-535 ehlo-500",
    REFUSED: "mail-550 rcpt-550 rcpt-551 data-554 dot-552 dot-554",
    UNKNOWN: "dot-rst dot-fin dot-silent",
}
EXPECTED = {mode: state for state, modes in MODES.items() for mode in modes.split()}
# Minutes after the message was queued: enough for every attempt there may be.
LATER_RUNS = (6, 22, 400, 2000)


class Server:
    """evil-smtp.py in a mode for one connection, or for ever, and its log."""

    def __init__(self, directory, mode):
        self.log = f"{directory}/smtp.log"
        port = f"{directory}/port"
        certificates = f"{directory}/certificates"
        subprocess.run([f"{NET}/make-certificates", certificates], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [sys.executable, f"{NET}/evil-smtp.py", "--mode", mode, "--log", self.log, "--portfile", port,
             "--fail-first", "1", "--hold", "20", "--max-seconds", "120",
             "--cert", f"{certificates}/good.pem", "--key", f"{certificates}/good.key"],
            stdout=subprocess.DEVNULL)
        while not os.path.exists(port) or not open(port).read().strip():
            time.sleep(0.02)
        password = os.open(f"{directory}/password", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(password, b"uma senha\n")
        os.close(password)
        with open(f"{directory}/config.yaml", "w", encoding="utf-8") as config:
            config.write(f"smtp:\n  host: localhost\n  port: {open(port).read().strip()}\n"
                         f"  user: portal\n  password_file: {directory}/password\n"
                         f"  from: portal@modelo.example\n  timeout_seconds: 2\n"
                         f"  ca_file: {certificates}/ca.pem\n")

    def accepted(self):
        """How often each message was taken."""
        lines = [json.loads(line) for line in open(self.log, encoding="utf-8")]
        return collections.Counter(line["msgid"] for line in lines if line["ev"] == "accepted")

    def spoke_plainly(self):
        """Did anything secret come before TLS?"""
        lines = [json.loads(line) for line in open(self.log, encoding="utf-8")]
        return any(not line["tls"] and re.match("AUTH|MAIL|RCPT|DATA", line["line"])
                   for line in lines if line["ev"] == "cmd")

    def stop(self):
        self.process.kill()
        self.process.wait()


def deliver(r, minutes):
    began = time.monotonic()
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1772366400 + 60 * minutes))
    outcome = r.run([portal.PORTALCTL, "--config", "config.yaml", "deliver", "--max-seconds",
                     str(MAX_SECONDS), "--now", now, "--json"])
    took = time.monotonic() - began
    if took > MAX_SECONDS + 5:
        return f"a run took {took:.1f} s"
    return f"exit {outcome.status}: {outcome.err.strip()}" if outcome.status not in (0, 7, 8) else None


def message(r):
    out = r.run([portal.PORTALCTL, "outbox", "list", "--state", "any", "--cause", "invite", "--limit", "1",
                 "--sort", "-id", "--json"])
    return json.loads(out.out)["items"][0]


def judge(server, mode, last):
    want = REFUSED if EXPECTED[mode] == REFUSED else SENT
    most = 2 if EXPECTED[mode] == UNKNOWN else 1
    accepted = server.accepted()
    if last["state"] != want:
        return f"{last['state']} in the end, not {want}: {last['last_error']}"
    if want == SENT and not accepted:
        return "lost"
    if any(count > most for count in accepted.values()) or len(accepted) > 1:
        return f"sent more than {most} times: {dict(accepted)}"
    if server.spoke_plainly():
        return "spoke without TLS"
    return None


def queue_one(r):
    r.run([portal.PORTALCTL, "invite", "send", portal.STRANGER, "--email", "a@b.example",
           "--now", "2026-03-01T12:00:00Z"])
    with contextlib.closing(sqlite3.connect(f"{r.directory}/p.db")) as db, db:
        db.execute("UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL "
                   "WHERE recipient <> 'a@b.example'")


def one(bases, mode):
    with portal.Round(bases, BASE) as r:
        queue_one(r)
        server = Server(r.directory, mode)
        try:
            why = deliver(r, 1)
            first = message(r)
            state = first["state"]
            if not why and state != EXPECTED[mode] and (state, EXPECTED[mode]) != (LATER, STOPPED):
                why = f"{state} at first, not {EXPECTED[mode]}: {first['last_error']}"
            if not why and EXPECTED[mode] == STOPPED and first["attempts"]:
                why = "an attempt was counted that the channel is to blame for"
            for minutes in LATER_RUNS:
                why = why or deliver(r, minutes)
            return why or judge(server, mode, message(r))
        finally:
            server.stop()


def campaign(bases, mode, runner):
    return runner.rounds([mode], lambda mode: one(bases, mode))
