"""/_control/...: how a test moves the clock, plays the clients and sees what was sent."""
import clients
import statuses
from errors import ControlError
from webhooks import dashboard_test, wire


def state(store, unused_words):
    return {"now": store.clock.now, "time": store.clock.iso(), "seed": store.seed,
            "settings": store.settings}


def reset(store, it):
    store.reset()
    return state(store, it)


def settings(store, it):
    store.settings.change(it)
    store.courier.wake()
    return store.settings


def clock(store, it):
    """set: a time; add: seconds."""
    if "set" in it:
        store.clock.set(it["set"])
    store.clock.move(it.get("add", 0))
    store.courier.wake()
    return {"now": store.clock.now, "time": store.clock.iso()}


def people(store, unused_words):
    return {"people": [person.view(store.clock.now) for person in store.people.all]}


def person(store, it):
    """who: a phone or user id, and what is to be changed."""
    found = store.people.named(it["who"])
    store.people.change(found, {name: it[name] for name in it if name != "who"})
    return found.view(store.clock.now)


def faults(store, it):
    """One, or a list under faults."""
    for fault in it.get("faults", [it]):
        store.faults.add(fault)
    return store.faults.view()


def log(store, it):
    """Those after number since, with that path."""
    since, part = int(it.get("since", 0)), it.get("path", "")
    return {"requests": [entry for entry in store.log[since:] if part in entry["path"]]}


def messages(store, unused_words):
    return {"messages": [message.view() for message in store.messages.values()],
            "read": store.read}


def templates(store, unused_words):
    return {"templates": [template.it for template in store.templates.all.values()]}


def template(store, it):
    """name, language and what is to be changed; announce tells it by a webhook."""
    found = store.templates.put({name: it[name] for name in it if name not in (
        "announce", "reason")})
    if it.get("announce"):
        store.courier.add("message_template_status_update", found.change(it.get("reason")))
    return found.it


def update(store, it):
    """Any field with any value: times of them."""
    for _ in range(it.get("times", 1)):
        store.courier.add(it["field"], it["value"])
    return {"updates": len(store.courier.updates)}


def raw(store, it):
    """Bodies as they stand: payloads (written as Meta does), or text. Says the last."""
    bodies = [it["text"].encode()] if "text" in it else map(wire, it["payloads"])
    batches = [store.courier.whole(body, 1, it.get("sign", "good")) for body in bodies]
    return batches[-1].whole()


def dashboard(store, unused_words):
    return raw(store, {"payloads": [dashboard_test()]})


# (method, path): what answers; those below wait for others and lock for themselves.
ROUTES = {
    ("GET", ""): state, ("POST", "reset"): reset, ("POST", "settings"): settings,
    ("POST", "clock"): clock, ("GET", "people"): people, ("POST", "people"): person,
    ("POST", "client/call"): clients.call, ("POST", "client/change"): clients.change,
    ("GET", "faults"): lambda store, unused_words: store.faults.view(), ("POST", "faults"): faults,
    ("DELETE", "faults"): lambda store, unused_words: store.faults.forget(),
    ("GET", "log"): log, ("DELETE", "log"): lambda store, unused_words: store.log.clear() or {},
    ("GET", "messages"): messages, ("POST", "statuses"): statuses.asked,
    ("GET", "inbound"): lambda store, unused_words: {"messages": list(store.inbound.values())},
    ("GET", "templates"): templates, ("POST", "templates"): template,
    ("POST", "media"): lambda store, it: store.media.change(it["id"], it),
    ("GET", "webhooks"): lambda store, unused_words: store.courier.view(),
    ("DELETE", "webhooks"): lambda store, unused_words: store.courier.forget(),
    ("POST", "webhooks/update"): update, ("POST", "webhooks/raw"): raw,
    ("POST", "webhooks/test"): dashboard,
}
WAITING = {
    ("POST", "webhooks/flush"): lambda store, it: store.courier.flush(it),
    ("POST", "webhooks/handshake"): lambda store, it: store.courier.handshake(it),
}


def answer(store, request, it):
    """What a control request says; ControlError where it asks for what there is not."""
    route = request.method, request.path.removeprefix("/_control").strip("/")
    try:
        if route in WAITING:
            return WAITING[route](store, it)
        with store.lock:
            if route == ("POST", "client/say"):
                return clients.say(store, it, request.base)
            if route not in ROUTES:
                raise ControlError(f"there is no {route[0]} /_control/{route[1]}")
            return ROUTES[route](store, it)
    except (KeyError, TypeError, ValueError) as error:
        raise ControlError(f"{type(error).__name__}: {error}") from error
