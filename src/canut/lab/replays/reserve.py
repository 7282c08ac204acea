"""The reserve: how much would have been set aside for rework and top-ups, and when it would have lacked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from canut.kernel.money import share_minor
from canut.lab.replays.asked import Asked, Found, Pair, note
from canut.lab.replays.books import ProjectBooks, least_of
from canut.lab.replays.books_read import currencies, read_terms
from canut.lab.replays.charters import Charter
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.money import SIZES
from canut.lab.replays.report import Check, Figure
from canut.ledger.models import Account, Kind, LedgerEntry, Reason
from canut.work.models import Project, Round, TopUp
from canut.work.states import ProjectKind

ROUND, REST = "pay.reserve_round_share", "pay.reserve_share"


@dataclass(frozen=True, slots=True)
class Funding:
    """Money set aside at once: the pay it is for, and the larger of that and what the floor asks for it."""

    at: datetime
    base_minor: int
    is_round: bool
    booked_minor: int


@dataclass(frozen=True, slots=True)
class Use:
    """What was paid to a worker beside the price: from the reserve, or from the balance where it lacked."""

    at: datetime
    amount_minor: int
    from_balance_minor: int


@dataclass(frozen=True, slots=True)
class Back:
    """What of the reserve went back to who paid it, of so much that it held."""

    at: datetime
    amount_minor: int
    of_minor: int


@dataclass(frozen=True, slots=True)
class Ran:
    """How a project's reserve ran: what was put in, how often it lacked, and what the balance gave then."""

    set_aside: int
    short: int
    drawn: int


