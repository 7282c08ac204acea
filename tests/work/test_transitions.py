"""The ways between states, and who may take which: every verb, every role, every state."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests.builders import HOT, NOON, a_draft, a_project, a_submission, taken
from tests.justice.cases import heard
from tests.promises import broken, run
from tests.work.decided import a_rejected_submission, a_returned_submission, a_reworked_submission

from canut.justice.models import Case
from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.take_back_case import take_back_case
from canut.kernel import clock
from canut.kernel.models import ClockOffset
from canut.kernel.refusals import Refusal
from canut.ledger.models import Account
from canut.people.models import Person
from canut.work.hot.statements import submit_and_next
from canut.work.models import Appeal, Assignment, Decision, Draft, Place, Project, Submission
from canut.work.states import TRANSITIONS, AssignmentState, ProjectState
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.approve_submission import (
    approve_all_of_worker,
    approve_submission,
    approve_submissions,
)
from canut.work.usecases.close_project import close_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.keep_draft import keep_draft
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import (
    approve_what_nobody_decided,
    close_missed_rework,
    refund_closed_projects,
    release_rejected_places,
)

pytestmark = pytest.mark.django_db


def test_the_database_knows_the_transitions_that_the_code_knows() -> None:
    states = AssignmentState.values
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s::text[]) a, unnest(%s::text[]) b WHERE work_transition_known(a, b)",
            [states, states],
        )
        assert set(cursor.fetchall()) == {(str(a), str(b)) for a, b in TRANSITIONS}


@pytest.mark.parametrize("before", AssignmentState.values)
def test_no_row_goes_another_way_whoever_writes_it(requester: Person, worker: Person, before: str) -> None:
    assignment = an_assignment(before, requester=requester, worker=worker)
    assert assignment.state == before
    for after in set(AssignmentState.values) - {before}:
        undone = after in ("held", "given_back", "skipped", "expired", "broken")
        fits = {
            "state": after,
            "attempt": 2 if (before, after) == ("returned", "submitted") else assignment.attempt,
            "submitted_at": None if undone else NOON,
            "ended_at": None if after in ("held", "submitted", "returned") else NOON,
            "held_until": None,
        }
        change = Assignment.objects.filter(pk=assignment.pk)
        if after == "returned" and assignment.attempt == 2:
            refused = "assignment_returned_once"
        elif after == "rejected" and assignment.attempt == 1:
            refused = "assignment_rejected_after_return"
        elif (before, after) not in TRANSITIONS:
            refused = "assignment_transition_known"
        else:
            run("SAVEPOINT tried")
            assert change.update(**fits) == 1
            run("ROLLBACK TO tried")
            continue
        with broken(refused):
            change.update(**fits)


def an_assignment(state: str, *, requester: Person, worker: Person) -> Assignment:
    """Return an assignment in this state; one that is rejected or closed came by rework."""
    project = a_project(owner=requester, rows=2)
    rework = {"returned": a_returned_submission, "rejected": a_rejected_submission}
    if state in rework:
        return Assignment.objects.get(pk=rework[state](worker=worker, project=project).assignment_id)
    if state == "closed":
        returned = a_returned_submission(worker=worker, project=project)
        Assignment.objects.filter(pk=returned.assignment_id).update(state=state, ended_at=NOON)
        return Assignment.objects.get(pk=returned.assignment_id)
    if state in ("submitted", "approved"):
        submission = a_submission(worker=worker, project=project)
        if state == "approved":
            approve_submission(submission_id=submission.pk, by=requester, at=NOON)
        return Assignment.objects.get(pk=submission.assignment_id)
    held = taken(worker=worker, project=project)
    if state == "broken":
        report_broken(assignment_id=held.pk, kind="missing", words="No picture.", by=worker, at=NOON)
    elif state != "held":
        Assignment.objects.filter(pk=held.pk).update(state=state, ended_at=NOON)
    return Assignment.objects.get(pk=held.pk)


PROJECT_WAYS = {
    *[("draft", "live"), ("draft", "closed"), ("live", "paused"), ("paused", "live")],
    *[("live", "closed"), ("paused", "closed")],
}


@pytest.mark.parametrize("before", ProjectState.values)
def test_a_projects_life_runs_one_way_but_for_pausing(requester: Person, before: str) -> None:
    project = a_project_in(before, owner=requester)
    for after in set(ProjectState.values) - {before}:
        ended = NOON if after == "closed" else None
        begun = None if after == "draft" and before == "draft" else NOON
        change = Project.objects.filter(pk=project.pk)
        if (before, after) in PROJECT_WAYS:
            run("SAVEPOINT tried")
            change.update(state=after, closed_at=ended, published_at=begun)
            run("ROLLBACK TO tried")
        else:
            with broken("project_transition_known"):
                change.update(state=after, closed_at=ended)


# --- Who may do what ------------------------------------------------------------------------------

LATER = NOON + timedelta(hours=5)
DAYS_LATER = NOON + timedelta(days=30)

SITUATIONS = {
    "held": lambda **who: taken(
        project=a_project(owner=who["requester"], rows=2), worker=who["worker"], at=LATER
    ),
    **{
        state: lambda state=state, **who: an_assignment(state, **who)
        for state in AssignmentState.values
        if state != "held"
    },
    "reworked": lambda requester, worker: (
        a_reworked_submission(worker=worker, project=a_project(owner=requester, rows=2)).assignment
    ),
    "appealed": lambda **who: appealed(an_assignment("rejected", **who)),
}
"""An assignment in each state, and where a state alone does not say enough, in two situations of it."""

VERBS: dict[str, Callable[..., Any]] = {
    "submit": lambda one, by: submit_answer(
        assignment_id=one.pk, by=by, answer={"label": "cat"}, active_seconds=5, at=LATER
    ),
    "submit on the fast lane": lambda one, by: submit_and_next(
        key_hash=None,
        worker_id=by.pk,
        assignment_id=one.pk,
        revision_id=one.revision_id,
        answer_json='{"label": "cat"}',
        active_seconds=5,
        want_next=False,
        **HOT,
    ),
    "keep draft": lambda one, by: keep_draft(assignment_id=one.pk, by=by, answer={}, at=LATER),
    "skip": lambda one, by: skip_task(assignment_id=one.pk, by=by, at=LATER),
    "give back": lambda one, by: give_back_task(assignment_id=one.pk, by=by, at=LATER),
    "report as broken": lambda one, by: report_broken(
        assignment_id=one.pk, kind="missing", words="No picture.", by=by, at=LATER
    ),
    "approve": lambda one, by: approve_submission(submission_id=last_of(one), by=by, at=LATER),
    "approve those shown": lambda one, by: approve_submissions(
        project_id=one.project_id, submission_ids=[last_of(one)], by=by, at=LATER
    ),
    "approve all of the worker": lambda one, by: approve_all_of_worker(
        project_id=one.project_id, worker_id=one.worker_id, up_to_id=last_of(one), by=by, at=LATER
    ),
    "return": lambda one, by: return_submission(submission_id=last_of(one), by=by, reason="Look.", at=LATER),
    "reject": lambda one, by: reject_submission(
        submission_id=last_of(one), by=by, ground="wrong_answer", evidence="See.", reason="No.", at=LATER
    ),
    "appeal": lambda one, by: appeal_rejection(assignment_id=one.pk, by=by, at=LATER),
    "take back": lambda one, by: take_back_case(case_id=case_of(one), by=by, at=LATER),
    "hear: it stands": lambda one, by: heard(Case.objects.get(pk=case_of(one)), overturn=False, at=LATER),
    "hear: it falls": lambda one, by: heard(Case.objects.get(pk=case_of(one)), overturn=True, at=LATER),
    "time passes": lambda one, by: pass_time(),
}

BY_NOBODY = {"time passes", "hear: it stands", "hear: it falls"}
"""What happens by itself, or is peers' to do, who are no side of it."""
DECIDABLE = {"submitted": "approved", "reworked": "approved"}
ALLOWED: dict[tuple[str, str], dict[str, str]] = {
    ("submit", "worker"): {"held": "submitted", "returned": "submitted"},
    ("submit on the fast lane", "worker"): {"held": "submitted", "returned": "submitted"},
    ("keep draft", "worker"): {"held": "held", "returned": "returned", "expired": "expired"},
    ("skip", "worker"): {"held": "skipped"},
    ("give back", "worker"): {"held": "given_back"},
    ("report as broken", "worker"): {"held": "broken"},
    ("approve", "owner"): {**DECIDABLE, "rejected": "approved", "appealed": "approved"},
    ("approve those shown", "owner"): DECIDABLE,
    ("approve all of the worker", "owner"): DECIDABLE,
    ("return", "owner"): {"submitted": "returned"},
    ("reject", "owner"): {"reworked": "rejected"},
    ("appeal", "worker"): {"rejected": "rejected"},
    ("take back", "worker"): {"appealed": "rejected"},
    ("hear: it stands", "nobody"): {"appealed": "rejected"},
    ("hear: it falls", "nobody"): {"appealed": "approved"},
    ("time passes", "nobody"): {
        "held": "expired",
        **DECIDABLE,
        "returned": "closed",
        "rejected": "rejected",
    },
}
"""Who changes what, and to which state; whatever is not here changes nothing at all."""


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_verb_changes_only_what_its_role_may_change(
    situation: str,
    requester: Person,
    worker: Person,
    stranger: Person,
    operator: Person,
) -> None:
    one = SITUATIONS[situation](requester=requester, worker=worker)
    ClockOffset.objects.create(ahead_by=LATER - clock.now())  # the fast lane asks the database for the time
    people = {"worker": worker, "owner": requester, "stranger": stranger, "operator": operator}
    before = picture()
    state = Assignment.objects.get(pk=one.pk).state
    wrong = []
    for verb, do in VERBS.items():
        for role, by in people.items() if verb not in BY_NOBODY else [("nobody", stranger)]:
            run("SAVEPOINT tried")
            with suppress(Refusal, Case.DoesNotExist), transaction.atomic():
                do(one, by)
            after = Assignment.objects.get(pk=one.pk).state
            wanted = ALLOWED.get((verb, role), {}).get(situation)
            if after != (wanted or state) or (picture() != before) != (wanted is not None):
                wrong.append(f"{role} in {verb!r}: {state} became {after}, not {wanted}")
            if after != state and (state, after) not in TRANSITIONS:
                wrong.append(f"{role} in {verb!r}: there is no way from {state} to {after}")
            run("ROLLBACK TO tried")
    assert wrong == []


