"""What POST .../messages may say, type by type."""
import re

from errors import GraphError, bad
from people import BSUID
from shapes import (anything, each, exactly_one, fields, number, one_of, text, truth)

WAMID = r"wamid\.[A-Za-z0-9+/=_-]+"
LINK = text(2048, r"https?://[^\s]+")


def media(**more):
    """An uploaded file or a link."""
    return exactly_one(("id", "link"), fields({}, {"id": text(64, r"\d+"), "link": LINK, **more}))


CONTACT = fields({"name": fields({"formatted_name": text(512)}, {
    name: text(512) for name in ("first_name", "last_name", "middle_name", "suffix", "prefix")})},
    {"phones": each(fields({}, {"phone": text(40), "wa_id": text(20), "type": text(20)}), 20),
     "emails": anything, "addresses": anything, "org": anything, "urls": anything,
     "birthday": text(10, r"\d{4}-\d\d-\d\d")})

REPLY_BUTTON = fields({"type": one_of("reply"), "reply": fields({"id": text(256),
                                                                "title": text(20)})})
ROW = fields({"id": text(200), "title": text(24)}, {"description": text(72)})
SECTION = fields({"rows": each(ROW, 10)}, {"title": text(24)})
BODY = fields({"text": text(1024)})
ACTIONS = {
    "button": fields({"buttons": each(REPLY_BUTTON, 3)}),
    "list": fields({"button": text(20), "sections": each(SECTION, 10)}),
    "cta_url": fields({"name": one_of("cta_url"), "parameters": anything}),
    "request_contact_info": fields({"name": one_of("request_contact_info")}),
    "location_request_message": fields({"name": one_of("send_location")}),
}


def interactive(value, path):
    fields({"type": one_of(*ACTIONS), "body": BODY, "action": anything},
           {"header": anything, "footer": fields({"text": text(60)})})(value, path)
    ACTIONS[value["type"]](value["action"], f"{path}['action']")
    if value["type"] != "list":
        return
    rows = sum(len(section["rows"]) for section in value["action"]["sections"])
    if rows > 10:
        raise GraphError(131009, f"Total row count exceed max allowed count: 10, got {rows}")


PARAMETER = fields({"type": one_of("text", "currency", "date_time", "image", "document", "video",
                                   "payload")},
                   {"text": text(4096, least=0), "payload": text(4096, least=0),
                    "parameter_name": text(256), "currency": anything, "date_time": anything,
                    "image": anything, "document": anything, "video": anything})
COMPONENT = fields({"type": one_of("header", "body", "button")},
                   {"sub_type": text(20), "index": number, "parameters": each(PARAMETER, 64, 0)})

TYPES = {
    "text": fields({"body": text(4096)}, {"preview_url": truth}),
    "image": media(caption=text(1024, least=0)),
    "video": media(caption=text(1024, least=0)),
    "document": media(caption=text(1024, least=0), filename=text(240)),
    "audio": media(voice=truth),
    "sticker": media(),
    "location": fields({"latitude": number, "longitude": number},
                       {"name": text(1000), "address": text(1000)}),
    "contacts": each(CONTACT, 257),
    "reaction": fields({"message_id": text(512, WAMID), "emoji": text(16, least=0)}),
    "interactive": interactive,
    "template": fields({"name": text(512, r"[a-z0-9_]+"),
                        "language": fields({"code": text(16)},
                                           {"policy": one_of("deterministic")})},
                       {"components": each(COMPONENT, 16, 0)}),
}

COMMON = {
    "messaging_product": anything, "type": one_of(*TYPES), "to": text(64), "recipient": text(140),
    "recipient_type": one_of("individual"), "context": fields({"message_id": text(512, WAMID)}),
    "biz_opaque_callback_data": text(512),
}
READ = fields({"messaging_product": anything, "status": one_of("read"),
               "message_id": text(512, WAMID)},
              {"typing_indicator": fields({"type": one_of("text")})})


def check_product(body):
    if not isinstance(body, dict) or "messaging_product" not in body:
        raise bad("The parameter messaging_product is required.")
    if body["messaging_product"] != "whatsapp":
        raise bad("Param messaging_product must be one of {WHATSAPP} - got "
                  f"\"{body['messaging_product']}\".")


def check(body):
    """Raises unless body, with its product, is a message of some type."""
    if "to" not in body and "recipient" not in body:
        raise bad("The parameter to is required.")
    kind = body.get("type", "text")
    if kind not in TYPES:
        COMMON["type"](kind, "type")
    for name, value in body.items():
        if name != kind and name not in COMMON:
            raise bad(f"Unexpected key \"{name}\" on param \"message\".")
        if name in COMMON:
            COMMON[name](value, name)
    if kind not in body:
        raise bad(f"The parameter {kind} is required.")
    TYPES[kind](body[kind], kind)
    return kind


def recipient(body, country_code):
    """The digits or the user id it goes to. 'to' wins."""
    if "to" not in body:
        if not BSUID.fullmatch(body["recipient"]):
            raise GraphError(131009, f"recipient is no user id: '{body['recipient']}'")
        return body["recipient"]
    digits = re.sub(r"[ ()-]", "", body["to"])
    if not re.fullmatch(r"\+?\d{5,15}", digits):
        raise GraphError(131009, f"to is no phone number: '{body['to']}'")
    return digits[1:] if digits.startswith("+") else country_code + digits
