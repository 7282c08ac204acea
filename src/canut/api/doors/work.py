"""What workers do: look at the feed, take a task, hand it in, have the next."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to, feed_cursor, feed_place
from canut.api.replays import REPLAYED
from canut.api.shapes.cases import Case
from canut.api.shapes.common import Page
from canut.api.shapes.said_cases import case_said
from canut.api.shapes.said_work import (
    assignment_said,
    feed_said,
    line_said,
    project_seen,
    why_none_said,
)
from canut.api.shapes.work import (
    AppealWords,
    Assignment,
    AssignmentLine,
    Draft,
    DraftKept,
    Feed,
    Left,
    Order,
    ProjectSeen,
    Shows,
    Skip,
    Submission,
    SubmissionReply,
)
from canut.justice.queries import case_seen
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.people.models import Scope
from canut.work.access import WorkerRoleMissing, own_assignment
from canut.work.designs.answers import draft_of
from canut.work.designs.problems import AnswerRefused
from canut.work.hot.replies import submission_reply
from canut.work.hot.statements import HandedIn
from canut.work.queries.answered import submissions_of, taken_along
from canut.work.queries.assignments import in_hand, task_page, work_page
from canut.work.queries.feed import feed_page, project_page
from canut.work.queries.feed_filters import LONGEST_SECONDS, filters_from, mark_of
from canut.work.queries.opening import opening_seen
from canut.work.queries.own_projects import project_of_task
from canut.work.queries.round_asked import round_asked
from canut.work.refusals import (
    AlreadyDone,
    AppealDecided,
    AppealTooLate,
    AssignmentNotFound,
    HoldsOneHere,
    NoneLeft,
    NoSessionOpen,
    NothingToAppeal,
    NotOpenToYouYet,
    OwnProject,
    ProjectClosed,
    ProjectDeadlinePassed,
    ProjectHidden,
    ProjectNotFound,
    ProjectPaused,
    ProjectStopped,
    RiskNotAccepted,
    StandingNotMet,
    TaskHidden,
    TaskNotFound,
    TooManyInHand,
    WorkerBlocked,
    WorkerNotOnList,
    WorkerRestricted,
)
from canut.work.usecases.give_feedback import Feedback, FeedbackMissing
from canut.work.usecases.keep_draft import keep_draft
from canut.work.usecases.leave_task import NotInHand, give_back_task, skip_task
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.skip_to_next import skip_to_next
from canut.work.usecases.submit_answer import (
    AlreadySubmitted,
    LeaseRanOut,
    NotYoursToSubmit,
    OtherRevision,
    submit_answer,
)
from canut.work.usecases.take_task import take_task
from canut.work.validators import design_of

doors = Doors("work")

ADMISSION = (
    WorkerRoleMissing,
    ProjectPaused,
    ProjectClosed,
    ProjectHidden,
    ProjectStopped,
    ProjectDeadlinePassed,
    WorkerRestricted,
    OwnProject,
    WorkerBlocked,
    WorkerNotOnList,
    StandingNotMet,
    RiskNotAccepted,
    NotOpenToYouYet,
    TooManyInHand,
    NoneLeft,
)

OrderAsked = Annotated[
    Order | None,
    Query(description="The requesters rated best, the newest, the best paid, or the most work left first."),
]
HourlyAsked = Annotated[
    str | None, Query(description="Only work that pays at least this an hour, such as `12.50`, in euros.")
]
SecondsAsked = Annotated[
    int | None, Query(ge=0, le=LONGEST_SECONDS, description="Only tasks expected to take no longer.")
]
LanguagesAsked = Annotated[
    str | None,
    Query(description="Only work that needs one of these languages or none: codes with commas, `en,fr`."),
]
DeviceAsked = Annotated[
    Literal["phone", "computer"] | None, Query(description="Only work that can be done on one.")
]
RisksAsked = Annotated[
    Literal["accepted", "none", "all"],
    Query(
        description="Sensitive work: as the caller has accepted it, none of it, or all, also what the caller "
        "has not accepted to see."
    ),
]
KindAsked = Annotated[Literal["paid", "volunteer"] | None, Query(description="Only paid, or only unpaid.")]
ShowsAsked = Annotated[
    Shows, Query(description="What is in hand, all that has left the hands, or a part of that.")
]


@doors.get("/feed", scope=Scope.WORK, answers=Feed, refuses=(WorkerRoleMissing,))
def read_feed(
    request: Asked,
    order: OrderAsked = None,
    least_hourly: HourlyAsked = None,
    most_seconds: SecondsAsked = None,
    languages: LanguagesAsked = None,
    device: DeviceAsked = None,
    risks: RisksAsked = "accepted",
    kind: KindAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Feed:
    """Projects from which the caller may take a task now, in the order asked for or else chosen before.

    Work by the hour is among them whether or not a session is open. Projects of which the caller holds
    a task are left out: that task comes first. A cursor goes on in the same order with the same filters.
    """
    by, at = request.auth.by, request.auth.at
    filters = filters_from(
        {
            "least_hourly": least_hourly,
            "most_seconds": most_seconds,
            "languages": languages,
            "device": device,
            "risks": risks,
            "kind": kind,
        }
    )
    mark = mark_of(filters)
    sort, place = feed_place(order, mark, cursor)
    page = feed_page(by=by, at=at, cursor=place, order=sort or "", most=limit, filters=filters)
    following = feed_cursor(page.order, mark, page.next_cursor) if page.next_cursor else None
    return feed_said(page, following)


@doors.get("/feed/{project_id}", scope=Scope.WORK, answers=ProjectSeen, refuses=(ProjectNotFound,))
def look_at_project(request: Asked, project_id: Id) -> ProjectSeen:
    """A published project as a worker looks at it, with the reason if no task of it can be taken."""
    by, at = request.auth.by, request.auth.at
    note_opening(project_id=project_id, by=by, at=at)
    return project_seen(project_page(project_id, by=by, at=at), opening_seen(project_id, by=by, at=at))


@doors.post(
    "/projects/{project_id}/take",
    scope=Scope.WORK,
    answers=Assignment,
    refuses=(*ADMISSION, NoSessionOpen, ProjectNotFound),
)
def take_any_task(request: Asked, project_id: Id) -> Assignment:
    """Take an open task of a project.

    Whoever holds one of the project gets that same one, and work that was returned comes first.
    """
    taken = take_task(by=request.auth.by, project_id=project_id, at=request.auth.at)
    return assignment_of(request, taken.pk)


@doors.post(
    "/tasks/{task_id}/take",
    scope=Scope.WORK,
    answers=Assignment,
    refuses=(*ADMISSION, NoSessionOpen, TaskNotFound, HoldsOneHere, TaskHidden, AlreadyDone),
)
def take_this_task(request: Asked, task_id: Id) -> Assignment:
    """Take one task by its address. Whoever holds it already gets the same assignment."""
    taken = take_task(
        by=request.auth.by, project_id=project_of_task(task_id), task_id=task_id, at=request.auth.at
    )
    return assignment_of(request, taken.pk)


@doors.get("/assignments", scope=Scope.WORK, answers=Page[AssignmentLine])
def list_assignments(
    request: Asked, shows: ShowsAsked = "in_hand", cursor: Cursor = None, limit: Limit = 50
) -> Page[AssignmentLine]:
    """The caller's own assignments: in hand, what is returned and what runs out first; else newest first."""
    by, at = request.auth.by, request.auth.at
    before_id = after(cursor, f"assignments-{shows}")
    if shows == "in_hand":  # never more than the charter's cap: one page
        return Page[AssignmentLine](
            items=[line_said(line) for line in in_hand(by=by, at=at)], next_cursor=None
        )
    page = work_page(by=by, at=at, shows=shows, before_id=before_id, most=limit)
    following = cursor_to(f"assignments-{shows}", page.next_cursor) if page.next_cursor else None
    return Page[AssignmentLine](items=[line_said(line) for line in page.lines], next_cursor=following)


