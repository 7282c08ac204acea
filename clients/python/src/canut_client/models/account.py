"""One's own account, its keys, one's lists, and the charter."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter and what holds for everybody: since when, and by which entry of the public log."""

    name: str
    value: int | bool | str | tuple[str, ...]
    unit: str
    meaning: str
    since: datetime
    entry_id: int
    entry_kind: str
    cites: str


@dataclass(frozen=True, slots=True)
class Charter:
    """The whole charter as it holds at a moment; empty before its beginning."""

    at: datetime
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its token, which nobody can see again."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Somebody on one of the caller's lists."""

    person_id: int
    screen_name: str
    kind: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Me:
    """Who the key belongs to, and what it may be used for."""

    id: int
    screen_name: str
    username: str
    email: str | None
    is_worker: bool
    is_requester: bool
    is_operator: bool
    country: str
    languages: tuple[str, ...]
    time_zone: str
    locale: str
    simulated: bool
    joined_at: datetime
    key_id: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewKey(Key):
    """A key at the one moment when its token is known."""

    token: str
