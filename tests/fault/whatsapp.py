"""The client of the WhatsApp Cloud API against servers that do everything a server may do:
each call has its class, nothing that may have been accepted is sent again, and the token
goes to nobody else."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time

import portal

NET = os.path.join(os.path.dirname(portal.HERE), "net")
DRIVER = os.path.join(os.path.dirname(os.path.dirname(portal.PORTALCTL)), "net", "whatsapp")
PHONE, TOKEN = "106540352242922", "EAAsecret-of-the-test"
TIMEOUT_SECONDS = 2

# What a message is after the first call.
SENT, LATER, STOPPED, REFUSED, UNKNOWN = "sent", "retry", "stop", "failed", "unknown"
MODES = {
    SENT: "ok keepalive-close dup-cl",
    LATER: "rst-before 408 429-130429 429-ra2 429-ra-date 429-ra-past 429-ra-huge 429-ra-neg "
           "429-ra-junk 400-131056 500-131000 503-131016",
    STOPPED: "301-other 302-other 307-other 308-other 302-file 401-190 403-10",
    REFUSED: "400-100 400-131026 400-131047 400-131051 404-132001 echo-token",
    UNKNOWN: "rst-after-headers rst-after-body fin-after-body silent-after-body silent "
             "headers-slowloris body-slowloris truncated huge-body gzip-bomb header-flood "
             "header-huge http09 not-http bad-chunk endless-100 404 413 418 999 500 502 "
             "503-ra5 504 200-empty 200-html 200-badjson 200-noid 200-idnum 200-deep 200-dupkeys "
             "200-errorbody 200-nul 200-esc 201 204",
}
EXPECTED = {mode: state for state, modes in MODES.items() for mode in modes.split()}
# A reset may win against the body.
ALSO = {"rst-after-headers": LATER}
WAITS = {"429-ra2": 2, "429-ra-date": 86400, "429-ra-past": 300, "429-ra-huge": 300,
         "429-ra-neg": 300, "429-ra-junk": 300, "429-130429": 0, "400-131056": 0}
LIMITED, WINDOW = {"500-131000"}, {"400-131047"}
REUSED = ("reused-fin", "reused-rst")
CERTIFICATES = ("wronghost", "untrusted", "expired", "selfsigned", "weak")


class Server:
    """evil-http.py in a mode for one connection, or for all, and its log."""

    def __init__(self, directory, name, mode, *more, certificate="good"):
        self.log, port = f"{directory}/{name}.log", f"{directory}/{name}.port"
        certificates = f"{directory}/certificates"
        if not os.path.exists(certificates):
            subprocess.run([f"{NET}/make-certificates", certificates], check=True,
                           capture_output=True)
        self.authority = f"{certificates}/ca.pem"
        self.process = subprocess.Popen(
            [sys.executable, f"{NET}/evil-http.py", "--mode", mode, "--log", self.log,
             "--portfile", port, "--hold", "20", "--max-seconds", "120",
             "--cert", f"{certificates}/{certificate}.pem",
             "--key", f"{certificates}/{certificate}.key", *more], stdout=subprocess.DEVNULL)
        while not os.path.exists(port):
            time.sleep(0.02)
        with open(port, encoding="ascii") as file:
            self.url = f"https://localhost:{file.read().strip()}/"

    def events(self, kind):
        with open(self.log, encoding="utf-8") as lines:
            return [event for event in map(json.loads, lines) if event["ev"] == kind]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()


def call(server, lines):
    """What became of each; all that was said."""
    done = subprocess.run([DRIVER, f"{server.url}v25.0", PHONE, server.authority,
                           str(TIMEOUT_SECONDS), "4000"], input="".join(lines), text=True,
                          capture_output=True, timeout=60, check=False,
                          env={**os.environ, "WHATSAPP_TOKEN": TOKEN,
                               "https_proxy": "http://127.0.0.1:9", "SSLKEYLOGFILE": ""})
    said = done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], said


def text(body):
    return f"text\t+5531999990001\t{body}\n"


def judge_first(mode, first):
    want = EXPECTED[mode]
    if first["class"] not in (want, ALSO.get(mode)):
        return f"{first['class']}, not {want}: {first['said']}"
    if first["retry_after"] != WAITS.get(mode, 0):
        return f"is to wait {first['retry_after']} s"
    if first["limited"] != (mode in LIMITED) or first["window_closed"] != (mode in WINDOW):
        return f"{first}"
    if first["ms"] > TIMEOUT_SECONDS * 1000 + 1500:
        return f"took {first['ms']} ms"
    return None


def judge_peers(server, other, said):
    if TOKEN in said:
        return "the token was shown"
    if other.events("req"):
        return f"the other host was asked: {other.events('req')}"
    unasked = [event for event in server.events("req") if not event["auth"]
               or not event["ua"].startswith("portalctl/") or event["method"] != "POST"]
    return f"asked without the token: {unasked}" if unasked else None


def one(directory, mode):
    """The first call meets the mode, the second a server that works."""
    with Server(directory, "other", "ok") as other, \
            Server(directory, "api", mode, "--fail-first", "1", "--other", other.url) as server:
        ends, said = call(server, [text("one"), text("two")])
        if len(ends) != 2:
            return f"no outcome: {said}"
        accepted = [event["opaque"] for event in server.events("accepted")]
        return (judge_first(mode, ends[0]) or judge_peers(server, other, said)
                or (None if ends[1]["class"] == SENT else f"then {ends[1]}")
                or (None if len(set(accepted)) == len(accepted) else f"twice: {accepted}"))


def reused(directory, mode):
    """The second call goes over a connection that served before, and gets no answer."""
    with Server(directory, "api", mode, "--fail-first", "1") as server:
        ends, said = call(server, [text("one"), text("two"), text("three")])
        classes = [end["class"] for end in ends]
        accepted = [event["opaque"] for event in server.events("accepted")]
        if classes != [SENT, UNKNOWN, SENT]:
            return f"{classes}: {said}"
        return None if accepted == ["1", "2", "3"] else f"accepted {accepted}"


def untrusted(directory, certificate):
    with Server(directory, "api", "ok", certificate=certificate) as server:
        ends, said = call(server, [text("one")])
        if server.events("req"):
            return "the request went out"
        return None if [end["class"] for end in ends] == [STOPPED] else said


def campaign(kind, name, runner):
    def play(it):
        directory = portal.scratch("whatsapp-")
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, directory, ignore_errors=True)
            return kind(directory, it)
    return runner.rounds([name], play)


def campaigns(runner):
    """Each by its name."""
    every = [(one, EXPECTED), (reused, REUSED), (untrusted, CERTIFICATES)]
    return {f"whatsapp:{name}": lambda kind=kind, name=name: campaign(kind, name, runner)
            for kind, names in every for name in names}
