"""Settings that pay and charges go by: the books of the time made again under the tried value."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from canut.lab.replays.asked import Asked, Found, Pair, note
from canut.lab.replays.books import FLOOR, Paid, ProjectBooks, run_again
from canut.lab.replays.books_read import (
    balances,
    bonuses,
    booked_sums,
    currencies,
    gifts,
    projects_at_work,
    read_books,
)
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.report import Check, Figure, FundFlow, Note
from canut.ledger.models import Kind, Reason
from canut.work.models import Project
from canut.work.queries.pricing import DUES
from canut.work.states import Fund
from canut.work.usecases.fund_project import FUND_ACCOUNT
from canut.work.usecases.pay_reward import FUND

TENTHS, SIZES = 10, 3
CHARGES = frozenset(DUES.values())
REVIEWS = ("guild.review_hourly_minor", "guild.review_time_share", "guild.review_least_seconds")


@dataclass(slots=True)
class Totals:
    """Sums over projects, before and after."""

    workers: dict[int, Measured] = field(default_factory=lambda: defaultdict(Measured))
    owners: dict[int, Measured] = field(default_factory=lambda: defaultdict(Measured))
    into: dict[str, Pair] = field(default_factory=lambda: defaultdict(Pair))
    out_of: dict[str, Pair] = field(default_factory=lambda: defaultdict(Pair))
    pay: Pair = field(default_factory=Pair)
    dues: Pair = field(default_factory=Pair)
    top_ups: Pair = field(default_factory=Pair)
    topped_up: Pair = field(default_factory=Pair)
    again: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    raised: int = 0
    promised_before: int = 0
    projects: int = 0

    def add(self, books: ProjectBooks, before: Paid, after: Paid, *, asked: Asked) -> None:
        self.projects += 1
        for worker_id in {*before.by_worker, *after.by_worker}:
            own = self.workers[worker_id]
            own.before += before.by_worker.get(worker_id, 0)
            own.after += after.by_worker.get(worker_id, 0)
        if books.fund:
            self.out_of[FUND_ACCOUNT[Fund(books.fund)]].add(before.pay_minor, after.pay_minor)
        elif books.is_paid:
            self.owners[books.owner_id].before += before.cost_minor
            self.owners[books.owner_id].after += after.cost_minor
        for name in {*before.dues, *after.dues}:
            self.into[FUND[name]].add(before.dues.get(name, 0), after.dues.get(name, 0))
            self.again[name] += before.dues.get(name, 0)
        self.pay.add(before.pay_minor, after.pay_minor)
        self.dues.add(sum(before.dues.values()), sum(after.dues.values()))
        self.top_ups.add(before.top_ups, after.top_ups)
        self.topped_up.add(before.topped_up, after.topped_up)
        self.again[Reason.REWARD] += before.rewards
        self.again[Reason.REWORK] += before.reworks
        self.again[Reason.SESSION] += before.sessions
        self.raised += len(after.raised)
        if books.published_at < asked.since:
            self.promised_before += before.pay_minor


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in the books."""
    spoken, *others = currencies(asked.since, asked.until, using=asked.using)
    ids = projects_at_work(asked.since, asked.until, using=asked.using)
    ids = list(
        Project.objects.using(asked.using)
        .filter(pk__in=ids, currency=spoken)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    totals, announced = Totals(), Pair()
    with_reports = "pay.worker_reports_divisor" in asked.names
    for project_id in asked.through(ids):
        books = read_books(project_id, asked.since, asked.until, using=asked.using, with_reports=with_reports)
        before = run_again(books, was=asked.was, tried=asked.was)
        after = run_again(books, was=asked.was, tried=asked.tried)
        totals.add(books, before, after, asked=asked)
        announced.add(sum(sum(one.booked.values()) for one in books.settled), before.top_ups)
    for payer, worker, minor in bonuses(asked.since, asked.until, spoken, using=asked.using):
        for one in (totals.workers[worker], totals.owners[payer]):
            one.before += minor
            one.after += minor
    return _found(asked, totals, announced, spoken, others)


def _found(asked: Asked, totals: Totals, announced: Pair, currency: str, others: list[str]) -> Found:
    for one in [*totals.workers.values(), *totals.owners.values()]:
        one.size = one.before
    earners = len(totals.workers)
    figures = [
        asked.money("paid_to_workers", int(totals.pay.before), int(totals.pay.after), of=earners),
        asked.money("charged_on_top", int(totals.dues.before), int(totals.dues.after), of=len(totals.owners)),
        asked.money("top_ups", int(totals.top_ups.before), int(totals.top_ups.after), of=earners),
        Figure(
            code="top_ups_count", unit="count", before=totals.topped_up.before, after=totals.topped_up.after
        ),
        Figure(code="prices_refused", unit="count", before=0, after=totals.raised),
        _short(asked, totals.owners, currency),
    ]
    return Found(
        family="money",
        currency=currency,
        workers=tabled(
            totals.workers,
            measure="income",
            unit="minor",
            most_groups=TENTHS,
            least_people=asked.least_people,
        ),
        requesters=tabled(
            totals.owners,
            measure="cost",
            unit="minor",
            most_groups=SIZES,
            least_people=asked.least_people,
        ),
        funds=_funds(asked, totals, currency),
        figures=[one for one in figures if one.before is None or one.before or one.after],
        checks=_checks(asked, totals, announced, currency),
        taken_for_granted=_taken(asked, totals),
        unknown=_unknown(asked, others),
    )


def _short(asked: Asked, owners: Mapping[int, Measured], currency: str) -> Figure:
    """Count the requesters who have less left by now than the work would have cost them more."""
    dearer = {key: one.after - one.before for key, one in owners.items() if one.after > one.before}
    left = balances(currency, list(dearer), using=asked.using)
    return asked.people("requesters_short", 0, sum(left.get(key, 0) < more for key, more in dearer.items()))


def _funds(asked: Asked, totals: Totals, currency: str) -> list[FundFlow]:
    given = gifts(asked.since, asked.until, currency, using=asked.using)
    return [
        FundFlow(
            fund=kind,
            in_before=int(totals.into[kind].before) + given.get(kind, 0),
            in_after=int(totals.into[kind].after) + given.get(kind, 0),
            out_before=int(totals.out_of[kind].before),
            out_after=int(totals.out_of[kind].after),
        )
        for kind in (
            Kind.INCOME,
            Kind.GUARANTEE_FUND,
            Kind.TRAINING_FUND,
            Kind.GUILD_FUND,
            Kind.JUSTICE_FUND,
        )
    ]


def _checks(asked: Asked, totals: Totals, announced: Pair, currency: str) -> list[Check]:
    """Compare the run under the charter as it was with the ledger, and with the top-ups announced."""
    booked = booked_sums(asked.since, asked.until, currency, using=asked.using)
    sessions = booked[Reason.SESSION] + booked[Reason.BREAK]
    pairs = [
        ("booked_rewards", booked[Reason.REWARD], totals.again[Reason.REWARD]),
        ("booked_reworks", booked[Reason.REWORK], totals.again[Reason.REWORK]),
        ("booked_sessions", sessions, totals.again[Reason.SESSION]),
        ("booked_charges", sum(booked[name] for name in DUES), sum(totals.again[name] for name in DUES)),
        ("announced_top_ups", announced.before, announced.after),
    ]
    return [
        Check(code=code, unit="minor", on_record=int(on_record), again=int(again))
        for code, on_record, again in pairs
        if on_record or again
    ]


def _taken(asked: Asked, totals: Totals) -> list[Note]:
    notes = [note("nobody_acts_otherwise")]
    if asked.names & CHARGES:
        notes.append(note("rate_of_publication", minor=totals.promised_before))
    if asked.names & {FLOOR, "pay.risk_break_share"}:
        notes.append(note("price_raised_to_the_least"))
    if FLOOR in asked.names:
        notes.append(note("country_of_today"))
    return notes


def _unknown(asked: Asked, others: list[str]) -> list[Note]:
    notes = [note("how_much_work")]
    if FLOOR in asked.names:
        notes.append(note("prices_lowered"))
    if asked.names & {*REVIEWS}:
        notes.append(note("reviews_at_other_pay"))
    if others:
        notes.append(note("other_currencies", currencies=", ".join(others)))
    return notes
