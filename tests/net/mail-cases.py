#!/usr/bin/env python3
"""mail-cases.py DATABASE LOG SAVED -- DELIVER...: sends texts that were trouble to somebody
through an evil-smtp.py that works and keeps the mails in SAVED, each with a run of DELIVER, and
looks at what arrived. Says what is wrong, with exit status 1."""

import email
import email.header
import email.policy
import email.utils
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import unicodedata

BODIES = {
    "empty": " ",
    "a dot": ".",
    "dots": "..\n...\n.a\n.",
    "end by LF": "a\n.\nMAIL FROM:<evil@evil.example>\n",
    "end by CRLF": "a\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n",
    "end by CR": "a\r.\rb",
    "end by LF and CRLF": "a\n.\r\nRSET\r\n",
    "end by CRLF and LF": "a\r\n.\nRSET\r\n",
    "end by CRLF and CR": "a\r\n.\rRSET",
    "bare CR": "a\rb\rc",
    "mixed ends": "a\rb\nc\r\nd\n\re",
    "From": "From me\n>From you\nFrom: x",
    "a long line": "x" * 5000,
    "a long line of others": "é日" * 3000,
    "trailing blanks": "a \t \nb  ",
    "a boundary": "--=_a_0000000000000001\r\nContent-Type: text/html\r\n\r\n<script>\r\n--=_a_0000000000000001--",
    "like an encoding": "=20=\n=3D =?UTF-8?Q?a?= YQ==",
    "emoji and marks": "👩‍👩‍👧 e\u0301 \u202eabc\u202c \ufeff \u0085 \u2028 \U0010ffff",
    "controls": "\x01\x07\x08\x0b\x0c\x0e\x1b[31m\x7f",
}

HEADERS = {
    "a field": "a\r\nBcc: evil@evil.example",
    "a field by LF": "a\nBcc: evil@evil.example",
    "a field by CR": "a\rBcc: evil@evil.example",
    "a body": "a\r\n\r\n<script>",
    "a folded field": "a\r\n Bcc: evil@evil.example",
    "an end": "a\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "others": "São João 日本 🎉",
    "many others": "é" * 400,
    "many": "word " * 150 + "end",
    "one long word": "x" * 900,
    "an encoded word": "=?UTF-8?Q?a=0D=0ABcc:_evil?=",
    "half of one": "=?UTF-8?B?",
    "quotes": 'a "b" \'c\' \\ d',
    "an address": '"Evil" <evil@evil.example>, other@evil.example;',
    "a comment": "a (b) c",
    "controls": "a\x01\x07\x1b[31m\x7fb",
    "C1": "a\u0085\u009bb",
    "separators": "a\u2028b\u2029c",
    "direction": "\u202eexe.fdp\u202c\u2066a\u2069",
    "an empty one": " ",
}


def name_of(message):
    """The older reader of addresses; the newer one leaves the blanks between encoded words."""
    raw = re.sub("\r\n", "", dict(message.raw_items())["From"])
    name, address = email.utils.parseaddr(raw)
    return str(email.header.make_header(email.header.decode_header(name))), address


def in_header(text):
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


class Case:
    def __init__(self, what, office="Office", company="Company", reason="Reason"):
        self.what, self.office, self.company, self.reason = what, office, company, reason

    def queue(self, database):
        arguments = json.dumps({"office": "Office", "company_name": self.company, "number": "1", "total": "2",
                                "reason": self.reason}, ensure_ascii=False)
        with sqlite3.connect(database) as db:
            db.execute("UPDATE company SET name = ? WHERE id = (SELECT office_id FROM portal)", (self.office,))
            return db.execute(
                "INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, next_attempt_at,"
                " cause_kind, cause_id, created_at) VALUES ('email', 'carla@beta.example', 'sale_refused', 'en', ?,"
                " 'queued', 0, 0, 'sale', 1, 0) RETURNING id", (arguments,)).fetchone()[0]

    def text(self):
        text = (f"Hello,\n\n{self.company} refused the sale 1, 2 in all.\n\nReason:\n\n{self.reason}\n\n"
                "Kind regards,\nOffice\n")
        return re.sub("\r\n|\r", "\n", text)

    def check(self, raw):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        part = message.get_body(("plain",))
        got = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        if got != self.text():
            yield f"the text is {got!r:.200}"
        if message["Subject"] != in_header(f"{self.company} refused sale 1"):
            yield f"the subject is {message['Subject']!r:.200}"
        if name_of(message) != (in_header(self.office).strip(), "portal@modelo.example") and self.office.strip():
            yield f"it is from {name_of(message)!r:.200}"
        if sorted(message.keys()) != sorted("From To Reply-To Subject Date Message-ID List-Id Auto-Submitted "
                                            "MIME-Version Content-Type".split()):
            yield f"its header has {message.keys()}"


def state_of(database, number):
    with sqlite3.connect(database) as db:
        return db.execute("SELECT state FROM outbox WHERE id = ?", (number,)).fetchone()[0]


def accepted(log):
    return [event for event in map(json.loads, open(log, encoding="ascii")) if event["ev"] == "accepted"]


def faults(case, database, log, saved, deliver):
    before = len(accepted(log))
    number = case.queue(database)
    subprocess.run(deliver, check=False, capture_output=True)
    new = accepted(log)[before:]
    if re.search("[\r\n]", case.company):
        if new or state_of(database, number) != "failed":
            yield "a subject of two lines went out"
        return
    if len(new) != 1 or state_of(database, number) != "sent":
        yield f"sent {len(new)} times, {state_of(database, number)}"
        return
    if new[0]["smuggle"] or new[0]["bare"] or new[0]["nul"] or new[0]["maxline"] > 998:
        yield f"it has {new[0]}"
    if new[0]["rcpt"] != ["<carla@beta.example>"]:
        yield f"it went to {new[0]['rcpt']}"
    yield from case.check(pathlib.Path(saved, f"{new[0]['n']:04d}.eml").read_bytes())


def main():
    database, log, saved = sys.argv[1:4]
    cases = [Case(f"body: {what}", reason=text) for what, text in BODIES.items()]
    cases += [Case(f"subject: {what}", company=text) for what, text in HEADERS.items()]
    cases += [Case(f"name: {what}", office=text) for what, text in HEADERS.items()]
    bad = 0
    for case in cases:
        for fault in faults(case, database, log, saved, sys.argv[5:]):
            print(f"{case.what}: {fault}")
            bad = 1
    print(f"{len(BODIES)} bodies, {len(HEADERS)} headers")
    sys.exit(bad)


main()
