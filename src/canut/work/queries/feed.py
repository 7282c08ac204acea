"""The feed: which projects a worker may take a task from now, in which order, and what each offers.

What is in the feed is what the claim would give (MECHANISMS 1.6): the conditions below are those of
`hot/claim.sql` and of `rules.may_take`, and a test compares the three. The order is in `_ORDERS` alone; a
requester's score (MECHANISMS 1.10) will be one more key there.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection

from canut.charter.queries import in_force
from canut.people.models import Person
from canut.people.queries import WhoIs, told_about_block, who_are, worker
from canut.reputation.queries import requester_records
from canut.reputation.rules import Record
from canut.work.access import latest_revision, require_worker, visible_project
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Project, Revision, WorkerChoice
from canut.work.queries.admission import asking
from canut.work.refusals import admission_refusal, none_left
from canut.work.rules import Asking, hourly_minor, may_take
from canut.work.states import IN_HAND, AssignmentState, FeedOrder, ProjectKind, ProjectState

CARDS_A_PAGE = 20
MOST_COUNTED = 1_000
"""How many open places of one project are looked through; beyond, a card says "at least"."""
COUNTED_EVERY_SECONDS = 30
"""How old the counts may be by which "most work left" sorts."""

_HERE = Path(__file__).parent
_LEFT = (_HERE / "places_left.sql").read_text()
_PAGE = (_HERE / "feed.sql").read_text().replace("{places_left}", _LEFT.replace("{project}", "page.id"))

_NO_KEY = "0::bigint"


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to sort the feed: highest `key` first, then newest, then id."""

    key: str = _NO_KEY
    join: str = ""

    @property
    def columns(self) -> str:
        keyed = "" if self.key == _NO_KEY else "key DESC, "
        return f"{keyed}published_at DESC, id DESC"


