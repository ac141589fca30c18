#!/usr/bin/env python3
"""read-mail.py FILE...: a mail a file, read with Python's own reader, as a line of JSON
each. Says what is wrong, with exit status 1: a fault in its form; HTML that is no XML, has
other words than the text, or anything that is run or fetched."""

import email
import email.policy
import hashlib
import json
import re
import sys
import xml.etree.ElementTree

TAGS = {"html", "head", "meta", "title", "style", "body", "main", "p", "br", "a"}
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "dir", "href"}
DECEIVE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069"
                     "\ufeff\U000e0000-\U000e007f]")


def shown(match):
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def words(text):
    return DECEIVE.sub(shown, text).split()


def check_form(raw, message):
    for part in message.walk():
        yield from (f"defect {type(d).__name__}" for d in part.defects)
        for name, value in part.items():
            yield from (f"{name}: {type(d).__name__}: {d}" for d in value.defects)
    if max(map(len, raw.split(b"\n"))) > 998 or not raw.isascii() or b"\0" in raw:
        yield "a line is too long, or not ASCII"
    for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "List-Id", "Auto-Submitted"):
        if len(message.get_all(name, [])) != 1:
            yield f"{name} is not there once"


def check_html(page, text):
    for element in page.iter():
        yield from (f"<{element.tag}> in the HTML" for _ in [0] if element.tag not in TAGS)
        yield from (f"{name}= in the HTML" for name in element.attrib if name not in ATTRIBUTES)
        href = element.get("href")
        if href is not None and not re.match("https?://[A-Za-z0-9]", href) or href != (
                element.text if element.tag == "a" else None):
            yield f"a link to {href!r}"
    style = page.find("head/style").text
    yield from (f"{what} in the style" for what in ("url", "@import", "expression") if what in style)
    main = page.find("body/main")
    paragraphs = [p for p in main if p.get("class") != "office"]
    got = " ".join("".join(p.itertext()) if not len(p) else words_of(p) for p in paragraphs).split()
    if got != words(text):
        yield f"the HTML says {got}, the text {words(text)}"


def words_of(paragraph):
    return "".join(piece for element in paragraph.iter() for piece in (
        [" "] if element.tag == "br" else []) + [element.text or "", *(
            [element.tail or ""] if element is not paragraph else [])])


def describe(message, page, text):
    return {
        "headers": {name: str(message[name]) for name in message.keys()},
        "order": [part.get_content_type() for part in message.walk()],
        "lang": page.get("lang"),
        "title": page.find("head/title").text,
        "office": page.find("body/main/p[@class='office']").text,
        "links": [a.get("href") for a in page.iter("a")],
        "text": text,
        "files": [{"name": part.get_filename(), "type": part.get_content_type(),
                   "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest()}
                  for part in message.iter_attachments()],
    }


def read(path):
    raw = open(path, "rb").read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text = message.get_body(("plain",)).get_content()
    page = xml.etree.ElementTree.fromstring(message.get_body(("html",)).get_content())
    faults = [*check_form(raw, message), *check_html(page, text)]
    for fault in faults:
        print(f"{path}: {fault}", file=sys.stderr)
    print(json.dumps(describe(message, page, text), ensure_ascii=False))
    return not faults


if __name__ == "__main__":
    sys.exit(not all([read(path) for path in sys.argv[1:]]))
