"""Pages that are not ours, in a task: a worker's program asks for them, a requester's server answers."""

from django.http import HttpRequest

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.shapes.pages import PageAnswer, PageAnswered, PagesToAnswer, PageToAnswer
from canut.kernel import clock
from canut.people.models import Scope
from canut.work.designs.problems import AnswerRefused
from canut.work.frame_permit import FramePermitUnknown
from canut.work.queries.frames import frames_of_task
from canut.work.refusals import AssignmentNotFound
from canut.work.usecases.answer_from_frame import (
    FramePermitExpired,
    FramePermitOfAnother,
    FramePermitOver,
    FramePermitUsed,
    answer_from_frame,
)
from canut.work.usecases.leave_task import NotInHand
from canut.work.usecases.make_frame_permits import make_frame_permits

doors = Doors("pages")


@doors.get(
    "/assignments/{assignment_id}/pages",
    scope=Scope.WORK,
    answers=PagesToAnswer,
    refuses=(AssignmentNotFound, NotInHand),
)
def list_pages(request: Asked, assignment_id: Id) -> PagesToAnswer:
    """The pages of an assignment that are the requester's own, each with the permit to answer in its address.

    A page that has answered is at another address from then on, to answer anew.
    """
    by, at = request.auth.by, request.auth.at
    permits = make_frame_permits(assignment_id=assignment_id, by=by, at=at)
    host = request.META.get("HTTP_HOST", "")
    found = frames_of_task(assignment_id, by=by, permits=permits, host=host)
    return PagesToAnswer(
        pages=[
            PageToAnswer(item=item, address=frame.address, answered_at=frame.answered_at)
            for item, frame in found.items()
        ]
    )


@doors.post(
    "/page-answers",
    scope=None,
    answers=PageAnswered,
    replays=Replays.NATURAL,
    refuses=(
        FramePermitUnknown,
        FramePermitUsed,
        FramePermitExpired,
        FramePermitOfAnother,
        FramePermitOver,
        AnswerRefused,
    ),
)
def answer_a_page(request: HttpRequest, body: PageAnswer) -> PageAnswered:
    """Bring the answer of a page on one's own server. Needs no key: the permit is one, and good once.

    Sending the same answer again is harmless.
    """
    kept = answer_from_frame(
        permit=body.permit, answer=body.answer, assignment_id=body.assignment_id, at=clock.now()
    )
    assert kept.used_at is not None
    return PageAnswered(item=kept.item, answered_at=kept.used_at)
