"""The people with a WhatsApp: their numbers and ids, their 24 hours, their pair rate."""
import re
from dataclasses import asdict, dataclass, field
from typing import Optional

from errors import ControlError

DAY = 86400
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")
MOBILE = re.compile(r"55\d\d9[6-9]\d{7}")
SHORT = re.compile(r"55\d\d[6-9]\d{7}")
PHONE_KNOWN = 30 * DAY


def twin(number):
    """A Brazilian mobile number with the ninth digit taken away, or added; None of others."""
    if MOBILE.fullmatch(number):
        return number[:4] + number[5:]
    if SHORT.fullmatch(number):
        return f"{number[:4]}9{number[4:]}"
    return None


@dataclass
class Person:
    """phone: as people dial it. wa_id: as WhatsApp spells it. last_inbound: when the 24
    hours began. last_met: when a message went to the phone or came from it visibly.
    answers: the error that whatever is sent to this person fails with, later."""
    phone: str
    wa_id: str
    user_id: Optional[str] = None
    parent_user_id: Optional[str] = None
    name: str = "Cliente"
    username: Optional[str] = None
    hides_phone: bool = False
    answers: Optional[int] = None
    last_inbound: Optional[int] = None
    last_met: Optional[int] = None
    spent: list = field(default_factory=lambda: [0.0, 0])

    def open(self, now):
        """Are the 24 hours running? At their very end they are over."""
        return self.last_inbound is not None and now - self.last_inbound < DAY

    def shows_phone(self, now):
        """A username hides the phone, but from whom it was in touch with by it of late."""
        return not self.hides_phone or (
            self.last_met is not None and now - self.last_met < PHONE_KNOWN)

    def pair_limit(self, now, burst, pace):
        """Takes one of the messages this person may get now: false where there is none."""
        level = max(0.0, self.spent[0] - (now - self.spent[1]) / pace)
        if level + 1 > burst:
            return False
        self.spent = [level + 1, now]
        return True

    def profile(self, now):
        """As contacts[] of a webhook has it."""
        it = {"profile": {"name": self.name}}
        if self.username:
            it["profile"]["username"] = self.username
        if self.shows_phone(now):
            it["wa_id"] = self.wa_id
        return it | self.ids("user_id", "parent_user_id")

    def ids(self, user, parent):
        both = {user: self.user_id, parent: self.parent_user_id}
        return {name: value for name, value in both.items() if value}

    def view(self, now):
        return asdict(self) | {"window_open": self.open(now)}


class People:
    """Whoever was met, found by any spelling."""
    CHANGEABLE = ("phone", "wa_id", "user_id", "parent_user_id", "name", "username",
                  "hides_phone", "answers", "last_inbound", "last_met")

    def __init__(self, settings, ids):
        self.settings, self.ids, self.all, self.index = settings, ids, [], {}

    def find(self, number):
        """By phone, wa_id or user id, the ninth digit there or not; None where unknown."""
        return self.index.get(number) or self.index.get(twin(number))

    def note(self, person):
        for name in (person.phone, person.wa_id, person.user_id, person.parent_user_id):
            if name:
                self.index[name] = person

    def meet(self, number):
        """The person with this phone, new where nobody has it."""
        person = self.find(number)
        if person is None:
            person = Person(number, self.spelling(number))
            if self.settings["user_ids"]:
                country = "BR" if number.startswith("55") else "US"
                person.user_id = f"{country}.{self.ids.number('user')}"
            self.all.append(person)
            self.note(person)
        return person

    def spelling(self, number):
        drop = self.settings["ninth_digit"] == "drop" and MOBILE.fullmatch(number)
        return twin(number) if drop else number

    def named(self, who):
        """For a control request: a phone or the user id of somebody met."""
        who = str(who)
        if BSUID.fullmatch(who):
            person = self.find(who)
            if person is None:
                raise ControlError(f"nobody has the user id '{who}'")
            return person
        digits = re.sub(r"[^0-9]", "", who)
        if not 8 <= len(digits) <= 15:
            raise ControlError(f"'{who}' is no phone")
        return self.meet(digits)

    def change(self, person, new):
        for name, value in new.items():
            if name not in self.CHANGEABLE:
                raise ControlError(f"a person has no '{name}'")
            setattr(person, name, value)
        self.note(person)

    def forget(self, name, person):
        if self.index.get(name) is person:
            del self.index[name]
