"""Situations of settlements, top-ups and contests."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.work.test_top_ups import a_slow_project, done

from canut.people.usecases.appoint_operator import appoint_operator
from canut.work.models import TopUp
from canut.work.usecases.close_project import close_project
from canut.work.usecases.contest_top_up import contest_top_up
from canut.work.usecases.decide_contest import decide_contest

CONTESTED = {"reason": "Nobody needs that long."}
DECIDED = {"uphold": False, "reason": "The timer says the same."}


def announced(cast: Cast) -> TopUp:
    """A top-up that was announced just now."""
    project = a_slow_project(cast.requester)
    done(project, cast.worker, cast.requester, seconds=240, at=cast.at - timedelta(hours=1))
    close_project(project_id=project.pk, by=cast.requester, at=cast.at)
    return TopUp.objects.select_related("settlement").get(settlement__project=project)


def contested(cast: Cast) -> TopUp:
    top_up = announced(cast)
    contest_top_up(top_up_id=top_up.pk, by=cast.requester, reason="Too long.", at=cast.at)
    return top_up


def contest(cast: Cast, top_up: TopUp, *, top_up_id: int | None = None) -> Call:
    path = f"/projects/{top_up.settlement.project_id}/top-ups/{top_up_id or top_up.pk}/contest"
    return cast.post(cast.requester, path, CONTESTED)


def decide(cast: Cast, top_up_id: int) -> Call:
    return cast.post(cast.operator, f"/contests/{top_up_id}/decide", DECIDED)


@says("list_settlements", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/projects/{announced(cast).settlement.project_id}/settlements")


@says("list_settlements", "project_not_found")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, "/projects/987654321/settlements")


says("contest_a_top_up", "200")(lambda cast: contest(cast, announced(cast)))
says("contest_a_top_up", "top_up_not_found")(lambda cast: contest(cast, announced(cast), top_up_id=987654321))


@says("contest_a_top_up", "project_not_found")
def _(cast: Cast) -> Call:
    call = contest(cast, announced(cast))
    return call.but(by=cast.stranger)


@says("contest_a_top_up", "contest_too_late")
def _(cast: Cast) -> Call:
    top_up = announced(cast)
    TopUp.objects.filter(pk=top_up.pk).update(due_at=cast.at - timedelta(minutes=1))
    return contest(cast, top_up)


@says("list_top_ups", "200")
def _(cast: Cast) -> Call:
    contested(cast)
    return cast.get(cast.worker, "/top-ups")


@says("list_contests", "200")
def _(cast: Cast) -> Call:
    contested(cast)
    return cast.get(cast.operator, "/contests")


@says("list_contests", "operator_role_missing")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, "/contests")


says("decide_a_contest", "200")(lambda cast: decide(cast, contested(cast).pk))
says("decide_a_contest", "top_up_not_found")(lambda cast: decide(cast, 987654321))


@says("decide_a_contest", "operator_role_missing")
def _(cast: Cast) -> Call:
    top_up = contested(cast)
    return decide(cast, top_up.pk).but(by=cast.stranger)


@says("decide_a_contest", "conflict_of_interest")
def _(cast: Cast) -> Call:
    top_up = contested(cast)
    cast.operator = appoint_operator(person_id=cast.requester.pk, by=None, at=cast.at)
    return decide(cast, top_up.pk)


@says("decide_a_contest", "contest_decided")
def _(cast: Cast) -> Call:
    top_up = contested(cast)
    decide_contest(top_up_id=top_up.pk, by=cast.operator, uphold=True, reason="Too long.", at=cast.at)
    return decide(cast, top_up.pk)
