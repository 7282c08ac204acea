"""What a mail about disputes carries to end such mails without signing in: whose it is, signed."""

from django.core.signing import BadSignature, Signer

_SALT = "canut.justice.mediation.mails"


def mail_token(person_id: int) -> str:
    return Signer(salt=_SALT).sign(str(person_id))


def person_of(token: str) -> int | None:
    """Return whose mails a token ends; None if this site did not make it."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