def run_reserve(steps: Sequence[Funding | Use | Back], charter: Charter) -> Ran:
    """Return how a project's reserve would have run under a charter; what was paid is paid all the same."""
    held = set_aside = short = drawn = 0
    for step in steps:
        match step:
            case Funding():
                share = charter.value(ROUND if step.is_round else REST, at=step.at)
                amount = share_minor(step.base_minor, Decimal(share))
                held, set_aside = held + amount, set_aside + amount
            case Use():
                lacking = max(0, step.amount_minor - held)
                held -= step.amount_minor - lacking
                short, drawn = short + (lacking > 0), drawn + lacking
            case Back():
                held -= held * step.amount_minor // step.of_minor if step.of_minor else 0
    return Ran(set_aside, short, drawn)


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in what waits in reserve."""
    currency, *others = currencies(asked.since, asked.until, using=asked.using)
    owners: dict[int, Measured] = defaultdict(Measured)
    set_aside, short, drawn = Pair(), Pair(), Pair()
    booked, booked_drawn = 0, 0
    projects = Project.objects.using(asked.using).filter(
        published_at__gte=asked.since,
        published_at__lt=asked.until,
        kind=ProjectKind.PAID,
        currency=currency,
        fund="",
    )
    for project in asked.through(list(projects.order_by("pk"))):
        steps = _steps(project, asked)
        before, after = run_reserve(steps, asked.was), run_reserve(steps, asked.tried)
        set_aside.add(before.set_aside, after.set_aside)
        short.add(before.short, after.short)
        drawn.add(before.drawn, after.drawn)
        booked += sum(one.booked_minor for one in steps if isinstance(one, Funding))
        booked_drawn += sum(one.from_balance_minor for one in steps if isinstance(one, Use))
        own = owners[project.owner_id]
        own.size += before.set_aside
        own.before, own.after = own.before + before.set_aside, own.after + after.set_aside
    return Found(
        family="reserve",
        currency=currency,
        requesters=tabled(
            owners,
            measure="set_aside",
            unit="minor",
            most_groups=SIZES,
            least_people=asked.least_people,
        ),
        figures=[
            asked.money("set_aside", int(set_aside.before), int(set_aside.after), of=len(owners)),
            Figure(code="reserve_short", unit="count", before=short.before, after=short.after),
            asked.money("drawn_from_balance", int(drawn.before), int(drawn.after), of=len(owners)),
        ],
        checks=[
            Check(code="booked_reserve", unit="minor", on_record=booked, again=set_aside.before),
            Check(code="booked_drawn", unit="minor", on_record=booked_drawn, again=drawn.before),
        ],
        taken_for_granted=[note("pay_is_the_same"), note("nobody_acts_otherwise")],
        unknown=[note("money_to_set_aside")]
        + ([note("other_currencies", currencies=", ".join(others))] if others else []),
    )


def _steps(project: Project, asked: Asked) -> list[Funding | Use | Back]:
    accounts = Account.objects.using(asked.using).filter(project_id=project.pk)
    reserve = accounts.filter(kind=Kind.RESERVE).values_list("pk", flat=True).first()
    escrow = accounts.filter(kind=Kind.ESCROW).values_list("pk", flat=True).first()
    entries = LedgerEntry.objects.using(asked.using).filter(recorded_at__lt=asked.until)
    pay = dict(
        entries.filter(credit_id=escrow, reason=Reason.PUBLICATION).values_list(
            "idempotency_key", "amount_minor"
        )
    )
    rounds = list(Round.objects.using(asked.using).filter(project=project))
    books = ProjectBooks(
        project_id=project.pk,
        owner_id=project.owner_id,
        fund=project.fund,
        is_paid=True,
        risks=tuple(project.risks),
        published_at=project.published_at or project.created_at,
        paid_before_minor=0,
        terms=read_terms(project, using=asked.using),
    )
    steps: list[tuple[int, Funding | Use | Back]] = []
    held = 0
    own = entries.filter(credit_id=reserve) | entries.filter(debit_id=reserve)
    for entry in own.order_by("pk"):
        is_in = entry.credit_id == reserve
        if is_in and entry.reason == Reason.PUBLICATION:
            paid = pay.get(entry.idempotency_key.rsplit(":", 1)[0] + f":{Kind.ESCROW}", 0)
            is_round = _is_round(books, rounds, paid, entry.recorded_at)
            base = _base(books, paid, entry.recorded_at, is_round=is_round, charter=asked.was)
            steps.append((entry.pk, Funding(entry.recorded_at, base, is_round, entry.amount_minor)))
        elif not is_in and entry.reason == Reason.REFUND:
            steps.append((entry.pk, Back(entry.recorded_at, entry.amount_minor, held)))
        elif not is_in:
            steps.append((entry.pk, Use(entry.recorded_at, entry.amount_minor, 0)))
        held += entry.amount_minor if is_in else -entry.amount_minor
    drawn = entries.filter(
        reason=Reason.TOP_UP, debit__kind=Kind.BALANCE, debit__party_id=project.owner_id
    ).filter(subject_kind="topup", subject_id__in=_top_ups(project, asked))
    steps += [(entry.pk, Use(entry.recorded_at, entry.amount_minor, entry.amount_minor)) for entry in drawn]
    return [step for _pk, step in sorted(steps, key=lambda one: one[0])]


def _is_round(books: ProjectBooks, rounds: Sequence[Round], pay_minor: int, at: datetime) -> bool:
    """Tell whether money that was set aside at a moment was for a prototype round that began then."""
    begun = [one for one in rounds if one.opened_at == at]
    rewards = {one.pk: books.terms[one.revision_id].reward_minor for one in begun}
    return any(not rewards[one.pk] or one.places * rewards[one.pk] == pay_minor for one in begun)


def _base(books: ProjectBooks, pay_minor: int, at: datetime, *, is_round: bool, charter: Charter) -> int:
    """Return the larger of the pay and of what the floor asks for the same answers."""
    published = [one for one in books.terms.values() if one.published_at <= at]
    if not published or not published[-1].reward_minor:
        return pay_minor
    terms = published[-1]
    after_round = not is_round and terms.launched_at is not None and terms.launched_at <= at
    least = least_of(books, terms, after_round=after_round, charter=charter)
    return max(pay_minor, pay_minor // terms.reward_minor * least)


def _top_ups(project: Project, asked: Asked) -> list[int]:
    rows = TopUp.objects.using(asked.using).filter(settlement__project=project)
    return list(rows.values_list("pk", flat=True))
