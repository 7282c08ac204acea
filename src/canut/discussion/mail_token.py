"""What a mail about talk carries to end such mails without signing in, signed by the site.

It is good for nothing else and does not end, for a mail may be read years later.
"""

from django.core.signing import BadSignature, Signer

from canut.discussion.states import MailKind

_SALT = "canut.discussion.mails"


def mail_token(person_id: int, kind: MailKind) -> str:
    return Signer(salt=_SALT).sign(f"{kind.value}.{person_id}")


def said_by(token: str) -> tuple[int, MailKind] | None:
    """Return whose mails of which kind a token ends; None if this site did not make it."""
    try:
        kind, person_id = Signer(salt=_SALT).unsign(token).split(".")
        return int(person_id), MailKind(kind)
    except (BadSignature, ValueError):
        return None
