"""What a test may choose: names, defaults, and what each does."""
from errors import ControlError

DEFAULTS = {
    # Who we are.
    "token": "EAAstandin", "app_secret": "standin-secret", "verify_token": "standin-verify",
    "waba_id": "102290129340398", "phone_number_id": "106540352242922",
    "display_phone_number": "551140028922", "verified_name": "Escritório Modelo",
    # valid; expired (190/463); revoked (190/460); forbidden (10)
    "token_state": "valid",
    # What 'to' gets in front when it has no '+'; "" for nothing.
    "country_code": "55",
    # The ninth digit of a Brazilian recipient met for the first time: keep or drop.
    "ninth_digit": "keep",
    # Once the 24 hours are over: async (accepted, then a failed status), sync (HTTP 400), off.
    "window": "async",
    # People have a business-scoped id, and webhooks say it.
    "user_ids": True,
    # Nobody else is let through (131030); null for everybody.
    "allowed_numbers": None,
    # Pair rate: so many at once, then one in so many seconds; 0 turns it off.
    "pair_burst": 45, "pair_seconds": 6,
    # Messages a second of the clock (130429); 0 turns it off. Its answer has, where not null,
    # Retry-After (seconds) and X-Business-Use-Case-Usage (minutes).
    "throughput": 0, "retry_after": None, "regain_minutes": None,
    # Statuses of each message accepted, without being asked for.
    "ladder": ["sent", "delivered"],
    # What the answer says of a template: accepted, held_for_quality_assessment, paused.
    "message_status": "accepted",
    # Media: sha256 in the answer hex or base64, file_size number or string; webhooks with url.
    "media_sha256": "hex", "media_size": "number", "webhook_media_url": True,
    # Where download urls lead; null for the host that was asked.
    "media_base": None,
    # The version the App Dashboard has: before v24.0 statuses say a conversation.
    "webhook_version": "v25.0",
    # Where webhooks go: a url, a folder, or neither; at once, or when told to.
    "webhook_url": None, "webhook_dir": None, "webhook_auto": False,
    "webhook_timeout": 10, "webhook_ca": None,
}

CHOICES = {
    "token_state": ("valid", "expired", "revoked", "forbidden"),
    "ninth_digit": ("keep", "drop"), "window": ("async", "sync", "off"),
    "media_sha256": ("hex", "base64"), "media_size": ("number", "string"),
    "message_status": ("accepted", "held_for_quality_assessment", "paused"),
}


class Settings(dict):
    """Knows its names: a word misspelt in a test is an error."""

    def __init__(self):
        super().__init__(DEFAULTS)

    def change(self, new):
        for name, value in new.items():
            if name not in DEFAULTS:
                raise ControlError(f"there is no setting '{name}'")
            if name in CHOICES and value not in CHOICES[name]:
                raise ControlError(f"'{name}' is one of {', '.join(CHOICES[name])}")
        self.update(new)
