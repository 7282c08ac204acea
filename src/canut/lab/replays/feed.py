"""Settings of the feed's order: where what somebody took would have stood in their feed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q

from canut.lab.replays.asked import Asked, Found, Middle, note
from canut.lab.replays.charters import Charter
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.money import SIZES, TENTHS
from canut.lab.replays.openings_read import incomes, spendings
from canut.lab.replays.report import Figure
from canut.reputation.models import Rating, Regard, Side
from canut.reputation.rules_ratings import requester_score
from canut.work.models import Assignment, Place, Project, WorkerChoice
from canut.work.states import FeedOrder

MOST_TAKINGS = 2_000
"""Of how many tasks that were taken the feed is ordered again: the last ones."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A project while it could be in feeds."""

    id: int
    owner_id: int
    published_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A worker's rating of a requester, and while it counted."""

    worker_id: int
    value: Decimal
    given_at: datetime
    counts_until: datetime | None

    def counts_at(self, at: datetime) -> bool:
        return self.given_at <= at and (self.counts_until is None or self.counts_until > at)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What was said of each requester, and since when a worker's word counts for others."""

    of: Mapping[int, Sequence[Said]]
    counts_since: Mapping[tuple[int, int], datetime]

    def score(self, owner_id: int, worker_id: int, at: datetime, charter: Charter) -> Decimal:
        """Return where the requester stood for the worker at a moment, by a charter."""
        latest: dict[int, Decimal] = {}
        for said in self.of.get(owner_id, ()):
            if said.counts_at(at):
                latest[said.worker_id] = said.value
        others = [
            value
            for other, value in latest.items()
            if other != worker_id and (since := self.counts_since.get((other, owner_id))) and since <= at
        ]
        return requester_score(
            own=latest.get(worker_id),
            others=others,
            others_factor=charter.value("feed.others_factor", at=at),
            neutral=charter.value("feed.neutral_rating", at=at),
            unrated=charter.value("feed.unrated_rating", at=at),
        )


def place_of(
    project_id: int,
    shown: Sequence[Shown],
    opinions: Opinions,
    worker_id: int,
    at: datetime,
    charter: Charter,
) -> tuple[int, int]:
    """Return the place of a project in somebody's feed, counted from 1, and which project came first."""
    if charter.value("moratorium.feed_order", at=at):
        order = sorted(shown, key=lambda one: (one.published_at, one.id))
    else:
        scores = {
            owner: opinions.score(owner, worker_id, at, charter) for owner in {one.owner_id for one in shown}
        }
        newest = sorted(shown, key=lambda one: (one.published_at, one.id), reverse=True)
        order = sorted(newest, key=lambda one: scores[one.owner_id], reverse=True)
    return [one.id for one in order].index(project_id) + 1, order[0].id


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in the order of feeds."""
    projects, opinions = _projects(asked), _opinions(asked)
    workers: dict[int, Measured] = defaultdict(Measured)
    owners: dict[int, Measured] = defaultdict(Measured)
    places, other_first, count = Middle(), 0, 0
    for worker_id, project_id, at in asked.through(_takings(asked)):
        shown = [one for one in projects if one.published_at <= at < one.until and one.owner_id != worker_id]
        taken = next((one for one in shown if one.id == project_id), None)
        if taken is None or len(shown) < 2:
            continue
        before, first = place_of(project_id, shown, opinions, worker_id, at, asked.was)
        after, then = place_of(project_id, shown, opinions, worker_id, at, asked.tried)
        count, other_first = count + 1, other_first + (first != then)
        places.before.append(before)
        places.after.append(after)
        for own in (workers[worker_id], owners[taken.owner_id]):
            own.before, own.after, own.things = own.before + before, own.after + after, own.things + 1
    for people, sizes in (
        (workers, incomes(asked.since, asked.until, using=asked.using)),
        (owners, spendings(asked.since, asked.until, using=asked.using)),
    ):
        for key, one in people.items():
            one.size = sizes.get(key, 0)
    return Found(
        family="feed",
        workers=tabled(
            workers, measure="place", unit="place", most_groups=TENTHS, least_people=asked.least_people
        ),
        requesters=tabled(
            owners, measure="place", unit="place", most_groups=SIZES, least_people=asked.least_people
        ),
        figures=[
            Figure(code="feeds_ordered", unit="count", before=count, after=count),
            places.figure("place_taken", "place"),
            Figure(code="another_first", unit="count", before=0, after=other_first),
        ],
        taken_for_granted=[note("same_people_came"), note("last_takings", most=MOST_TAKINGS)],
        unknown=[note("what_they_would_take"), note("who_was_qualified")],
    )


def _takings(asked: Asked) -> list[tuple[int, int, datetime]]:
    """Return who took a task of which project when, of those who have the default order, the last ones."""
    others = WorkerChoice.objects.using(asked.using).exclude(feed_order=FeedOrder.REQUESTER)
    rows = Assignment.objects.using(asked.using).filter(taken_at__gte=asked.since, taken_at__lt=asked.until)
    rows = rows.exclude(worker__in=others.values("worker"))
    newest = rows.order_by("-taken_at", "-pk").values_list("worker_id", "project_id", "taken_at")
    return list(newest[:MOST_TAKINGS])


def _projects(asked: Asked) -> list[Shown]:
    """Return the projects and until when each had something to take."""
    rows = Project.objects.using(asked.using).filter(published_at__lt=asked.until)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=asked.since))
    last = dict(
        Assignment.objects.using(asked.using)
        .filter(project__in=rows, taken_at__lt=asked.until)
        .values_list("project_id")
        .annotate(last=Max("taken_at"))
    )
    is_open = set(
        Place.objects.using(asked.using)
        .filter(project__in=rows.filter(state="live"), rank__isnull=False)
        .values_list("project_id", flat=True)
        .distinct()
    )
    tick = datetime.resolution
    found = []
    for pk, owner, published_at, closed_at in rows.values_list("pk", "owner_id", "published_at", "closed_at"):
        if published_at is None:
            continue
        until = asked.until if pk in is_open else last.get(pk, published_at) + tick
        found.append(Shown(pk, owner, published_at, min(until, closed_at) if closed_at else until))
    return found


def _opinions(asked: Asked) -> Opinions:
    rows = Rating.objects.using(asked.using).filter(side=Side.REQUESTER, given_at__lt=asked.until)
    of: dict[int, list[Said]] = defaultdict(list)
    for rated, rater, value, given_at, counts_until in rows.order_by("given_at", "pk").values_list(
        "rated_id", "rater_id", "value", "given_at", "counts_until"
    ):
        of[rated].append(Said(rater, value, given_at, counts_until))
    regards = Regard.objects.using(asked.using).filter(counts_since__isnull=False)
    since = regards.values_list("worker_id", "requester_id", "counts_since")
    return Opinions(of, {(worker, requester): at for worker, requester, at in since if at is not None})
