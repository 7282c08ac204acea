"""Badges: a member's own, and what checking one finds."""

from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said
from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.queries import Badge as BadgeSeen
from canut.guilds.credentials.verifying import Verified


class Badge(Said):
    """A badge of the caller: a level in a guild, made out to a key."""

    id: str = Field(description="Its number in addresses, a UUID.")
    name: str
    guild_id: int
    level: int
    made_out_to: str = Field(description="The key that it names, a did:key.")
    is_current: bool = Field(
        description="It names the key that the caller uses now, and the site as it is called now."
    )
    is_shown: bool = Field(description="Everybody sees on the caller's page that it is theirs.")
    issued_at: Moment
    revoked_at: Moment | None
    revoked_for: RevokedFor | None = Field(description="Why it was taken back. The public list does not say.")


class CheckedBadge(Said):
    """What a genuine badge says."""

    name: str
    level: int | None = Field(description="From 1 on; null where the badge is about something else.")
    issuer: str = Field(description="The DID of who issued it: this site.")
    made_out_to: str = Field(description="The key of who holds it, a did:key.")
    credential_id: str
    valid_from: Moment
    valid_until: Moment | None
    signed_as: Literal["data_integrity", "jwt"]
    came_as: Literal["json", "jwt", "svg", "png"]


class BadgeCheck(Said):
    """Whether a badge is genuine and in force. `code` and `sentence` say why it is not."""

    genuine: bool
    badge: CheckedBadge | None
    code: str | None = Field(description="The code of the refusal, as under `/problems/`.")
    sentence: str | None


def badge_said(badge: BadgeSeen) -> Badge:
    return Badge(
        id=str(badge.credential_id),
        name=badge.name,
        guild_id=badge.guild_id,
        level=badge.level,
        made_out_to=badge.subject_did,
        is_current=badge.is_current,
        is_shown=badge.is_shown,
        issued_at=badge.issued_at,
        revoked_at=badge.revoked_at,
        revoked_for=badge.revoked_for,
    )


def checked_said(found: Verified) -> CheckedBadge:
    return CheckedBadge(
        name=found.name,
        level=found.level,
        issuer=found.issuer_did,
        made_out_to=found.subject_did,
        credential_id=found.credential_id,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        signed_as=found.form,
        came_as=found.carrier,
    )
