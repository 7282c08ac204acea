"""Contesting a decision on one's level or a refusal to be admitted; and the statistics on justice."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.shapes import contests as shapes
from canut.api.shapes.cases import Case
from canut.api.shapes.said_cases import case_said
from canut.guilds.access import GuildNotFound, NotAMember
from canut.guilds.usecases.contest_level import LevelContestTooLate, LevelDecisionNotFound, LevelRose
from canut.justice.queries import case_seen
from canut.justice.statistics import YearNotFound, year_seen, years_told
from canut.justice.usecases.contest_level import contest_level
from canut.justice.usecases.contest_refusal import contest_refusal
from canut.kernel import clock
from canut.membership.queries_refusals import own_refusals
from canut.membership.usecases.admit import AlreadyAdmitted
from canut.membership.usecases.refuse_admission import AdmissionRefusalNotFound, RefusalContestTooLate
from canut.people.models import Scope

doors = Doors("contests")

DecisionNumber = Annotated[int, Path(ge=1, lt=2**31, description="The decision's number now.")]
Year = Annotated[int, Path(ge=1, le=9998)]


@doors.post(
    "/guilds/{guild_id}/membership/decisions/{number}/contest",
    scope=Scope.WORK,
    answers=Case,
    refuses=(GuildNotFound, NotAMember, LevelDecisionNotFound, LevelRose, LevelContestTooLate),
    replays=Replays.NATURAL,
)
def contest_a_level(
    request: Asked, guild_id: Id, number: DecisionNumber, body: shapes.LevelContestIn
) -> Case:
    """Contest a decision on the caller's level: peers look at the reviews that are named.

    If they find them unfair, those count no more, and the level is decided anew. Once a decision; again
    returns the same case.
    """
    by, at = request.auth.by, request.auth.at
    case = contest_level(guild_id=guild_id, number=number, by=by, items=body.items, words=body.words, at=at)
    return case_said(case_seen(case.pk, by=by, at=at))


@doors.get("/membership/refusals", scope=Scope.DECIDE, answers=shapes.AdmissionRefusals)
def list_admission_refusals(request: Asked) -> shapes.AdmissionRefusals:
    """When and why the caller was refused as a member, the latest first: the last twenty."""
    found = own_refusals(by=request.auth.by, at=request.auth.at)
    return shapes.AdmissionRefusals(refusals=[shapes.AdmissionRefusal.model_validate(one) for one in found])


@doors.post(
    "/membership/refusals/{refusal_id}/contest",
    scope=Scope.DECIDE,
    answers=Case,
    refuses=(AdmissionRefusalNotFound, AlreadyAdmitted, RefusalContestTooLate),
    replays=Replays.NATURAL,
)
def contest_an_admission_refusal(request: Asked, refusal_id: Id, body: shapes.RefusalContestIn) -> Case:
    """Contest a refusal to admit the caller: members who are drawn by lot hear it. Once a refusal."""
    by, at = request.auth.by, request.auth.at
    case = contest_refusal(refusal_id=refusal_id, by=by, words=body.words, at=at)
    return case_said(case_seen(case.pk, by=by, at=at))


@doors.get("/justice/statistics", scope=None, answers=shapes.StatisticsYears)
def list_statistics_years(request: HttpRequest) -> shapes.StatisticsYears:
    """The years there are statistics on justice of, the newest first. Needs no key."""
    return shapes.StatisticsYears(years=years_told(at=clock.now()))


@doors.get("/justice/statistics/{year}", scope=None, answers=shapes.JusticeYear, refuses=(YearNotFound,))
def get_statistics_year(request: HttpRequest, year: Year) -> shapes.JusticeYear:
    """What was contested in a year, and what became of it. Needs no key.

    No figure is about fewer than `least` cases, and none can be worked out from the others. A year that goes
    on is told in whole steps of as many.
    """
    return shapes.year_said(year_seen(year, at=clock.now()))
