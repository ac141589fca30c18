"""A clock that stands still until it is told to move, and ids drawn from a seed."""
import base64
import datetime
import hashlib

UTC = datetime.timezone.utc


def seconds(when):
    """Seconds since 1970 of a number or an ISO time; ValueError for anything else."""
    if isinstance(when, bool) or not isinstance(when, (int, str)):
        raise ValueError(f"'{when}' is no time")
    if isinstance(when, int):
        return when
    moment = datetime.datetime.fromisoformat(when.replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


class Clock:
    """now: seconds since 1970, whole ones."""

    def __init__(self, start):
        self.now = seconds(start)

    def set(self, when):
        self.now = seconds(when)

    def move(self, more):
        self.now += int(more)

    def iso(self):
        return datetime.datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Ids:
    """No two of a kind are equal; the same seed and the same order give the same ids."""

    def __init__(self, seed):
        self.seed, self.count = seed, {}

    def digest(self, kind):
        count = self.count[kind] = self.count.get(kind, 0) + 1
        return hashlib.sha256(f"{self.seed} {kind} {count}".encode()).digest()

    def hex(self, kind, length):
        return self.digest(kind).hex()[:length]

    def number(self, kind, digits=16):
        """A number that does not begin with 0. The count in it keeps two from being equal."""
        drawn = int.from_bytes(self.digest(kind)[:8], "big") % 10 ** (digits - 7)
        return f"1{drawn:0{digits - 7}d}{self.count[kind]:06d}"

    def wamid(self, who, inbound):
        """What Meta makes of it: the other side's number, the direction, random digits."""
        who, drawn = who.encode()[:100], self.hex("wamid", 20 if inbound else 18).upper().encode()
        packed = (bytes((0x1c, 0x18, len(who))) + who + b"\x15\x02\x00"
                  + (b"\x12" if inbound else b"\x11") + bytes((0x18, len(drawn))) + drawn + b"\0")
        return "wamid." + base64.b64encode(packed).decode()

    def trace(self):
        return "A" + base64.urlsafe_b64encode(self.digest("trace"))[:22].decode()
