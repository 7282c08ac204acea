"""Everything that can be asked of a worker in a project, each with what it pays (MECHANISMS 4.7)."""

from dataclasses import dataclass
from datetime import datetime

from canut.charter.queries import floor_highest, in_force
from canut.people.models import Person
from canut.work.access import latest_revision, visible_project
from canut.work.models import Project, Revision
from canut.work.queries.pricing import rework_minor
from canut.work.states import PayBasis, ProjectKind


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One thing asked: `name` is what, `amount_minor` what it pays at once, None where words say it.

    Names: task, session, prototype, rework, cut_short, top_up, break, screening, review, jury.
    """

    name: str
    amount_minor: int | None


def price_lines_of(project_id: int, *, by: Person, at: datetime) -> list[PriceLine]:
    """Return the price lines of a project that `by` may look at, by its latest published revision.

    Of one's own draft, by the draft.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft.
    """
    project = visible_project(project_id, by=by)
    published = Revision.objects.filter(project=project, published_at__isnull=False).order_by("-number")
    return price_lines(project, published.first() or latest_revision(project), at=at)


def price_lines(project: Project, revision: Revision, *, at: datetime) -> list[PriceLine]:
    """Return what is paid for what in a project, nothing for volunteer work.

    Of a duty, which nobody sends back, the task and what may come on top.

    Screening and juries are named though no project can ask for them yet, and guild reviews, which are
    tasks of other projects: whoever reads the list sees that nothing is asked unpaid.
    """
    if project.kind != ProjectKind.PAID:
        return []
    if project.fund:
        asked = [PriceLine("task", revision.reward_minor), PriceLine("top_up", floor_highest(at=at))]
        return [*asked, PriceLine("break", None)] if project.risks else asked
    by_the_hour = project.pay_basis == PayBasis.HOUR
    least_session = revision.hourly_minor * int(in_force("pay.session_least_seconds", at=at)) // 3600
    lines = [
        PriceLine("session", least_session) if by_the_hour else PriceLine("task", revision.reward_minor),
        PriceLine("prototype", None if by_the_hour else revision.reward_minor),
        PriceLine("rework", rework_minor(project, revision.pk, at=at)),
        PriceLine("cut_short", None),
    ]
    if not by_the_hour:
        lines.append(PriceLine("top_up", floor_highest(at=at)))
    if project.risks:
        lines.append(PriceLine("break", None))
    return [*lines, PriceLine("screening", None), PriceLine("review", None), PriceLine("jury", None)]
