"""What this room knows of somebody, for their own export: what they did, and what they had done."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from canut.kernel.plain_rows import Told, plain_rows
from canut.reputation.models import Rating, Side
from canut.work.models import (
    Admission,
    AnswerFile,
    Appeal,
    Assignment,
    BrokenContest,
    BrokenReport,
    Computation,
    Decision,
    DesignVersion,
    Draft,
    NoticedProject,
    Project,
    ProjectOpening,
    ProjectRefusal,
    Revision,
    RoundFeedback,
    SavedSearch,
    Submission,
    TaskOffer,
    TopUp,
    TopUpContest,
    Upload,
    WorkerChoice,
    WorkSession,
)


def data_of(party_id: int) -> Told:
    """Return what somebody did as a worker and had done as a requester.

    The rows that they uploaded and the answers that came are files which the site gives by project.
    """
    return {**_as_worker(party_id), **_as_requester(party_id)}


def _as_worker(party_id: int) -> Told:
    own = {"worker_id": party_id}
    return {
        "choices": plain_rows(
            WorkerChoice.objects.filter(**own), "feed_order", "accepted_risks", "takes_next"
        ),
        "saved_searches": plain_rows(
            SavedSearch.objects.filter(**own), "name", "filters", "pace", "created_at"
        ),
        "told_of_projects": plain_rows(NoticedProject.objects.filter(**own), "project__title", "at"),
        "projects_opened": plain_rows(ProjectOpening.objects.filter(**own), "project__title", "opened_at"),
        "projects_refused": plain_rows(
            ProjectRefusal.objects.filter(**own), "project__title", "ground", "words", "refused_at"
        ),
        "tasks_offered": plain_rows(TaskOffer.objects.filter(**own), "task_id", "offered_at"),
        "tasks_taken": plain_rows(
            Assignment.objects.filter(**own),
            "id",
            "project__title",
            "project__currency",
            "task_id",
            "state",
            "attempt",
            "reward_minor",
            "taken_at",
            "lease_until",
            "submitted_at",
            "ended_at",
        ),
        "admissions": plain_rows(
            Admission.objects.filter(**own), "assignment_id", "at", "way", "scope", "ratings"
        ),
        "drafts": plain_rows(
            Draft.objects.filter(assignment__worker_id=party_id),
            "assignment_id",
            "answer",
            "feedback",
            "saved_at",
        ),
        "answers": plain_rows(
            Submission.objects.filter(assignment__worker_id=party_id),
            "id",
            "assignment_id",
            "attempt",
            "answer",
            "active_seconds",
            "measured_seconds",
            "submitted_at",
        ),
        "files": plain_rows(
            AnswerFile.objects.filter(**own),
            "assignment_id",
            "item",
            "filename",
            "media_type",
            "size_bytes",
            "sha256",
            "uploaded_at",
        ),
        "decisions_on_answers": plain_rows(
            Decision.objects.filter(submission__assignment__worker_id=party_id),
            "submission_id",
            "outcome",
            "automatic",
            "ground",
            "evidence",
            "reason",
            "rework_minor",
            "decided_at",
        ),
        "appeals": plain_rows(
            Appeal.objects.filter(assignment__worker_id=party_id),
            "assignment_id",
            "words",
            "state",
            "opened_at",
            "reason",
            "decided_at",
        ),
        "said_of_designs": plain_rows(
            RoundFeedback.objects.filter(**own), "round__project__title", "verdict", "unclear", "given_at"
        ),
        "broken_tasks_reported": plain_rows(
            BrokenReport.objects.filter(**own),
            "assignment_id",
            "kind",
            "words",
            "reported_at",
            "paid_seconds",
            "amount_minor",
            "pay",
            "paid_at",
        ),
        "paid_sessions": plain_rows(
            WorkSession.objects.filter(**own),
            "project__title",
            "opened_at",
            "closed_at",
            "hourly_minor",
            "paid_seconds",
            "paid_minor",
        ),
        "top_ups": plain_rows(
            TopUp.objects.filter(**own),
            "settlement__project__title",
            "amount_minor",
            "floor_hourly_minor",
            "state",
            "due_at",
            "paid_at",
        ),
    }


def _as_requester(party_id: int) -> Told:
    asked_or_own = Q(asked_by_id=party_id) | Q(project__owner_id=party_id)
    return {
        "projects": plain_rows(
            Project.objects.filter(owner_id=party_id),
            "id",
            "title",
            "description",
            "language",
            "kind",
            "pay_basis",
            "currency",
            "state",
            "paid_minor",
            "created_at",
            "published_at",
            "closed_at",
        ),
        "revisions": plain_rows(
            Revision.objects.filter(project__owner_id=party_id),
            "project_id",
            "number",
            "design",
            "reward_minor",
            "expected_seconds",
            "answers_per_task",
            "created_at",
            "published_at",
        ),
        "designs_kept": plain_rows(
            DesignVersion.objects.filter(made_by_id=party_id),
            "revision__project_id",
            "number",
            "title",
            "design",
            "made_at",
        ),
        "uploads": plain_rows(
            Upload.objects.filter(uploaded_by_id=party_id),
            "project_id",
            "filename",
            "format",
            "size_bytes",
            "row_count",
            "rows_added",
            "received_at",
        ),
        "decisions_taken": plain_rows(
            Decision.objects.filter(decided_by_id=party_id),
            "project_id",
            "submission_id",
            "outcome",
            "ground",
            "evidence",
            "reason",
            "decided_at",
        ),
        "ratings_of_workers": plain_rows(
            _ratings_of_workers(party_id), "worker_screen_name", "value", "given_at"
        ),
        "results_asked_for": plain_rows(
            Computation.objects.filter(asked_or_own), "project_id", "asked", "asked_at", "finished_at"
        ),
        "top_ups_contested": plain_rows(
            TopUpContest.objects.filter(opened_by_id=party_id),
            "reason",
            "opened_at",
            "state",
            "decision",
            "decided_at",
        ),
        "reports_contested": plain_rows(
            BrokenContest.objects.filter(opened_by_id=party_id),
            "reason",
            "opened_at",
            "state",
            "decision",
            "decided_at",
        ),
    }


def _ratings_of_workers(party_id: int) -> "QuerySet[Rating]":
    """Return what a requester said of workers, with their names; of a round's workers with none.

    Rounds hide who takes part (MECHANISMS 3.7).
    """
    of_a_round = Assignment.objects.filter(pk=OuterRef("assignment_id"), round__isnull=False)
    name = Case(When(Exists(of_a_round), then=Value("")), default=F("rated__screen_name"))
    return Rating.objects.filter(rater_id=party_id, side=Side.WORKER).annotate(worker_screen_name=name)
