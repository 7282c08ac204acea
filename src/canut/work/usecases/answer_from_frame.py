"""A page that is not ours brings the answer to its item, by the permit in its address."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.work.designs.frames import FramedQuestion, RemotePage, check_page_answer
from canut.work.designs.problems import AnswerProblem, AnswerRefused, Wrong
from canut.work.frame_permit import FramePermitUnknown, permit_hash
from canut.work.models import Assignment, FramePermit, Project
from canut.work.states import IN_HAND
from canut.work.validators import design_of

REFUSED = "project.page_answer_refused"


class FramePermitExpired(Refusal):
    code = "frame_permit_expired"


class FramePermitUsed(Refusal):
    code = "frame_permit_used"


class FramePermitOfAnother(Refusal):
    """The page sent the id of another assignment than its permit is for."""

    code = "frame_permit_of_another"


class FramePermitOver(Refusal):
    """The assignment was handed in or put back since."""

    code = "frame_permit_over"


def answer_from_frame(
    *, permit: str, answer: object, at: datetime, assignment_id: object = None
) -> FramePermit:
    """Keep what a page answered until its worker hands the task in. The permit is used up by it.

    Bringing the same answer twice is safe. `assignment_id` is what the page says of it, if it says so.
    The first time that a page elsewhere is refused, its requester is told.

    Raises:
        FramePermitUnknown: it was made up.
        FramePermitUsed: another answer came by it before.
        FramePermitExpired: the worker's time was over.
        FramePermitOfAnother: it is for another assignment than the page says.
        FramePermitOver: the task is in nobody's hands any more.
        AnswerRefused: it is no answer, or too large.
    """
    found = FramePermit.objects.select_related("assignment").filter(hash=permit_hash(permit)).first()
    if found is None:
        raise FramePermitUnknown
    try:
        return _answered(found.pk, answer, assignment_id, at=at)
    except Refusal as refusal:
        _tell_once(found, refusal, at=at)
        raise


@transaction.atomic
def _answered(permit_id: int, answer: object, assignment_id: object, *, at: datetime) -> FramePermit:
    of_permit = FramePermit.objects.filter(pk=permit_id)
    assignment = Assignment.objects.select_for_update(no_key=True).get(pk__in=of_permit.values("assignment"))
    permit = of_permit.select_for_update(no_key=True).get()
    cleaned, refused = _checked(answer, permit.item)
    if permit.used_at is not None:
        if cleaned is not None and _same(cleaned, permit.answer):
            return permit
        raise FramePermitUsed(
            _("This page has answered already. To change the answer, open the page anew from the task.")
        )
    if assignment_id not in (None, "") and str(assignment_id) != str(assignment.pk):
        raise FramePermitOfAnother(_("This permit is for another assignment than the page says."))
    if assignment.state not in IN_HAND:
        raise FramePermitOver(_("The task was handed in or put back, so the page can answer no more."))
    if permit.expires_at <= at or assignment.lease_until <= at:
        raise FramePermitExpired(_("The time for this task is over, so the page can answer no more."))
    if refused is not None:
        raise refused
    permit.used_at, permit.answer = at, cleaned
    permit.save(update_fields=["used_at", "answer"])
    record(assignment.worker, "assignment.page_answered", assignment, at=at, item=permit.item)
    return permit


def _checked(answer: object, item: str) -> tuple[dict[str, str | list[str]] | None, AnswerRefused | None]:
    try:
        cleaned = check_page_answer(answer)
    except Wrong as wrong:
        return None, AnswerRefused({item: wrong.problem})
    return cleaned, None if cleaned else AnswerRefused({item: AnswerProblem("required")})


def _same(answer: object, kept: object) -> bool:
    return json.dumps(answer, sort_keys=True) == json.dumps(kept, sort_keys=True)


@transaction.atomic
def _tell_once(permit: FramePermit, refusal: Refusal, *, at: datetime) -> None:
    """Have the requester of a page elsewhere told that its answers do not arrive: once for the project."""
    assignment = permit.assignment
    items: dict[str, FramedQuestion] = {
        one.name: one
        for one in design_of(assignment.revision_id).questions
        if isinstance(one, FramedQuestion)
    }
    if not isinstance(items.get(permit.item), RemotePage):
        return
    project = Project.objects.select_for_update(no_key=True).get(pk=assignment.project_id)
    of_project = Event.objects.filter(subject_kind="project", subject_id=project.pk)
    if of_project.filter(name=REFUSED).exists():
        return
    record(None, "project.page_answer_refused", project, at=at, code=refusal.code, item=permit.item)
    later(
        "work.tell_owner_page_refused",
        project_id=project.pk,
        assignment_id=assignment.pk,
        item=permit.item,
        code=refusal.code,
    )
