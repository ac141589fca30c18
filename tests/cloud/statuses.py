"""What becomes of a message: the statuses that webhooks tell."""
import json

from errors import ControlError, GraphError

WORDS = ("sent", "delivered", "read", "played", "failed", "deleted", "warning")


def pace(settings, retry_after, regain_minutes):
    """The headers that say when to come back."""
    headers = []
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    if regain_minutes is not None:
        usage = {"type": "messaging", "call_count": 100, "total_cputime": 25, "total_time": 25,
                 "estimated_time_to_regain_access": regain_minutes}
        headers.append(("X-Business-Use-Case-Usage", json.dumps({settings["waba_id"]: [usage]})))
    return headers


def pricing(store, message):
    """Of a template, but the free ones; nothing else costs."""
    category = message.template.it["category"].lower() if message.template else "service"
    open_window = message.person.open(store.clock.now)
    free = category == "service" or (category == "utility" and open_window)
    return {"billable": not free, "pricing_model": "PMP",
            "type": "free_customer_service" if free else "regular", "category": category}


def conversation(store, message):
    category = message.template.it["category"].lower() if message.template else "service"
    return {"id": store.ids.hex("conversation", 32),
            "expiration_timestamp": str(store.clock.now + 86400), "origin": {"type": category}}


def money(store, message, word):
    """Rides on sent, and on the first of delivered and read."""
    told = [status["status"] for status in message.statuses]
    if word == "sent" or (word in ("delivered", "read") and not {"delivered", "read"} & set(told)):
        yield "pricing", pricing(store, message)
    if word == "sent" and store.settings["webhook_version"] < "v24":
        yield "conversation", conversation(store, message)


def recipient(message, word, now):
    """Who got it; a failed status knows no user id."""
    person, it = message.person, {}
    if person.shows_phone(now):
        it["recipient_id"] = person.wa_id
    if word != "failed":
        it |= person.ids("recipient_user_id", "recipient_parent_user_id")
    return it


def tell(store, message, word, error=None):
    """Queues one; the words may come in any order and as often as one likes."""
    if word not in WORDS:
        raise ControlError(f"there is no status '{word}'")
    it = {"id": message.id, "status": word, "timestamp": str(store.clock.now),
          **recipient(message, word, store.clock.now)}
    if "biz_opaque_callback_data" in message.body:
        it["biz_opaque_callback_data"] = message.body["biz_opaque_callback_data"]
    it.update(money(store, message, word))
    if word == "failed":
        it["errors"] = [(error or message.fails or GraphError(131000)).in_webhook()]
    message.statuses.append(it)
    store.tell("statuses", it, None if word == "failed" else message.person)


def ladder(store, message):
    """What is told without being asked for."""
    for word in ["failed"] if message.fails else store.settings["ladder"]:
        tell(store, message, word)


def asked(store, it):
    """Of one message, the words a test wants; failed with a code."""
    message = store.message(it.get("id", "last"))
    for word in it.get("status", []):
        tell(store, message, word, GraphError(it["error"]) if "error" in it else None)
    return {"statuses": message.statuses}
