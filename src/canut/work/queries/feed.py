"""The feed: which projects a worker may take a task from now, in which order, and what each offers.

What is in the feed is what the claim would give (MECHANISMS 1.6): the conditions below are those of
`hot/claim.sql` and of `rules.may_take`, and a test compares the three. The order is in `_ORDERS` alone.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
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
from canut.work.queries.refusals import RefusalsSeen, refusals_seen
from canut.work.queries.sessions import SessionOffer, open_session_of, session_offer
from canut.work.refusals import admission_refusal, none_left
from canut.work.rules import Asking, hourly_minor, may_take, paid_seconds
from canut.work.states import (
    IN_HAND,
    AssignmentState,
    FeedOrder,
    PayBasis,
    ProjectKind,
    ProjectState,
    Risk,
)

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


# What rules_ratings.requester_score says, for all projects of a page at once; in millionths, so that a
# cursor holds whole numbers. Of the sums of all workers, the asking worker's own part is taken out.
_MEAN = """(g.total - CASE WHEN o.has_decided_work THEN coalesce(o.latest, 0) ELSE 0 END)
    / nullif(g.workers - coalesce(o.has_decided_work AND o.latest IS NOT NULL, false)::int, 0)"""
_SCORE = f"""(1000000 * coalesce(
    o.latest + coalesce(%(others_factor)s * ({_MEAN} - %(neutral)s), 0), {_MEAN}, %(unrated)s))::bigint"""

_ORDERS: Mapping[str, _Order] = {
    FeedOrder.REQUESTER: _Order(
        key=_SCORE,
        join="""LEFT JOIN reputation_requester_v g ON g.requester_id = p.owner_id
                LEFT JOIN reputation_regard_v o
                       ON o.requester_id = p.owner_id AND o.worker_id = %(worker)s""",
    ),
    FeedOrder.NEWEST: _Order(),
    FeedOrder.PAY: _Order(
        key="""CASE WHEN p.pay_basis = 'hour' THEN r.hourly_minor * 1000
               ELSE (r.reward_minor * 3600000 / (r.expected_seconds
                     * CASE WHEN p.risks = '{}' THEN 1 ELSE 1 + %(break_share)s END))::bigint END"""
    ),
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

    `or_more` tells that they were counted up to a bound only. Amounts are in minor units. By the hour
    `hour_minor` is what an hour pays, and there is no reward. `risks` names what the work may show; the
    price covers `break_seconds` of paid breaks for each task then.
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
    by_the_hour: bool
    hour_minor: int
    risks: Sequence[str]
    risk_names: Sequence[str]
    break_seconds: int

    @property
    def hourly_minor(self) -> int:
        """What an hour of paid time pays, breaks from sensitive work included."""
        if self.by_the_hour:
            return self.hour_minor
        return hourly_minor(
            reward_minor=self.reward_minor, seconds=self.expected_seconds + self.break_seconds
        )


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
    blocked is told. `accepts_risks` tells that the worker has said they will see what this work may show,
    or that there is nothing to say. By the hour, `session` is what a session would be, and `needs_session`
    tells that one must be opened before a task can be taken. `refusals` is None where `by` cannot refuse it.
    `in_round` tells that a prototype round runs.
    """

    card: Card
    description: str
    instructions: str
    state: str
    is_own: bool
    in_hand_id: int | None
    why_not: str
    told: str | None
    accepts_risks: bool
    session: SessionOffer | None
    needs_session: bool
    refusals: RefusalsSeen | None
    in_round: bool = False


def feed_order(worker_id: int) -> str:
    """Return the order that a worker chose, else requesters they rate best first."""
    chosen = WorkerChoice.objects.filter(worker_id=worker_id).values_list("feed_order", flat=True).first()
    return chosen or FeedOrder.REQUESTER


