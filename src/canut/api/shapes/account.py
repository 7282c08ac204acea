"""One's own account, its keys, and whom a requester blocks or allows."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, RowId, Said, Sent

ScopeName = Literal[
    "account",
    "work",
    "projects",
    "review",
    "results",
    "money",
    "decide",
    "talk",
    "bounces",
    "justice",
]


class Me(Said):
    """Who the key belongs to, and what it may be used for."""

    id: int
    screen_name: str = Field(description="The only thing the other side sees.")
    username: str
    email: str | None
    is_worker: bool
    is_requester: bool
    is_operator: bool
    country: str
    languages: Sequence[str]
    time_zone: str
    locale: str
    simulated: bool
    joined_at: Moment
    key_id: int
    scopes: Sequence[str]


class Key(Said):
    """A key without its token, which nobody can see again."""

    id: int
    name: str
    prefix: str = Field(description="How the token begins, to tell keys apart.")
    scopes: Sequence[ScopeName]
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None


class NewKey(Key):
    """A key at the one moment when its token is known."""

    token: str = Field(description="Keep it: it is never shown again.")


class Listing(Said):
    """Somebody on one of the caller's lists."""

    person_id: int
    screen_name: str
    kind: Literal["block", "allow"]
    reason: str
    created_at: Moment


class ListingIn(Sent):
    """Whom to put on which list: by number or by screen name, one of the two."""

    kind: Literal["block", "allow"]
    person_id: RowId | None = None
    screen_name: str | None = Field(None, max_length=60)
    reason: str = Field("", max_length=500, description="Only the caller sees it.")
