"""The paths of the Graph API, behind the check of the token."""
import re

import media
import sending
from answer import Answer, refusal
from errors import GraphError, bad, missing_object

VERSIONED = re.compile(r"/v(\d+)\.(\d+)/(\w+)(?:/(\w+))?/?")
EXPIRED = ("Error validating access token: Session has expired on Sunday, 22-Nov-26 00:00:00 PST. "
           "The current time is Sunday, 22-Nov-26 01:00:00 PST.")
REVOKED = "Error validating access token: The user has not authorized application."


def check_token(settings, request):
    said = request.header("authorization")
    if not said and "access_token" not in request.query:
        raise GraphError(104)
    kind, _, token = said.partition(" ")
    if kind.lower() != "bearer" or token.strip() != settings["token"]:
        raise GraphError(190)
    state = settings["token_state"]
    if state == "forbidden":
        raise GraphError(10)
    if state != "valid":
        subcode, text = (463, EXPIRED) if state == "expired" else (460, REVOKED)
        raise GraphError(190, message=text, subcode=subcode)


def answer(store, request):
    """The answer, and what the log says of it."""
    try:
        if request.path.startswith(media.PATH):
            return download(store, request)
        return Answer(200, route(store, request))
    except GraphError as error:
        return refusal(error, store.ids)


def download(store, request):
    """The second hop. It is no Graph: refusals have no envelope."""
    try:
        check_token(store.settings, request)
    except GraphError:
        return Answer(401, b"", "text/plain")
    found = store.media.download(request.query)
    return Answer(200, *found) if found else Answer(404, b"", "text/plain")


def route(store, request):
    path = VERSIONED.fullmatch(request.path)
    if not path:
        raise GraphError(2500, message=f"Unknown path components: {request.path}")
    check_token(store.settings, request)
    version, owner, edge = (int(path[1]), int(path[2])), path[3], path[4]
    if edge is None:
        return node(store, request, owner)
    owners = {"messages": "phone_number_id", "media": "phone_number_id",
              "message_templates": "waba_id"}
    if edge not in owners:
        raise GraphError(2500, message=f"Unknown path components: /{edge}")
    if owner != store.settings[owners[edge]]:
        raise missing_object(request.method, owner)
    if edge == "message_templates":
        return templates(store, request)
    if request.method != "POST":
        raise bad(f"Unsupported {request.method.lower()} request")
    if edge == "messages":
        return sending.post(store, sending.parse(request), version)
    return store.media.upload(request.header("content-type"), request.body)


def node(store, request, number):
    """A file, or our phone number."""
    settings = store.settings
    if number == settings["phone_number_id"] and request.method == "GET":
        return {"verified_name": settings["verified_name"], "id": number,
                "display_phone_number": settings["display_phone_number"],
                "quality_rating": "GREEN"}
    if request.query.get("phone_number_id", settings["phone_number_id"]) != (
            settings["phone_number_id"]):
        raise missing_object(request.method, number)
    if request.method == "DELETE":
        return store.media.remove(number)
    if request.method != "GET":
        raise missing_object(request.method, number)
    return store.media.describe(number, request.base)


def templates(store, request):
    if request.method == "POST":
        return store.templates.create(request.json())
    if request.method == "DELETE":
        return store.templates.remove(request.query.get("name"))
    query = "&".join(f"{k}={v}" for k, v in request.query.items() if k != "after")
    return store.templates.page(request.query, f"{request.base}{request.path}?{query}")
