"""What an invitation's link carries: its number, signed by the site, so that nobody can make one up."""

from django.core.signing import BadSignature, Signer

_SALT = "canut.membership.invitations"


def invitation_token(invitation_id: int) -> str:
    return Signer(salt=_SALT).sign(str(invitation_id))


def invitation_of(token: str) -> int | None:
    """Return which invitation a link is for; None if this site did not make it."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
