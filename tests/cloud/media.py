"""Files: the upload with its checks, the two-hop download, what a message may send."""
import base64
import email
import hashlib
import os
import re
import urllib.parse

from errors import ControlError, GraphError, bad, missing_object

MINUTE, DAY, KIB, MIB = 60, 86400, 1 << 10, 1 << 20
URL_LIFE, UPLOADED_LIFE, INBOUND_LIFE = 5 * MINUTE, 30 * DAY, 7 * DAY
PATH = "/whatsapp_business/attachments/"
OFFICE = "application/vnd.openxmlformats-officedocument."
# mime: (what it is sent as, extensions).
TYPES = {
    "audio/aac": ("audio", "aac"), "audio/amr": ("audio", "amr"), "audio/mpeg": ("audio", "mp3"),
    "audio/mp4": ("audio", "m4a mp4"), "audio/ogg": ("audio", "ogg opus oga"),
    "application/pdf": ("document", "pdf"), "text/plain": ("document", "txt csv log"),
    "application/msword": ("document", "doc"), "application/vnd.ms-excel": ("document", "xls"),
    "application/vnd.ms-powerpoint": ("document", "ppt"),
    OFFICE + "wordprocessingml.document": ("document", "docx"),
    OFFICE + "spreadsheetml.sheet": ("document", "xlsx"),
    OFFICE + "presentationml.presentation": ("document", "pptx"),
    "image/jpeg": ("image", "jpg jpeg"), "image/png": ("image", "png"),
    "video/mp4": ("video", "mp4"), "video/3gpp": ("video", "3gp 3gpp"),
    "image/webp": ("sticker", "webp"),
}
LIMITS = {"audio": 16 * MIB, "document": 100 * MIB, "image": 5 * MIB, "video": 16 * MIB,
          "sticker": 500 * KIB}
# What files of a type begin with, at an offset. Of the others anything goes.
MAGIC = {
    "audio/ogg": (0, (b"OggS",)), "application/pdf": (0, (b"%PDF-",)),
    "image/jpeg": (0, (b"\xff\xd8\xff",)), "image/png": (0, (b"\x89PNG\r\n\x1a\n",)),
    "image/webp": (0, (b"RIFF",)), "video/mp4": (4, (b"ftyp",)), "audio/mp4": (4, (b"ftyp",)),
    "audio/amr": (0, (b"#!AMR",)), "audio/mpeg": (0, (b"ID3", b"\xff\xfb", b"\xff\xf3")),
}


class File:
    """Bytes under a number. claimed: what the webhook said of their hash, where it lies."""

    def __init__(self, number, data, mime, until, name=None):
        self.number, self.data, self.mime, self.until, self.name = number, data, mime, until, name
        self.sha256 = hashlib.sha256(data).digest()

    def fault(self, kind, voice):
        """Why it can't be sent as that, or None. Meta finds out after accepting it."""
        what = TYPES[self.mime][0]
        if kind not in (what, "document"):
            return f"{what} file was sent as {kind}"
        offset, starts = MAGIC.get(self.mime, (0, (b"",)))
        if not self.data[offset:].startswith(starts):
            return f"Media file has mime type application/octet-stream, not {self.mime}"
        if self.mime == "audio/ogg":
            head = self.data.find(b"OpusHead", 0, 512)
            if head < 0 or self.data[head + 9:head + 10] != b"\1":
                return "audio/ogg must be OPUS, one channel"
        elif voice:
            return "voice messages must be OGG with OPUS"
        return None


def parts_of(content_type, body):
    """The fields of a multipart form: {name: (value, filename, mime)}."""
    boundary = re.search(r'^multipart/form-data;.*boundary="?([^";]+)"?', content_type, re.I)
    if not boundary:
        raise bad("The parameter messaging_product is required.")
    found = {}
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise bad("The form is cut off.")
    for piece in pieces[1:-1]:
        head, _, value = piece[2:].partition(b"\r\n\r\n")
        part = email.message_from_bytes(head)
        name = part.get_param("name", header="content-disposition")
        found[name] = value, str(part.get_filename() or ""), part.get_content_type()
    return found


