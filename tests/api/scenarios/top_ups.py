"""Situations of settlements, top-ups and contests."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.work.test_top_ups import a_slow_project, done

from canut.justice.usecases.contest_times import contest_times
from canut.work.models import TopUp
from canut.work.usecases.close_project import close_project

CONTESTED = {"reason": "Nobody needs that long."}


def announced(cast: Cast) -> TopUp:
    """A top-up that was announced just now."""
    project = a_slow_project(cast.requester)
    done(project, cast.worker, cast.requester, seconds=240, at=cast.at - timedelta(hours=1))
    close_project(project_id=project.pk, by=cast.requester, at=cast.at)
    return TopUp.objects.select_related("settlement").get(settlement__project=project)


def contested(cast: Cast) -> TopUp:
    top_up = announced(cast)
    contest_times(top_up_id=top_up.pk, by=cast.requester, reason="Too long.", at=cast.at)
    return top_up


def contest(cast: Cast, top_up: TopUp, *, top_up_id: int | None = None) -> Call:
    path = f"/projects/{top_up.settlement.project_id}/top-ups/{top_up_id or top_up.pk}/contest"
    return cast.post(cast.requester, path, CONTESTED)


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