def feed_page(
    *,
    by: Person,
    at: datetime,
    cursor: str = "",
    order: str = "",
    most: int = CARDS_A_PAGE,
    sensitive: bool = False,
) -> FeedPage:
    """Return the projects that `by` may take a new task from, at most `most`, after `cursor`.

    `order` is a FeedOrder; without it, the one that `by` chose. Projects of which `by` holds a task are
    left out: that one comes first. Work that may show what `by` has not accepted to see is left out too,
    unless `sensitive` asks for it. A cursor of another order, or a spoilt one, begins anew.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    order = order if order in _ORDERS else feed_order(by.pk)
    if (code := _why_nothing(by.pk, at=at)) is not None:
        return FeedPage((), order, "", str(admission_refusal(code)))
    after = _read_cursor(cursor, order)
    rows = _candidates(by.pk, at=at, order=order, after=after, most=most + 1, sensitive=sensitive)
    shown = rows[:most]
    owners = who_are({row["owner_id"] for row in shown})
    records = requester_records(owners.keys())
    share = in_force("pay.risk_break_share", at=at)
    cards = [_card(row, owners[row["owner_id"]], records[row["owner_id"]], share) for row in shown]
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
        "pay_basis": project.pay_basis,
        "risks": project.risks,
        "reward_minor": revision.reward_minor,
        "hourly_minor": revision.hourly_minor,
        "expected_seconds": revision.expected_seconds,
        "published_at": project.published_at or project.created_at,
        "deadline_at": project.deadline_at,
        "tasks": left,
        "or_more": or_more,
    }
    in_hand_id = _in_hand(project_id=project.pk, worker_id=by.pk, at=at)
    code, needs_session = _why_not(project, by, left=left, at=at) if in_hand_id is None else ("", False)
    is_published = project.published_at is not None and project.owner_id != by.pk and by.is_worker
    share = in_force("pay.risk_break_share", at=at)
    return ProjectPage(
        card=_card(row, owner, requester_records([owner.id])[owner.id], share),
        description=project.description,
        instructions=read_design(revision.design).instructions if project.state != ProjectState.DRAFT else "",
        state=project.state,
        is_own=project.owner_id == by.pk,
        in_hand_id=in_hand_id,
        why_not=code,
        told=told_about_block(owner_id=project.owner_id, person_id=by.pk),
        accepts_risks=set(project.risks) <= set(accepted_risks(by.pk)),
        session=session_offer(project, revision, by=by, at=at)
        if project.pay_basis == PayBasis.HOUR and is_published
        else None,
        needs_session=needs_session,
        refusals=refusals_seen(project.pk, by=by, at=at) if is_published else None,
        in_round=project.round_id is not None,
    )


def accepted_risks(worker_id: int) -> Sequence[str]:
    """Return the kinds of sensitive work that a worker has said they will see; none by default."""
    rows = WorkerChoice.objects.filter(worker_id=worker_id).values_list("accepted_risks", flat=True)
    return list(rows.first() or ())


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


def _why_not(project: Project, by: Person, *, left: int, at: datetime) -> tuple[str, bool]:
    """Return why no task can be taken, else an empty text; and whether all that lacks is a session."""
    if not by.is_worker:
        code = "own_project" if project.owner_id == by.pk else "worker_may_not_work"
        return str(admission_refusal(code)), False
    facts = asking(worker_id=by.pk, project_id=project.pk, at=at)
    found = may_take(replace(facts, session_missing=False))
    if found is None and left and facts.session_missing:
        mine = open_session_of(by.pk)
        if mine is not None and mine.project_id == project.pk:  # on a break
            return str(admission_refusal("no_session_open")), False
        return "", True
    if found is not None:
        return str(admission_refusal(found)), False
    return ("" if left else str(none_left())), False


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
    worker_id: int, *, at: datetime, order: str, after: Sequence[Any] | None, most: int, sensitive: bool
) -> list[dict[str, Any]]:
    if order == FeedOrder.REQUESTER and in_force("moratorium.feed_order", at=at):
        way = _ORDERS[FeedOrder.NEWEST]  # the neutral rule, until the members have voted (MECHANISMS 7.10)
    else:
        way = _ORDERS[order]
    key, published_at, last_id = after or (None, None, None)
    onward = f"AND ({way.key}, p.published_at, p.id) < (%(key)s, %(published_at)s, %(id)s)"
    parts = {"{key}": way.key, "{join}": way.join, "{order}": way.columns, "{after}": onward if after else ""}
    statement = _PAGE
    for place, part in parts.items():
        statement = statement.replace(place, part)
    given: dict[str, Any] = {"worker": worker_id, "at": at, "most": most, "bound": MOST_COUNTED}
    given |= {"sensitive": sensitive, "break_share": in_force("pay.risk_break_share", at=at)}
    given |= {"key": key, "published_at": published_at, "id": last_id}
    given |= {
        "others_factor": in_force("feed.others_factor", at=at),
        "neutral": in_force("feed.neutral_rating", at=at),
        "unrated": in_force("feed.unrated_rating", at=at),
    }
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


def _card(row: Mapping[str, Any], requester: WhoIs, record: Record, break_share: Decimal) -> Card:
    expected = row["expected_seconds"]
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
        by_the_hour=row["pay_basis"] == PayBasis.HOUR,
        hour_minor=row["hourly_minor"],
        risks=row["risks"],
        risk_names=[str(Risk(risk).label) for risk in row["risks"]],
        break_seconds=paid_seconds(expected, row["risks"], break_share) - expected,
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
