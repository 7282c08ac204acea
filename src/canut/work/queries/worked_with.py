"""The people who have worked for a requester, as that requester sees them.

What they did in prototype rounds is left out of everything here, counts and ratings too: rounds hide who
takes part (MECHANISMS 3.7).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from canut.people.access import PersonNotFound
from canut.people.models import ListKind, Person
from canut.people.queries import WhoIs, lists_of, who_are
from canut.reputation.models import Side
from canut.reputation.queries import counting, own_ratings
from canut.work.models import Assignment, Submission
from canut.work.states import AssignmentState

PEOPLE_A_PAGE = 30
WORKS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class WorkedWith:
    """Somebody who has handed in work to a requester: how much, what became of it, and when last.

    `rating` is the requester's latest of them, of `ratings` that count.
    """

    who: WhoIs
    handed_in: int
    waiting: int
    approved: int
    rejected: int
    last_at: datetime
    rating: Decimal | None
    ratings: int
    is_blocked: bool
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people, who handed in last first. `search` is what their names contain."""

    people: Sequence[WorkedWith]
    search: str
    next_cursor: str


@dataclass(frozen=True, slots=True)
class TheirWork:
    """One piece of somebody's work for a requester, with the requester's rating of it."""

    assignment_id: int
    submission_id: int
    project_id: int
    title: str
    task_key: str
    state: str
    state_name: str
    submitted_at: datetime
    rating: Decimal | None


@dataclass(frozen=True, slots=True)
class WorkerPage:
    """One person as a requester they worked for sees them, with a page of their work, newest first."""

    person: WorkedWith
    works: Sequence[TheirWork]
    next_cursor: int | None


def people_page(*, by: Person, search: str = "", cursor: str = "", most: int = PEOPLE_A_PAGE) -> PeoplePage:
    """Return the people who have handed in work to `by`, after `cursor`; a spoilt one begins anew."""
    search = search.strip()
    rows = _handed_in_to(by)
    if search:
        rows = rows.filter(worker__party__screen_name__icontains=search)
    each = _each(rows)
    if (place := _place(cursor)) is not None:
        each = each.filter(Q(last__lt=place[0]) | Q(last=place[0], worker_id__lt=place[1]))
    found = list(each.order_by("-last", "-worker_id")[: most + 1])
    shown = found[:most]
    following = f"{shown[-1]['last'].isoformat()}_{shown[-1]['worker_id']}" if len(found) > most else ""
    return PeoplePage(_people(shown, by=by), search, following)


def worker_page(
    person_id: int, *, by: Person, before_id: int | None = None, most: int = WORKS_A_PAGE
) -> WorkerPage:
    """Return somebody who has handed in work to `by`, with a page of it before the assignment `before_id`.

    Raises:
        PersonNotFound: there is none of this number.
    """
    rows = _handed_in_to(by).filter(worker_id=person_id)
    found = list(_each(rows))
    if not found:
        raise PersonNotFound(_("Nobody of this number has handed in work to you."))
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    page = list(rows.select_related("project", "task").order_by("-pk")[: most + 1])
    works = page[:most]
    ids = [one.pk for one in works]
    ratings = own_ratings(by.pk, side=Side.WORKER, assignment_ids=ids)
    latest = dict(
        Submission.objects.filter(assignment_id__in=ids)
        .order_by("attempt")
        .values_list("assignment_id", "pk")
    )
    return WorkerPage(
        person=_people(found, by=by)[0],
        works=[_work(one, latest[one.pk], ratings.get(one.pk)) for one in works],
        next_cursor=works[-1].pk if len(page) > most else None,
    )


def handed_in_to(by: Person, person_ids: Collection[int]) -> frozenset[int]:
    """Return which of these people have handed in work to `by`; rounds hide who takes part."""
    rows = _handed_in_to(by).filter(worker_id__in=person_ids)
    return frozenset(rows.order_by().values_list("worker_id", flat=True).distinct())


def unrated_workers(project_id: int, *, owner_id: int) -> int:
    """Return how many workers have handed in work to a project of which the owner has rated none.

    Those of a round are counted as such: were they told from the others, a rating would tell who they are.
    """
    rated = counting(Side.WORKER).filter(assignment_id=OuterRef("pk"), rater_id=owner_id)
    handed_in = Assignment.objects.filter(project_id=project_id, submitted_at__isnull=False)
    each = handed_in.annotate(is_rated=Exists(rated)).values("worker_id", "round_id")
    return each.annotate(rated=Count("pk", filter=Q(is_rated=True))).filter(rated=0).count()


def _handed_in_to(by: Person) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(project__owner_id=by.pk, submitted_at__isnull=False, round__isnull=True)


def _each(rows: "QuerySet[Assignment]") -> Any:
    """Return a row a worker, of their work in these rows."""
    return rows.values("worker_id").annotate(
        handed_in=Count("pk"),
        waiting=Count("pk", filter=Q(state=AssignmentState.SUBMITTED)),
        approved=Count("pk", filter=Q(state=AssignmentState.APPROVED)),
        rejected=Count("pk", filter=Q(state=AssignmentState.REJECTED)),
        last=Max("submitted_at"),
    )


def _people(rows: Sequence[Mapping[str, Any]], *, by: Person) -> list[WorkedWith]:
    ids = [row["worker_id"] for row in rows]
    who, lists = who_are(ids), lists_of(by.pk, ids)
    latest, counts = _ratings(by.pk, ids)
    return [
        WorkedWith(
            who=who[row["worker_id"]],
            handed_in=row["handed_in"],
            waiting=row["waiting"],
            approved=row["approved"],
            rejected=row["rejected"],
            last_at=row["last"],
            rating=latest.get(row["worker_id"]),
            ratings=counts.get(row["worker_id"], 0),
            is_blocked=lists.get(row["worker_id"]) == ListKind.BLOCK,
            is_allowed=lists.get(row["worker_id"]) == ListKind.ALLOW,
        )
        for row in rows
    ]


def _ratings(rater_id: int, person_ids: Collection[int]) -> tuple[Mapping[int, Decimal], Mapping[int, int]]:
    """Return each one's latest rating by `rater_id`, and how many count; those of rounds are left out."""
    named = Assignment.objects.filter(pk=OuterRef("assignment_id"), round__isnull=True)
    rows = counting(Side.WORKER).filter(Exists(named), rater_id=rater_id, rated_id__in=person_ids)
    latest = rows.order_by("rated_id", "-given_at", "-pk").distinct("rated_id")
    counts = rows.values_list("rated_id").annotate(count=Count("pk"))
    return dict(latest.values_list("rated_id", "value")), dict(counts)


def _work(one: Assignment, submission_id: int, rating: Decimal | None) -> TheirWork:
    assert one.submitted_at is not None
    return TheirWork(
        assignment_id=one.pk,
        submission_id=submission_id,
        project_id=one.project_id,
        title=one.project.title,
        task_key=one.task.key,
        state=one.state,
        state_name=str(one.get_state_display()),
        submitted_at=one.submitted_at,
        rating=rating,
    )


def _place(cursor: str) -> tuple[datetime, int] | None:
    written, _dot, last = cursor.rpartition("_")
    try:
        place = datetime.fromisoformat(written), int(last)
    except ValueError:
        return None
    return place if place[0].tzinfo is not None and abs(place[1]) < 2**63 else None
