"""Counting by the single transferable vote: published counts, counts done by hand, and a second counter."""

import importlib.util
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.governance import real_elections as real

from canut.governance.board.rules_stv import (
    CountSheet,
    Ranking,
    droop_quota,
    elect,
    lot_order,
    sheet_from_json,
    sheet_to_json,
)

SCRIPT = Path(__file__).parents[2] / "scripts" / "recount_election.py"


def the_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recount_election", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECOUNT = the_script()


def counted(ballots: str, *, seats: int, candidates: int, lot: str = "", **more: list[int]) -> CountSheet:
    """Count ballots written as "3 1,2; 2 2", with the lot in the order of numbers unless said otherwise."""
    numbers = tuple(range(1, candidates + 1))
    order = tuple(map(int, lot.split())) if lot else numbers
    return elect(candidates=numbers, seats=seats, ballots=real._spread(ballots), lot=order, **more)


def test_a_real_election_comes_out_stage_by_stage_as_it_was_published() -> None:
    others = [n for n in real.STEERING.candidates if n not in real.STEERING_ZEROES_OUT]
    lot = (*others, *reversed(real.STEERING_ZEROES_OUT))
    sheet = elect(
        candidates=real.STEERING.candidates, seats=real.STEERING.seats, ballots=real.STEERING.ballots, lot=lot
    )
    assert (sheet.valid, sheet.empty, sheet.quota) == (94, 0, 19)
    assert sheet.elected == real.STEERING_ELECTED
    assert len(sheet.stages) == len(real.STEERING_STAGES)
    lost = 94 * Fraction(1, 100_000)  # what cutting after five decimals can take from one candidate's papers
    for stage, (action, moved, figures) in zip(sheet.stages, real.STEERING_STAGES, strict=True):
        assert (stage.action, stage.candidate) == (action, moved)
        *votes, exhausted = map(Fraction, figures.split())
        for number, published in zip(real.STEERING_SHOWN, votes, strict=True):
            assert abs(stage.votes[number] - published) <= lost, (stage, number)
        assert abs(stage.exhausted - exhausted) <= 3 * lost
    # No vote appears and none is lost, which no count with decimals can say
    assert all(sum(stage.votes.values()) + stage.exhausted == 94 for stage in sheet.stages)
    assert sheet.stages[1].votes[8] == 1 + 27 * Fraction(14, 33)


def test_a_council_ward_elects_whom_it_elected() -> None:
    sheet = elect(
        candidates=real.WARD.candidates, seats=real.WARD.seats, ballots=real.WARD.ballots, lot=(1, 2, 3, 4, 5)
    )
    assert dict(sheet.stages[0].votes) == real.WARD_FIRST
    assert sheet.quota == real.WARD_QUOTA
    assert sheet.elected == real.WARD_ELECTED
    assert [(stage.action, stage.candidate) for stage in sheet.stages] == [
        ("first", None),
        ("surplus", 4),
        ("surplus", 1),
        ("exclusion", 3),
    ]
    # By hand: 1148 of the 2552 votes of candidate 4 are too many, and each paper moves with that share to the
    # first of candidates 2, 3 and 5 that it names, for 1 is elected already
    fours = [
        [number for number in ballot if number in (2, 3, 5)] for ballot in real.WARD.ballots if ballot[0] == 4
    ]
    to_five = sum(left[:1] == [5] for left in fours)
    assert sheet.stages[1].votes[5] == 896 + to_five * Fraction(1148, 2552)


def test_a_count_worked_out_by_hand() -> None:
    # Sweets for a party: 4 for oranges (1), 2 pears (2) then oranges, 8 chocolate (3) then strawberries (4),
    # 4 chocolate then bonbons (5), 1 strawberries, 1 bonbons: the textbook's example, three seats
    sheet = counted("4 1; 2 2,1; 8 3,4; 4 3,5; 1 4; 1 5", seats=3, candidates=5)
    assert sheet.quota == 6
    assert [(s.action, s.candidate, s.elected) for s in sheet.stages] == [
        ("first", None, (3,)),
        ("surplus", 3, ()),
        ("exclusion", 2, (1,)),
        ("exclusion", 5, (4,)),
    ]
    assert sheet.stages[1].votes == {1: 4, 2: 2, 3: 6, 4: 5, 5: 3}
    assert sheet.elected == (3, 1, 4)
    assert sheet.stages[1].rate == Fraction(1, 2)


