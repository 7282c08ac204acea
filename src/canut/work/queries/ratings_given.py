"""What somebody has said of others, for their own eyes: nobody sees who gave them what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.reputation.models import Side
from canut.reputation.queries import RatingGiven, latest_of_each, ratings_given
from canut.work.models import Assignment, Submission
from canut.work.round_names import nameless

LINES_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as its giver sees it: of whom, about which work, and until when it counted.

    `is_latest` of those about the same person that count: of a requester it alone orders the feed.
    `submission_id` is the work's latest submission. Of a prototype round's work, `of` names nobody.
    """

    id: int
    of: WhoIs
    is_of_a_round: bool
    value: Decimal
    given_at: datetime
    counts_until: datetime | None
    is_latest: bool
    project_id: int
    title: str
    task_id: int
    task_key: str
    position: int
    assignment_id: int
    submission_id: int


@dataclass(frozen=True, slots=True)
class GivenPage:
    """A page of ratings, newest first, those that were replaced too."""

    lines: Sequence[Given]
    next_cursor: int | None


def given_page(
    *, by: Person, side: Side, before_id: int | None = None, most: int = LINES_A_PAGE
) -> GivenPage:
    """Return what `by` has said of workers, or of requesters, before the rating `before_id`."""
    rows = ratings_given(by.pk, side=side, before_id=before_id, most=most + 1)
    shown = rows[:most]
    ids = {row.assignment_id for row in shown}
    found = Assignment.objects.filter(pk__in=ids).select_related("project", "task").in_bulk()
    latest = dict(
        Submission.objects.filter(assignment_id__in=ids)
        .order_by("attempt")
        .values_list("assignment_id", "pk")
    )
    rated_ids = {row.rated_id for row in shown}
    people = who_are(rated_ids)
    newest = latest_of_each(by.pk, side=side, rated_ids=rated_ids)
    return GivenPage(
        [
            _given(row, found[row.assignment_id], latest[row.assignment_id], people, side, newest)
            for row in shown
        ],
        shown[-1].id if len(rows) > most else None,
    )


def _given(
    row: RatingGiven,
    assignment: Assignment,
    submission_id: int,
    people: Mapping[int, WhoIs],
    side: Side,
    newest: Collection[int],
) -> Given:
    of = people[row.rated_id]
    hides = side == Side.WORKER and assignment.round_id is not None
    return Given(
        id=row.id,
        of=nameless(simulated=of.simulated) if hides else of,
        is_of_a_round=hides,
        value=row.value,
        given_at=row.given_at,
        counts_until=row.counts_until,
        is_latest=row.id in newest,
        project_id=assignment.project_id,
        title=assignment.project.title,
        task_id=assignment.task_id,
        task_key=assignment.task.key,
        position=assignment.task.position,
        assignment_id=assignment.pk,
        submission_id=submission_id,
    )
