"""Workers who looked at a project refuse it together: at a threshold it is withdrawn (MECHANISMS 2.11)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.queries import stands_on
from canut.work.access import require_worker, visible_project
from canut.work.models import Project, ProjectOpening, ProjectRefusal, Withdrawal
from canut.work.queries.admission import asking
from canut.work.queries.opening import refusal_for
from canut.work.queries.refusals import needed_now
from canut.work.refusals import ProjectClosed
from canut.work.rules import may_take
from canut.work.states import ProjectState, RefusalGround
from canut.work.usecases.close_project import end_project

LONGEST_WORDS = 2_000


class NotOpened(Refusal):
    """Only who has looked at a project can refuse it."""

    code = "project_not_opened"


class MembersRefuse(Refusal):
    """Only who is admitted refuses (MECHANISMS 7.1), so that nobody counts twice."""

    code = "members_refuse"


class DutyNotRefused(Refusal):
    """A fund pays it, so no requester answers for it."""

    code = "duty_not_refused"


@dataclass(frozen=True, slots=True)
class Refused:
    """The refusal, and whether the project is withdrawn by now."""

    refusal: ProjectRefusal
    is_withdrawn: bool


@transaction.atomic
def refuse_project(*, project_id: int, by: Person, ground: str, words: str = "", at: datetime) -> Refused:
    """Refuse a project with a ground, and withdraw it if enough workers have.

    Each worker refuses a project once and cannot take it back; a second call returns the first refusal.
    Its requester reads ground and words with no name. A project is withdrawn at most once: if an appeal has
    overturned that, refusals are still counted and change nothing.

    Raises:
        WorkerRoleMissing, ProjectNotFound: not `by`'s to refuse. ProjectClosed: it is over.
        OwnProject, WorkerBlocked, WorkerNotOnList, WorkerMayNotWork, StandingNotMet, RiskNotAccepted: not
            admitted to it.
        NotOpened: `by` has never looked at it. MembersRefuse: `by` is no member of this site.
        DutyNotRefused: a fund pays it.
        BadInput: the ground is unknown, the words are too long, or missing for "something else".
    """
    require_worker(by)
    visible_project(project_id, by=by)
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    if project.fund:
        raise DutyNotRefused(
            _(
                "A fund pays this work, and no requester answers for it, so it is not refused together. Give "
                "back what you do not want to do; what is wrong with it, tell this site's operators."
            )
        )
    mine = ProjectRefusal.objects.filter(project=project, worker=by).first()
    if mine is not None:
        return Refused(mine, Withdrawal.objects.filter(project=project).exists())
    _refuse_who_is_not_admitted(project, by, at=at)
    words = _checked(ground, words)

    refusal = ProjectRefusal.objects.create(
        project=project, worker=by, ground=ground, words=words, refused_at=at
    )
    record(by, "project.refused", project, at=at, ground=ground)
    return Refused(refusal, _withdraw_if_enough(project, at=at))


def _refuse_who_is_not_admitted(project: Project, by: Person, *, at: datetime) -> None:
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed, so there is nothing left to refuse."))
    asked = asking(worker_id=by.pk, project_id=project.pk, at=at)
    facts = replace(
        asked,
        project_state=ProjectState.LIVE,
        deadline_at=None,
        session_missing=False,
        round_most=None,
        threshold=None if asked.round_most is not None else asked.threshold,
        holds_one_here=False,
        in_hand=0,
    )
    if (code := may_take(facts)) is not None:
        raise refusal_for(code, project_id=project.pk, worker_id=by.pk)
    if not ProjectOpening.objects.filter(project=project, worker=by).exists():
        raise NotOpened(_("Look at the project before you refuse it."))
    if not stands_on(by.pk, scale=ScaleKind.MEMBERSHIP):
        raise MembersRefuse(
            _(
                "Members refuse projects together; each is admitted once, so that nobody counts twice. Your "
                "membership page says how you become one. Until then, give back what you do not want to do."
            )
        )


def _checked(ground: str, words: str) -> str:
    words = words.strip()
    if ground not in RefusalGround.values:
        sentence = _("Choose why you refuse the project.")
        raise BadInput(sentence, errors={"ground": sentence})
    if len(words) > LONGEST_WORDS or "\0" in words:
        sentence = _("Say it in at most 2,000 characters.")
        raise BadInput(sentence, errors={"words": sentence})
    if ground == RefusalGround.OTHER and not words:
        sentence = _("Say in a few words what is wrong with it.")
        raise BadInput(sentence, errors={"words": sentence})
    return words


def _withdraw_if_enough(project: Project, *, at: datetime) -> bool:
    """Withdraw the project if its refusals have reached the threshold; tell whether it is withdrawn."""
    if Withdrawal.objects.filter(project=project).exists():
        return False
    refused = ProjectRefusal.objects.filter(project=project).count()
    opened, needed = needed_now(project.pk, at=at)
    if refused < needed:
        return False
    Withdrawal.objects.create(
        project=project,
        opened_by_workers=opened,
        refused_by_workers=refused,
        needed_workers=needed,
        withdrawn_at=at,
    )
    refunded = end_project(project, by=None, at=at)
    record(None, "project.withdrawn", project, at=at, refused=refused, needed=needed, refunded_minor=refunded)
    later("work.tell_owner_project_withdrawn", project_id=project.pk)
    return True
