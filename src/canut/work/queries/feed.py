"""The feed: which projects a worker may take a task from now, in which order, and what each offers.

What is in the feed is what the claim would give (MECHANISMS 1.6): the conditions below are those of
`hot/claim.sql` and of `rules.may_take`, and a test compares the three. The order is in `_ORDERS` alone.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.core.cache import cache as kept
from django.db import connection

from canut.charter.moratoria import Algorithm, Moratorium, moratorium
from canut.charter.queries import in_force
from canut.people.models import Bar, Person
from canut.people.queries import WhoIs, told_about_block, who_are, worker
from canut.people.queries_restrictions import bars_of
from canut.reputation.queries import requester_records
from canut.reputation.rules import Record
from canut.work.access import latest_revision, require_worker, visible_project
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Project, Revision, WorkerChoice
from canut.work.queries.admission import asking
from canut.work.queries.feed_filters import ACCEPTED, NO_FILTERS, NO_RISKS, Filters, mark_of
from canut.work.queries.refusals import RefusalsSeen, refusals_seen
from canut.work.queries.requirements import RequirementSeen, requirements_for, standing_not_met
from canut.work.queries.sessions import SessionOffer, open_session_of, session_offer
from canut.work.refusals import admission_refusal, none_left
from canut.work.rules import LEVEL_STEPS, Asking, hourly_minor, may_take, paid_seconds, way_in
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
"""How many open places of one project its page looks through; beyond, it says "at least"."""
MOST_COUNTED_A_CARD = 100
"""How many of them a card of the feed does."""
MOST_OPEN = 100_000
"""How many projects are looked through at most where all that is open to somebody is asked for."""
COUNTED_EVERY_SECONDS = 30
"""How old the counts may be by which "most work left" sorts."""

_HERE = Path(__file__).parent
_LEFT = (_HERE / "places_left.sql").read_text()
_PAGE = (_HERE / "feed.sql").read_text()

# A round has a cascade of its own kind, its share; the prices are those of the revision that is published.
_PRICE = """CROSS JOIN LATERAL (SELECT r.reward_minor, r.hourly_minor, r.expected_seconds,
                   CASE WHEN p.risks = '{}' THEN r.expected_seconds
                        ELSE ceil(r.expected_seconds * (1 + %(break_share)s))::int END AS paid_seconds
            FROM work_revision r WHERE r.project_id = p.id AND r.published_at IS NOT NULL
            ORDER BY r.number DESC LIMIT 1) r"""

# What is no news: what was open when notices were asked for, told of, looked at or taken from.
_NEWS = """AND p.id NOT IN (SELECT unnest(%(besides)s::bigint[]))
           AND p.id NOT IN (SELECT n.project_id FROM work_noticedproject n WHERE n.worker_id = %(worker)s)
           AND p.id NOT IN (SELECT o.project_id FROM work_projectopening o WHERE o.worker_id = %(worker)s)
           AND p.id NOT IN (SELECT a.project_id FROM work_assignment a WHERE a.worker_id = %(worker)s)"""

_NO_KEY = "0::bigint"


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to sort the feed: highest first, then newest, then id; or the other way round, oldest first.

    It goes by `key`, of one project and its price, or by `sorted`, which is joined to those that remain.
    """

    key: str = _NO_KEY
    sorted: str = "c.key"
    join: str = ""
    scores: str = ""
    needs_price: bool = False
    oldest_first: bool = False

    @property
    def columns(self) -> str:
        if self.oldest_first:
            return "published_at, id"
        keyed = "" if (self.key, self.sorted) == (_NO_KEY, "c.key") else "key DESC, "
        return f"{keyed}published_at DESC, id DESC"


# What rules_ratings.requester_score says, for all requesters at once; in millionths, so that a cursor
# holds whole numbers. Of the sums of all workers, the asking worker's own part is taken out. The key is
# rules.feed_key: within equal scores, work at one's own level of a guild before lower ones.
_MEAN = """(g.total - CASE WHEN o.has_decided_work THEN coalesce(o.latest, 0) ELSE 0 END)
    / nullif(g.workers - coalesce(o.has_decided_work AND o.latest IS NOT NULL, false)::int, 0)"""
_SCORE = f"""(1000000 * coalesce(
    o.latest + coalesce(%(others_factor)s * ({_MEAN} - %(neutral)s), 0), {_MEAN},
    %(unrated_score)s))::bigint"""

