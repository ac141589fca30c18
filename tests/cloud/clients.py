"""The clients: what they write, tap and change, and the webhooks of it."""
from errors import ControlError

MEDIA = ("image", "video", "audio", "document", "sticker")
# What does not begin the 24 hours anew.
NO_WINDOW = ("reaction", "system", "edit", "revoke")


def say(store, it, base):
    """A message: from, type, the content under the type's name; and reply_to, timestamp, id,
    forwarded, referral, errors where wanted. Returns what the webhook says."""
    person, kind = store.people.named(it["from"]), it.get("type", "text")
    at = it.get("timestamp", store.clock.now)
    message = sender(person, store.clock.now) | {
        "id": it.get("id") or store.ids.wamid(person.wa_id, True), "timestamp": str(at),
        "type": kind}
    context = context_of(store, it)
    if kind == "button":
        message["button"], tapped = tap(store, person, it.get("button", {}))
        context = context | tapped
    elif kind in it:
        message[kind] = content(store, kind, it[kind], base)
    message |= {name: it[name] for name in ("errors", "referral", "group_id") if name in it}
    if context:
        message["context"] = context
    store.inbound[message["id"]] = message
    if kind not in NO_WINDOW:
        opened(store, person, at)
    store.tell("messages", message, person)
    return message


def sender(person, now):
    it = {"from": person.wa_id} if person.shows_phone(now) else {}
    return it | person.ids("from_user_id", "from_parent_user_id")


def opened(store, person, at):
    """The 24 hours run from the newest of a client's messages."""
    person.last_inbound = max(at, person.last_inbound or at)
    if person.shows_phone(store.clock.now):
        person.last_met = store.clock.now


def context_of(store, it):
    context = {"forwarded": True} if it.get("forwarded") else {}
    if "reply_to" in it:
        number = it["reply_to"]
        inbound = store.inbound.get(number, {}).get("from")
        ours = store.settings["display_phone_number"]
        context |= {"from": inbound or ours, "id": number}
    return context


def content(store, kind, what, base):
    """A file where the type has one; a plain text as text; the rest as it stands."""
    if kind == "text" and isinstance(what, str):
        return {"body": what}
    if kind not in MEDIA or "id" in what:
        return what
    said = store.media.inbound(what, base)
    if kind == "audio":
        said["voice"] = what.get("voice", False)
    if kind == "sticker":
        said["animated"] = what.get("animated", False)
    more = {"caption": what.get("caption"), "filename": what.get("filename")}
    return {name: text for name, text in more.items() if text} | said


def tap(store, person, it):
    """A tap on a template's quick reply: of (the template's message, or the last one sent
    to that person), index; context false leaves out what it answers, as Meta does at times."""
    number = it.get("of") or next((m.id for m in reversed(store.messages.values())
                                   if m.template and m.person is person), None)
    message = store.message(number)
    if not message.template:
        raise ControlError(f"'{number}' is no template")
    button = message.template.tapped(message.body["template"], it.get("index", 0))
    context = {"from": store.settings["display_phone_number"], "id": number}
    return button, context if it.get("context", True) else {}


def call(store, it):
    """A call begins the 24 hours, too."""
    person = store.people.named(it["from"])
    opened(store, person, store.clock.now)
    number = "wacid." + store.ids.hex("call", 24).upper()
    store.tell("calls", sender(person, store.clock.now) | {
        "id": number, "to": store.settings["display_phone_number"], "event": "connect",
        "timestamp": str(store.clock.now), "direction": "USER_INITIATED",
        "session": {"sdp_type": "offer", "sdp": "v=0\r\n"}}, person, "calls")
    return {"id": number}


def change(store, it):
    """A new phone, a new user id, or both: a system message each, without contacts."""
    person = store.people.named(it["from"])
    told = []
    before = sender(person, store.clock.now)
    before.pop("from_user_id", None)
    if "phone" in it:
        old = person.wa_id
        for name in (person.phone, old):
            store.people.forget(name, person)
        person.phone, person.wa_id = it["phone"], it.get("wa_id", it["phone"])
        told.append({"body": f"User {person.name} changed from {old} to {person.wa_id}",
                     "wa_id": person.wa_id, "type": "user_changed_number"})
    if "user_id" in it:
        old, person.user_id = person.user_id, it["user_id"]
        store.people.forget(old, person)
        system = {"body": f"User {person.name} changed from {old} to {person.user_id}",
                  "user_id": person.user_id, "type": "user_changed_user_id"}
        shown = person.shows_phone(store.clock.now)
        told.append(system | ({"wa_id": person.wa_id} if shown else {}))
    store.people.note(person)
    for system in told:
        number = store.ids.wamid(person.wa_id, True)
        store.tell("messages", before | {"id": number, "timestamp": str(store.clock.now),
                                         "type": "system", "system": system})
    return {"person": person.view(store.clock.now)}
