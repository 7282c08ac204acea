"""What a portfolio holds: chosen entries, levels in guilds, badges; and the same as JSON.

The shape of the JSON is described in `docs/portfolio.md`; a test holds the two together. Whatever adds to
it leaves `VERSION`; whatever takes from it or means something else by a member raises it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from canut.guilds.credentials import site
from canut.guilds.credentials.access import BadgeTakenBack
from canut.guilds.credentials.issuers import SiteHasNoDid
from canut.guilds.credentials.queries import (
    Badge,
    BadgeOfEarlierName,
    Shape,
    badge_file,
    badges_of,
)
from canut.guilds.credentials.site import IssuerKeyCannotBeOpened, NoIssuerKey
from canut.guilds.journal.queries import Batch, Entry, chosen_entries, journal_of, today_of, zone_of
from canut.guilds.journal.standings import GuildLevel, levels_of
from canut.people.models import Person

KIND = "canut-portfolio"
VERSION = 1

_CANNOT_BE_SIGNED = (
    BadgeOfEarlierName,
    BadgeTakenBack,
    IssuerKeyCannotBeOpened,
    NoIssuerKey,
    SiteHasNoDid,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What an entry is about. Of duties, such as blind reviews, neither numbers nor days are told."""

    title: str
    tasks_handed_in: int | None
    tasks_approved: int | None
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry as a portfolio shows it."""

    title: str
    text: str
    paragraphs: Sequence[str]
    learnt_on: date
    work: Work | None

    @property
    def facts(self) -> Sequence[str]:
        """Say when its writer learnt it, at what, how much of it and when."""
        said = [date_format(self.learnt_on, "DATE_FORMAT")]
        if self.work is not None:
            said.append(self.work.title)
            said += in_words(self.work)
        return said


@dataclass(frozen=True, slots=True)
class HeldBadge:
    """A badge with its files, in the shapes that were asked for."""

    credential_id: UUID
    guild_id: int
    name: str
    level: int
    issued_on: date
    files: Mapping[Shape, bytes]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that goes into one file. `left_out` says of badges why they are not in it."""

    name: str
    made_on: date
    language: str
    site_address: str
    entries: Sequence[Chosen]
    levels: Sequence[GuildLevel]
    badges: Sequence[HeldBadge]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a writer can put into a portfolio beside the entries they chose."""

    levels: Sequence[GuildLevel]
    badges: Sequence[Badge]


def offered(by: Person) -> Offered:
    """Return the levels that `by` has and the badges of theirs that are in force."""
    in_force = [badge for badge in badges_of(by.pk) if badge.revoked_at is None]
    return Offered(levels=levels_of(by.pk), badges=in_force)


def portfolio_of(
    by: Person,
    *,
    at: datetime,
    shapes: Sequence[Shape],
    name: str | None = None,
    badge_ids: Collection[UUID] | None = None,
    guild_ids: Collection[int] | None = None,
) -> Portfolio:
    """Return `by`'s portfolio, with each badge in each of these shapes.

    Without `name` it bears the one they have kept, else their screen name. Without `badge_ids` it has
    all their badges that are in force, without `guild_ids` the levels of all their guilds; what is not
    theirs is passed over.
    """
    offer = offered(by)
    badges, left_out = [], []
    for badge in offer.badges:
        if badge_ids is not None and badge.credential_id not in badge_ids:
            continue
        try:
            badges.append(_held(badge, by=by, at=at, shapes=shapes))
        except _CANNOT_BE_SIGNED as refusal:
            left_out.append(f"{badge.name}: {refusal}")
    return Portfolio(
        name=name or journal_of(by).portfolio_name or by.screen_name,
        made_on=today_of(by, at=at),
        language=get_language() or settings.LANGUAGE_CODE,
        site_address=settings.SITE_URL,
        entries=[_chosen(entry) for entry in chosen_entries(by)],
        levels=[level for level in offer.levels if guild_ids is None or level.guild_id in guild_ids],
        badges=badges,
        left_out=left_out,
    )


def in_words(work: Work | Batch) -> Sequence[str]:
    """Say how many tasks somebody handed in, and on which days; nothing where that is not told."""
    handed_in = work.tasks_handed_in if isinstance(work, Work) else work.handed_in
    if handed_in is None or work.first_on is None or work.last_on is None:
        return []
    first, last = date_format(work.first_on, "DATE_FORMAT"), date_format(work.last_on, "DATE_FORMAT")
    days = first if first == last else _("from %(first)s to %(last)s") % {"first": first, "last": last}
    count = ngettext("%(count)s task handed in", "%(count)s tasks handed in", handed_in)
    return [count % {"count": handed_in}, days]


def as_data(portfolio: Portfolio) -> dict[str, Any]:
    """Return a portfolio as its JSON says it; its badges must have been asked for as "json"."""
    return {
        "kind": KIND,
        "version": VERSION,
        "name": portfolio.name,
        "made_on": portfolio.made_on.isoformat(),
        "language": portfolio.language,
        "site": portfolio.site_address,
        "entries": [
            {
                "title": entry.title,
                "text": entry.text,
                "learnt_on": entry.learnt_on.isoformat(),
                "work": None if entry.work is None else _work_data(entry.work),
            }
            for entry in portfolio.entries
        ],
        "levels": [
            {
                "guild": level.guild,
                "address": site.guild_address(level.guild_id),
                "level": level.level,
                "mean_review_score": None if level.mean is None else str(level.mean),
                "reviews": level.reviews,
            }
            for level in portfolio.levels
        ],
        "badges": [
            {
                "name": badge.name,
                "level": badge.level,
                "issued_on": badge.issued_on.isoformat(),
                "credential": json.loads(badge.files["json"]),
            }
            for badge in portfolio.badges
        ],
    }


def as_json(portfolio: Portfolio) -> bytes:
    """Return a portfolio as a JSON file."""
    return json.dumps(as_data(portfolio), ensure_ascii=False, indent=1).encode()


def _work_data(work: Work) -> dict[str, Any]:
    return {
        "title": work.title,
        "tasks_handed_in": work.tasks_handed_in,
        "tasks_approved": work.tasks_approved,
        "first_on": None if work.first_on is None else work.first_on.isoformat(),
        "last_on": None if work.last_on is None else work.last_on.isoformat(),
    }


def _chosen(entry: Entry) -> Chosen:
    batch = entry.batch
    work = None
    if batch is not None and batch.is_duty:
        # With days and numbers somebody whose work was reviewed could tell by whom.
        work = Work(batch.title, None, None, None, None)
    elif batch is not None:
        work = Work(batch.title, batch.handed_in, batch.approved, batch.first_on, batch.last_on)
    return Chosen(entry.title, entry.text, entry.paragraphs, entry.learnt_on, work)


def _held(badge: Badge, *, by: Person, at: datetime, shapes: Sequence[Shape]) -> HeldBadge:
    files = {
        # In a picture a token, which is signed in a hundredth of the time.
        shape: badge_file(credential_id=badge.credential_id, shape=shape, by=by, at=at, form="jwt")
        for shape in shapes
    }
    issued_on = badge.issued_at.astimezone(zone_of(by)).date()
    return HeldBadge(badge.credential_id, badge.guild_id, badge.name, badge.level, issued_on, files)