class Media:
    """Every file, ours and the clients'."""

    def __init__(self, settings, clock, ids):
        self.settings, self.clock, self.ids, self.files = settings, clock, ids, {}

    def add(self, data, mime, life, name=None):
        file = File(self.ids.number("media"), data, mime, self.clock.now + life, name)
        self.files[file.number] = file
        return file

    def upload(self, content_type, body):
        parts = parts_of(content_type, body)
        if parts.get("messaging_product", (b"",))[0] != b"whatsapp":
            raise bad("The parameter messaging_product is required.")
        if "file" not in parts or not parts["file"][1]:
            raise bad("The parameter file is required.")
        data, name, mime = parts["file"]
        mime = parts["type"][0].decode() if "type" in parts else mime
        return {"id": self.add(data, check(name, mime, data), UPLOADED_LIFE, name).number}

    def get(self, number, method="get"):
        file = self.files.get(number)
        if file is None or self.clock.now >= file.until:
            raise missing_object(method, number)
        return file

    def describe(self, number, base):
        """The first hop."""
        file = self.get(number)
        return {"messaging_product": "whatsapp", "url": self.url(file, base),
                "mime_type": file.mime, "sha256": self.hash(file),
                "file_size": self.size(file), "id": number}

    def hash(self, file):
        if self.settings["media_sha256"] == "hex":
            return file.sha256.hex()
        return base64.b64encode(file.sha256).decode()

    def size(self, file):
        return str(len(file.data)) if self.settings["media_size"] == "string" else len(file.data)

    def stamp(self, number, until):
        secret = f"{self.settings['app_secret']} {number} {until}"
        return hashlib.sha256(secret.encode()).hexdigest()[:20]

    def url(self, file, base):
        until = self.clock.now + URL_LIFE
        query = {"mid": file.number, "ext": until, "hash": self.stamp(file.number, until)}
        base = self.settings["media_base"] or base
        return f"{base}{PATH}?{urllib.parse.urlencode(query)}"

    def download(self, query):
        """The second hop: the bytes and their type; None once the url is too old."""
        number, until = query.get("mid", ""), query.get("ext", "")
        file = self.files.get(number)
        if file is None or query.get("hash") != self.stamp(number, until):
            return None
        return (file.data, file.mime) if self.clock.now < int(until) else None

    def remove(self, number):
        self.get(number, "delete")
        del self.files[number]
        return {"success": True}

    def inbound(self, sent, base):
        """A client's file as a webhook has it; sent: mime, data or base64, name, url."""
        data = sent["data"].encode() if "data" in sent else base64.b64decode(sent.get("base64", ""))
        file = self.add(data, sent.get("mime", "application/octet-stream"), INBOUND_LIFE)
        said = {"mime_type": file.mime, "sha256": base64.b64encode(file.sha256).decode(),
                "id": file.number}
        if self.settings["webhook_media_url"]:
            said["url"] = self.url(file, base)
        return said

    def change(self, number, new):
        """For a test: the file is gone, or its bytes are others than were announced."""
        if number not in self.files:
            raise ControlError(f"there is no file '{number}'")
        if new.get("gone"):
            del self.files[number]
        elif "base64" in new:
            self.files[number].data = base64.b64decode(new["base64"])
        return {}


def check(name, mime, data):
    """The type of an upload: of the list, as its name's extension says, and not too big."""
    mime = mime.split(";")[0].strip().lower()
    if mime not in TYPES:
        raise bad(f"Param file must be a file with one of the following types: {', '.join(TYPES)}. "
                  f"Received file of type '{mime}'.")
    kind, extensions = TYPES[mime]
    if os.path.splitext(name)[1][1:].lower() not in extensions.split():
        raise GraphError(131053, f"Unsupported file: '{name}' is not named as {mime}")
    if not data or len(data) > LIMITS[kind]:
        raise GraphError(131053, f"Media file size {len(data)}, allowed are 1 to {LIMITS[kind]} "
                         f"bytes of {mime}")
    return mime