_ORDERS: Mapping[str, _Order] = {
    FeedOrder.REQUESTER: _Order(
        sorted=f"(scored.score * {LEVEL_STEPS} - coalesce(levels.below, 0))",
        join="JOIN scored ON scored.owner_id = c.owner_id LEFT JOIN levels ON levels.project_id = c.id",
        scores=f""", regards AS MATERIALIZED (
            SELECT * FROM reputation_regard_v WHERE worker_id = %(worker)s),
        scored AS MATERIALIZED (
            SELECT w.owner_id, {_SCORE} AS score FROM (SELECT DISTINCT owner_id FROM admitted) w
            LEFT JOIN reputation_requester_v g ON g.requester_id = w.owner_id
            LEFT JOIN regards o ON o.requester_id = w.owner_id),
        levels AS MATERIALIZED (
            SELECT q.project_id, least(floor(s.value - q.value), {LEVEL_STEPS - 1})::bigint AS below
            FROM standings s JOIN work_requirement q ON q.scale = 'guild' AND q.scale_id = s.scale_id
            WHERE s.scale = 'guild' AND s.value >= q.value)""",  # noqa: S608 (of our own words)
    ),
    FeedOrder.NEWEST: _Order(),
    FeedOrder.PAY: _Order(
        key="""CASE WHEN p.pay_basis = 'hour' THEN r.hourly_minor * 1000
               ELSE r.reward_minor * 3600000 / r.paid_seconds END""",
        needs_price=True,
    ),
    FeedOrder.WORK_LEFT: _Order(
        sorted="coalesce(counted.places, 0)",
        join="""LEFT JOIN unnest(%(counted)s::bigint[], %(places)s::bigint[]) counted (project_id, places)
                       ON counted.project_id = c.id""",
    ),
}

