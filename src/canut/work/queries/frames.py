"""Pages that are not ours: where each is shown to its worker, and what has come back from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from canut.people.models import Person
from canut.work.designs.framed import Framed, PageAnswer
from canut.work.designs.frames import FramedQuestion, OwnHtml, RemotePage, fill_address
from canut.work.designs.problems import AnswerProblem, AnswerRefused
from canut.work.designs.schema import Design, read_design
from canut.work.frame_host import frame_origin
from canut.work.frame_permit import FramePermitUnknown, Look, look_text, name_for_page, permit_hash, read_look
from canut.work.models import Assignment, FramePermit, Revision
from canut.work.queries.studio import example_row
from canut.work.states import IN_HAND
from canut.work.validators import design_of, row_shown

LOOK_SECONDS = 4 * 3600
NOT_AN_ASSIGNMENT = "ASSIGNMENT_ID_NOT_AVAILABLE"
"""What a page elsewhere is told in a preview, as on Mechanical Turk."""

LOOKED_AT: PageAnswer = {"preview": "yes"}
"""What stands for a page's answer in a preview, which keeps none."""


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """What a frame's address leads to: the item and its row, and whether it can still be answered.

    A look at a draft `keeps` nothing. `item` is None where the draft has none of that name any more.
    """

    item: FramedQuestion | None
    row: Mapping[str, Any]
    is_answered: bool
    is_over: bool
    keeps: bool
    locale: str


def framed(design: Design) -> Iterable[FramedQuestion]:
    """Return the items that pages answer which are not ours."""
    return [question for question in design.questions if isinstance(question, FramedQuestion)]


def frame_answers(assignment_id: int) -> dict[str, tuple[PageAnswer, datetime]]:
    """Return, by item, what its page brought last, and when."""
    rows = FramePermit.objects.filter(assignment=assignment_id, used_at__isnull=False)
    found = rows.order_by("used_at", "pk").values_list("item", "answer", "used_at")
    return {item: (answer, at) for item, answer, at in found if answer is not None and at is not None}


def with_frame_answers(assignment: Assignment, answer: Any) -> Any:
    """Return an answer together with what the pages of its design brought.

    Raises:
        AnswerRefused: the answer says itself what only a page may say.
    """
    items = framed(design_of(assignment.revision_id))
    if not items or not isinstance(answer, dict):
        return answer
    brought = {name: found for name, (found, _at) in frame_answers(assignment.pk).items()}
    wrong = [one.name for one in items if answer.get(one.name) not in (None, brought.get(one.name))]
    if wrong:
        raise AnswerRefused({name: AnswerProblem("answered_in_frame") for name in wrong})
    return {**answer, **brought}


def frames_of_task(
    assignment_id: int, *, by: Person, permits: Mapping[str, str], host: str
) -> dict[str, Framed]:
    """Return, by item, where its page is shown to `by` and what came back from it.

    `permits` are those of `make_frame_permits`; `host` is the host under which the site was asked.
    """
    assignment = Assignment.objects.select_related("task").get(pk=assignment_id, worker_id=by.pk)
    origin = frame_origin(host)
    answers = frame_answers(assignment.pk)
    found = {}
    for item in framed(design_of(assignment.revision_id)):
        answer, answered_at = answers.get(item.name, (None, None))
        posts_to = f"{origin}/frame/{permits[item.name]}" if origin and item.name in permits else ""
        told = {
            "assignmentId": str(assignment.pk),
            "hitId": str(assignment.task_id),
            "workerId": name_for_page(project_id=assignment.project_id, worker_id=by.pk),
        }
        address = _address(item, row_shown(assignment), posts_to=posts_to, told=told) if posts_to else ""
        found[item.name] = Framed(address=address, answer=answer, answered_at=answered_at)
    return found


def frames_of_preview(
    design: Design, row: Mapping[str, Any], *, revision_id: int, number: int, at: datetime, host: str
) -> dict[str, Framed]:
    """Return the same for a look at a draft, or at any revision of one's own. Its pages keep nothing."""
    origin = frame_origin(host)
    expires_at = int((at + timedelta(seconds=LOOK_SECONDS)).timestamp())
    found = {}
    for item in framed(design):
        look = look_text(Look(revision_id, item.name, number, expires_at))
        told = {"assignmentId": NOT_AN_ASSIGNMENT}
        address = _address(item, row, posts_to=f"{origin}/frame/{look}", told=told) if origin else ""
        found[item.name] = Framed(address=address, answer=LOOKED_AT)
    return found


def frame_seen(permit: str, *, at: datetime) -> FrameSeen:
    """Return what a frame's address leads to.

    Raises:
        FramePermitUnknown: the permit was made up, or a look at a draft has run out.
    """
    look = read_look(permit, now=at.timestamp())
    if look is not None:
        return _looked_at(look)
    found = FramePermit.objects.select_related("assignment__task").filter(hash=permit_hash(permit)).first()
    if found is None:
        raise FramePermitUnknown
    assignment = found.assignment
    items = {one.name: one for one in framed(design_of(assignment.revision_id))}
    is_over = assignment.state not in IN_HAND or min(found.expires_at, assignment.lease_until) <= at
    return FrameSeen(
        item=items.get(found.item),
        row=row_shown(assignment),
        is_answered=found.used_at is not None,
        is_over=is_over,
        keeps=True,
        locale=_locale_of(assignment.worker_id),
    )


def _looked_at(look: Look) -> FrameSeen:
    revision = Revision.objects.select_related("project").filter(pk=look.revision_id).first()
    if revision is None:
        raise FramePermitUnknown
    design = read_design(revision.design)
    task = revision.tasks.order_by("position")[look.number - 1 : look.number].first()
    return FrameSeen(
        item={one.name: one for one in framed(design)}.get(look.item),
        row=example_row(design, task),
        is_answered=False,
        is_over=False,
        keeps=False,
        locale=_locale_of(revision.project.owner_id),
    )


def _locale_of(person_id: int) -> str:
    return Person.objects.filter(pk=person_id).values_list("locale", flat=True).first() or "en"


def _address(item: FramedQuestion, row: Mapping[str, Any], *, posts_to: str, told: Mapping[str, str]) -> str:
    if isinstance(item, OwnHtml):
        return f"{posts_to}/"
    assert isinstance(item, RemotePage)
    address = fill_address(item.url, row)
    if not address:
        return ""
    address, _hash, place = address.partition("#")
    said = urlencode({**told, "postTo": f"{posts_to}/answer", "turkSubmitTo": posts_to})
    joined = f"{address}{'&' if '?' in address else '?'}{said}"
    return f"{joined}#{place}" if place else joined
