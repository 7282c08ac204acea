"""A small world of work, and how each of its promises is broken."""

from typing import Any

from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker, taken
from tests.promises import run
from tests.work.breaking import Rows, adding, changing
from tests.work.decided import (
    a_rejected_submission,
    a_returned_submission,
    a_reworked_submission,
)

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.work.models import Appeal, Computation, Decision, Place, Project, Revision, Task, Upload
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.choose_next import choose_next
from canut.work.usecases.close_project import close_project
from canut.work.usecases.keep_draft import keep_draft

OTHER_TASK = (
    "(SELECT t.id FROM work_task t WHERE t.project_id = work_assignment.project_id"
    " AND t.id <> work_assignment.task_id)"
)
HEARD = {"decided_at": "now()", "decided_by": "'jury'", "state": "'upheld'", "reason": "'Heard.'"}

WAYS = [
    # Projects
    changing("project_kind_known", "draft", kind="'gift'"),
    changing("project_pay_basis_known", "draft", pay_basis="'lunch'"),
    changing("project_audience_known", "draft", audience="'friends'"),
    changing("project_device_known", "draft", device="'fridge'"),
    changing("project_has_title", "live", title="''"),
    adding("project_state_known", "draft", without=("project_published_when_live",), state="'lost'"),
    adding("project_published_when_live", "draft", published_at="now()"),
    adding("project_published_when_live", "draft", state="'live'"),
    adding("project_published_when_live", "draft", state="'paused'"),
    adding("project_closed_has_time", "live", closed_at="now()"),
    adding("project_closed_has_time", "closed", closed_at="NULL"),
    changing("project_transition_known", "live", state="'draft'"),
    changing("project_terms_kept", "draft", owner_id="{peer}"),
    changing("project_terms_kept", "draft", created_at="now()"),
    changing("project_terms_kept", "live", kind="'volunteer'"),
    changing("project_terms_kept", "live", pay_basis="'hour'"),
    changing("project_terms_kept", "live", currency="'USD'"),
    changing("project_terms_kept", "live", published_at="now()"),
    # Revisions
    adding("revision_number_once", "revision"),
    adding("revision_with_project", "revision", without=("work_revision_pkey",), id="id", number="9"),
    changing("revision_expected_positive", "draft_revision", expected_seconds="0"),
    changing("revision_lease_positive", "draft_revision", lease_seconds="0"),
    changing("revision_answers_in_range", "draft_revision", answers_per_task="0"),
    changing("revision_answers_in_range", "draft_revision", answers_per_task="1001"),
    changing("revision_reward_fits_kind", "draft_revision", reward_minor="0", published_at="now()"),
    changing("revision_reward_fits_kind", "volunteer_revision", reward_minor="5", published_at="now()"),
    adding("revision_reward_fits_kind", "revision", reward_minor="0", number="9"),
    changing("revision_frozen", "revision", project_id="{draft}"),
    changing("revision_frozen", "revision", number="9"),
    changing("revision_frozen", "revision", design="'{{}}'"),
    changing("revision_frozen", "revision", reward_minor="reward_minor + 1"),
    changing("revision_frozen", "revision", expected_seconds="expected_seconds + 1"),
    changing("revision_frozen", "revision", lease_seconds="lease_seconds - 1"),
    changing("revision_frozen", "revision", answers_per_task="9"),
    changing("revision_frozen", "revision", published_at="NULL"),
    changing("revision_paid_stays_paid", "revision", paid_upto="paid_upto - 1"),
    changing("revision_opens_what_is_paid", "revision", places_opened_to="paid_upto + 1"),
    # Tasks and their places
    adding("task_position_once", "task"),
    adding("task_with_project", "task", without=("work_task_pkey",), id="id", position="99"),
    changing("task_answers_in_range", "task", answers_wanted="0"),
    changing("task_answers_in_range", "task", answers_wanted="1001"),
    adding("task_revision_of_project", "task", revision_id="{other_revision}", position="99"),
    adding("place_number_once", "open_place"),
    changing("place_state_known", "taken_place", state="'lost'"),
    changing("place_ranked_while_open", "open_place", rank="NULL"),
    changing("place_ranked_while_open", "taken_place", rank="5"),
    changing("place_ranked_while_open", "open_place", state="'taken'"),
    adding("place_of_task", "open_place", task_id="{other_task}"),
    adding("place_of_task", "open_place", project_id="{other}"),
    # Assignments
    changing("assignment_state_known", "held", state="'lost'"),
    changing("assignment_attempt_known", "held", attempt="3"),
    changing("assignment_lease_after_start", "held", lease_until="taken_at"),
    changing("assignment_submitted_has_time", "held", submitted_at="now()"),
    changing("assignment_submitted_has_time", "held", state="'submitted'"),
    changing("assignment_ended_has_time", "held", ended_at="now()"),
    changing("assignment_ended_has_time", "held", state="'expired'"),
    changing("assignment_returned_once", "reworked", state="'returned'"),
    changing("assignment_rejected_after_return", "submitted", state="'rejected'", ended_at="now()"),
    changing("assignment_held_until_rejected", "submitted", held_until="now()"),
    changing("assignment_released_if_rejected", "submitted", place_released="true"),
    adding("assignment_begins_held", "submitted"),
    adding("assignment_begins_held", "held", attempt="2"),
    changing("assignment_transition_known", "submitted", state="'held'", submitted_at="NULL"),
    changing("assignment_promise_kept", "held", project_id="{other}"),
    changing("assignment_promise_kept", "held", revision_id="{other_revision}"),
    changing("assignment_promise_kept", "held", task_id=OTHER_TASK),
    changing("assignment_promise_kept", "held", place_number="3 - place_number"),
    changing("assignment_promise_kept", "held", worker_id="{peer}"),
    changing("assignment_promise_kept", "held", reward_minor="reward_minor + 1"),
    changing("assignment_promise_kept", "held", seed="seed - 1"),
    changing("assignment_promise_kept", "held", taken_at="taken_at - interval '1 day'"),
    changing("assignment_attempt_by_rework", "held", attempt="2"),
    changing("assignment_attempt_by_rework", "reworked", attempt="1"),
    adding(
        "assignment_once_per_worker",
        "submitted",
        state="'held'",
        submitted_at="NULL",
        place_number="3 - place_number",
    ),
    adding("assignment_one_per_place", "held", worker_id="{peer}"),
    adding("assignment_one_held_per_project", "held", task_id=OTHER_TASK),
    adding("assignment_of_place", "held", worker_id="{peer}", place_number="3"),
    adding("assignment_of_place", "held", worker_id="{peer}", task_id="{other_task}"),
    adding(
        "assignment_revision_of_project",
        "held",
        worker_id="{peer}",
        place_number="3 - place_number",
        revision_id="{other_revision}",
    ),
    # Submissions, decisions, appeals
    adding("submission_once_per_attempt", "submission"),
    adding("submission_attempt_known", "submission", attempt="3"),
    adding("submission_of_assignment", "submission", assignment_id="0"),
    changing("work_submission_written_once", "submission", answer="'{{}}'"),
    adding("decision_outcome_known", "approval", outcome="'lost'"),
    adding("decision_ground_known", "approval", ground="'dislike'"),
    adding("decision_named_or_automatic", "approval", decided_by_id="NULL"),
    adding("decision_named_or_automatic", "approval", automatic="true"),
    adding("decision_named_or_automatic", "rejection", automatic="true", decided_by_id="NULL"),
    adding("decision_named_or_automatic", "rejection", decided_by_id="NULL"),
    adding("decision_return_has_reason", "return", reason="''"),
    adding("decision_rejection_is_grounded", "rejection", ground="''"),
    adding("decision_rejection_is_grounded", "rejection", evidence="''"),
    adding("decision_rejection_is_grounded", "rejection", reason="''"),
    adding("decision_once_per_submission", "approval"),
    adding("decision_once_per_submission", "return", outcome="'approved'"),
    adding("decision_overturned_once", "overturning"),
    changing("work_decision_written_once", "approval", reason="'Nice.'"),
    adding("work_appeal_assignment_id_key", "appeal"),
    changing(
        "appeal_state_known",
        "appeal",
        **(HEARD | {"state": "'lost'", "decided_by": "'no_peers'"}),
        without=("appeal_outcome_by_peers",),
    ),
    changing("appeal_ended_by_known", "appeal", **(HEARD | {"decided_by": "'fate'"})),
    changing("appeal_ended_has_time", "appeal", state="'upheld'"),
    changing("appeal_ended_has_time", "appeal", reason="'Heard.'"),
    changing("appeal_ended_has_time", "appeal", **(HEARD | {"decided_at": "NULL"})),
    changing("appeal_heard_by_name", "appeal", **HEARD, heard_by_id="{peer}"),
    changing("appeal_heard_by_name", "appeal", **(HEARD | {"decided_by": "'operator'"})),
    changing("appeal_outcome_by_peers", "appeal", **(HEARD | {"reason": "''"})),
    changing("appeal_outcome_by_peers", "appeal", **(HEARD | {"decided_by": "'no_peers'"})),
    changing("appeal_outcome_by_peers", "appeal", **(HEARD | {"decided_by": "'worker'"})),
    # Files and choices
    changing("upload_state_known", "upload", state="'lost'"),
    changing("upload_format_known", "upload", format="'xlsx'"),
    adding("work_upload_stored_as_key", "upload"),
    changing("worker_choice_order_known", "choice", feed_order="'best'"),
]


