"""How what workers and requesters see of work is said: frozen values in, shapes out."""

from collections.abc import Sequence
from typing import Any

from canut.api.shapes import review, work
from canut.api.shapes.common import Party, amount
from canut.api.shapes.requirements import requirement_met_said
from canut.api.shapes.said_broken import report_said
from canut.api.shapes.said_opening import opening_said
from canut.kernel.refusals import Refusal
from canut.reputation.rules import Record
from canut.work.designs.pairwise import sides_swapped
from canut.work.designs.schema import to_json
from canut.work.queries.answered import Answered, Finished, Ruled
from canut.work.queries.assignments import Line, TaskPage
from canut.work.queries.feed import Card, FeedPage, ProjectPage
from canut.work.queries.opening import OpeningSeen
from canut.work.queries.round_asked import RoundAsked
from canut.work.queries.shown_work import with_works


def feed_said(page: FeedPage, cursor: str | None) -> work.Feed:
    cards = [card_said(card) for card in page.cards]
    order: Any = page.order  # one of the four, as the query promises
    return work.Feed(
        items=cards,
        order=order,
        next_cursor=cursor,
        why_none=page.why_none,
        hidden=page.hidden,
        hidden_or_more=page.hidden_or_more,
    )


def project_seen(page: ProjectPage, opening: OpeningSeen | None) -> work.ProjectSeen:
    worked_out = ("card", "session", "requirements", "opening")
    plain = {name: getattr(page, name) for name in work.ProjectSeen.model_fields if name not in worked_out}
    offer, currency = page.session, page.card.currency
    session = (
        None
        if offer is None
        else work.SessionOffer(
            hourly=amount(offer.hourly_minor, currency),
            least=amount(offer.least_minor, currency),
            least_seconds=offer.least_seconds,
            most_seconds=offer.most_seconds,
            seconds=offer.seconds,
        )
    )
    return work.ProjectSeen(
        card=card_said(page.card),
        session=session,
        requirements=[requirement_met_said(one) for one in page.requirements],
        opening=opening_said(opening),
        **plain,
    )


def card_said(card: Card) -> work.Card:
    worked_out = ("requester", "record", "reward", "hourly")
    plain = {name: getattr(card, name) for name in work.Card.model_fields if name not in worked_out}
    return work.Card(
        **plain,
        requester=Party.model_validate(card.requester),
        record=record_said(card.record),
        reward=amount(card.reward_minor, card.currency),
        hourly=amount(card.hourly_minor, card.currency),
    )


def record_said(record: Record) -> work.Record:
    """Return a public record as it goes out; what an hour paid is in euros (rules.Record)."""
    shares = ("approved_share", "returned_share", "rejected_share")
    worked_out = ("hourly", "timed_hours", "seconds_to_decide", *shares)
    said: dict[str, Any] = {
        name: getattr(record, name) for name in work.Record.model_fields if name not in worked_out
    }
    for name in shares:
        share = getattr(record, name)
        said[name] = None if share is None else str(share)
    took = record.time_to_decide
    return work.Record(
        **said,
        hourly=None if record.hourly_minor is None else amount(record.hourly_minor, "EUR"),
        timed_hours=str(record.timed_hours),
        seconds_to_decide=None if took is None else round(took.total_seconds()),
    )


def assignment_said(
    page: TaskPage, handed_in: Sequence[Answered], asked: RoundAsked | None
) -> work.Assignment:
    offer = page.offer
    same = ("project_id", "task_id", "revision_id", "state", "attempt", "draft")
    times = ("taken_at", "lease_until", "is_open", "appeal_until", "approves_itself_at", "payable_at")
    return work.Assignment(
        id=page.assignment_id,
        **{name: getattr(page, name) for name in (*same, *times)},
        title=offer.title,
        requester=Party.model_validate(offer.requester),
        is_volunteer=offer.is_volunteer,
        reward=amount(offer.reward_minor, offer.currency),
        expected_seconds=offer.expected_seconds,
        design=to_json(page.design),
        shown=with_works(page.shown, page.works),
        sides_swapped=sides_swapped(page.seed),
        feedback_asked=asked is not None and asked.is_running and not asked.has_voted,
        attempts=[_attempt_said(one) for one in handed_in],
        appeal=None if page.appeal is None else work.Appeal.model_validate(page.appeal),
        broken=None if page.report is None else report_said(page.report),
    )


def line_said(line: Line) -> work.AssignmentLine:
    worked_out = ("id", "requester", "reward")
    plain = {name: getattr(line, name) for name in work.AssignmentLine.model_fields if name not in worked_out}
    return work.AssignmentLine(
        **plain,
        id=line.assignment_id,
        requester=Party.model_validate(line.requester),
        reward=amount(line.reward_minor, line.currency),
    )


def why_none_said(refusal: Refusal | None) -> work.WhyNone | None:
    return None if refusal is None else work.WhyNone(code=refusal.code, detail=str(refusal))


def _attempt_said(one: Answered) -> work.Attempt:
    same = ("submission_id", "attempt", "answer", "active_seconds", "submitted_at")
    rulings = [_ruling_said(ruling, one.currency) for ruling in one.rulings]
    return work.Attempt(**{name: getattr(one, name) for name in same}, rulings=rulings)


def work_said(one: Answered) -> review.Work:
    worked_out = ("worker", "reward", "rulings", "shows")
    plain = {name: getattr(one, name) for name in review.Work.model_fields if name not in worked_out}
    return review.Work(
        **plain,
        worker=None if one.worker is None else Party.model_validate(one.worker),
        reward=amount(one.reward_minor, one.currency),
        rulings=[_ruling_said(ruling, one.currency) for ruling in one.rulings],
        shows=list(one.shows.values()),
    )


def result_said(one: Finished, cursor: str) -> review.Result:
    return review.Result(
        decision_id=one.decision_id, decided_at=one.decided_at, cursor=cursor, work=work_said(one.work)
    )


def _ruling_said(ruling: Ruled, currency: str) -> work.Ruling:
    same = ("outcome", "at", "automatic", "ground", "evidence", "reason")
    rework = amount(ruling.rework_minor, currency)
    return work.Ruling(**{name: getattr(ruling, name) for name in same}, rework=rework)
