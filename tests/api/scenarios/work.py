"""Situations of workers: the feed, taking, handing in, putting back, appealing."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import LONG_AGO, Cast
from tests.api.scenarios.projects import closed
from tests.api.scenarios.registry import says, several
from tests.builders import ANSWER
from tests.justice.sanctioned import shut_out

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide
from canut.people.usecases.block_person import block_person
from canut.work.models import Appeal, Project
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.pause_project import pause_project


def take(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.worker, f"/projects/{project_id}/take")


def take_this(cast: Cast, task_id: int) -> Call:
    return cast.post(cast.worker, f"/tasks/{task_id}/take")


def hand_in(cast: Cast, assignment_id: int, **more: object) -> Call:
    body = {"answer": ANSWER, "active_seconds": 42, **more}
    return cast.post(cast.worker, f"/assignments/{assignment_id}/submission", body)


ABOUT_ONE = {
    "get_assignment": lambda cast, pk: cast.get(cast.worker, f"/assignments/{pk}"),
    "keep_a_draft": lambda cast, pk: cast.put(
        cast.worker, f"/assignments/{pk}/draft", {"answer": {"label": "?"}}
    ),
    "hand_in": hand_in,
    "skip_a_task": lambda cast, pk: cast.post(cast.worker, f"/assignments/{pk}/skip", {"next": True}),
    "give_back_a_task": lambda cast, pk: cast.post(cast.worker, f"/assignments/{pk}/give-back"),
    "appeal_a_rejection": lambda cast, pk: cast.post(
        cast.worker, f"/assignments/{pk}/appeal", {"words": "It does not bark."}
    ),
}
several(ABOUT_ONE, "assignment_not_found", lambda cast: cast.held(worker=cast.peer).pk)
several(
    {name: ABOUT_ONE[name] for name in ABOUT_ONE if name != "appeal_a_rejection"},
    "200",
    lambda cast: cast.held().pk,
)
several(
    {name: ABOUT_ONE[name] for name in ("keep_a_draft", "skip_a_task", "give_back_a_task")},
    "not_in_hand",
    lambda cast: cast.handed_in().assignment_id,
)


# --- The feed, and taking ---


@says("read_feed", "200")
def _(cast: Cast) -> Call:
    cast.live()
    return cast.get(cast.worker, "/feed?order=pay")


@says("read_feed", "worker_role_missing")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, "/feed")


@says("look_at_project", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.worker, f"/feed/{cast.live().pk}")


says("take_any_task", "200")(lambda cast: take(cast, cast.live().pk))
says("take_this_task", "200")(lambda cast: take_this(cast, cast.a_task(cast.live()).pk))


def _unlisted(cast: Cast) -> Project:
    return cast.live(allowed_only=True)


def _blocked(cast: Cast) -> Project:
    project = cast.live()
    block_person(person_id=cast.worker.pk, by=cast.requester, at=cast.at)
    return project


def _paused(cast: Cast) -> Project:
    return pause_project(project_id=cast.live().pk, by=cast.requester, at=cast.at)


def _over(cast: Cast) -> Project:
    project = cast.live()
    Project.objects.filter(pk=project.pk).update(deadline_at=cast.at)
    return project


def _full(cast: Cast) -> Project:
    project = cast.live(rows=1)
    cast.held(project, worker=cast.peer)
    return project


def _beyond_the_cap(cast: Cast) -> Project:
    for _project in range(in_force("work.cap_in_hand", at=cast.at)):
        cast.held()
    return cast.live()


def _without_role(cast: Cast) -> Project:
    project = cast.live()
    cast.given_up(cast.worker)
    return project


def _own(cast: Cast) -> Project:
    cast.worker = cast.stranger
    cast.requester = cast.stranger
    from canut.ledger.usecases.deposit_play_money import deposit_play_money

    deposit_play_money(by=cast.stranger, amount_minor=100_000, currency="EUR", key="own", at=cast.at)
    return cast.live()


def _hidden(cast: Cast) -> Project:
    project = cast.live()
    hide(
        kind=HiddenKind.PROJECT,
        subject_id=project.pk,
        until=cast.at + timedelta(days=3),
        at=cast.at,
    )
    return project


def _stopped(cast: Cast) -> Project:
    project = cast.live()
    shut_out(cast.requester, "publish")
    return project


def _restricted(cast: Cast) -> Project:
    project = cast.live()
    shut_out(cast.worker, "take")
    return project


SITUATIONS = {
    "project_stopped": _stopped,
    "worker_restricted": _restricted,
    "project_hidden": _hidden,
    "worker_not_on_list": _unlisted,
    "worker_blocked": _blocked,
    "project_paused": _paused,
    "project_closed": lambda cast: closed(cast, cast.live()),
    "project_deadline_passed": _over,
    "none_left": _full,
    "too_many_in_hand": _beyond_the_cap,
    "worker_role_missing": _without_role,
    "own_project": _own,
}
"""Projects of which the worker can take nothing, by the code of the reason."""

for _code, _situation in SITUATIONS.items():
    says("take_any_task", _code)(lambda cast, situation=_situation: take(cast, situation(cast).pk))
    says("take_this_task", _code)(
        lambda cast, situation=_situation: take_this(cast, cast.a_task(situation(cast)).pk)
    )


@says("take_this_task", "task_not_found")
def _(cast: Cast) -> Call:
    return take_this(cast, cast.a_task(cast.draft()).pk)


@says("take_this_task", "task_hidden")
def _(cast: Cast) -> Call:
    task = cast.a_task(cast.live())
    hide(kind=HiddenKind.TASK, subject_id=task.pk, until=cast.at + timedelta(days=3), at=cast.at)
    return take_this(cast, task.pk)


@says("take_this_task", "holds_one_here")
def _(cast: Cast) -> Call:
    held = cast.held()
    other = held.project.tasks.exclude(pk=held.task_id)[0]
    return take_this(cast, other.pk)


@says("take_this_task", "already_done")
def _(cast: Cast) -> Call:
    return take_this(cast, cast.handed_in(cast.live(answers=2)).assignment.task_id)


# --- What is in hand ---


@says("list_assignments", "200")
def _(cast: Cast) -> Call:
    cast.held()
    cast.returned(cast.live())
    return cast.get(cast.worker, "/assignments")


@says("keep_a_draft", "answer_refused")
def _(cast: Cast) -> Call:
    design = {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "long_text", "name": f"words{number}", "label": "Words", "required": False}
            for number in range(10)
        ],
    }
    held = cast.held(cast.live(design=design))
    answer = {f"words{number}": "w" * 9_000 for number in range(10)}
    return cast.put(cast.worker, f"/assignments/{held.pk}/draft", {"answer": answer})


@says("hand_in", "answer_refused")
def _(cast: Cast) -> Call:
    return hand_in(cast, cast.held().pk, answer={"label": "bird"})


@says("hand_in", "lease_ran_out")
def _(cast: Cast) -> Call:
    cast.at -= timedelta(days=1)
    return hand_in(cast, cast.held().pk)


@says("hand_in", "already_submitted")
def _(cast: Cast) -> Call:
    return hand_in(cast, cast.handed_in().assignment_id, answer={"label": "dog"})


@says("hand_in", "already_left")
def _(cast: Cast) -> Call:
    left = give_back_task(assignment_id=cast.held().pk, by=cast.worker, at=cast.at)
    return hand_in(cast, left.pk)


@says("hand_in", "other_revision")
def _(cast: Cast) -> Call:
    held = cast.held()
    return hand_in(cast, held.pk, revision_id=held.revision_id + 1)


@says("appeal_a_rejection", "201")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["appeal_a_rejection"](cast, cast.rejected().assignment_id)


@says("appeal_a_rejection", "nothing_to_appeal")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["appeal_a_rejection"](cast, cast.handed_in().assignment_id)


@says("appeal_a_rejection", "appeal_decided")
def _(cast: Cast) -> Call:
    rejected = cast.rejected().assignment_id
    Appeal.objects.create(  # an operator heard it before juries sat
        assignment_id=rejected,
        state="upheld",
        opened_at=cast.at,
        decided_by="operator",
        heard_by=cast.operator,
        decided_at=cast.at,
        reason="A cat.",
    )
    return ABOUT_ONE["appeal_a_rejection"](cast, rejected)


@says("appeal_a_rejection", "appeal_too_late")
def _(cast: Cast) -> Call:
    cast.at -= LONG_AGO
    return ABOUT_ONE["appeal_a_rejection"](cast, cast.rejected().assignment_id)
