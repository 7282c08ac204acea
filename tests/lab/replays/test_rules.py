"""The pure parts of replays: openings, settlements, reserves and groups, under charters made by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON

from canut.charter.log import Log
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import EVERYBODY, Entry, Scope
from canut.lab.replays.books import Duty, ProjectBooks, SessionDone, Settled, Terms, Work, run_again
from canut.lab.replays.charters import Charter
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.openings import Judgement, Moved, Opening, Taking, open_again, reweighed
from canut.lab.replays.reserve import Back, Funding, Use, run_reserve
from canut.lab.replays.schedule import Approved, Design, settlements
from canut.reputation.rules_ratings import Rating
from canut.work.rules_hours import Session, spent
from canut.work.rules_pay import TimeReport

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BEGINNING = NOON - timedelta(days=100)


def a_charter(**numbers: Any) -> Charter:
    """Return a charter of defaults, but for these numbers; dots of names are written as two lines."""
    said = {name.replace("__", "."): value for name, value in numbers.items()}
    assert said.keys() <= PARAMETERS.keys()
    return Charter(
        Log(
            tuple(
                Entry(
                    id=number,
                    kind="genesis",
                    parameter=name,
                    scope_kind="site",
                    scope_key="",
                    value=said.get(name, parameter.default),
                    effective_at=BEGINNING,
                    recorded_at=BEGINNING,
                    cites="",
                )
                for number, (name, parameter) in enumerate(PARAMETERS.items(), start=1)
            )
        )
    )


WAS = a_charter()


def rated(worker: int, value: str, *, days: int = 1) -> Judgement:
    return Judgement(Rating(worker, 1, 1, Decimal(value), NOON - timedelta(days=days)), None)


def an_opening(**details: Any) -> Opening:
    """Return a project that opened by the ladder at noon: two whom its requester rated, one nobody has."""
    takings = [
        Taking(1, NOON + MINUTE, NOON + 2 * MINUTE),
        Taking(2, NOON + 6 * MINUTE, None),
        Taking(3, NOON + 22 * MINUTE, None),
    ]
    moves = [(0, "3"), (5, "2"), (10, "1.99"), (15, None)]
    given = {
        "project_id": 1,
        "owner_id": 1,
        "group_id": 1,
        "policy": "ladder",
        "started_at": NOON,
        "until": NOON + HOUR,
        "moves": [
            Moved(NOON + m * MINUTE, NOON + m * MINUTE, None if t is None else Decimal(t)) for m, t in moves
        ],
        "takings": takings,
        "places": 20,
        "ratings": {1: [rated(1, "3")], 2: [rated(2, "2")]},
    }
    return Opening(**(given | details))


def test_an_opening_comes_out_as_it_was_and_changes_as_the_rules_say() -> None:
    opening = an_opening()
    again = open_again(opening, was=WAS, tried=WAS)
    assert again.path == [(one.of, one.threshold) for one in opening.moves]
    assert again.standings == [Decimal(3), Decimal(2), Decimal("1.99")]
    # The newcomer has a place kept from the second beat on: a tenth of twenty
    assert (again.allowed, again.newcomers) == ([NOON, NOON + 5 * MINUTE, NOON + 5 * MINUTE], 1)
    assert again.open_at == NOON + 15 * MINUTE

    def tried(**numbers: Any) -> Any:
        found = open_again(opening, was=WAS, tried=a_charter(**numbers))
        minutes = [None if one is None else (one - NOON) // MINUTE for one in found.allowed]
        return minutes, None if found.open_at is None else (found.open_at - NOON) // MINUTE

    assert tried(cascade__beat_seconds=600) == ([0, 10, 10], 30)
    assert tried(cascade__first_threshold=Decimal(2)) == ([0, 0, 5], 10)
    assert tried(newcomers__place_share=Decimal(0)) == ([0, 5, 10], 15)
    assert tried(newcomers__first_beat=4) == ([0, 5, 10], 15)
    assert tried(standing__unrated=Decimal(2)) == ([0, 5, 5], 15)
    assert tried(moratorium__cascade=True) == ([0, 0, 0], 0)
    assert tried(cascade__default_policy="open") == ([0, 0, 0], 0)
    assert tried(rating__weights=(Decimal(3), Decimal("2.5"), Decimal(1))) == ([0, 5, 5], 15)
    # Nobody is left to wait for at a threshold where nobody stood: it falls to the best there is
    assert tried(cascade__first_threshold=Decimal(4)) == ([0, 5, 5], 15)


@given(st.decimals("1", "3", places=2))
def test_a_rating_between_two_weights_keeps_its_part_of_the_way(value: Decimal) -> None:
    old, new = (Decimal(3), Decimal(2), Decimal(1)), (Decimal(3), Decimal("2.5"), Decimal(1))
    found = reweighed(value, old, new)
    assert reweighed(found, new, old) == value
    for low, high in ((Decimal(1), Decimal(2)), (Decimal(2), Decimal(3))):
        if low <= value <= high:
            part = Fraction(value - low) / Fraction(high - low)
            ends = [Fraction(reweighed(end, old, new)) for end in (low, high)]
            assert abs(Fraction(found) - (ends[0] + part * (ends[1] - ends[0]))) < Fraction(1, 10**20)


def approvals(*minutes: int, workers: int = 3) -> list[Approved]:
    return [
        Approved(number, number % workers, NOON + minute * MINUTE, TimeReport(number, number % workers, 60))
        for number, minute in enumerate(minutes)
    ]


def test_settlements_come_when_there_is_enough_and_at_the_end() -> None:
    def made(design: Design, **numbers: Any) -> list[tuple[int, int, int]]:
        looks = settlements(design, since=NOON, until=NOON + 100 * HOUR, charter=a_charter(**numbers))
        return [((one.at - NOON) // MINUTE, one.first, one.upto) for one in looks]

    ten = Design(60, approvals(*range(1, 11)))
    assert made(ten) == [(10, 0, 10)]
    assert made(Design(60, approvals(*range(1, 10)))) == []
    assert made(ten, pay__settlement_least_assignments=5) == [(10, 0, 10)]
    # The site looks every ten minutes, and rests a day between two looks
    more = Design(60, approvals(*range(1, 11), *range(21, 41)))
    assert made(more) == [(10, 0, 10), (1450, 10, 30)]
    assert made(more, pay__settlement_hours=1) == [(10, 0, 10), (70, 10, 30)]
    assert made(Design(60, approvals(*range(1, 11), workers=2))) == []
    assert made(Design(60, approvals(*range(1, 11), workers=2)), pay__settlement_least_workers=2) == [
        (10, 0, 10)
    ]
    # What is over is settled however little it is, at once when nothing is undecided
    few = Design(60, approvals(1, 2), over_at=NOON + 30 * MINUTE)
    assert made(few) == [(30, 0, 2)]
    late = Design(60, approvals(*range(1, 11), 50), over_at=NOON + 60 * MINUTE, quiet_at=NOON + 90 * MINUTE)
    assert made(late) == [(10, 0, 10), (90, 10, 11)]


def test_what_is_too_little_is_settled_when_it_has_waited_as_long_as_pay_may() -> None:
    def made(design: Design, **numbers: Any) -> list[tuple[timedelta, int, int]]:
        looks = settlements(design, since=NOON, until=NOON + timedelta(days=20), charter=a_charter(**numbers))
        return [(one.at - NOON, one.first, one.upto) for one in looks]

    day = timedelta(days=1)
    few = Design(60, approvals(10, 20, 5 * 24 * 60, 9 * 24 * 60, workers=1))
    assert made(few) == [(7 * day + 10 * MINUTE, 0, 3), (16 * day, 3, 4)]
    assert made(few, deciding__payable_days=3)[0] == (3 * day + 10 * MINUTE, 0, 2)


def test_a_session_without_a_least_time_has_none_under_another_either() -> None:
    def paid(least_seconds: int, *, tried: Charter) -> int:
        times = Session(
            hourly_minor=1800,
            least_seconds=least_seconds,
            reserved_seconds=3600,
            opened_at=NOON,
            ends_at=NOON + HOUR,
            last_sign_at=NOON + 2 * MINUTE,
            pauses=[],
            credit_seconds=0,
            patience_seconds=0,
            longest_break_seconds=0,
            break_share=Decimal(0),
        )
        amount = spent(times, until=NOON + 2 * MINUTE).amount_minor
        books = ProjectBooks(
            project_id=1,
            owner_id=1,
            fund="",
            is_paid=True,
            risks=(),
            published_at=NOON,
            paid_before_minor=0,
            terms={1: Terms(0, 1800, 120, NOON)},
            sessions=[SessionDone(1, 1, NOON, NOON + 2 * MINUTE, times, amount)],
        )
        return run_again(books, was=WAS, tried=tried).sessions

    longer = a_charter(pay__session_least_seconds=1800)
    assert [paid(900, tried=one) for one in (WAS, longer)] == [450, 900]
    assert [paid(0, tried=one) for one in (WAS, longer)] == [60, 60]


def test_a_reserve_is_used_before_the_balance_and_goes_back_in_proportion() -> None:
    steps = [
        Funding(NOON, 1000, is_round=False, booked_minor=250),
        Use(NOON + HOUR, 200, 0),
        Use(NOON + 2 * HOUR, 100, 50),
        Back(NOON + 3 * HOUR, 0, 0),
    ]
    assert [
        run_reserve(steps, charter).drawn for charter in (WAS, a_charter(pay__reserve_share=Decimal("0.5")))
    ] == [
        50,
        0,
    ]
    low = run_reserve(steps, a_charter(pay__reserve_share=Decimal(0)))
    assert (low.set_aside, low.short, low.drawn) == (0, 2, 300)


def test_pay_of_duties_and_of_those_who_stand_better_alone() -> None:
    at = NOON - HOUR
    books = ProjectBooks(
        project_id=1,
        owner_id=1,
        fund="guild_fund",
        is_paid=True,
        risks=(),
        published_at=at,
        paid_before_minor=0,
        terms={1: Terms(50, 0, 120, at)},
        work=[Work(1, 1, 7, 50, at, at + MINUTE)],
        duty=Duty(of_expected_seconds=240, steps=1, guild=3),
    )
    assert run_again(books, was=WAS, tried=WAS).cost_minor == 50  # as it was paid
    dearer = run_again(books, was=WAS, tried=a_charter(guild__review_hourly_minor=3000))
    assert (dearer.rewards, dict(dearer.dues), dearer.raised) == (100, {}, frozenset())
    longer = run_again(books, was=WAS, tried=a_charter(guild__review_time_share=Decimal(1)))
    assert longer.rewards == 100
    # A settlement takes each worker's own floor: a person decided that the second is not paid
    plain = replace(
        books,
        fund="",
        duty=None,
        work=[Work(n, 1, n, 50, at, at + MINUTE) for n in (1, 2)],
        settled=[Settled(NOON, Decimal(144), True, (1, 2), refused=frozenset({2}))],
        people={1: Scope(country="FR"), 2: EVERYBODY},
    )
    assert run_again(plain, was=WAS, tried=WAS).top_ups == 10
    assert run_again(plain, was=WAS, tried=a_charter(pay__floor_hourly_minor=2000)).by_worker == {
        1: 80,
        2: 67,
    }


@given(
    st.dictionaries(st.integers(1, 500), st.integers(0, 10**6), max_size=120),
    st.integers(1, 12),
    st.integers(10, 30),
)
def test_groups_hold_everybody_once_and_nobody_alone(sizes: dict[int, int], most: int, least: int) -> None:
    people = {key: Measured(size, before=size, after=2 * size) for key, size in sizes.items()}
    table = tabled(people, measure="income", unit="minor", most_groups=most, least_people=least)
    assert len(table.groups) == min(most, len(people) // least)
    assert (table.people is None) == (not table.groups)
    if table.groups:
        assert table.people == sum(one.people for one in table.groups) == len(people)
        assert min(one.people for one in table.groups) >= least
        means = [one.before for one in table.groups]
        assert means == sorted(means)
        assert [round(one.after - 2 * one.before, 1) for one in table.groups] == [0] * len(means)
