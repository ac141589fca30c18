"""Webhooks as Meta writes, groups and signs them."""
import hmac
import json


def wire(payload):
    """The bytes of a body: nothing but ASCII, and these four escaped."""
    text = json.dumps(payload, separators=(",", ":"))
    for plain, escaped in (("/", r"\/"), ("<", r"\u003C"), ("%", r"\u0025"), ("@", r"\u0040")):
        text = text.replace(plain, escaped)
    return text.encode("ascii")


def signature(secret, body, kind="sha256"):
    return f"{kind}=" + hmac.new(secret.encode(), body, kind).hexdigest()


def dashboard_test():
    """What the App Dashboard's button sends."""
    return {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [{
        "value": {"messaging_product": "whatsapp", "metadata": {
            "display_phone_number": "16505551111", "phone_number_id": "123456123"},
            "contacts": [{"profile": {"name": "test user name"}, "wa_id": "16315551181"}],
            "messages": [{"from": "16315551181", "id": "ABGGFlA5Fpa", "timestamp": "1504902988",
                          "type": "text", "text": {"body": "this is a text message"}}]},
        "field": "messages"}]}]}


def merged(updates):
    """Messages and statuses of a kind share one value; the other updates stay apart."""
    shared, apart = {}, []
    for update in updates:
        if update["field"] != "messages":
            apart.append(update)
            continue
        for part, elements in update["value"].items():
            if isinstance(elements, list):
                known = shared.setdefault(part, [])
                known += elements if part != "contacts" else [
                    contact for contact in elements if contact not in known]
            else:
                shared[part] = elements
    return ([{"value": shared, "field": "messages"}] if shared else []) + apart


def enveloped(account, updates, group):
    """One body of them: an entry each, a change each, or what can be in one value."""
    changes = merged(updates) if group == "value" else updates
    lots = [[change] for change in changes] if group == "entry" else [changes]
    return {"object": "whatsapp_business_account",
            "entry": [{"id": account, "changes": lot} for lot in lots]}