_ORDERS: Mapping[str, _Order] = {
    FeedOrder.NEWEST: _Order(),
    FeedOrder.PAY: _Order(key="r.reward_minor * 3600000 / r.expected_seconds"),
    FeedOrder.WORK_LEFT: _Order(
        key="coalesce(counted.places, 0)",
        join="""LEFT JOIN (SELECT project_id, places FROM
                           unnest(%(counted)s::bigint[], %(places)s::bigint[]) each (project_id, places)
                          ) counted ON counted.project_id = p.id""",
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One project as the feed shows it. `places_left` counts tasks that this worker can still take.

    `or_more` tells that they were counted up to a bound only. Amounts are in minor units.
    """

    project_id: int
    title: str
    requester: WhoIs
    record: Record
    is_volunteer: bool
    language: str
    currency: str
    reward_minor: int
    expected_seconds: int
    places_left: int
    or_more: bool
    published_at: datetime
    deadline_at: datetime | None

    @property
    def hourly_minor(self) -> int:
        return hourly_minor(reward_minor=self.reward_minor, seconds=self.expected_seconds)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of the feed; `why_none` is the sentence that says why nothing at all can be taken now."""

    cards: Sequence[Card]
    order: str
    next_cursor: str
    why_none: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """One project as a worker looks at it before taking a task.

    `why_not` says why none can be taken; then there is no button. `in_hand_id` is an assignment of
    this project that the worker has in hand: to go on with instead. `told` is what somebody who was
    blocked is told.
    """

    card: Card
    description: str
    instructions: str
    state: str
    is_own: bool
    in_hand_id: int | None
    why_not: str
    told: str | None


def feed_order(worker_id: int) -> str:
    """Return the order that a worker chose, else newest first."""
    chosen = WorkerChoice.objects.filter(worker_id=worker_id).values_list("feed_order", flat=True).first()
    return chosen or FeedOrder.NEWEST


def feed_page(
    *, by: Person, at: datetime, cursor: str = "", order: str = "", most: int = CARDS_A_PAGE
) -> FeedPage:
    """Return the projects that `by` may take a new task from, at most `most`, after `cursor`.

    `order` is a FeedOrder; without it, the one that `by` chose. Projects of which `by` holds a task are
    left out: that one comes first. A cursor of another order, or a spoilt one, begins anew.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    order = order if order in _ORDERS else feed_order(by.pk)
    if (code := _why_nothing(by.pk, at=at)) is not None:
        return FeedPage((), order, "", str(admission_refusal(code)))
    rows = _candidates(by.pk, at=at, order=order, after=_read_cursor(cursor, order), most=most + 1)
    shown = rows[:most]
    owners = who_are({row["owner_id"] for row in shown})
    records = requester_records(owners.keys())
    cards = [_card(row, owners[row["owner_id"]], records[row["owner_id"]]) for row in shown]
    more = len(rows) > most
    return FeedPage(cards, order, _write_cursor(shown[-1], order) if more else "", "")


def project_page(project_id: int, *, by: Person, at: datetime) -> ProjectPage:
    """Return a published project as `by` sees it; its owner sees a draft too.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft.
    """
    project = visible_project(project_id, by=by)
    revision = _shown_revision(project)
    owner = who_are([project.owner_id])[project.owner_id]
    left, or_more = places_left(project_id=project.pk, worker_id=by.pk)
    row = {
        "id": project.pk,
        "title": project.title,
        "kind": project.kind,
        "language": project.language,
        "currency": project.currency,
        "reward_minor": revision.reward_minor,
        "expected_seconds": revision.expected_seconds,
        "published_at": project.published_at or project.created_at,
        "deadline_at": project.deadline_at,
        "tasks": left,
        "or_more": or_more,
    }
    in_hand_id = _in_hand(project_id=project.pk, worker_id=by.pk, at=at)
    return ProjectPage(
        card=_card(row, owner, requester_records([owner.id])[owner.id]),
        description=project.description,
        instructions=read_design(revision.design).instructions if project.state != ProjectState.DRAFT else "",
        state=project.state,
        is_own=project.owner_id == by.pk,
        in_hand_id=in_hand_id,
        why_not=_why_not(project, by, left=left, at=at) if in_hand_id is None else "",
        told=told_about_block(owner_id=project.owner_id, person_id=by.pk),
    )


def places_left(*, project_id: int, worker_id: int) -> tuple[int, bool]:
    """Return how many tasks of a project the worker can still take, and whether there may be more."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT.replace("{project}", "%(project)s"),
            {"project": project_id, "worker": worker_id, "bound": MOST_COUNTED},
        )
        tasks, or_more = cursor.fetchone()
    return int(tasks), bool(or_more)


def _why_nothing(worker_id: int, *, at: datetime) -> str | None:
    """Return the code of what keeps the worker from every project, by the rule itself."""
    known = worker(worker_id)
    neutral = Asking(
        project_state=ProjectState.LIVE,
        deadline_at=None,
        worker_may_work=known is not None and known.may_work,
        worker_owns_project=False,
        worker_is_blocked=False,
        worker_is_allowed=False,
        allowed_only=False,
        holds_one_here=False,
        in_hand=Assignment.objects.filter(worker_id=worker_id, state__in=IN_HAND).count(),
        cap_in_hand=in_force("work.cap_in_hand", at=at),
        at=at,
    )
    return may_take(neutral)


def _why_not(project: Project, by: Person, *, left: int, at: datetime) -> str:
    if not by.is_worker:
        return str(admission_refusal("own_project" if project.owner_id == by.pk else "worker_may_not_work"))
    code = may_take(asking(worker_id=by.pk, project_id=project.pk, at=at))
    if code is not None:
        return str(admission_refusal(code))
    return "" if left else str(none_left())


def _in_hand(*, project_id: int, worker_id: int, at: datetime) -> int | None:
    """Return the assignment that taking a task would give back: one that is held, else one returned."""
    rows = Assignment.objects.filter(worker_id=worker_id, project_id=project_id, state__in=IN_HAND)
    found = rows.filter(lease_until__gt=at).order_by("lease_until").values_list("pk", "state")
    held = [pk for pk, state in found if state == AssignmentState.HELD]
    return next(iter([*held, *(pk for pk, _state in found)]), None)


def _shown_revision(project: Project) -> Revision:
    published = Revision.objects.filter(project=project, published_at__isnull=False).order_by("-number")
    return published.first() or latest_revision(project)


def _candidates(
    worker_id: int, *, at: datetime, order: str, after: Sequence[Any] | None, most: int
) -> list[dict[str, Any]]:
    way = _ORDERS[order]
    key, published_at, last_id = after or (None, None, None)
    onward = f"AND ({way.key}, p.published_at, p.id) < (%(key)s, %(published_at)s, %(id)s)"
    parts = {"{key}": way.key, "{join}": way.join, "{order}": way.columns, "{after}": onward if after else ""}
    statement = _PAGE
    for place, part in parts.items():
        statement = statement.replace(place, part)
    given: dict[str, Any] = {"worker": worker_id, "at": at, "most": most, "bound": MOST_COUNTED}
    given |= {"key": key, "published_at": published_at, "id": last_id}
    if "%(counted)s" in statement:
        counts = _open_places()
        given |= {"counted": list(counts), "places": list(counts.values())}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _open_places() -> dict[int, int]:
    """Return how many places are open in each project; half a minute old at most: enough to sort by."""
    found: dict[int, int] | None = cache.get("work.open_places")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT project_id, count(*) FROM work_place WHERE rank IS NOT NULL GROUP BY project_id"
            )
            found = dict(cursor.fetchall())
        cache.set("work.open_places", found, COUNTED_EVERY_SECONDS)
    return found


def _card(row: Mapping[str, Any], requester: WhoIs, record: Record) -> Card:
    return Card(
        project_id=row["id"],
        title=row["title"],
        requester=requester,
        record=record,
        is_volunteer=row["kind"] == ProjectKind.VOLUNTEER,
        language=row["language"],
        currency=row["currency"],
        reward_minor=row["reward_minor"],
        expected_seconds=row["expected_seconds"],
        places_left=row["tasks"],
        or_more=row["or_more"],
        published_at=row["published_at"],
        deadline_at=row["deadline_at"],
    )


def _write_cursor(row: Mapping[str, Any], order: str) -> str:
    place = [order, int(row["key"]), row["published_at"].astimezone(UTC).isoformat(), row["id"]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: str) -> Sequence[Any] | None:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        made_for, key, published_at, last_id = json.loads(base64.urlsafe_b64decode(padded))
        place = int(key), datetime.fromisoformat(published_at), int(last_id)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        return None
    return place if made_for == order and place[1].tzinfo and max(abs(place[0]), place[2]) < 2**63 else None
