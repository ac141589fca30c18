"""The message templates of the account, and whether what is sent fits one."""
import re

from errors import ControlError, GraphError, bad

PLACE = re.compile(r"\{\{(\w+)\}\}")
STATES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "PENDING_DELETION")
REFUSALS = {"PAUSED": 132015, "DISABLED": 132016}
UNFIT = re.compile(r"[\n\t]| {5}")

START = {"name": "conversar_agora", "status": "APPROVED", "category": "UTILITY"}
BODIES = {
    "pt_BR": ("Olá {{1}}, temos uma mensagem para você.", "Conversar agora"),
    "en": ("Hello {{1}}, we have a message for you.", "Talk now"),
}


def components(body, button):
    return [{"type": "BODY", "text": body},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": button}]}]


class Template:
    """A template in one language."""

    def __init__(self, it, number):
        self.it = {"status": "PENDING", "category": "UTILITY", **it, "id": number}

    def part(self, kind):
        return next((part for part in self.it.get("components", []) if part["type"] == kind), {})

    def buttons(self):
        return self.part("BUTTONS").get("buttons", [])

    def check(self, sent, version):
        """Raises unless what is sent fills every place and fits every button."""
        given = {"header": [], "body": []}
        for part in sent.get("components", []):
            if part["type"] == "button":
                self.check_button(part, version)
            else:
                given[part["type"]] = part.get("parameters", [])
        for kind, parameters in given.items():
            places = PLACE.findall(self.part(kind.upper()).get("text", ""))
            self.check_parameters(kind, parameters, places, version)
        self.check_length(given["body"])

    def check_parameters(self, kind, parameters, places, version):
        given, wanted = len(parameters), len(set(places))
        if given != wanted:
            raise GraphError(132000, f"{kind}: number of localizable_params ({given}) does not "
                             f"match the expected number of params ({wanted})")
        named = not all(place.isdigit() for place in places)
        if named and {p.get("parameter_name") for p in parameters} != set(places):
            raise unfit(f"{kind}: parameter_name is missing or of no place", version)
        for parameter in parameters:
            if parameter["type"] == "text" and not parameter.get("text"):
                raise unfit(f"{kind}: Parameter of type text is missing text value", version)
            if UNFIT.search(parameter.get("text", "")):
                raise unfit(f"{kind}: Param text cannot have new-line/tab characters or more than "
                            "4 consecutive spaces", version)

    def check_length(self, parameters):
        said = self.part("BODY").get("text", "")
        if len(PLACE.sub("", said)) + sum(len(p.get("text", "")) for p in parameters) > 1024:
            raise GraphError(132005)

    def check_button(self, part, version):
        buttons, index = self.buttons(), str(part.get("index"))
        if not index.isdigit() or int(index) >= len(buttons):
            raise unfit(f"button: there is none at index {index}", version)
        if str(part.get("sub_type")).upper() != buttons[int(index)]["type"]:
            raise unfit(f"button: sub_type of index {index} does not match the template", version)
        wanted = "payload" if buttons[int(index)]["type"] == "QUICK_REPLY" else "text"
        kinds = [p["type"] for p in part.get("parameters", []) if p.get(wanted)]
        if kinds != [wanted]:
            raise unfit(f"button: index {index} takes one parameter of type {wanted}", version)

    def tapped(self, sent, index):
        """What the webhook says of a tap on that button: the payload sent, or its text."""
        if not 0 <= index < len(self.buttons()):
            raise ControlError(f"the template has no button {index}")
        button = {"payload": self.buttons()[index]["text"], "text": self.buttons()[index]["text"]}
        for part in sent.get("components", []):
            if part["type"] == "button" and str(part.get("index")) == str(index):
                button["payload"] = part["parameters"][0]["payload"]
        return button

    def change(self, reason):
        """The value of a webhook about its status."""
        return {"event": self.it["status"], "message_template_id": int(self.it["id"]),
                "message_template_name": self.it["name"],
                "message_template_language": self.it["language"], "reason": reason or "NONE",
                "message_template_category": self.it["category"]}


def unfit(details, version):
    """Until v23.0 it was a plain (#100)."""
    return GraphError(132018, details) if version >= (23, 0) else GraphError(100, details)


class Templates:
    """Of every name and language."""

    def __init__(self, ids):
        self.ids, self.all = ids, {}
        for language, (body, button) in BODIES.items():
            self.put({**START, "language": language, "components": components(body, button)})

    def put(self, it):
        """Adds one, or changes the one of its name and language."""
        if not {"name", "language"} <= set(it) or it.get("status", "PENDING") not in STATES:
            raise ControlError(f"a template has name, language, and a status of {STATES}")
        key = it["name"], it["language"]
        old = self.all.get(key)
        number = old.it["id"] if old else self.ids.number("template")
        self.all[key] = Template({**(old.it if old else {}), **it}, number)
        return self.all[key]

    def usable(self, sent):
        """The template that is sent, or why it can't be."""
        name, language = sent["name"], sent["language"]["code"]
        template = self.all.get((name, language))
        state = template.it["status"] if template else None
        if state in REFUSALS:
            raise GraphError(REFUSALS[state], f"template name ({name}) is {state.lower()}")
        if state != "APPROVED":
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        return template

    def page(self, query, url):
        """One page of the list; without 'next' where it is the last."""
        found = [t.it for t in self.all.values() if all(
            t.it[key] == query[key] for key in ("name", "language", "status") if key in query)]
        limit, start = query.get("limit", "25"), query.get("after", "0")
        if not limit.isdigit() or not start.isdigit() or int(limit) < 1:
            raise bad("Param limit or after is not valid.")
        wanted = query.get("fields", "name,language,status,category,components").split(",") + ["id"]
        end = int(start) + int(limit)
        rows = [{k: it[k] for k in wanted if k in it} for it in found[int(start):end]]
        paging = {"cursors": {"before": start, "after": str(end)}}
        if end < len(found):
            paging["next"] = f"{url}&after={end}"
        return {"data": rows, "paging": paging}

    def create(self, it):
        needs = {"name", "language", "category", "components"}
        if not isinstance(it, dict) or not needs <= set(it):
            raise bad("Invalid parameter: name, language, category and components are required")
        if (it["name"], it["language"]) in self.all:
            raise GraphError(100, "There is already content in this language", subcode=2388024)
        made = self.put({**it, "status": "PENDING"}).it
        return {"id": made["id"], "status": made["status"], "category": made["category"]}

    def remove(self, name):
        gone = [key for key in self.all if key[0] == name]
        if not gone:
            raise bad("Message template not found")
        for key in gone:
            del self.all[key]
        return {"success": True}
