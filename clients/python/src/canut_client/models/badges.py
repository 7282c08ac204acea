"""One's own badges, and what checking one finds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Badge:
    """A level in a guild, made out to a key. `is_current` while key and site are called as it says."""

    id: str
    name: str
    guild_id: int
    level: int
    made_out_to: str
    is_current: bool
    is_shown: bool
    issued_at: datetime
    revoked_at: datetime | None
    revoked_for: str | None


@dataclass(frozen=True, slots=True)
class CheckedBadge:
    """What a genuine badge says; `issuer` and `made_out_to` are DIDs."""

    name: str
    level: int | None
    issuer: str
    made_out_to: str
    credential_id: str
    valid_from: datetime
    valid_until: datetime | None
    signed_as: str
    came_as: str


@dataclass(frozen=True, slots=True)
class BadgeCheck:
    """Whether a badge is genuine and in force; `code` and `sentence` say why it is not."""

    genuine: bool
    badge: CheckedBadge | None
    code: str | None
    sentence: str | None