# While the members have stopped the order of the feed. Of random order, rules_neutral says the same.
_NEUTRAL: Mapping[str, _Order] = {
    "first_come": _Order(oldest_first=True),
    "random": _Order(
        key="""('x' || substr(md5(p.id::text || ' ' || %(worker)s::text || ' ' || %(day)s), 1, 15))
               ::bit(60)::bigint"""
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One project as the feed shows it. `places_left` counts tasks that this worker can still take.

    `or_more` tells that they were counted up to a bound only. Amounts are in minor units. By the hour
    `hour_minor` is what an hour pays, and there is no reward. `risks` names what the work may show; the
    price covers `break_seconds` of paid breaks for each task then. `fund` is which one pays it, of a duty:
    the requester is then the body whose duty it is, and has no record.
    """

    project_id: int
    title: str
    requester: WhoIs
    record: Record
    is_volunteer: bool
    language: str
    device: str
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
    fund: str = ""

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
    """A page of the feed; `why_none` is the sentence that says why nothing at all can be taken now.

    `stopped` says that the members have stopped the order of the feed, so that `order`, which the worker
    chose, does not hold. `hidden` counts, where nothing meets the filters, the projects that would be there
    without them; `hidden_or_more` tells that it was counted up to a bound only.
    """

    cards: Sequence[Card]
    order: str
    next_cursor: str
    why_none: str
    hidden: int = 0
    hidden_or_more: bool = False
    stopped: Moratorium | None = None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """One project as a worker looks at it before taking a task.

    `why_not` says why none can be taken; then there is no button. `waits_for_cascade` tells that it is the
    cascade alone, of which `queries.opening` tells more. `in_hand_id` is an assignment of
    this project that the worker has in hand: to go on with instead. `told` is what somebody who was
    blocked is told. `accepts_risks` tells that the worker has said they will see what this work may show,
    or that there is nothing to say. By the hour, `session` is what a session would be, and `needs_session`
    tells that one must be opened before a task can be taken. `refusals` is None where `by` cannot refuse it.
    `in_round` tells that a prototype round runs. `requirements` are what standings it asks for, with `by`'s.
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
    requirements: Sequence[RequirementSeen] = ()
    waits_for_cascade: bool = False


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
    filters: Filters = NO_FILTERS,
    news_besides: Sequence[int] | None = None,
) -> FeedPage:
    """Return the projects that `by` may take a new task from, at most `most`, after `cursor`.

    `order` is a FeedOrder; without it, the one that `by` chose. Projects of which `by` holds a task are
    left out: that one comes first. Work that may show what `by` has not accepted to see is left out too,
    unless `filters` ask for it. A cursor of another order or other filters, or a spoilt one, begins anew.
    With `news_besides` the page holds only what is new to `by`: neither one of these, nor told of before,
    nor looked at or taken from.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    order = order if order in _ORDERS else feed_order(by.pk)
    if (code := _why_nothing(by.pk, at=at)) is not None:
        return FeedPage((), order, "", str(admission_refusal(code)))
    stopped = moratorium(Algorithm.FEED_ORDER, at=at)
    used = order_in_use(order, at=at)
    begins = f"{used} {mark_of(filters)}" + (f" {_day(at)}" if used == "random" else "")
    after = _read_cursor(cursor, begins)
    rows = _candidates(
        by.pk, at=at, order=used, after=after, most=most + 1, filters=filters, news_besides=news_besides
    )
    if not rows and after is None and filters != NO_FILTERS and news_besides is None:
        newest = str(FeedOrder.NEWEST)  # they are only counted
        others = _candidates(
            by.pk, at=at, order=newest, after=None, most=most + 1, filters=NO_FILTERS, with_places=False
        )
        return FeedPage(
            (),
            order,
            "",
            "",
            hidden=min(len(others), most),
            hidden_or_more=len(others) > most,
            stopped=stopped,
        )
    shown = rows[:most]
    owners = who_are({row["owner_id"] for row in shown})
    records = requester_records(owners.keys())
    share = in_force("pay.risk_break_share", at=at)
    cards = [_card(row, owners[row["owner_id"]], records[row["owner_id"]], share) for row in shown]
    more = len(rows) > most
    next_cursor = _write_cursor(shown[-1], begins) if more else ""
    return FeedPage(cards, order, next_cursor, "", stopped=stopped)


def open_now(*, by: Person, at: datetime, filters: Filters) -> list[int]:
    """Return the ids of all projects that the feed shows `by`, or would if they had less in hand.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    order = FeedOrder.NEWEST
    rows = _candidates(
        by.pk, at=at, order=order, after=None, most=MOST_OPEN, filters=filters, with_places=False
    )
    return [int(row["id"]) for row in rows]


def project_page(project_id: int, *, by: Person, at: datetime) -> ProjectPage:
    """Return a published project as `by` sees it; its owner sees a draft too.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft.
    """
    project = visible_project(project_id, by=by)
    revision = _shown_revision(project)
    owner = who_are([project.owner_id])[project.owner_id]
    facts = asking(worker_id=by.pk, project_id=project.pk, at=at)
    left, or_more = places_left(project_id=project.pk, worker_id=by.pk, at=at, facts=facts)
    row = {
        "id": project.pk,
        "title": project.title,
        "kind": project.kind,
        "language": project.language,
        "device": project.device,
        "currency": project.currency,
        "pay_basis": project.pay_basis,
        "risks": project.risks,
        "fund": project.fund,
        "reward_minor": revision.reward_minor,
        "hourly_minor": revision.hourly_minor,
        "expected_seconds": revision.expected_seconds,
        "published_at": project.published_at or project.created_at,
        "deadline_at": project.deadline_at,
        "tasks": left,
        "or_more": or_more,
    }
    in_hand_id = _in_hand(project_id=project.pk, worker_id=by.pk, at=at)
    why_not = _NOTHING if in_hand_id is not None else _why_not(project, by, facts, left=left)
    is_published = project.published_at is not None and project.owner_id != by.pk and by.is_worker
    share = in_force("pay.risk_break_share", at=at)
    return ProjectPage(
        card=_card(row, owner, requester_records([owner.id])[owner.id], share),
        description=project.description,
        instructions=read_design(revision.design).instructions if project.state != ProjectState.DRAFT else "",
        state=project.state,
        is_own=project.owner_id == by.pk,
        in_hand_id=in_hand_id,
        why_not=why_not.sentence,
        told=told_about_block(owner_id=project.owner_id, person_id=by.pk),
        accepts_risks=set(project.risks) <= set(accepted_risks(by.pk)),
        session=session_offer(project, revision, by=by, at=at)
        if project.pay_basis == PayBasis.HOUR and is_published
        else None,
        needs_session=why_not.needs_session,
        refusals=refusals_seen(project.pk, by=by, at=at) if is_published and not project.fund else None,
        in_round=project.round_id is not None,
        requirements=requirements_for(project.pk, worker_id=by.pk) if project.asks_standings else (),
        waits_for_cascade=why_not.waits_for_cascade,
    )


def accepted_risks(worker_id: int) -> Sequence[str]:
    """Return the kinds of sensitive work that a worker has said they will see; none by default."""
    rows = WorkerChoice.objects.filter(worker_id=worker_id).values_list("accepted_risks", flat=True)
    return list(rows.first() or ())


def places_left(
    *, project_id: int, worker_id: int, at: datetime, facts: Asking | None = None
) -> tuple[int, bool]:
    """Return how many tasks of a project the worker can still take, and whether there may be more.

    By `facts`, who comes into a cascade as a newcomer has the places kept for newcomers; everybody else, and
    who cannot come yet, is told of the others.
    """
    cascades = facts is not None and facts.threshold is not None and facts.round_most is None
    by_right = not cascades or facts is None or way_in(facts) != "newcomer"
    left = _LEFT.replace("{project}", "%(project)s").replace("{by_right}", "%(by_right)s")
    most = in_force("newcomers.most_places", at=at)
    given = {
        "project": project_id,
        "worker": worker_id,
        "at": at,
        "bound": MOST_COUNTED,
        "by_right": by_right,
    }
    (row,) = _rows(left, given | {"newcomers_most": most})
    return int(row["tasks"]), bool(row["or_more"])


def _why_nothing(worker_id: int, *, at: datetime) -> str | None:
    """Return the code of what keeps the worker from every project, by the rule itself."""
    known = worker(worker_id)
    neutral = Asking(
        project_state=ProjectState.LIVE,
        deadline_at=None,
        worker_may_work=known is not None and known.may_work,
        worker_is_restricted=Bar.TAKE in bars_of(worker_id),
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


@dataclass(frozen=True, slots=True)
class _WhyNot:
    """Why no task can be taken, or an empty sentence; and whether all that lacks is a session or the beat."""

    sentence: str = ""
    needs_session: bool = False
    waits_for_cascade: bool = False


_NOTHING = _WhyNot()


def _why_not(project: Project, by: Person, facts: Asking, *, left: int) -> _WhyNot:
    if not by.is_worker:
        code = "own_project" if project.owner_id == by.pk else "worker_may_not_work"
        return _WhyNot(str(admission_refusal(code)))
    found = may_take(replace(facts, session_missing=False))
    if found is None and left and facts.session_missing:
        mine = open_session_of(by.pk)
        if mine is not None and mine.project_id == project.pk:  # on a break
            return _WhyNot(str(admission_refusal("no_session_open")))
        return _WhyNot(needs_session=True)
    if found == "standing_not_met":
        return _WhyNot(str(standing_not_met(project.pk, worker_id=by.pk)))
    if found is not None:
        waits = found == "not_open_to_you_yet"
        return _WhyNot(str(admission_refusal(found)), waits_for_cascade=waits)
    return _NOTHING if left else _WhyNot(str(none_left()))


def _in_hand(*, project_id: int, worker_id: int, at: datetime) -> int | None:
    """Return the assignment that taking a task would give back: one that is held, else one returned."""
    rows = Assignment.objects.filter(worker_id=worker_id, project_id=project_id, state__in=IN_HAND)
    found = rows.filter(lease_until__gt=at).order_by("lease_until").values_list("pk", "state")
    held = [pk for pk, state in found if state == AssignmentState.HELD]
    return next(iter([*held, *(pk for pk, _state in found)]), None)


def _shown_revision(project: Project) -> Revision:
    published = Revision.objects.filter(project=project, published_at__isnull=False).order_by("-number")
    return published.first() or latest_revision(project)


def order_in_use(order: str, *, at: datetime) -> str:
    """Return the order that holds for the one that was chosen.

    While the members have stopped the order of the feed it is a neutral one, whatever was chosen: the
    charter's `first_come` or `random` (MECHANISMS 7.10).
    """
    if in_force("moratorium.feed_order", at=at):
        return in_force("moratorium.neutral_rule", at=at)
    return order


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _candidates(
    worker_id: int,
    *,
    at: datetime,
    order: str,
    after: Sequence[Any] | None,
    most: int,
    filters: Filters,
    news_besides: Sequence[int] | None = None,
    with_places: bool = True,
) -> list[dict[str, Any]]:
    way = _NEUTRAL.get(order) or _ORDERS[order]
    key, published_at, last_id = after or (None, None, None)
    given: dict[str, Any] = {"worker": worker_id, "at": at, "most": most, "bound": MOST_COUNTED_A_CARD}
    given |= {"key": key, "published_at": published_at, "id": last_id, "day": _day(at)}
    given |= _numbers(at)
    if way is _ORDERS[FeedOrder.WORK_LEFT]:
        given["counted"], given["places"] = _open_places()
    given |= {
        "least_hourly": filters.least_hourly_minor,
        "most_seconds": filters.most_seconds,
        **_languages(filters),
    }
    given |= {"besides": list(news_besides or ())}
    needs_price = way.needs_price or filters.least_hourly_minor or filters.most_seconds
    parts = {
        "{price}": _PRICE if needs_price else "",
        "{narrowed}": " ".join([*_narrowed(filters), _NEWS if news_besides is not None else ""]),
        "{key}": way.key,
        "{scores}": way.scores,
        "{sorted}": way.sorted,
        "{join}": way.join,
        "{order}": way.columns,
        "{after}": _after(way) if after else "",
    }
    if not with_places:
        parts["{places_left}"] = "SELECT 0 AS tasks, false AS or_more"
    return _rows(_filled_in(parts), given)


def _after(way: _Order) -> str:
    further = ">" if way.oldest_first else "<"
    return f"AND ({way.sorted}, c.published_at, c.id) {further} (%(key)s, %(published_at)s, %(id)s)"


def _numbers(at: datetime) -> dict[str, Any]:
    """Return what the charter says about admission, prices and the order of the feed."""
    return {
        "unrated": in_force("standing.unrated", at=at),
        "first_beat": in_force("newcomers.first_beat", at=at),
        "newcomers_most": in_force("newcomers.most_places", at=at),
        "break_share": in_force("pay.risk_break_share", at=at),
        "others_factor": in_force("feed.others_factor", at=at),
        "neutral": in_force("feed.neutral_rating", at=at),
        "unrated_score": in_force("feed.unrated_rating", at=at),
    }


def _filled_in(parts: Mapping[str, str]) -> str:
    left = _LEFT.replace("{project}", "page.id").replace("{by_right}", "page.by_right")
    statement = _PAGE
    for place, part in {"{places_left}": left, **parts}.items():
        statement = statement.replace(place, part)
    return statement


def _rows(statement: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run a statement of the feed, planned for this worker each time.

    Who was rated by thousands needs another plan than who was by none: one for all takes a second and more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_bare(statement), given)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def _bare(statement: str) -> str:
    """Return a statement without its comments and indentation."""
    return " ".join(re.sub(r"--.*", "", statement).split())


def _narrowed(filters: Filters) -> Iterator[str]:
    """Yield the conditions of a worker's filters on a project `p` and its price `r`."""
    if filters.least_hourly_minor:  # as a card says it, rounded half up
        yield """AND CASE WHEN p.pay_basis = 'hour' THEN r.hourly_minor >= %(least_hourly)s::bigint
                 ELSE 7200 * r.reward_minor + r.paid_seconds
                      >= 2 * %(least_hourly)s::bigint * r.paid_seconds END"""
    if filters.most_seconds:
        yield "AND r.expected_seconds <= %(most_seconds)s"
    if filters.languages:  # a project in "fr" is for who reads "fr-CA", and one in "fr-CA" for who reads "fr"
        yield """AND (p.language = '' OR lower(p.language) = ANY(%(languages)s)
                 OR split_part(lower(p.language), '-', 1) = ANY(%(exact_languages)s))"""
    if filters.device:
        yield "AND p.device <> 'computer'" if filters.device == "phone" else "AND p.device <> 'phone'"
    if filters.kind:
        yield "AND p.kind = 'paid'" if filters.kind == ProjectKind.PAID else "AND p.kind = 'volunteer'"
    if filters.risks == ACCEPTED:
        yield """AND (p.risks = '{}' OR p.risks <@ coalesce((SELECT c.accepted_risks FROM work_workerchoice c
                                                         WHERE c.worker_id = %(worker)s), '{}'))"""
    elif filters.risks == NO_RISKS:
        yield "AND p.risks = '{}'"


def _languages(filters: Filters) -> dict[str, list[str]]:
    exact = [code.lower() for code in filters.languages]
    return {"exact_languages": exact, "languages": sorted({*exact, *(code.split("-")[0] for code in exact)})}


def _open_places() -> tuple[str, str]:
    """Return all projects with open places, and how many each has, as arrays in PostgreSQL's writing.

    Half a minute old at most, which is enough to sort by; read and sent as they are, thousands cost little.
    """
    found: tuple[str, str] | None = kept.get("work.open_places")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT coalesce(array_agg(project_id), '{}')::text, coalesce(array_agg(places), '{}')::text
                   FROM (SELECT project_id, count(*) AS places FROM work_place
                         WHERE rank IS NOT NULL GROUP BY project_id) each"""
            )
            found = cursor.fetchone()
        kept.set("work.open_places", found, COUNTED_EVERY_SECONDS)
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
        device=row["device"],
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
        fund=row["fund"],
    )


def _write_cursor(row: Mapping[str, Any], begins: str) -> str:
    place = [begins, int(row["key"]), row["published_at"].astimezone(UTC).isoformat(), row["id"]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, begins: str) -> Sequence[Any] | None:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        made_for, key, published_at, last_id = json.loads(base64.urlsafe_b64decode(padded))
        place = int(key), datetime.fromisoformat(published_at), int(last_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None
    return place if made_for == begins and place[1].tzinfo and max(abs(place[0]), place[2]) < 2**63 else None
