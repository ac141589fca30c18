"""All that the stand-in knows: who is who, what was asked, what was accepted."""
import base64
import threading

from clock import Clock, Ids
from courier import Courier
from errors import ControlError
from faults import Faults
from media import Media
from people import People
from settings import Settings
from templates import Templates


class Message:
    """One that was accepted. fails: the error its statuses will tell, or None."""

    def __init__(self, number, person, kind, body, at):
        self.id, self.person, self.kind, self.body, self.at = number, person, kind, body, at
        self.template, self.fails, self.statuses = None, None, []

    def view(self):
        it = {"id": self.id, "type": self.kind, "wa_id": self.person.wa_id,
              "user_id": self.person.user_id, "phone": self.person.phone, "accepted_at": self.at,
              "statuses": self.statuses, "request": self.body}
        if "biz_opaque_callback_data" in self.body:
            it["biz_opaque_callback_data"] = self.body["biz_opaque_callback_data"]
        return it


class Store:
    """lock: held by whoever reads or changes anything here, and never while waiting."""

    def __init__(self, start, seed):
        self.start, self.seed, self.lock = start, seed, threading.RLock()
        self.courier, self.second = None, [0, 0]
        self.reset()

    def reset(self):
        """As at the start."""
        if self.courier:
            self.courier.stop()
        self.settings, self.ids, self.clock = Settings(), Ids(self.seed), Clock(self.start)
        self.people = People(self.settings, self.ids)
        self.templates = Templates(self.ids)
        self.media = Media(self.settings, self.clock, self.ids)
        self.faults = Faults()
        self.messages, self.inbound, self.read, self.log = {}, {}, [], []
        self.courier = Courier(self.settings, self.clock, self.ids, self.lock)

    def metadata(self):
        return {"display_phone_number": self.settings["display_phone_number"],
                "phone_number_id": self.settings["phone_number_id"]}

    def tell(self, part, it, person=None, field="messages"):
        """Queues a webhook: it, among the value's parts, and the contact it is about."""
        value = {"messaging_product": "whatsapp", "metadata": self.metadata()}
        if person:
            value["contacts"] = [person.profile(self.clock.now)]
        self.courier.add(field, {**value, part: [it]})

    def message(self, number):
        """One accepted, by its id or as "last"."""
        if number == "last" and self.messages:
            number = next(reversed(self.messages))
        if number not in self.messages:
            raise ControlError(f"no message '{number}' was accepted")
        return self.messages[number]

    def busy(self):
        """Counts a message of this second of the clock: are there too many?"""
        if self.second[0] != self.clock.now:
            self.second = [self.clock.now, 0]
        self.second[1] += 1
        return 0 < self.settings["throughput"] < self.second[1]

    def note(self, request):
        """Logs a request; the entry gets its answer later."""
        entry = {"n": len(self.log) + 1, "at": self.clock.now, "method": request.method,
                 "path": request.path, "query": request.query, "headers": request.headers}
        try:
            entry["body"] = request.body.decode()
        except UnicodeDecodeError:
            entry["base64"] = base64.b64encode(request.body).decode()
        self.log.append(entry)
        return entry
