"""One's own account and its keys.

Keys are made on the account page alone: a key that could make keys would hand its thief every other
power. What a key may do here it does to itself: replace itself, or end.
"""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.account import Key, Me, NewKey
from canut.api.shapes.common import Page
from canut.people.access import KeyNotFound
from canut.people.models import Scope
from canut.people.queries import keys_of, profile_of
from canut.people.usecases.revoke_key import revoke_key
from canut.people.usecases.rotate_key import KeyHasEnded, rotate_key

doors = Doors("account")


@doors.get("/me", scope=Scope.ACCOUNT, answers=Me)
def get_me(request: Asked) -> Me:
    """Who the key belongs to, and what it may be used for."""
    profile = profile_of(request.auth.by.pk)
    known = {name: getattr(profile, name) for name in Me.model_fields if hasattr(profile, name)}
    return Me(**known, key_id=request.auth.key_id, scopes=sorted(request.auth.scopes))


@doors.get("/keys", scope=Scope.ACCOUNT, answers=Page[Key])
def list_keys(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Key]:
    """The caller's keys, newest first, those that have ended too. New ones are made on the account page."""
    before = after(cursor, "keys")
    keys = sorted(keys_of(request.auth.by.pk), key=lambda key: -key.id)
    rows = [key for key in keys if before is None or key.id < before]
    shown, following = cut(rows, limit=limit, listing="keys", row_id=lambda key: key.id)
    return Page[Key](items=[Key.model_validate(key) for key in shown], next_cursor=following)


@doors.post(
    "/keys/current/rotate",
    scope=Scope.ACCOUNT,
    answers=NewKey,
    status=201,
    refuses=(KeyHasEnded,),
    replays=Replays.NATURAL,
)
def rotate_current_key(request: Asked) -> NewKey:
    """Put a new key in the place of this one, with the same name, scopes and end.

    The old key stops at once, so a repeat of this request is refused: the token is told once and is
    not kept anywhere. If the answer is lost, make a new key on the account page.
    """
    issued = rotate_key(key_id=request.auth.key_id, by=request.auth.by, at=request.auth.at)
    return NewKey(**Key.model_validate(issued.key).model_dump(), token=issued.token)


@doors.delete("/keys/{key_id}", scope=Scope.ACCOUNT, answers=Key, refuses=(KeyNotFound,))
def revoke_one_key(request: Asked, key_id: Id) -> Key:
    """End one of the caller's keys at once and for good, this one or another. Twice is safe."""
    revoke_key(key_id=key_id, by=request.auth.by, at=request.auth.at)
    return next(Key.model_validate(key) for key in keys_of(request.auth.by.pk) if key.id == key_id)
