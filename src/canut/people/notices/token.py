"""What a mail carries to end mails of its kind without signing in: person, kind and topic, signed by us.

It is good for nothing else and does not end, for a mail may be read years later.
"""

import re
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from canut.people.notices.kinds import SECURITY, NoticeKind
from canut.people.notices.models import TOPIC

_SALT = "canut.people.notices.stop"
_SAID = re.compile(rf"(\d{{1,18}})/([a-z_]*)/((?:{TOPIC})?)")


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose mails a token ends: those of a kind, those about one topic of it, or all (no kind)."""

    person_id: int
    kind: NoticeKind | None
    topic: str = ""


def stop_token(stop: Stop) -> str:
    """Return the token that ends such mails, fit to be part of an address."""
    return Signer(salt=_SALT).sign(f"{stop.person_id}/{stop.kind or ''}/{stop.topic}").replace("/", "~")


def stop_of(token: str) -> Stop | None:
    """Return what a token ends; None if this site did not make it."""
    try:
        said = _SAID.fullmatch(Signer(salt=_SALT).unsign(token.replace("~", "/")))
    except BadSignature:
        return None
    if said is None or (said[2] and (said[2] not in NoticeKind or said[2] in SECURITY)):
        return None
    return Stop(int(said[1]), NoticeKind(said[2]) if said[2] else None, said[3])
