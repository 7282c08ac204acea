"""Situations of flags: giving them, and what was flagged of the caller's."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.membership.members import admitted
from tests.work.duties import a_duty, fill_fund

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.models import Matter
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.justice.flags.usecases.object_to_hiding import object_to_hiding
from canut.ledger.models import Kind
from canut.people.models import Person
from canut.work.models import Project


def body(project: Project) -> dict[str, object]:
    return {"kind": "project", "subject_id": project.pk, "ground": "spam"}


def flagging(cast: Cast, project: Project | None = None) -> Call:
    admitted(cast.worker, at=cast.at)
    return cast.post(cast.worker, "/flags", body(project or cast.live()))


def given(cast: Cast, project: Project, by: Person) -> None:
    flag_thing(kind="project", subject_id=project.pk, ground="spam", by=by, at=cast.at)


def matter(cast: Cast, *, hide: bool = True) -> Matter:
    """Something of the requester's that an operator decided on."""
    project = cast.live()
    admitted(cast.peer, at=cast.at)
    given(cast, project, cast.peer)
    found = Matter.objects.get(subject_id=project.pk, subject_kind=HiddenKind.PROJECT)
    return decide_matter(
        matter_id=found.pk,
        by=cast.operator,
        hide=hide,
        ground="spam" if hide else "",
        reason="It sells watches.",
        at=cast.at,
    )


@says("flag_something", "200")
def _(cast: Cast) -> Call:
    return flagging(cast)


@says("flag_something", "not_a_member")
def _(cast: Cast) -> Call:
    return cast.post(cast.worker, "/flags", body(cast.live()))


@says("flag_something", "nothing_to_flag")
def _(cast: Cast) -> Call:
    return flagging(cast, cast.draft())


@says("flag_something", "flags_own")
def _(cast: Cast) -> Call:
    admitted(cast.requester, at=cast.at)
    return cast.post(cast.requester, "/flags", body(cast.live()))


@says("flag_something", "duty_not_flagged")
def _(cast: Cast) -> Call:
    fill_fund(100_000, kind=Kind.GUILD_FUND)
    return flagging(cast, a_duty(at=cast.at))


@says("flag_something", "flag_decided")
def _(cast: Cast) -> Call:
    return flagging(cast, Project.objects.get(pk=matter(cast).subject_id))


@says("flag_something", "too_many_flags")
def _(cast: Cast) -> Call:
    admitted(cast.worker, at=cast.at)
    for _each in range(in_force("flag.most_a_day", at=cast.at)):
        given(cast, cast.live(rows=1), cast.worker)
    return cast.post(cast.worker, "/flags", body(cast.live()))


@says("list_flags", "200")
def _(cast: Cast) -> Call:
    matter(cast)
    return cast.get(cast.peer, "/flags")


@says("read_flag_trust", "200")
def _(cast: Cast) -> Call:
    matter(cast, hide=False)
    return cast.get(cast.peer, "/flags/trust")


@says("list_flagged_things", "200")
def _(cast: Cast) -> Call:
    matter(cast)
    return cast.get(cast.requester, "/flags/about-me")


def looking(cast: Cast, number: int) -> Call:
    return cast.get(cast.requester, f"/flags/about-me/{number}")


def objecting(cast: Cast, number: int) -> Call:
    return cast.post(cast.requester, f"/flags/about-me/{number}/objection", {"words": "They are mine."})


several(
    {"get_flagged_thing": looking, "object_to_a_hiding": objecting},
    "flag_matter_not_found",
    lambda cast: matter(cast).pk + 1,
)


@says("get_flagged_thing", "200")
def _(cast: Cast) -> Call:
    found = matter(cast)
    object_to_hiding(matter_id=found.pk, words="They are not.", by=cast.requester, at=cast.at)
    return looking(cast, found.pk)


@says("object_to_a_hiding", "200")
def _(cast: Cast) -> Call:
    return objecting(cast, matter(cast).pk)


@says("object_to_a_hiding", "nothing_to_object")
def _(cast: Cast) -> Call:
    project = cast.live()
    for member in (cast.peer, cast.worker, cast.stranger):
        admitted(member, at=cast.at)
        given(cast, project, member)
    found = Matter.objects.get(subject_id=project.pk, subject_kind=HiddenKind.PROJECT)
    return objecting(cast, found.pk)


@says("object_to_a_hiding", "objected_already")
def _(cast: Cast) -> Call:
    found = matter(cast)
    object_to_hiding(matter_id=found.pk, words="They are not.", by=cast.requester, at=cast.at)
    return objecting(cast, found.pk)