@doors.get(
    "/assignments/{assignment_id}", scope=Scope.WORK, answers=Assignment, refuses=(AssignmentNotFound,)
)
def get_assignment(request: Asked, assignment_id: Id) -> Assignment:
    """One of the caller's assignments: what is asked, until when, what was kept, and what became of it."""
    return assignment_of(request, assignment_id)


@doors.put(
    "/assignments/{assignment_id}/draft",
    scope=Scope.WORK,
    answers=DraftKept,
    refuses=(AssignmentNotFound, NotInHand, AnswerRefused),
)
def keep_a_draft(request: Asked, assignment_id: Id, body: Draft) -> DraftKept:
    """Keep an unfinished answer in place of the one kept before.

    What the design does not ask is left out.
    """
    design = design_of(own_assignment(assignment_id, by=request.auth.by).revision_id)
    kept = keep_draft(
        assignment_id=assignment_id,
        by=request.auth.by,
        answer=draft_of(design, body.answer),
        at=request.auth.at,
    )
    return DraftKept.model_validate(kept)


@doors.post(
    "/assignments/{assignment_id}/submission",
    scope=Scope.WORK,
    answers=SubmissionReply,
    replays=Replays.NATURAL,
    refuses=(
        AssignmentNotFound,
        AnswerRefused,
        FeedbackMissing,
        LeaseRanOut,
        AlreadySubmitted,
        NotYoursToSubmit,
        OtherRevision,
    ),
)
def hand_in(request: Asked, assignment_id: Id, body: Submission) -> HttpResponse:
    """Hand in the answer to a task in hand and, if `next` says so, take the next one in the same step.

    Handing in the same answer again is safe: it is answered with the same submission, and with the task
    that is in hand by now. Where no task follows, `why_none` says why; the submission stands. The first
    task of a prototype round brings `feedback` with it.
    """
    said = body.feedback
    handed = submit_answer(
        assignment_id=assignment_id,
        by=request.auth.by,
        answer=body.answer,
        active_seconds=body.active_seconds,
        measured_seconds=body.measured_seconds,
        at=request.auth.at,
        revision_id=body.revision_id,
        want_next=body.next,
        feedback=None if said is None else Feedback(said.verdict, said.unclear),
    )
    submission = handed.submission
    reply = submission_reply(
        HandedIn(
            assignment_id=assignment_id,
            submission_id=submission.pk,
            project_id=submission.project_id,
            worker_id=request.auth.by.pk,
            next=None if handed.next is None else taken_along(handed.next),
        ),
        handed.why_none,
    )
    response = HttpResponse(reply, content_type="application/json")
    if submission.submitted_at < request.auth.at:
        response.headers[REPLAYED] = "true"
    return response


