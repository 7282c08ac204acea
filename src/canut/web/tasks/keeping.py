"""Keeping what somebody has typed into a task's form and not handed in."""

from canut.kernel import clock
from canut.web.signed_in import SignedIn
from canut.web.tasks.feedback import feedback_from_post
from canut.work.designs.answers import answer_from_post, draft_of
from canut.work.queries.assignments import TaskPage
from canut.work.usecases.keep_draft import keep_draft


def keep_typed(request: SignedIn, page: TaskPage) -> None:
    """Keep all that was typed: the answer, and what was said of the design in a prototype round."""
    keep_draft(
        assignment_id=page.assignment_id,
        by=request.user,
        answer=draft_of(page.design, answer_from_post(page.design, dict(request.POST.lists()))),
        feedback=feedback_from_post(request.POST),
        at=clock.now(),
    )
