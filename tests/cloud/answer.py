"""Requests as they came and answers as they go out."""
import http
import json
from dataclasses import dataclass, field

from errors import bad

JSON = "application/json; charset=UTF-8"


@dataclass
class Request:
    """headers: pairs, in their order. base: how the caller wrote this host."""
    method: str
    path: str
    query: dict
    headers: list
    base: str
    body: bytes = b""

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), "")

    def json(self):
        """The body; as the Graph says it where there is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise bad("The parameter messaging_product is required.") from None


@dataclass
class Answer:
    """body: bytes, or what becomes JSON."""
    status: int
    body: object
    type: str = JSON
    headers: list = field(default_factory=list)

    def __post_init__(self):
        if not isinstance(self.body, bytes):
            self.body = json.dumps(self.body, separators=(",", ":")).encode()

    def wire(self):
        """All of it, in one piece: two would wait for each other."""
        try:
            reason = http.HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Unknown"
        head = [("Content-Type", self.type), *self.headers, ("Content-Length", len(self.body))]
        lines = [f"HTTP/1.1 {self.status} {reason}"] + [f"{name}: {text}" for name, text in head]
        return "\r\n".join(lines + ["", ""]).encode("latin-1") + self.body


def refusal(error, ids):
    """The answer to what was refused."""
    trace = ids.trace()
    headers = [("x-fb-trace-id", trace), *error.headers]
    if error.status == 401:
        headers.append(("WWW-Authenticate", 'OAuth "Facebook Platform" "invalid_token"'))
    return Answer(error.status, error.envelope(trace), headers=headers)
