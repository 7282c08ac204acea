"""The thread of a project, for both sides: its owner, and the workers it is for."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from canut.discussion.access import no_thread
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.forums.stands import NotAWriter, Stand, why_no_writer
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.people.models import Person
from canut.work.access import require_worker, visible_project
from canut.work.models import Project
from canut.work.queries.admission import asking
from canut.work.queries.requirements import standing_not_met
from canut.work.queries.taking_part import has_taken_part, task_of_number
from canut.work.refusals import admission_refusal
from canut.work.rules import may_take
from canut.work.states import ProjectState


class BlockedHere(NotAllowed):
    code = "blocked_here"


class TaskNotCited(NotFound):
    code = "task_not_cited"


def stand_in_project(project_id: int, *, by: Person, at: datetime) -> Stand:
    """Return where somebody stands in a project's thread.

    Its owner and every worker may read it once the project is published. The owner writes, and workers who
    took part, or who could: whom its owner keeps away, or has not listed, or who lacks a standing that it
    asks for, does not. Duties, such as reviews, have no thread, for their work is judged blind.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft. ThreadNotFound: it is a duty.
        WorkerRoleMissing: `by` neither owns it nor works here.
    """
    project = visible_project(project_id, by=by)
    if project.fund:
        raise no_thread()
    if project.owner_id != by.pk:
        require_worker(by)
    return Stand(project.title, why_no_writer(by) or _why_not(project, by, at=at))


def _why_not(project: Project, by: Person, *, at: datetime) -> Refusal | None:
    if project.owner_id == by.pk:
        return None
    facts = asking(worker_id=by.pk, project_id=project.pk, at=at)
    if facts.worker_is_blocked:
        return BlockedHere(
            _("The requester of this project keeps you away from it. You can read what is said here.")
        )
    if has_taken_part(by.pk, project_id=project.pk):
        return None
    if project.state == ProjectState.CLOSED:
        return NotAWriter(_("This project is over. Those who worked in it, and its requester, still write."))
    # What passes by itself, such as a pause or full hands, keeps nobody from asking a question.
    lasting = replace(
        facts,
        project_state=ProjectState.LIVE,
        deadline_at=None,
        in_hand=0,
        holds_one_here=False,
        risks_not_accepted=False,
        session_missing=False,
        round_most=None,
        threshold=None,
    )
    code = may_take(lasting)
    if code == "standing_not_met":
        return NotAWriter(str(standing_not_met(project.pk, worker_id=by.pk)))
    return None if code is None else NotAWriter(str(admission_refusal(code)))


def task_to_cite(place: Place, number: int) -> int:
    """Return the id of the task of a project's thread that a post may cite, by its number in the project.

    Raises:
        TaskNotCited: the project has no task of this number, or the thread is not about a project.
    """
    found = None
    if place.subject_kind == SubjectKind.PROJECT:
        found = task_of_number(place.subject_id, number)
    if found is None:
        raise TaskNotCited(_("This project has no task of this number."))
    return found
