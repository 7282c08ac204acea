"""Situations of work by the hour, of sensitive work, and of refusing a project together."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.projects import closed
from tests.api.scenarios.registry import says, several
from tests.api.scenarios.work import SITUATIONS, take, take_this
from tests.builders import a_worker
from tests.justice.cases import heard
from tests.membership.members import stands_as_member
from tests.work.by_the_hour import an_hourly_draft
from tests.work.duties import a_duty

from canut.justice.usecases.appeal_withdrawal import appeal_withdrawal
from canut.people.usecases.block_person import block_person
from canut.work.models import Project, Withdrawal, WorkSession
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.open_session import open_session
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.refuse_project import refuse_project


def hourly(cast: Cast, **details: object) -> Project:
    """A live project that pays by the hour."""
    draft = an_hourly_draft(owner=cast.requester, at=cast.at, **details)  # type: ignore[arg-type]
    return publish_project(project_id=draft.pk, by=cast.requester, at=cast.at)


def session(cast: Cast, project: Project | None = None, **details: object) -> WorkSession:
    project = project or hourly(cast, **details)
    return open_session(project_id=project.pk, by=cast.worker, at=cast.at)


def sensitive(cast: Cast, **details: object) -> Project:
    return cast.live(risks=["hate"], reward_minor=90, **details)


def withdrawn(cast: Cast) -> Project:
    project = cast.live()
    for _worker in range(3):
        refuser = stands_as_member(a_worker(), at=cast.at)
        note_opening(project_id=project.pk, by=refuser, at=cast.at)
        refuse_project(project_id=project.pk, by=refuser, ground="unclear", words="What?", at=cast.at)
    return project


def opened_by(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.worker, f"/projects/{project_id}/session")


# --- Sessions ---

says("open_a_session", "201")(lambda cast: opened_by(cast, hourly(cast).pk))
says("open_a_session", "project_not_found")(lambda cast: opened_by(cast, cast.draft().pk))
says("open_a_session", "not_by_the_hour")(lambda cast: opened_by(cast, cast.live().pk))
for _code, _situation in SITUATIONS.items():
    says("open_a_session", _code)(lambda cast, situation=_situation: opened_by(cast, situation(cast).pk))
for _operation in ("open_a_session", "take_any_task", "take_this_task"):
    _call = {
        "open_a_session": lambda cast, project: opened_by(cast, project.pk),
        "take_any_task": lambda cast, project: take(cast, project.pk),
        "take_this_task": lambda cast, project: take_this(cast, cast.a_task(project).pk),
    }[_operation]
    says(_operation, "risk_not_accepted")(lambda cast, call=_call: call(cast, sensitive(cast)))
    if _operation != "open_a_session":
        says(_operation, "no_session_open")(lambda cast, call=_call: call(cast, hourly(cast)))


@says("open_a_session", "session_open_elsewhere")
def _(cast: Cast) -> Call:
    session(cast)
    return opened_by(cast, hourly(cast).pk)


@says("open_a_session", "hours_used_up")
def _(cast: Cast) -> Call:
    project = hourly(cast, hours=1, most_hours=1)
    open_session(project_id=project.pk, by=cast.peer, at=cast.at)
    return opened_by(cast, project.pk)


@says("list_sessions", "200")
def _(cast: Cast) -> Call:
    session(cast)
    return cast.get(cast.worker, "/sessions")


ABOUT_ONE = {
    "get_session": lambda cast, pk: cast.get(cast.worker, f"/sessions/{pk}"),
    "close_a_session": lambda cast, pk: cast.post(cast.worker, f"/sessions/{pk}/close"),
    "begin_a_break": lambda cast, pk: cast.post(cast.worker, f"/sessions/{pk}/break", {"paid": False}),
    "end_a_break": lambda cast, pk: cast.post(cast.worker, f"/sessions/{pk}/back"),
    "give_a_sign": lambda cast, pk: cast.post(cast.worker, f"/sessions/{pk}/seen"),
}
several(ABOUT_ONE, "200", lambda cast: session(cast).pk)


def _of_another(cast: Cast) -> int:
    return open_session(project_id=hourly(cast).pk, by=cast.peer, at=cast.at).pk


def _over(cast: Cast) -> int:
    found = session(cast)
    long_ago = cast.at - timedelta(hours=1)
    WorkSession.objects.filter(pk=found.pk).update(opened_at=long_ago, last_seen_at=long_ago)
    return found.pk


several(ABOUT_ONE, "work_session_not_found", _of_another)
several(
    {name: ABOUT_ONE[name] for name in ("begin_a_break", "end_a_break", "give_a_sign")},
    "session_over",
    _over,
)


@says("begin_a_break", "no_paid_break_left")
def _(cast: Cast) -> Call:
    return cast.post(cast.worker, f"/sessions/{session(cast).pk}/break", {"paid": True})


# --- Sensitive work, and refusing ---

says("read_accepted_risks", "200")(lambda cast: cast.get(cast.worker, "/accepted-risks"))
says("choose_accepted_risks", "200")(
    lambda cast: cast.put(cast.worker, "/accepted-risks", {"risks": ["hate"]})
)
says("choose_accepted_risks", "worker_role_missing")(
    lambda cast: cast.put(cast.requester, "/accepted-risks", {"risks": ["hate"]})
)


def refuse(cast: Cast, project: Project, *, looks: bool = True, member: bool = True) -> Call:
    if member:
        stands_as_member(cast.worker, at=cast.at)
    if looks:
        note_opening(project_id=project.pk, by=cast.worker, at=cast.at)
    return cast.post(cast.worker, f"/projects/{project.pk}/refuse", {"ground": "unsafe", "words": "No."})


def _blocked(cast: Cast) -> Project:
    project = cast.live()
    block_person(person_id=cast.worker.pk, by=cast.requester, at=cast.at)
    return project


says("refuse_a_project", "201")(lambda cast: refuse(cast, cast.live()))
says("refuse_a_project", "project_not_opened")(lambda cast: refuse(cast, cast.live(), looks=False))
says("refuse_a_project", "members_refuse")(lambda cast: refuse(cast, cast.live(), member=False))
says("refuse_a_project", "duty_not_refused")(lambda cast: refuse(cast, a_duty(at=cast.at)))
says("refuse_a_project", "project_not_found")(lambda cast: refuse(cast, cast.draft()))
says("refuse_a_project", "risk_not_accepted")(lambda cast: refuse(cast, sensitive(cast)))
for _code in ("worker_role_missing", "project_closed", "own_project", "worker_blocked", "worker_not_on_list"):
    says("refuse_a_project", _code)(lambda cast, code=_code: refuse(cast, SITUATIONS[code](cast)))


# --- What the requester sees ---


def hours(cast: Cast, project_id: int, **body: object) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/hours", {"seconds": 3600, **body})


def theirs(cast: Cast) -> int:
    cast.requester, own = cast.stranger, cast.requester
    found = cast.draft().pk
    cast.requester = own
    return found


OF_A_PROJECT = {
    "read_hours": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/hours"),
    "add_some_hours": hours,
    "read_withdrawal": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/withdrawal"),
    "appeal_a_withdrawal": lambda cast, pk: cast.post(
        cast.requester, f"/projects/{pk}/withdrawal/appeal", {"words": "It is well paid."}
    ),
}
several(OF_A_PROJECT, "project_not_found", theirs)
several(
    {name: OF_A_PROJECT[name] for name in ("read_hours", "add_some_hours")},
    "200",
    lambda cast: session(cast).project_id,
)
several(
    {name: OF_A_PROJECT[name] for name in ("read_hours", "add_some_hours")},
    "not_by_the_hour",
    lambda cast: cast.live().pk,
)
says("read_withdrawal", "200")(lambda cast: OF_A_PROJECT["read_withdrawal"](cast, withdrawn(cast).pk))
says("appeal_a_withdrawal", "201")(lambda cast: OF_A_PROJECT["appeal_a_withdrawal"](cast, withdrawn(cast).pk))
several(
    {name: OF_A_PROJECT[name] for name in ("read_withdrawal", "appeal_a_withdrawal")},
    "nothing_to_appeal",
    lambda cast: cast.live().pk,
)


@says("appeal_a_withdrawal", "appeal_too_late")
def _(cast: Cast) -> Call:
    project = withdrawn(cast)
    Withdrawal.objects.filter(pk=project.pk).update(withdrawn_at=cast.at - timedelta(days=15))
    return OF_A_PROJECT["appeal_a_withdrawal"](cast, project.pk)


def _overturned(cast: Cast) -> int:
    project = withdrawn(cast)
    case = appeal_withdrawal(project_id=project.pk, by=cast.requester, words="No.", at=cast.at)
    heard(case, overturn=True, reason="No.", at=cast.at)
    return project.pk


@says("appeal_a_withdrawal", "appeal_decided")
def _(cast: Cast) -> Call:
    project = withdrawn(cast)
    Withdrawal.objects.filter(pk=project.pk).update(
        appeal="upheld", ended_by="jury", reason="No.", decided_at=cast.at
    )
    return OF_A_PROJECT["appeal_a_withdrawal"](cast, project.pk)


def reinstate(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/reinstate")


says("reinstate_a_project", "200")(lambda cast: reinstate(cast, _overturned(cast)))
says("reinstate_a_project", "project_not_found")(lambda cast: reinstate(cast, theirs(cast)))
says("reinstate_a_project", "withdrawal_stands")(lambda cast: reinstate(cast, withdrawn(cast).pk))


@says("reinstate_a_project", "requester_role_missing")
def _(cast: Cast) -> Call:
    project_id = _overturned(cast)
    cast.given_up(cast.requester)
    return reinstate(cast, project_id)


says("add_some_hours", "project_closed")(lambda cast: hours(cast, closed(cast, hourly(cast)).pk))
says("add_some_hours", "not_published_yet")(
    lambda cast: hours(cast, an_hourly_draft(owner=cast.requester, at=cast.at).pk)
)
says("add_some_hours", "hours_changed")(lambda cast: hours(cast, hourly(cast).pk, hours_before_seconds=3600))
says("add_some_hours", "total_changed")(lambda cast: hours(cast, hourly(cast).pk, agreed_total="1.00"))
says("add_some_hours", "amount_refused")(lambda cast: hours(cast, hourly(cast).pk, agreed_total="a lot"))


@says("add_some_hours", "insufficient_funds")
def _(cast: Cast) -> Call:
    project = hourly(cast)
    cast.drained(cast.requester)
    return hours(cast, project.pk)


@says("add_some_hours", "requester_role_missing")
def _(cast: Cast) -> Call:
    project = hourly(cast)
    cast.given_up(cast.requester)
    return hours(cast, project.pk)
