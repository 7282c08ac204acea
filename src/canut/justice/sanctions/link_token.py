"""What the link in a sanction's mail carries: its number, signed by the site, so that nobody makes one up.

Who has it reads the sanction, answers and asks for a review without signing in, until the sanction has been
over for as long as the charter says (`access.sanction_of_link`).
"""

from django.core.signing import BadSignature, Signer

_SALT = "canut.justice.sanctions"


def sanction_token(sanction_id: int) -> str:
    return Signer(salt=_SALT).sign(str(sanction_id))


def path_of(sanction_id: int) -> str:
    """Return the path of the page that needs no sign-in."""
    return f"/justice/sanctions/link/{sanction_token(sanction_id)}/"


def without_path(text: str, sanction_id: int) -> str:
    """Return a text without that path, for everybody but the one whom the sanction touches."""
    return text.replace(path_of(sanction_id), "/…/")


def sanction_of_token(token: str) -> int | None:
    """Return which sanction a link is for; None if this site did not make it."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
