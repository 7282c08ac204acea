"""Votes as tests need them: an electorate of so many a college, a vote on anything, and ballots in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from tests.builders import NOON
from tests.charter.log_lines import a_line
from tests.membership.members import members_of
from tests.promises import run

from canut.charter.queries import in_force
from canut.governance.ballots.models import Vote
from canut.governance.ballots.queries import Result
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.ballots.usecases.open_vote import open_vote
from canut.membership.states import College
from canut.people.models import Person

_subjects = count(1)


def an_electorate(workers: int = 3, requesters: int = 3, team: int = 0) -> dict[str, list[Person]]:
    """Return so many active members of each college."""
    return {
        "workers": members_of(College.WORKERS, workers),
        "requesters": members_of(College.REQUESTERS, requesters),
        "team": members_of(College.TEAM, team),
    }


def a_vote(*, at: datetime = NOON, class_: str = "ordinary", **other: Any) -> Vote:
    """Return an open vote on a question of nobody's in particular."""
    given = {
        "subject_kind": "question",
        "subject_id": next(_subjects),
        "title_en": "Shall we?",
        "title_fr": "Le voulons-nous ?",
        "address": "/charter/",
    }
    return open_vote(**(given | other), class_=class_, at=at)  # type: ignore[arg-type]


def all_cast(vote: Vote, people: Sequence[Person], *choices: str, at: datetime = NOON) -> list[str]:
    """Let these people cast these ballots, in that order, and return their receipts."""
    return [
        cast_ballot(vote_id=vote.pk, by=person, choice=choice, at=at)
        for person, choice in zip(people, choices, strict=False)
    ]


def ended(vote: Vote, *, after: timedelta = timedelta()) -> Result:
    """Close a vote at its end, or so much later, and return its result, as the database allows it."""
    result = close_vote(vote_id=vote.pk, at=vote.closes_at + after)
    as_if_committed()
    return result


def as_if_committed() -> None:
    """Let the database look at what it looks at when a transaction ends."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def by_rule(name: str, value: Any, *, at: datetime = NOON) -> None:
    """Let a parameter have another value from `at` on."""
    before = in_force(name, at=at)
    a_line(
        parameter=name,
        old_value=str(before) if isinstance(before, Decimal) else before,
        new_value=value,
        effective_at=at,
        recorded_at=at,
    )