def test_a_paper_that_moves_twice_is_worth_the_product_of_its_shares() -> None:
    # 13 votes, 3 seats, quota 4: candidate 1 has 8, so half of each moves to 2, who has 3 + 4 = 7 then
    sheet = counted("8 1,2,3; 3 2,3; 2 4", seats=3, candidates=4)
    assert sheet.quota == 4
    assert [stage.rate for stage in sheet.stages] == [None, Fraction(1, 2), Fraction(3, 7), 1]
    # Of the 8 papers that went 1, 2, 3 each is worth 1/2 times 3/7, of the 3 that went 2, 3 each 3/7
    assert sheet.stages[2].votes[3] == 8 * Fraction(1, 2) * Fraction(3, 7) + 3 * Fraction(3, 7)
    assert sheet.elected == (1, 2, 3)


def test_ties_go_by_the_last_stage_that_differed_and_then_by_lot() -> None:
    # Candidates 2 and 3 have 2 votes each after 4 is out, but 2 had more before
    sheet = counted("4 1; 2 2; 1 3; 1 4,3", seats=1, candidates=4, lot="1 2 3 4")
    assert [(s.candidate, s.broken_by, s.tied) for s in sheet.stages] == [
        (None, "", ()),
        (4, "lot", (3, 4)),
        (3, "stage", (2, 3)),
        (2, "", ()),
    ]
    # All equal from the start: the lot alone decides, and whoever comes last in it goes first
    for lot, elected in (("2 1 3", (2,)), ("3 2 1", (3,))):
        sheet = counted("1 1; 1 2; 1 3", seats=1, candidates=3, lot=lot)
        assert sheet.elected == elected
        assert sheet.stages[1].broken_by == "lot"
    # Equal surpluses: whoever comes first in the lot is moved first
    sheet = counted("4 1,3; 4 2,4; 1 3; 1 4", seats=3, candidates=4, lot="2 1 4 3")
    assert [s.candidate for s in sheet.stages] == [None, 2, 1, 3]
    assert sheet.stages[1].tied == (1, 2)
    assert sheet.elected == (2, 1, 4)


def test_fewer_candidates_than_seats_and_no_ballots() -> None:
    assert counted("", seats=3, candidates=2, lot="2 1").elected == (2, 1)
    alone = counted("", seats=1, candidates=3, lot="3 1 2")
    assert (alone.elected, alone.quota, alone.valid) == ((3,), 1, 0)
    blank = elect(candidates=(1, 2), seats=1, ballots=[(), (), (2,)], lot=(1, 2))
    assert (blank.valid, blank.empty, blank.elected) == (1, 2, (2,))


def test_an_empty_seat_is_filled_from_the_same_ballots_and_nobody_who_sits_is_put_out() -> None:
    ballots = "5 1,2,5; 4 2,1; 3 3,4; 2 4,3; 1 5"
    before = counted(ballots, seats=3, candidates=5)
    assert set(before.elected) == {1, 2, 3}
    # Candidate 3 leaves: those who wanted them decide who follows
    after = counted(ballots, seats=3, candidates=5, gone=[3], sitting=[1, 2])
    assert set(after.elected) == {1, 2, 4}
    # Even whom nobody votes for first keeps a seat that they hold
    kept = counted("5 1; 4 2; 3 3", seats=2, candidates=4, gone=[1], sitting=[4])
    assert set(kept.elected) == {2, 4}
    # Two candidates reach the quota at once, and one seat is empty: whoever has more takes it
    both = counted("6 1; 5 2", seats=3, candidates=5, gone=[3], sitting=[4, 5])
    assert set(both.elected) == {1, 4, 5}
    # Nobody is left to follow
    assert set(counted("3 1; 2 2", seats=2, candidates=2, gone=[1], sitting=[2]).elected) == {2}


