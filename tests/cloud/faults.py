"""What goes wrong on the way: modes for the next requests, one after the other."""
import re
import select
import time

import statuses
from answer import Answer, refusal
from errors import ControlError, GraphError

PAGE = (b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went "
        b"wrong.</h1></body></html>")
HTML = "text/html; charset=utf-8"


def error(fault, link, unused_answer):
    """code, and where wanted: details, subcode, status, transient, retry_after, regain_minutes."""
    refused = GraphError(fault.get("code", 131000), fault.get("details"),
                         subcode=fault.get("subcode"), status=fault.get("status"),
                         transient=fault.get("transient"))
    refused.headers = statuses.pace(link.settings, fault.get("retry_after"),
                                    fault.get("regain_minutes"))
    link.send(refusal(refused, link.ids))


def transient(fault, link, unused_answer):
    """503, code 2, is_transient."""
    error(fault.with_values(code=2), link, unused_answer)


def html(fault, link, unused_answer):
    """status (502): a page of the balancer."""
    headers = statuses.pace(link.settings, fault.get("retry_after"), None)
    link.send(Answer(fault.get("status", 502), PAGE, HTML, headers))


def hang(fault, link, unused_answer):
    """No answer for so many seconds, or until the caller leaves."""
    select.select([link.socket], [], [], fault.get("seconds", 3600))
    link.close()


def reset(unused_fault, link, unused_answer):
    """RST."""
    link.close(reset=True)


def lost(unused_fault, link, unused_answer):
    """The connection ends without an answer."""
    link.close()


def slow(fault, link, answer):
    """chunk (1) bytes of the body every interval (0.05) seconds."""
    whole = answer.wire()
    start, step = len(whole) - len(answer.body), fault.get("chunk", 1)
    link.write(whole[:start])
    for i in range(start, len(whole), step):
        time.sleep(fault.get("interval", 0.05))
        link.write(whole[i:i + step])


def cut(fault, link, answer):
    """The first keep (half) of the body's bytes, then the end."""
    body = len(answer.body)
    whole = answer.wire()
    link.write(whole[:len(whole) - body + min(fault.get("keep", body // 2), body)])
    link.close()


def content_type(fault, link, answer):
    """The right bytes under another type (text/html)."""
    link.send(Answer(answer.status, answer.body, fault.get("type", HTML), answer.headers))


def redirect(fault, link, unused_answer):
    """status (302) to another place."""
    link.send(Answer(fault.get("status", 302), b"", HTML, [("Location", fault.get("to", "/"))]))


def other(fault, link, unused_answer):
    """Any text under any status (200) and type: empty, cut JSON, no id."""
    link.send(Answer(fault.get("status", 200), fault.get("text", "").encode(),
                     fault.get("type", "application/json")))


def huge(fault, link, answer):
    """So many bytes (1 MiB) of blanks behind the right answer."""
    padding = b" " * fault.get("bytes", 1 << 20)
    link.send(Answer(answer.status, answer.body + padding, answer.type, answer.headers))


# mode: (what it does, whether the request is carried out all the same unless it is said).
MODES = {
    "error": (error, False), "transient": (transient, False), "html": (html, False),
    "hang": (hang, False), "reset": (reset, False), "lost": (lost, True), "slow": (slow, True),
    "cut": (cut, True), "content-type": (content_type, True), "redirect": (redirect, False),
    "body": (other, False), "huge": (huge, True),
}
ANSWERED = ("slow", "cut", "content-type", "huge")
COMMON = {"mode", "count", "skip", "path", "method", "accepted", "read"}
MORE = {"error": {"code", "details", "subcode", "status", "transient", "retry_after",
                  "regain_minutes"},
        "transient": {"details", "retry_after", "regain_minutes"},
        "html": {"status", "retry_after"}, "hang": {"seconds"}, "reset": set(), "lost": set(),
        "slow": {"chunk", "interval"}, "cut": {"keep"}, "content-type": {"type"},
        "redirect": {"status", "to"}, "body": {"status", "text", "type"}, "huge": {"bytes"}}


class Fault:
    """One mode for some requests. accepted: the request is carried out before. read: its
    body is taken in; without, a reset comes in the midst of it."""

    def __init__(self, it):
        mode = it.get("mode")
        if mode not in MODES:
            raise ControlError(f"'{mode}' is no mode of {', '.join(MODES)}")
        unknown = set(it) - COMMON - MORE[mode]
        if unknown:
            raise ControlError(f"mode {mode} has no {', '.join(sorted(unknown))}")
        self.it, self.mode, self.play = it, mode, MODES[mode][0]
        self.count, self.skip = it.get("count", 1), it.get("skip", 0)
        self.path, self.method = re.compile(it.get("path", "")), it.get("method")
        self.accepted = it.get("accepted", MODES[mode][1])
        self.read = it.get("read", True) or self.accepted
        if mode in ANSWERED and not self.accepted:
            raise ControlError(f"mode {mode} answers what was carried out")

    def get(self, name, usual=None):
        return self.it.get(name, usual)

    def with_values(self, **more):
        return Fault({**self.it, "mode": "error", **more})

    def meets(self, method, path):
        """Is it this request's turn?"""
        if self.count < 1 or not self.path.search(path) or self.method not in (None, method):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.count -= 1
        return True

    def view(self):
        return {**self.it, "count": self.count, "skip": self.skip}


class Faults:
    """The first that fits is played."""

    def __init__(self):
        self.all = []

    def add(self, it):
        self.all.append(Fault(it))

    def take(self, method, path):
        return next((fault for fault in self.all if fault.meets(method, path)), None)

    def view(self):
        return {"faults": [fault.view() for fault in self.all if fault.count]}

    def forget(self):
        self.all.clear()
        return {}