def picture() -> list[Any]:
    """Return all that a verb of work may change: rows of work, and what is in every account."""
    tables = (Project, Place, Assignment, Draft, Submission, Decision, Appeal)
    return [list(table.objects.order_by("pk").values()) for table in tables] + [
        list(Account.objects.order_by("pk").values_list("kind", "party_id", "project_id", "total_minor"))
    ]


def last_of(one: Assignment) -> int:
    last = Submission.objects.filter(assignment=one).order_by("-attempt").first()
    return last.pk if last else 0


def case_of(one: Assignment) -> int:
    return case_about(CaseKind.REJECTION, one.pk) or 0


def appealed(one: Assignment) -> Assignment:
    appeal_rejection(assignment_id=one.pk, by=one.worker, at=LATER)
    return one


def pass_time() -> None:
    for sweep in (
        expire_leases,
        approve_what_nobody_decided,
        close_missed_rework,
        release_rejected_places,
        refund_closed_projects,
    ):
        sweep(at=DAYS_LATER)


PROJECT_VERBS: dict[str, Callable[..., Any]] = {
    "publish": publish_project,
    "pause": pause_project,
    "resume": resume_project,
    "close": close_project,
    "add tasks": add_tasks,
}
OWNER_ALONE = {
    "publish": {"draft": "live"},
    "pause": {"live": "paused"},
    "resume": {"paused": "live"},
    "close": {"draft": "closed", "live": "closed", "paused": "closed"},
    "add tasks": {},
}


@pytest.mark.parametrize("before", ProjectState.values)
def test_only_its_owner_moves_a_project(
    before: str, requester: Person, worker: Person, stranger: Person, operator: Person
) -> None:
    project = a_project_in(before, owner=requester)
    people = {"worker": worker, "owner": requester, "stranger": stranger, "operator": operator}
    seen = picture()
    for verb, do in PROJECT_VERBS.items():
        for role, by in people.items():
            run("SAVEPOINT tried")
            with suppress(Refusal), transaction.atomic():
                do(project_id=project.pk, by=by, at=LATER)
            wanted = OWNER_ALONE[verb].get(before) if role == "owner" else None
            assert Project.objects.get(pk=project.pk).state == (wanted or before), (verb, role)
            assert (picture() != seen) == (wanted is not None), (verb, role)
            run("ROLLBACK TO tried")


def a_project_in(state: str, *, owner: Person) -> Project:
    project = (a_draft if state == "draft" else a_project)(owner=owner)
    if state == "paused":
        pause_project(project_id=project.pk, by=owner, at=NOON)
    if state == "closed":
        close_project(project_id=project.pk, by=owner, at=NOON)
    return project
