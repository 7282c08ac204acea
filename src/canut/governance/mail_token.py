"""What a mail about proposals carries to end such mails without signing in: whose, and which kind."""

from django.core.signing import BadSignature, Signer

from canut.governance.states import MailKind

_SALT = "canut.governance.mails"


def mail_token(person_id: int, kind: MailKind) -> str:
    return Signer(salt=_SALT).sign(f"{person_id}.{kind}")


def person_and_kind_of(token: str) -> tuple[int, MailKind] | None:
    """Return whose mails of which kind a token ends; None if this site did not make it."""
    try:
        person_id, _dot, kind = Signer(salt=_SALT).unsign(token).partition(".")
        return int(person_id), MailKind(kind)
    except (BadSignature, ValueError):
        return None
