"""mime.py FOLDER: reads every message N.eml there with Python's own reader of mail, which
must find no fault with it, and what went into it, one value a file: N.subject, N.from,
N.to (names of people), N.text, N.html, N.name.0, N.type.0 and N.file.0 of attachments.
Says what differs; exit status 1 then."""

import email
import email.header
import email.policy
import email.utils
import pathlib
import re
import sys
import unicodedata

MARKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f/\\\\]")


def without_controls(text, instead):
    controls = ("Cc", "Zl", "Zp")
    return "".join(instead if unicodedata.category(c) in controls else c for c in text)


def given(path):
    return path.read_bytes().decode() if path.exists() else None


def in_header(path):
    return without_controls(given(path), " ")


def file_name(path):
    return MARKS.sub("_", without_controls(given(path) or "attachment", "_"))


def lines(path):
    text = re.sub(b"\r\n|\r|\n", b"\r\n", path.read_bytes())
    return text if not text or text.endswith(b"\n") else text + b"\r\n"


def faults(message):
    yield from (f"defect {type(d).__name__}" for part in message.walk() for d in part.defects)
    for part in message.walk():
        for name, value in part.items():
            yield from (f"{name}: {type(d).__name__}: {d}" for d in value.defects)


def person(message, field):
    """The older reader of addresses: the newer one, that of the policy, leaves the blanks
    between encoded words in names, which RFC 2047 (6.2) takes away."""
    folded = dict(message.raw_items())[field.capitalize()]
    name, address = email.utils.parseaddr(re.sub("\r\n", "", folded))
    assert address == message[field].addresses[0].addr_spec
    return str(email.header.make_header(email.header.decode_header(name)))


def differences(message, base):
    def differ(what, got, want):
        if got != want:
            yield f"{what} is {got!r:.300}, not {want!r:.300}"

    yield from differ("subject", message["subject"], in_header(base.with_suffix(".subject")))
    for field in ("from", "to"):
        yield from differ(field, person(message, field), in_header(base.with_suffix("." + field)))
    for kind, suffix in (("plain", ".text"), ("html", ".html")):
        part = message.get_body((kind,))
        path = base.with_suffix(suffix)
        if part or path.exists():
            yield from differ(kind, part.get_payload(decode=True), lines(path))
    files = list(message.iter_attachments())
    yield from differ("attachments", len(files), len(list(base.parent.glob(base.name + ".file.*"))))
    for i, part in enumerate(files):
        name = part["content-disposition"].params["filename"]
        yield from differ("name", name, file_name(base.with_suffix(f".name.{i}")))
        want = base.with_suffix(f".file.{i}").read_bytes()
        yield from differ("file", part.get_payload(decode=True), want)
        yield from differ("type", part.get_content_type(), given(base.with_suffix(f".type.{i}")))


def main():
    count = bad = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        count += 1
        for what in [*faults(message), *differences(message, path.with_suffix(""))]:
            print(f"# {path.name}: {what}")
            bad += 1
    return 1 if bad or count < 50 else 0


sys.exit(main())
