"""Duties for tests: a body, money in the guild fund, and a project of the body's that the fund pays."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from tests.builders import CHOICE_DESIGN, NOON

from canut.ledger.models import Kind, Reason
from canut.ledger.queries import fund_minor
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Body, Person
from canut.people.usecases.found_body import found_body
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing
from canut.work.models import Project, Task
from canut.work.states import Fund
from canut.work.usecases.add_duty import add_duty
from canut.work.usecases.found_duty import found_duty
from canut.work.usecases.put_tasks_to_judge import ForStandings, ToJudge

_serial = count(1)


def a_body() -> Body:
    number = next(_serial)
    return found_body(name=f"The body {number}", screen_name=f"Body{number}", by=None, at=NOON)


def fill_fund(amount_minor: int, *, kind: Kind = Kind.GUILD_FUND) -> None:
    """Put money into a fund, as if levies had brought it."""
    outside, fund = (open_account(one, currency="EUR") for one in (Kind.OUTSIDE, kind))
    key = f"tests-fund:{next(_serial)}"
    post_entries([Movement(outside, fund, amount_minor, Reason.DEPOSIT, key)], at=NOON)


def a_duty(*, owner: Body | Person | None = None, **details: Any) -> Project:
    """Return a live duty that pays 1.00 euro for four minutes, and has no task."""
    given: dict[str, Any] = {
        "title": "Review: what the picture shows",
        "description": "",
        "design": CHOICE_DESIGN,
        "fund": Fund.GUILD,
        "reward_minor": 100,
        "expected_seconds": 240,
        "language": "",
        "device": "any",
        "risks": (),
        "at": NOON,
    }
    return found_duty(owner_id=(owner or a_body()).pk, **(given | details))


def to_judge(**details: Any) -> ToJudge:
    given: dict[str, Any] = {
        "key": f"item {next(_serial)}",
        "row": {"text": "A picture"},
        "shows": (),
        "offered_to": (),
        "barred": (),
    }
    return ToJudge(**(given | details))


def a_duty_task(project: Project, *, at: datetime = NOON, **details: Any) -> Task:
    return add_duty(project_id=project.pk, asked=to_judge(**details), at=at)


def in_fund() -> int:
    return fund_minor(Kind.GUILD_FUND, "EUR")


def give_level(person: Person, guild: Body, level: int) -> None:
    keep_standing(party_id=person.pk, scale=ScaleKind.GUILD, scale_id=guild.pk, value=Decimal(level), at=NOON)


def for_levels(guild: Body, least: int | None, most: int | None) -> ForStandings:
    return ForStandings(str(ScaleKind.GUILD), guild.pk, least, most)
