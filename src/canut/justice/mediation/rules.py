"""How long each step of a dispute may take, who mediates, and when others may read of it (MECHANISMS 6.5)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Due:
    """Something that somebody must do before a moment. `kind` names it once for each dispute and moment."""

    kind: str
    side: str
    due_at: datetime


def last_moment_to_complain(
    *, happened_on: date, complaint_days: int, direct_until: datetime, reply_days: int, zone: tzinfo
) -> datetime:
    """Return until when a complaint can be made: the end of the last day, counted in the site's zone.

    Who began in time does not lose it by waiting for the other side: after the direct attempt there is at
    least as long as the other side has to reply.

    Source: MECHANISMS 6.5 for the days; the second sentence is ours, for an attempt that begins late would
    else end after the time to complain.
    """
    last_day = happened_on + timedelta(days=complaint_days + 1)
    by_days = datetime.combine(last_day, time(), zone)
    return max(by_days, direct_until + timedelta(days=reply_days))


def next_mediator(in_hand: Mapping[int, int], *, apart: Collection[int]) -> int | None:
    """Return who mediates: of those who may, who has the fewest disputes in hand; None if nobody may.

    `in_hand` holds how many each mediator has, `apart` who may not: the two sides, whoever has worked for or
    with one of them, whoever is on one's list, and whoever had this dispute before. Equal ones are ordered
    by their number.

    Source: ours; MECHANISMS 6.5 leaves it open.
    """
    those = sorted((count, person) for person, count in in_hand.items() if person not in apart)
    return those[0][1] if those else None


def whats_due(
    *,
    state: str,
    direct_until: datetime,
    complain_by: datetime,
    reply_by: datetime | None,
    mediator_due_at: datetime | None,
    remind_days: int,
    at: datetime,
) -> Sequence[Due]:
    """Return what somebody is reminded of now: what they may do from now on, and what ends soon.

    Source: ours, for the clocks of MECHANISMS 6.5.
    """
    soon = at + timedelta(days=remind_days)
    found: list[Due] = []
    if state == "direct" and direct_until <= at < complain_by:
        found.append(Due("may", "complainant", direct_until))
        if complain_by <= soon:
            found.append(Due("complain", "complainant", complain_by))
    if state == "reply" and reply_by is not None and at < reply_by <= soon:
        found.append(Due("reply", "other", reply_by))
    if state == "mediation" and mediator_due_at is not None:
        if at < mediator_due_at <= soon:
            found.append(Due("mediate", "mediator", mediator_due_at))
        elif mediator_due_at <= at:
            found.append(Due("slow", "complainant", mediator_due_at))
            found.append(Due("slow_too", "other", mediator_due_at))
    return found


def may_be_published(*, objections: int, agreed: int, object_by: datetime, at: datetime) -> bool:
    """Return whether a summary may be published: neither side objects, and both said so or had their time.

    Source: MECHANISMS 6.5 for precedents; that both sides may object to the wording is ours.
    """
    return not objections and (agreed >= 2 or at >= object_by)


def names_in(text: str, names: Collection[str]) -> Sequence[str]:
    """Return which of these names a text holds as words of their own, whatever the capitals.

    It finds names, not what gives somebody away in other ways; both sides read the text before others do.

    Source: ours, for "without names" in MECHANISMS 6.5.
    """
    plain = normalize("NFKC", text).casefold()
    found = []
    for name in names:
        wanted = normalize("NFKC", name).casefold().strip()
        if wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain):
            found.append(name)
    return found
