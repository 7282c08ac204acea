"""What a mail about reviews carries to end such mails without signing in: the membership, signed by the site.

It is good for nothing else and does not end, for a mail may be read years later.
"""

from django.core.signing import BadSignature, Signer

_SALT = "canut.guilds.mails"


def mail_token(member_id: int) -> str:
    return Signer(salt=_SALT).sign(str(member_id))


def member_of(token: str) -> int | None:
    """Return whose mails a token ends; None if this site did not make it."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
