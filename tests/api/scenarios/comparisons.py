"""Situations of comparing accepted answers."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.builders import a_worker
from tests.guilds.comparisons.compared import accepted, asked

from canut.people.models import Person
from canut.work.models import Project


def ask(cast: Cast, project_id: int, **body: object) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/comparisons", {"round": 1, **body})


def look(cast: Cast, project_id: int, about: str = "") -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/comparisons/offer{about}")


def listed(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/comparisons")


BOTH = {"ask_for_comparisons": ask, "offer_comparisons": look}


def done(cast: Cast, *, workers: int = 3, rows: int = 1) -> Project:
    """A project with accepted answers of so many people to each task."""
    crowd: list[Person] = [a_worker() for _each in range(workers)]
    return accepted(cast.requester, crowd, rows=rows, at=cast.at)


def _done(cast: Cast) -> int:
    return done(cast).pk


def _done_for_one_who_gave_up(cast: Cast) -> int:
    project = done(cast)
    cast.given_up(cast.requester)
    return project.pk


several(BOTH, "200", _done)
several({**BOTH, "list_comparisons": listed}, "project_not_found", lambda cast: 987654321)
several(BOTH, "requester_role_missing", _done_for_one_who_gave_up)
several(BOTH, "nothing_to_compare", lambda cast: cast.live().pk)
several(BOTH, "nobody_to_compare", lambda cast: done(cast, workers=2).pk)


@says("list_comparisons", "200")
def _(cast: Cast) -> Call:
    project = done(cast)
    asked(project, at=cast.at)
    return listed(cast, project.pk)


@says("ask_for_comparisons", "task_not_found")
def _(cast: Cast) -> Call:
    return ask(cast, done(cast).pk, task_ids=[987654321])


@says("offer_comparisons", "task_not_found")
def _(cast: Cast) -> Call:
    return look(cast, done(cast).pk, "?task_id=987654321")


@says("ask_for_comparisons", "comparison_round_not_reached")
def _(cast: Cast) -> Call:
    return ask(cast, done(cast).pk, round=2)


@says("offer_comparisons", "comparison_round_not_reached")
def _(cast: Cast) -> Call:
    return look(cast, done(cast).pk, "?number=2")


@says("ask_for_comparisons", "round_running")
def _(cast: Cast) -> Call:
    project = done(cast, workers=4, rows=6)
    first, *others = project.tasks.order_by("pk").values_list("pk", flat=True)
    asked(project, task_ids=others, at=cast.at)  # ten pairs, of which some are tried
    return ask(cast, project.pk, task_ids=[first])


@says("ask_for_comparisons", "total_changed")
def _(cast: Cast) -> Call:
    return ask(cast, done(cast).pk, agreed_total="0.01")


@says("ask_for_comparisons", "amount_refused")
def _(cast: Cast) -> Call:
    return ask(cast, done(cast).pk, agreed_total=1.5)


@says("ask_for_comparisons", "insufficient_funds")
def _(cast: Cast) -> Call:
    project = done(cast)
    cast.drained(cast.requester)
    return ask(cast, project.pk)
