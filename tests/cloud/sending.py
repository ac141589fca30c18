"""POST .../messages: what is refused, what is accepted, and what becomes of it."""
import payloads
import statuses
from errors import GraphError, bad
from people import BSUID
from store import Message


def post(store, body, version):
    """The answer to a message, or to a mark that one was read."""
    payloads.check_product(body)
    if "status" in body:
        return mark_read(store, body)
    kind = payloads.check(body)
    person = addressed(store, body, kind)
    template = store.templates.usable(body["template"]) if kind == "template" else None
    if template:
        template.check(body["template"], version)
    fails = later_fault(store, kind, body, person)
    check_window(store, kind, person)
    check_rates(store, person)
    return accept(store, kind, body, person, (template, fails))


def mark_read(store, body):
    payloads.READ(body, "message")
    if body["message_id"] not in store.inbound:
        raise GraphError(131009, "message_id is of no message received")
    store.read.append({"message_id": body["message_id"], "at": store.clock.now,
                       "typing": "typing_indicator" in body})
    return {"success": True}


def addressed(store, body, kind):
    """The person it goes to."""
    who = payloads.recipient(body, store.settings["country_code"])
    if BSUID.fullmatch(who):
        if store.people.find(who) is None:
            raise GraphError(131026)
        if kind == "template" and authenticates(store, body["template"]):
            raise GraphError(131062)
    elif who == store.settings["display_phone_number"]:
        raise GraphError(131021)
    allowed = store.settings["allowed_numbers"]
    if allowed is not None and who not in allowed:
        raise GraphError(131030)
    return store.people.meet(who)


def authenticates(store, sent):
    return store.templates.usable(sent).it["category"] == "AUTHENTICATION"


def later_fault(store, kind, body, person):
    """What it fails with once it is accepted, or None. A file that is not there is refused."""
    if person.answers:
        return GraphError(person.answers)
    if kind == "reaction":
        known = body[kind]["message_id"] in (store.messages | store.inbound)
        return None if known else GraphError(131009, "reaction to a message that is not there")
    if isinstance(body[kind], dict) and "id" in body[kind]:
        voice = body[kind].get("voice", False)
        found = store.media.get(body[kind]["id"], "post").fault(kind, voice)
        return GraphError(131053, found) if found else None
    return None


def check_window(store, kind, person):
    if store.settings["window"] == "sync" and kind != "template" and not person.open(
            store.clock.now):
        raise GraphError(131047)


def check_rates(store, person):
    settings = store.settings
    if store.busy():
        raise slowed(settings)
    if settings["pair_burst"] and not person.pair_limit(
            store.clock.now, settings["pair_burst"], settings["pair_seconds"]):
        raise GraphError(131056)


def slowed(settings):
    error = GraphError(130429)
    error.headers = statuses.pace(settings, settings["retry_after"], settings["regain_minutes"])
    return error


def accept(store, kind, body, person, outcome):
    """From here on it is sent, whatever becomes of the answer."""
    template, fails = outcome
    by_phone = "to" in body
    if by_phone:
        person.last_met = store.clock.now
    message = Message(store.ids.wamid(person.wa_id if by_phone else person.user_id, False),
                      person, kind, body, store.clock.now)
    message.template = template
    message.fails = fails
    if kind != "template" and store.settings["window"] == "async" and not fails:
        message.fails = None if person.open(store.clock.now) else GraphError(131047)
    store.messages[message.id] = message
    statuses.ladder(store, message)
    contact = {"input": body["to"], "wa_id": person.wa_id} if by_phone else {
        "input": body["recipient"], "user_id": person.user_id}
    said = {"id": message.id}
    if template:
        said["message_status"] = store.settings["message_status"]
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [said]}


def parse(request):
    """The JSON of a message; the Graph sees no parameters in any other body."""
    if request.header("content-type").split(";")[0].strip() != "application/json":
        raise bad("The parameter messaging_product is required.")
    return request.json()
