"""Situations of pages that are not ours: asking where they are, and answering for them."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.kernel import clock
from canut.work.models import Assignment
from canut.work.usecases.answer_from_frame import answer_from_frame
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.make_frame_permits import make_frame_permits
from canut.work.usecases.take_task import take_task

DESIGN = {
    "version": 1,
    "instructions": "",
    "items": [
        {
            "type": "remote_page",
            "name": "far",
            "label": "Do it there.",
            "url": "https://tasks.example.org/do?row={{text}}",
        }
    ],
}
ANSWER = {"choice": "cat"}


def held(cast: Cast) -> Assignment:
    """A task with a page of the requester's own, in the worker's hands."""
    return take_task(by=cast.worker, project_id=cast.live(design=DESIGN).pk, at=cast.at)


def permit_of(assignment: Assignment) -> str:
    permits = make_frame_permits(assignment_id=assignment.pk, by=assignment.worker, at=clock.now())
    return permits["far"]


def pages(cast: Cast, assignment_id: int) -> Call:
    return cast.get(cast.worker, f"/assignments/{assignment_id}/pages")


def answer(cast: Cast, permit: str, **more: object) -> Call:
    return cast.post(None, "/page-answers", {"permit": permit, "answer": ANSWER, **more})


says("list_pages", "200")(lambda cast: pages(cast, held(cast).pk))
says("list_pages", "assignment_not_found")(lambda cast: pages(cast, cast.held(worker=cast.peer).pk))
says("answer_a_page", "200")(lambda cast: answer(cast, permit_of(held(cast))))
says("answer_a_page", "frame_permit_unknown")(lambda cast: answer(cast, "made-up"))


def _left(cast: Cast) -> Assignment:
    return give_back_task(assignment_id=held(cast).pk, by=cast.worker, at=cast.at)


says("list_pages", "not_in_hand")(lambda cast: pages(cast, _left(cast).pk))


@says("answer_a_page", "frame_permit_used")
def _(cast: Cast) -> Call:
    permit = permit_of(held(cast))
    answer_from_frame(permit=permit, answer={"choice": "dog"}, at=cast.at)
    return answer(cast, permit)


@says("answer_a_page", "frame_permit_expired")
def _(cast: Cast) -> Call:
    assignment = held(cast)
    permit = permit_of(assignment)
    Assignment.objects.filter(pk=assignment.pk).update(lease_until=cast.at + timedelta(seconds=1))
    return answer(cast, permit)


@says("answer_a_page", "frame_permit_of_another")
def _(cast: Cast) -> Call:
    assignment = held(cast)
    return answer(cast, permit_of(assignment), assignment_id=assignment.pk + 1)


@says("answer_a_page", "frame_permit_over")
def _(cast: Cast) -> Call:
    assignment = held(cast)
    permit = permit_of(assignment)
    give_back_task(assignment_id=assignment.pk, by=cast.worker, at=cast.at)
    return answer(cast, permit)


says("answer_a_page", "answer_refused")(lambda cast: answer(cast, permit_of(held(cast)), answer={"a": {}}))
