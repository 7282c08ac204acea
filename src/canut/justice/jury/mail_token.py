"""What a mail to a juror carries to end such mails without signing in: the person, signed by the site.

It is good for nothing else and does not end, for a mail may be read years later.
"""

from django.core.signing import BadSignature, Signer

_SIGNER = Signer(salt="canut.justice.jury.mails")


def mail_token(person_id: int) -> str:
    return _SIGNER.sign(str(person_id))


def person_of(token: str) -> int | None:
    """Return whose mails a token ends; None if this site did not make it."""
    try:
        return int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
