"""Prototype rounds by their rules alone: sizes, votes, what a round covers, what is the same design."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import CHOICE_DESIGN, NOON

from canut.work.rules_rounds import (
    RoundSize,
    Standing,
    Terms,
    Votes,
    covers_tasks,
    decided,
    design_hash,
    helped,
    is_same_design,
    needs_round,
    round_size,
    suggested_reward_minor,
    verdict_of,
    words_hash,
)

SHARE = Decimal("0.66")


def size(wanted: dict[int, int]) -> RoundSize:
    return round_size(wanted, least_workers=3, places_divisor=3)


@pytest.mark.parametrize(
    ("tasks", "answers", "expected"),
    [
        (100, 1, RoundSize(10, 1, 10, 4)),
        (100, 9, RoundSize(10, 3, 30, 10)),
        (1000, 5, RoundSize(31, 2, 62, 21)),
        (10, 1, RoundSize(3, 1, 3, 1)),
        (4, 3, RoundSize(3, 1, 3, 1)),
        (16, 1, RoundSize(4, 1, 4, 2)),
        (2, 5, RoundSize(2, 2, 4, 2)),
        (2, 2, RoundSize(2, 2, 4, 2)),
        (1, 10, RoundSize(1, 3, 3, 1)),
        (1, 2, RoundSize(1, 2, 2, 1)),  # too small for three people: all of it
    ],
)
def test_a_round_has_the_square_root_of_tasks_and_of_workers_and_room_for_three(
    tasks: int, answers: int, expected: RoundSize
) -> None:
    assert size({answers: tasks}) == expected


def test_a_round_needs_something_to_try() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        size({0: 5})


@given(st.dictionaries(st.integers(1, 40), st.integers(1, 400), min_size=1, max_size=5))
def test_a_round_has_room_for_three_people_and_covers_what_it_was_drawn_from(
    wanted: dict[int, int],
) -> None:
    found, in_all = size(wanted), sum(wanted.values())
    places_in_all = sum(answers * tasks for answers, tasks in wanted.items())
    assert found.tasks <= in_all
    assert found.places <= places_in_all
    assert found.places >= min(3, places_in_all)
    assert found.most_per_worker == -(-found.places // 3)
    assert covers_tasks(tasks=found.tasks, factor=Decimal(4)) >= in_all


def test_two_of_three_pass_a_round_and_three_of_five_do_not() -> None:
    assert verdict_of(Votes(2, 1), publish_share=SHARE) == "passed"
    assert verdict_of(Votes(3, 2), publish_share=SHARE) == "stopped"
    assert verdict_of(Votes(66, 34), publish_share=SHARE) == "passed"
    assert verdict_of(Votes(65, 35), publish_share=SHARE) == "stopped"
    assert verdict_of(Votes(0, 0), publish_share=SHARE) == "stopped"


@pytest.mark.parametrize(
    ("votes", "all_in", "hours", "expected"),
    [
        (Votes(3, 0), False, 71, "running"),
        (Votes(3, 0), False, 72, "passed"),
        (Votes(1, 2), False, 72, "stopped"),
        (Votes(2, 0), False, 72, "refunded"),
        (Votes(3, 0), True, 1, "passed"),
        (Votes(0, 3), True, 1, "stopped"),
        (Votes(0, 0), True, 1, "refunded"),
    ],
)
def test_a_round_is_decided_when_all_are_in_or_by_the_votes_there_are_after_three_days(
    votes: Votes, all_in: bool, hours: int, expected: str
) -> None:
    found = decided(
        votes,
        all_in=all_in,
        opened_at=NOON,
        at=NOON + timedelta(hours=hours),
        publish_share=SHARE,
        stall=timedelta(hours=72),
        stall_least_votes=3,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("votes", "expected"),
    [(Votes(2, 0), "refunded"), (Votes(0, 2), "refunded"), (Votes(3, 0), "passed"), (Votes(0, 3), "stopped")],
)
def test_a_round_of_which_too_little_is_left_to_try_is_decided_by_nobody(votes: Votes, expected: str) -> None:
    found = decided(
        votes,
        all_in=True,
        opened_at=NOON,
        at=NOON,
        publish_share=SHARE,
        stall=timedelta(hours=72),
        stall_least_votes=3,
        least_votes=3,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(9, 0, 0, 9, stopped_before=False), False),
        (Standing(9, 0, 0, 10, stopped_before=False), True),
        (Standing(5, 0, 0, 5, stopped_before=True), True),
        (Standing(27, 9, 36, 99, stopped_before=False), False),
        (Standing(28, 9, 36, 99, stopped_before=False), True),
        (Standing(1, 36, 36, 9, stopped_before=False), True),
    ],
)
def test_what_passed_rounds_cover_and_what_is_small_needs_no_round(
    standing: Standing, expected: bool
) -> None:
    assert needs_round(standing, least_places=10) is expected


def test_the_suggested_reward_is_the_floor_for_the_measured_time_rounded_up() -> None:
    assert suggested_reward_minor(typical_seconds=Decimal("120"), floor_hourly_minor=1500) == 50
    assert suggested_reward_minor(typical_seconds=Decimal("120.5"), floor_hourly_minor=1500) == 51


def test_more_pay_is_no_changed_design_and_less_is() -> None:
    tried = Terms("x", reward_minor=50, hourly_minor=0, expected_seconds=100)
    assert is_same_design(tried, Terms("x", 60, 0, 120))
    for worse in (Terms("x", 49, 0, 100), Terms("x", 50, 0, 99), Terms("y", 50, 0, 100)):
        assert not is_same_design(tried, worse)


def test_whatever_a_worker_sees_or_is_given_time_for_changes_the_hash() -> None:
    def hashed(**changed: object) -> str:
        given = {"lease_seconds": 600, "pay_basis": "piece", "session_most_seconds": 0, "risks": ["hate"]}
        design = changed.pop("design", CHOICE_DESIGN)
        return design_hash(design, **(given | changed))  # type: ignore[arg-type]

    before = hashed()
    assert hashed(design=dict(reversed(CHOICE_DESIGN.items()))) == before
    for changed in (
        {"design": CHOICE_DESIGN | {"instructions": "Say what the picture shows!"}},
        {"lease_seconds": 601},
        {"pay_basis": "hour"},
        {"risks": []},
        {"session_most_seconds": 60},
    ):
        assert hashed(**changed) != before


def test_other_commas_capitals_and_names_are_the_same_words() -> None:
    choice = CHOICE_DESIGN["items"][1] | {"name": "other", "label": "WHAT is it"}
    other = {
        "version": 1,
        "instructions": "Say, what the picture  shows",
        "items": [CHOICE_DESIGN["items"][0], choice],
    }
    assert words_hash(other) == words_hash(CHOICE_DESIGN)
    assert words_hash(CHOICE_DESIGN | {"instructions": "Say what the sound shows."}) != words_hash(
        CHOICE_DESIGN
    )


def test_a_revision_helped_if_a_larger_share_votes_to_publish() -> None:
    assert helped(Votes(1, 2), Votes(2, 1))
    assert not helped(Votes(2, 1), Votes(4, 2))
    assert not helped(Votes(0, 0), Votes(3, 0))
