"""A requester as anybody may see them: the public record, and what is open of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from canut.kernel.refusals import NotFound
from canut.people.models import ListKind, Person
from canut.people.queries import WhoIs, lists_of, who_are
from canut.reputation.queries import own_regard, requester_records
from canut.reputation.rules import Record
from canut.work.models import Assignment, Project, Revision
from canut.work.states import PayBasis, ProjectKind, ProjectState

PROJECTS_A_PAGE = 20


class RequesterNotFound(NotFound):
    """Nobody of this number has ever published anything here."""

    code = "requester_not_found"


@dataclass(frozen=True, slots=True)
class OpenProject:
    """One project in the list on a requester's page; amounts in minor units."""

    id: int
    title: str
    is_volunteer: bool
    by_the_hour: bool
    currency: str
    reward_minor: int
    hour_minor: int
    expected_seconds: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequesterSeen:
    """A requester's public page. Without a viewer there are no projects, for those are for members.

    `rating` is the viewer's own of this requester, which `may_rate` says that they can give.
    """

    who: WhoIs
    record: Record
    is_oneself: bool
    projects: Sequence[OpenProject]
    next_cursor: int | None
    may_rate: bool
    rating: Decimal | None


def requester_seen(
    requester_id: int, *, by: Person | None, at: datetime, before_id: int | None = None
) -> RequesterSeen:
    """Return a requester as `by` sees them, or a visitor: who they are, their record, their open projects.

    A project is listed if it takes work and `by` is not kept away from it; what else it asks, its own page
    says. The projects come newest first, before `before_id`.

    Raises:
        RequesterNotFound: nobody of this number has ever published anything.
    """
    who = who_are([requester_id]).get(requester_id)
    is_oneself = by is not None and by.pk == requester_id
    published = Project.objects.filter(owner_id=requester_id, fund="", published_at__isnull=False)
    if who is None or not (is_oneself or published.exists()):
        raise RequesterNotFound(_("There is no such requester here."))
    projects, following = _open(published, by=by, at=at, before_id=before_id) if by else ((), None)
    return RequesterSeen(
        who=who,
        record=requester_records([requester_id])[requester_id],
        is_oneself=is_oneself,
        projects=projects,
        next_cursor=following,
        may_rate=by is not None and not is_oneself and _has_worked_for(by.pk, requester_id),
        rating=own_regard(by.pk, requester_id) if by is not None else None,
    )


def _has_worked_for(worker_id: int, requester_id: int) -> bool:
    done = Assignment.objects.filter(worker_id=worker_id, submitted_at__isnull=False)
    return done.filter(project__owner_id=requester_id, project__fund="").exists()


def _open(
    published: "QuerySet[Project]", *, by: Person, at: datetime, before_id: int | None
) -> tuple[Sequence[OpenProject], int | None]:
    rows = published.filter(Q(deadline_at__isnull=True) | Q(deadline_at__gt=at), state=ProjectState.LIVE)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    owner_id = published.values_list("owner_id", flat=True).first()
    if owner_id is not None and owner_id != by.pk:
        listed = lists_of(owner_id, [by.pk]).get(by.pk)
        if listed == ListKind.BLOCK:
            return (), None
        if listed != ListKind.ALLOW:
            rows = rows.filter(allowed_only=False)
    page = list(rows.order_by("-pk")[: PROJECTS_A_PAGE + 1])
    shown = page[:PROJECTS_A_PAGE]
    revisions = Revision.objects.filter(project__in=shown, published_at__isnull=False)
    latest = {one.project_id: one for one in revisions.order_by("number").defer("design")}
    following = shown[-1].pk if len(page) > PROJECTS_A_PAGE else None
    return [_project(one, latest[one.pk]) for one in shown], following


def _project(one: Project, revision: Revision) -> OpenProject:
    return OpenProject(
        id=one.pk,
        title=one.title,
        is_volunteer=one.kind == ProjectKind.VOLUNTEER,
        by_the_hour=one.pay_basis == PayBasis.HOUR,
        currency=one.currency,
        reward_minor=revision.reward_minor,
        hour_minor=revision.hourly_minor,
        expected_seconds=revision.expected_seconds,
        published_at=one.published_at,
    )
