"""Who might review an item, with all that the rules go by (rules_reviewers)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.guilds.models import Item, Member, Review
from canut.guilds.rules_reviewers import Candidate
from canut.guilds.states import ReviewState
from canut.people.models import Person
from canut.work.models import Assignment, TaskOffer, WorkerChoice
from canut.work.states import AssignmentState

BUSY_DAYS = timedelta(days=30)
"""Over how long the reviews that somebody did are counted (rules_reviewers.Candidate)."""

LEFT = (AssignmentState.GIVEN_BACK, AssignmentState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Known:
    """The candidates for one item, and which person each member is."""

    candidates: tuple[Candidate, ...]
    person_of: dict[int, int]


def candidates_for(item: Item, *, task_id: int | None, at: datetime) -> Known:
    """Return everybody in the guild at the item's level or above, as a candidate to review it.

    `task_id` is the review's, once there is one: who gave it back or skipped it has refused it. So has
    whoever does not accept the risks of the work, which they would have to look at.
    """
    scope = Scope(guild=item.member.guild_id)
    last_taken = Assignment.objects.filter(worker_id=OuterRef("person_id")).order_by("-pk")
    rows = Member.objects.filter(guild_id=item.member.guild_id, left_at__isnull=True, level__gte=item.level)
    members = list(
        rows.filter(person__is_active=True, person__is_worker=True)
        .annotate(last_taken=Subquery(last_taken.values("taken_at")[:1]))
        .order_by("pk")
        .values_list("pk", "person_id", "level", "last_taken")
    )
    person_of = {pk: person_id for pk, person_id, _level, _taken in members}
    since = at - timedelta(days=in_force("cascade.active_days", at=at))
    repaid = at - timedelta(days=in_force("guild.reciprocity_days", at=at, scope=scope))
    busy = _busy(set(person_of.values()))
    done = Counter(
        Review.objects.filter(
            reviewer_id__in=person_of, state=ReviewState.DONE, ended_at__gte=at - BUSY_DAYS
        ).values_list("reviewer_id", flat=True)
    )
    given = Review.objects.filter(reviewer_id=item.member_id, state=ReviewState.DONE, ended_at__gt=repaid)
    reviewed_by_author = set(given.values_list("author_id", flat=True))
    refused = _refused(task_id) | _cannot_look_at(item, set(person_of.values()))
    authors, owners = _authors(item), _owners(item)
    return Known(
        tuple(
            Candidate(
                id=pk,
                level=level,
                is_active=taken is not None and taken >= since,
                busy=busy[person_id],
                done_30_days=done[pk],
                is_author=pk in authors,
                owns_project=person_id in owners,
                refused=person_id in refused,
                was_reviewed_by_author=pk in reviewed_by_author,
            )
            for pk, person_id, level, taken in members
        ),
        person_of,
    )


def barred_for_good(item: Item) -> set[int]:
    """Return the people who may never review an item: who made it or what it is about, and who owns that."""
    people = Person.objects.filter(Q(memberships__in=_authors(item)) | Q(pk__in=_owners(item)))
    return set(people.values_list("pk", flat=True))


def reviewed_work(item: Item) -> Review | None:
    """Return the review that an item is, if it is one."""
    rows = Review.objects.select_related("item__assignment__project", "author")
    return rows.filter(assignment_id=item.assignment_id).first()


def _authors(item: Item) -> set[int]:
    """Return the members who made what is reviewed: the item, and when it is a review, what that is about."""
    about = reviewed_work(item)
    return {item.member_id} | ({about.author_id} if about else set())


def _owners(item: Item) -> set[int]:
    about = reviewed_work(item)
    return {item.assignment.project.owner_id} | ({about.item.assignment.project.owner_id} if about else set())


def _busy(people: set[int]) -> Counter[int]:
    """Return how many open reviews each has in hand, or is offered by name while nobody has them in hand."""
    opened = Review.objects.filter(state=ReviewState.OPEN).values("task_id")
    held = dict(
        Assignment.objects.filter(task_id__in=opened, state=AssignmentState.HELD).values_list(
            "task_id", "worker_id"
        )
    )
    left = set(
        Assignment.objects.filter(task_id__in=opened, state__in=LEFT).values_list("task_id", "worker_id")
    )
    offers = TaskOffer.objects.filter(task_id__in=opened, worker_id__in=people)
    waiting = {
        (task_id, worker_id)
        for task_id, worker_id in offers.values_list("task_id", "worker_id")
        if task_id not in held and (task_id, worker_id) not in left
    }
    return Counter([worker_id for _task, worker_id in waiting] + list(held.values()))


def _refused(task_id: int | None) -> set[int]:
    if task_id is None:
        return set()
    left = Assignment.objects.filter(task_id=task_id, state__in=LEFT)
    return set(left.values_list("worker_id", flat=True))


def _cannot_look_at(item: Item, people: set[int]) -> set[int]:
    risks = item.assignment.project.risks
    if not risks:
        return set()
    can = WorkerChoice.objects.filter(worker_id__in=people, accepted_risks__contains=risks)
    return people - set(can.values_list("worker_id", flat=True))
