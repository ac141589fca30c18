"""The tries to deliver webhooks: batches, retries by the clock, files, the handshake."""
import concurrent.futures
import http.client
import os
import random
import ssl
import threading
import urllib.parse

from errors import ControlError
from webhooks import enveloped, signature, wire

MOST_UPDATES, MOST_BYTES = 1000, 3 << 20
# Seconds from a failed try to the next; the last one again and again, for seven days.
WAITS = (0, 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
KEPT = 7 * 86400
OPTIONS = {"batch": 1, "group": "change", "order": "fifo", "repeat": 1, "sign": "good",
           "parallel": 1}
CHOICES = {"group": ("entry", "change", "value"), "order": ("fifo", "reverse", "shuffle"),
           "sign": ("good", "wrong", "altered", "none")}


class Batch:
    """One POST, with all its tries. due: when the next one is, None once it is over."""

    def __init__(self, number, body, updates, now):
        self.number, self.body, self.updates, self.born, self.due = number, body, updates, now, now
        self.tries, self.state, self.signature = [], "waiting", None

    def tried(self, status, now):
        self.tries.append({"at": now, "status": status})
        wait = WAITS[min(len(self.tries), len(WAITS)) - 1]
        if status == 200:
            self.state, self.due = "delivered", None
        elif now + wait - self.born > KEPT:
            self.state, self.due = "dropped", None
        else:
            self.due = now + wait

    def view(self):
        return {"n": self.number, "updates": self.updates, "bytes": len(self.body),
                "state": self.state, "due": self.due, "tries": self.tries}

    def whole(self):
        return self.view() | {"body": self.body.decode("utf-8", "replace"),
                              "signature": self.signature}


class Courier:
    """Keeps updates until they are told to go, or sends them at once."""

    def __init__(self, settings, clock, ids, lock):
        self.settings, self.clock, self.ids, self.lock = settings, clock, ids, lock
        self.updates, self.batches, self.wakened = [], [], threading.Event()
        self.worker, self.stopped, self.made = None, False, 0
        self.sending = threading.Lock()

    def add(self, field, value):
        self.updates.append({"value": value, "field": field})
        self.wake()

    def wake(self):
        """Where they go at once, lets them go."""
        if self.settings["webhook_auto"] and not self.worker:
            self.worker = threading.Thread(target=self.work, daemon=True)
            self.worker.start()
        self.wakened.set()

    def stop(self):
        self.stopped = True
        self.wakened.set()

    def work(self):
        while not self.stopped:
            self.wakened.wait()
            self.wakened.clear()
            if self.settings["webhook_auto"] and not self.stopped:
                self.flush({})

    def whole(self, body, updates, sign="good"):
        """A batch made ready. It is signed once; a retry is the same again."""
        self.made += 1
        batch = Batch(self.made, body, updates, self.clock.now)
        secret = self.settings["app_secret"]
        batch.signature = None if sign == "none" else signature(
            secret + "x" if sign == "wrong" else secret, body)
        if sign == "altered":
            batch.body = body.replace(b"whatsapp", b"Whatsapp", 1)
        self.batches.append(batch)
        return batch

    def pack(self, updates, options):
        """Batches of so many updates, and of no more bytes than Meta sends."""
        body = wire(enveloped(self.settings["waba_id"], updates, options["group"]))
        if len(body) > MOST_BYTES and len(updates) > 1:
            half = len(updates) // 2
            self.pack(updates[:half], options)
            self.pack(updates[half:], options)
            return
        for _ in range(options["repeat"]):
            self.whole(body, len(updates), options["sign"])

    def take(self, options):
        """Packs what waits, in the order wanted, and gives what is due."""
        waiting, self.updates = self.updates, []
        if options["order"] == "reverse":
            waiting.reverse()
        elif options["order"] == "shuffle":
            random.Random(self.ids.hex("order", 16)).shuffle(waiting)
        for i in range(0, len(waiting), options["batch"]):
            self.pack(waiting[i:i + options["batch"]], options)
        return [b for b in self.batches if b.due is not None and b.due <= self.clock.now]

    def flush(self, asked):
        """Sends all that is due, and once more at once what was not taken."""
        options = {**OPTIONS, **asked}
        for name, choices in CHOICES.items():
            if options[name] not in choices:
                raise ControlError(f"'{name}' is one of {', '.join(choices)}")
        if set(asked) - set(OPTIONS) or not 1 <= options["batch"] <= MOST_UPDATES:
            raise ControlError(f"a flush has {', '.join(OPTIONS)}; a batch up to {MOST_UPDATES}")
        with self.sending:
            with self.lock:
                due = self.take(options)
            if self.settings["webhook_url"] or self.settings["webhook_dir"]:
                with concurrent.futures.ThreadPoolExecutor(options["parallel"]) as pool:
                    list(pool.map(self.deliver, due))
        return {"batches": [batch.view() for batch in due]}

    def deliver(self, batch):
        while batch.due is not None and batch.due <= self.clock.now and not self.stopped:
            status = self.once(batch)
            with self.lock:
                batch.tried(status, self.clock.now)

    def once(self, batch):
        """One try: the HTTP status, or what went wrong."""
        if self.settings["webhook_dir"]:
            self.write(batch)
        if not self.settings["webhook_url"]:
            return 200
        return self.ask("POST", self.settings["webhook_url"], batch.body, self.headers(batch))[0]

    def headers(self, batch):
        headers = {"Content-Type": "application/json", "Accept": "*/*",
                   "User-Agent": "facebookexternalua"}
        if batch.signature:
            headers["X-Hub-Signature-256"] = batch.signature
        return headers

    def write(self, batch):
        """NNNNN-TRY.json, and beside it .signature: the header's value."""
        name = f"{self.settings['webhook_dir']}/{batch.number:05d}-{len(batch.tries) + 1}"
        for end, data in ((".signature", (batch.signature or "").encode()), (".json", batch.body)):
            with open(name + ".new", "wb") as file:
                file.write(data)
            os.rename(name + ".new", name + end)

    def ask(self, method, url, body=None, headers=None):
        """(status, body) of a request that follows no redirects."""
        parts = urllib.parse.urlsplit(url)
        try:
            link = self.link(parts)
            try:
                path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
                link.request(method, path, body, headers or {"User-Agent": "facebookplatform"})
                answer = link.getresponse()
                return answer.status, answer.read(1 << 16)
            finally:
                link.close()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, b""

    def link(self, parts):
        timeout = self.settings["webhook_timeout"]
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.settings["webhook_ca"])
            return http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=context)
        return http.client.HTTPConnection(parts.netloc, timeout=timeout)

    def handshake(self, asked):
        """The GET that asks for the challenge; without a url, its query alone."""
        with self.lock:
            challenge = self.ids.number("challenge", 10)
            token = asked.get("verify_token", self.settings["verify_token"])
            query = urllib.parse.urlencode({"hub.mode": asked.get("mode", "subscribe"),
                                            "hub.challenge": challenge, "hub.verify_token": token})
            url = self.settings["webhook_url"]
        said = {"query": query, "challenge": challenge}
        if url:
            status, body = self.ask("GET", f"{url}{'&' if '?' in url else '?'}{query}")
            said |= {"status": status, "body": body.decode("utf-8", "replace"),
                     "verified": status == 200 and body == challenge.encode()}
        return said

    def view(self):
        return {"updates": self.updates, "batches": [batch.whole() for batch in self.batches]}

    def forget(self):
        self.updates.clear()
        self.batches.clear()
        return {}
