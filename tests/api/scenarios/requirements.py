"""Situations of projects that ask for standings."""

from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.hours import opened_by, refuse
from tests.api.scenarios.projects import closed
from tests.api.scenarios.qualifications import made, retired
from tests.api.scenarios.registry import says, several
from tests.api.scenarios.work import take, take_this
from tests.work.asked import a_guild
from tests.work.by_the_hour import an_hourly_project

from canut.work.models import Project
from canut.work.usecases.require_standings import Wanted, require_standings


def reading(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/requirements")


def setting(cast: Cast, project_id: int, *asked: dict[str, Any]) -> Call:
    return cast.put(cast.requester, f"/projects/{project_id}/requirements", {"requirements": list(asked)})


def guild(scale_id: int, level: object = 2) -> dict[str, Any]:
    return {"scale": "guild", "scale_id": scale_id, "value": level}


def qualification(scale_id: int, comparator: str = "more_than", value: object = 9.5) -> dict[str, Any]:
    return {"scale": "qualification", "scale_id": scale_id, "comparator": comparator, "value": value}


def asking(cast: Cast, project: Project) -> Project:
    """A project for members of a guild, in which nobody is."""
    wanted = [Wanted("guild", a_guild().pk, value=1)]
    return require_standings(project_id=project.pk, by=cast.requester, wanted=wanted, at=cast.at)


@says("set_requirements", "200")
def _(cast: Cast) -> Call:
    exists = qualification(made(cast, "Latin").pk, "exists", None)
    return setting(cast, cast.live().pk, guild(a_guild().pk), qualification(made(cast).pk), exists)


says("list_requirements", "200")(lambda cast: reading(cast, asking(cast, cast.live()).pk))
several(
    {"list_requirements": reading, "set_requirements": setting}, "project_not_found", lambda cast: 987654321
)
says("set_requirements", "project_closed")(
    lambda cast: setting(cast, closed(cast, cast.live()).pk, guild(a_guild().pk))
)
says("set_requirements", "asked_guild_not_found")(
    lambda cast: setting(cast, cast.live().pk, guild(cast.requester.pk))
)
says("set_requirements", "several_guilds_asked")(
    lambda cast: setting(cast, cast.live().pk, guild(a_guild().pk), guild(a_guild().pk))
)
says("set_requirements", "qualification_not_found")(
    lambda cast: setting(cast, cast.live().pk, qualification(987654321))
)
says("set_requirements", "qualification_is_retired")(
    lambda cast: setting(cast, cast.live().pk, qualification(retired(cast).pk))
)
says("set_requirements", "bad_input")(lambda cast: setting(cast, cast.live().pk, guild(a_guild().pk, 1.5)))


@says("set_requirements", "requester_role_missing")
def _(cast: Cast) -> Call:
    project = cast.live()
    cast.given_up(cast.requester)
    return setting(cast, project.pk)


def hourly_asking(cast: Cast) -> Project:
    return asking(cast, an_hourly_project(owner=cast.requester, at=cast.at))


says("take_any_task", "standing_not_met")(lambda cast: take(cast, asking(cast, cast.live()).pk))
says("take_this_task", "standing_not_met")(
    lambda cast: take_this(cast, cast.a_task(asking(cast, cast.live())).pk)
)
says("open_a_session", "standing_not_met")(lambda cast: opened_by(cast, hourly_asking(cast).pk))
says("refuse_a_project", "standing_not_met")(lambda cast: refuse(cast, asking(cast, cast.live())))
