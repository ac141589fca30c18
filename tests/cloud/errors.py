"""What the Graph API says when it refuses: the envelope, and the codes with their texts."""

RESEND = "Message failed to send because "

# code: (HTTP status, message, details). Without details the error has no error_data, as
# the Graph's own; messages of the codes over 100000 begin with the code.
KNOWN = {
    0: (401, "Unable to authenticate the app user", None),
    1: (500, "An unknown error occurred", None),
    2: (503, "Service temporarily unavailable", None),
    3: (500, "Application does not have the capability to make this API call.", None),
    4: (400, "Application request limit reached", None),
    10: (403, "Application does not have permission for this action", None),
    33: (400, "Parameter value is not valid", None),
    100: (400, "Invalid parameter", None),
    104: (401, "An access token is required to request this resource.", None),
    190: (401, "Invalid OAuth access token - Cannot parse access token", None),
    200: (403, "Permissions error", None),
    368: (403, "Temporarily blocked for policies violations", None),
    2500: (400, "Unknown path components", None),
    80007: (400, "There have been too many calls to this WhatsApp Business account", None),
    130429: (429, "Rate limit hit", RESEND + "there were too many messages sent from this phone "
             "number in a short period of time"),
    130472: (400, "User's number is part of an experiment", RESEND + "this user's phone number "
             "is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country",
             "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong", "Message failed to send due to an unknown error"),
    131005: (403, "Access denied", "Permission is either not granted or has been removed"),
    131008: (400, "Required parameter is missing", "Required parameter is missing"),
    131009: (400, "Parameter value is not valid", "Parameter value is not valid"),
    131016: (503, "Service unavailable", "A service is temporarily unavailable"),
    131021: (400, "Recipient cannot be sender", "Recipient phone number is the sender's"),
    131026: (400, "Message undeliverable", "Message Undeliverable."),
    131030: (400, "Recipient phone number not in allowed list", "Recipient phone number not in "
             "allowed list: Add recipient phone number to recipient list and try again."),
    131031: (403, "Account has been locked", "Business Account has been locked"),
    131042: (400, "Business eligibility payment issue", RESEND + "there were one or more errors "
             "related to your payment method."),
    131047: (400, "Re-engagement message", RESEND + "more than 24 hours have passed since the "
             "customer last replied to this number."),
    131048: (400, "Spam rate limit hit", RESEND + "there are restrictions on how many messages "
             "can be sent from this phone number."),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement.",
             "In order to maintain a healthy ecosystem engagement, the message failed to be "
             "delivered."),
    131050: (400, "User has stopped marketing messages", "The recipient has chosen to stop "
             "receiving marketing messages on WhatsApp from your business"),
    131051: (400, "Unsupported message type", "Message type is currently not supported."),
    131052: (400, "Media download error", "Media file size too big, or it could not be fetched"),
    131053: (400, "Media upload error", "Unsupported media file"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit", RESEND
             + "there were too many messages sent from this phone number to the same phone "
             "number in a short period of time"),
    131057: (500, "Account in maintenance mode", "Business Account is in maintenance mode"),
    131062: (400, "Business-scoped user ID not supported for this message type",
             "This message can be sent to a phone number only"),
    132000: (400, "Number of parameters does not match the expected number of params", ""),
    132001: (404, "Template name does not exist in the translation", ""),
    132005: (400, "Translated text too long", "Translated text too long"),
    132007: (400, "Template format character policy violated", "Character policy violated"),
    132012: (400, "Parameter format does not match format in the created template", ""),
    132015: (400, "Template is paused", "Template is paused due to low quality"),
    132016: (400, "Template is disabled", "Template is disabled"),
    132018: (400, "Template parameters are not valid", ""),
    133004: (503, "Server temporarily unavailable", "Server is temporarily unavailable"),
    133010: (400, "Phone number not registered", "Phone number not registered on the WhatsApp "
             "Business Platform"),
}


class GraphError(Exception):
    """A refusal. headers: what goes beside it, as Retry-After."""

    def __init__(self, code, details=None, *, message=None, subcode=None, status=None,
                 transient=None):
        known, text, usual = KNOWN.get(code, (400, "Unknown error", ""))
        super().__init__(f"{code} {details or text}")
        self.code, self.subcode, self.status = code, subcode, status or known
        self.text, self.details = message or text, details if details is not None else usual
        self.transient = code == 2 if transient is None else transient
        self.headers = []

    def message(self):
        plain = self.code < 100 or self.code in (104, 190, 2500) or self.subcode == 33
        return self.text if plain else f"(#{self.code}) {self.text}"

    def envelope(self, trace):
        """What the answer's body says."""
        error = {"message": self.message(), "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": trace}}

    def in_webhook(self):
        """What a status says of the same."""
        title = self.text
        return {"code": self.code, "title": title, "message": title,
                "error_data": {"details": self.details or title},
                "href": "/documentation/business-messaging/whatsapp/support/error-codes"}


def bad(text):
    """(#100), as the Graph says it of a parameter."""
    return GraphError(100, message=text)


def missing_object(method, number):
    """The object is not there, or is not for us: the Graph does not tell which."""
    return GraphError(100, subcode=33, message=f"Unsupported {method.lower()} request. Object with "
                      f"ID '{number}' does not exist, cannot be loaded due to missing permissions, "
                      "or does not support this operation.")


class ControlError(Exception):
    """A test asked for what there is not."""