def a_world() -> Rows:
    requester, worker, peer = a_requester(), a_worker(), a_worker()

    def project() -> Project:
        return a_project(owner=requester, rows=2, answers=2)

    live, draft, volunteer = project(), a_draft(owner=requester), a_draft(owner=requester, kind="volunteer")
    other, closed = a_project(owner=a_requester()), a_draft(owner=requester)
    close_project(project_id=closed.pk, by=requester, at=NOON)
    held = taken(worker=worker, project=live)
    keep_draft(assignment_id=held.pk, by=worker, answer={}, at=NOON)
    choose_next(by=worker, takes_next=False)
    submitted = a_submission(worker=worker, project=project())
    returned = a_returned_submission(worker=worker, project=project())
    reworked = a_reworked_submission(worker=worker, project=project())
    rejected = a_rejected_submission(worker=worker, project=project())
    overturned = a_rejected_submission(worker=worker, project=project())
    approved = a_submission(worker=worker, project=project())
    for submission in (approved, overturned):
        approve_submission(submission_id=submission.pk, by=requester, at=NOON)
    appeal_rejection(assignment_id=rejected.assignment_id, by=worker, at=NOON)
    upload = Upload.objects.create(
        project=draft,
        uploaded_by=requester,
        stored_as="rows/1/x.csv",
        filename="x.csv",
        format="csv",
        size_bytes=3,
        received_at=NOON,
    )
    Task.objects.filter(project=draft).update(upload=upload)
    computation = Computation.objects.create(project=live, asked_by=requester, asked={}, asked_at=NOON)
    places = Place.objects.filter(project=live)

    def decision(submission: Any) -> tuple[str, int]:
        return "work_decision", Decision.objects.filter(submission=submission).latest("pk").pk

    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return {
        "live": ("work_project", live.pk),
        "draft": ("work_project", draft.pk),
        "other": ("work_project", other.pk),
        "closed": ("work_project", closed.pk),
        "revision": ("work_revision", Revision.objects.get(project=live).pk),
        "draft_revision": ("work_revision", Revision.objects.get(project=draft).pk),
        "volunteer_revision": ("work_revision", Revision.objects.get(project=volunteer).pk),
        "other_revision": ("work_revision", Revision.objects.get(project=other).pk),
        "task": ("work_task", Task.objects.filter(project=live)[0].pk),
        "other_task": ("work_task", Task.objects.filter(project=other)[0].pk),
        "uploaded_task": ("work_task", Task.objects.filter(project=draft)[0].pk),
        "open_place": ("work_place", places.filter(state="open")[0].pk),
        "taken_place": ("work_place", places.get(state="taken").pk),
        "held": ("work_assignment", held.pk),
        "submitted": ("work_assignment", submitted.assignment_id),
        "reworked": ("work_assignment", reworked.assignment_id),
        "submission": ("work_submission", submitted.pk),
        "approval": decision(approved),
        "return": decision(returned),
        "rejection": decision(rejected),
        "overturning": decision(overturned),
        "appeal": ("work_appeal", Appeal.objects.get(assignment=rejected.assignment_id).pk),
        "upload": ("work_upload", upload.pk),
        "computation": ("work_computation", computation.pk),
        "choice": ("work_workerchoice", worker.pk),
        "kept": ("work_draft", held.pk),
        "peer": ("people_person", peer.pk),
    }