@doors.post(
    "/assignments/{assignment_id}/skip",
    scope=Scope.WORK,
    answers=Left,
    refuses=(AssignmentNotFound, NotInHand),
)
def skip_a_task(request: Asked, assignment_id: Id, body: Skip | None = None) -> Left:
    """Put a task back unfinished; it costs nothing.

    It is offered again only when nothing else of the project remains.
    """
    by, at = request.auth.by, request.auth.at
    if body is None or not body.next:
        skip_task(assignment_id=assignment_id, by=by, at=at)
        return Left(assignment=assignment_of(request, assignment_id), next=None, why_none=None)
    skipped = skip_to_next(assignment_id=assignment_id, by=by, at=at)
    return Left(
        assignment=assignment_of(request, assignment_id),
        next=None if skipped.next is None else assignment_of(request, skipped.next.pk),
        why_none=why_none_said(skipped.why_none),
    )


@doors.post(
    "/assignments/{assignment_id}/give-back",
    scope=Scope.WORK,
    answers=Assignment,
    refuses=(AssignmentNotFound, NotInHand),
)
def give_back_a_task(request: Asked, assignment_id: Id) -> Assignment:
    """Put a task back; it may be taken again later. It costs nothing."""
    give_back_task(assignment_id=assignment_id, by=request.auth.by, at=request.auth.at)
    return assignment_of(request, assignment_id)


@doors.post(
    "/assignments/{assignment_id}/appeal",
    scope=Scope.WORK,
    answers=Case,
    status=201,
    refuses=(AssignmentNotFound, NothingToAppeal, AppealTooLate, AppealDecided),
)
def appeal_a_rejection(request: Asked, assignment_id: Id, body: AppealWords | None = None) -> Case:
    """Appeal the rejection of one's own work. Its money waits until peers, drawn by lot, have decided.

    Appealing again answers with the same case; `cases` take files, and tell how far it is.
    """
    case = appeal_rejection(
        assignment_id=assignment_id,
        by=request.auth.by,
        words=body.words if body else "",
        at=request.auth.at,
    )
    return case_said(case_seen(case.pk, by=request.auth.by, at=request.auth.at))


def assignment_of(request: Asked, assignment_id: int) -> Assignment:
    """Return an assignment of the caller's, as it is said."""
    page = task_page(assignment_id, by=request.auth.by, at=request.auth.at)
    asked = round_asked(assignment_id, by=request.auth.by, at=request.auth.at)
    return assignment_said(page, submissions_of(assignment_id), asked)