def test_what_cannot_be_counted_is_refused() -> None:
    for wrong in ("1 1,1", "1 9"):
        with pytest.raises(ValueError, match="each once"):
            counted(wrong, seats=1, candidates=2)
    with pytest.raises(ValueError, match="at least one seat"):
        droop_quota(10, 0)
    with pytest.raises(ValueError, match="no seat is empty"):
        counted("1 1", seats=1, candidates=2, sitting=[2])
    with pytest.raises(ValueError, match="who sits"):
        counted("1 1", seats=2, candidates=2, sitting=[2], gone=[2])
    with pytest.raises(ValueError, match="the lot"):
        counted("1 1", seats=1, candidates=2, lot="1 3")
    with pytest.raises(ValueError, match="32 bytes"):
        lot_order(b"short", "3", [1, 2])


def test_the_lot_follows_from_the_root_and_the_election_and_is_fair() -> None:
    root = bytes(range(32))
    assert lot_order(root, "3", [1, 2, 3, 4]) == lot_order(root, "3", [4, 3, 2, 1])
    assert lot_order(root, "3", [1, 2, 3, 4]) == tuple(RECOUNT.lot(root.hex(), "3", [1, 2, 3, 4]))
    firsts = [lot_order(number.to_bytes(32), "7", [1, 2, 3])[0] for number in range(3000)]
    assert all(900 < firsts.count(number) < 1100 for number in (1, 2, 3))


@st.composite
def elections(draw: st.DrawFn) -> tuple[tuple[int, ...], int, list[Ranking], tuple[int, ...], list[int]]:
    candidates = tuple(range(1, draw(st.integers(1, 7)) + 1))
    rankings = st.permutations(candidates).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda length: tuple(order[:length]))
    )
    ballots = draw(st.lists(rankings, max_size=40))
    seats = draw(st.integers(1, 4))
    lot = tuple(draw(st.permutations(candidates)))
    gone = draw(st.lists(st.sampled_from(candidates), max_size=2, unique=True))
    return candidates, seats, ballots, lot, gone


@given(elections(), st.data())
def test_two_counters_that_were_written_apart_agree_and_no_vote_is_lost(
    election: tuple[tuple[int, ...], int, list[Ranking], tuple[int, ...], list[int]], data: st.DataObject
) -> None:
    candidates, seats, ballots, lot, gone = election
    standing = [number for number in candidates if number not in gone]
    sitting = (
        data.draw(st.lists(st.sampled_from(standing), max_size=seats - 1, unique=True)) if standing else []
    )
    sheet = elect(candidates=candidates, seats=seats, ballots=ballots, lot=lot, gone=gone, sitting=sitting)
    quota, elected, stages = RECOUNT.count(list(candidates), seats, ballots, list(lot), gone, sitting)
    assert (sheet.quota, list(sheet.elected)) == (quota, elected)
    assert [(dict(stage.votes), stage.exhausted) for stage in sheet.stages] == stages
    assert len(sheet.elected) == min(seats, len(standing)) == len(set(sheet.elected))
    assert set(sitting) <= set(sheet.elected) <= set(standing)
    assert all(sum(stage.votes.values()) + stage.exhausted == sheet.valid for stage in sheet.stages)
    assert sheet_from_json(sheet_to_json(sheet)) == sheet


@given(elections())
def test_voters_who_are_a_quota_and_agree_are_never_left_without_a_seat(
    election: tuple[tuple[int, ...], int, list[Ranking], tuple[int, ...], list[int]],
) -> None:
    candidates, seats, ballots, lot, _gone = election
    if len(candidates) < 3:
        return
    agreed = {candidates[0], candidates[1]}
    solid = [ballot for ballot in ballots if set(ballot[:2]) == agreed]
    sheet = elect(candidates=candidates, seats=seats, ballots=ballots, lot=lot)
    deserved = min(len(solid) // sheet.quota, 2)
    assert len(agreed & set(sheet.elected)) >= deserved
