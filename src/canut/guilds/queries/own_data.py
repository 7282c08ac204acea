"""What this room knows of somebody, for their own export.

Reviews are blind (MECHANISMS 2.5): of those that somebody had, they are told here what followed from them,
and on which day: the moment of a decision is that at which somebody handed in the last of its reviews.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from canut.guilds.comparisons.models import Comparison
from canut.guilds.credentials.queries import data_of as badges_of
from canut.guilds.journal.queries import data_of as journal_of
from canut.guilds.models import Guild, Invitation, LevelContest, LevelDecision, Member, Review
from canut.guilds.queries.draws import day_of
from canut.kernel.plain_rows import Told, plain_rows


def data_of(party_id: int) -> Told:
    """Return somebody's guilds, levels, reviews, badges and journal."""
    return {
        "guilds": plain_rows(
            Member.objects.filter(person_id=party_id),
            "guild__party__name",
            "is_founder",
            "first_level",
            "level",
            "joined_at",
            "left_at",
        ),
        "guilds_founded": plain_rows(
            Guild.objects.filter(founded_by_id=party_id), "party__name", "craft", "decision", "founded_at"
        ),
        "invitations": plain_rows(
            Invitation.objects.filter(Q(person_id=party_id) | Q(by_id=party_id)),
            "guild__party__name",
            "person__party__screen_name",
            "state",
            "invited_at",
            "answered_at",
        ),
        "reviews_written": plain_rows(
            Review.objects.filter(reviewer__person_id=party_id),
            "guild__party__name",
            "verdict",
            "would_accept",
            "advice",
        ),
        "levels_decided": _by_day(
            plain_rows(
                LevelDecision.objects.filter(member__person_id=party_id),
                "member__guild__party__name",
                "mean",
                "before",
                "after",
                "why",
                "decided_at",
                "superseded_at",
            )
        ),
        "levels_contested": plain_rows(
            LevelContest.objects.filter(decision__member__person_id=party_id),
            "words",
            "state",
            "contested_at",
            "reason",
            "ended_at",
        ),
        "comparisons_asked_for": plain_rows(
            Comparison.objects.filter(asked_by_id=party_id), "project_id", "round", "asked_at"
        ),
        "badges": [badges_of(party_id)],
        "journal": [journal_of(party_id)],
    }


def _by_day(rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give these rows with the day of each moment in the site's zone, such as `decided_on`, in its place."""
    for row in rows:
        yield dict(_told_by_day(name, value) for name, value in row.items())


def _told_by_day(name: str, value: Any) -> tuple[str, Any]:
    if not name.endswith("_at"):
        return name, value
    return f"{name.removesuffix('at')}on", None if value is None else day_of(value)
