"""Who peers are, and when their votes decide: the rules alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON

from canut.justice.jury import rules

PEERS = st.integers(1, 15)


def test_a_draw_is_widened_until_there_are_as_many_people_as_seats():
    near, guild, workers = [1, 2], [1, 2, 3], [4, 5]
    assert rules.nearest_peers([near, guild, workers], 2) == (0, {1, 2})
    assert rules.nearest_peers([near, guild, workers], 3) == (1, {1, 2, 3})
    assert rules.nearest_peers([near, guild, workers], 4) == (2, {1, 2, 3, 4, 5})
    assert rules.nearest_peers([near, guild, workers], 6) is None
    assert rules.nearest_peers([], 1) is None
    with pytest.raises(ValueError, match="seat to fill"):
        rules.nearest_peers([near], 0)


def test_who_reads_the_language_and_has_not_served_lately_is_drawn_first():
    guild, workers = [1, 2, 3], [4, 5, 6, 7, 8, 9]

    def drawn(readers, rested, seats=3):
        return rules.peers_to_draw_among([guild, workers], seats, readers=readers, rested=rested)

    everybody = {*guild, *workers}
    assert drawn(everybody, everybody) == (0, {1, 2, 3})
    # Widened until there are enough who read it and are rested
    assert drawn({3, 4, 5}, everybody) == (1, {3, 4, 5})
    assert drawn(everybody, {1, 4, 5, 6}) == (1, {1, 4, 5, 6})
    # All who read it have served: they serve again; nobody reads it: nobody serves twice for all that
    assert drawn({1, 4, 5}, {4, 6, 7, 8}) == (1, {1, 4, 5})
    assert drawn({1, 4}, {2, 6, 7, 8}) == (1, {2, 6, 7, 8})
    # And who neither reads it nor is rested is asked before nobody is; who is in no pool never
    assert drawn({1}, {2}, seats=9) == (1, everybody)
    assert drawn(everybody, everybody, seats=10) is None
    assert drawn({70, 71, 72}, {70, 71, 72}) == (0, {1, 2, 3})
    with pytest.raises(ValueError, match="seat to fill"):
        drawn(everybody, everybody, seats=0)


@pytest.mark.parametrize(
    ("language", "theirs", "reads"),
    [
        ("", [], True),
        ("fr", ["en", "FR"], True),
        ("fr-CA", ["fr"], True),
        ("fr", ["fr-BE"], True),
        ("fr", ["fro", "en"], False),
        ("br", [], False),
    ],
)
def test_who_reads_french_reads_that_of_canada(language, theirs, reads):
    assert rules.reads_language(language, theirs) is reads


def test_a_panel_has_its_days_but_no_vote_comes_too_late_to_be_carried_out():
    day, hour = timedelta(days=1), timedelta(hours=1)

    def until(pays_at):
        return rules.time_to_decide(drawn_at=NOON, days=5, pays_at=pays_at)

    assert until(None) == until(NOON + 7 * day) == NOON + 5 * day
    assert until(NOON + 2 * day) == NOON + 2 * day - hour
    assert until(NOON + hour) is until(NOON - day) is None


def test_two_of_three_decide():
    def said(stands, falls):
        return rules.verdict(stands=stands, falls=falls, votes_needed=2, peers=3)

    assert [said(0, 0), said(1, 0), said(0, 1), said(1, 1)] == [None] * 4
    assert [said(2, 0), said(2, 1)] == ["stands"] * 2
    assert [said(0, 2), said(1, 2)] == ["falls"] * 2


@given(PEERS, PEERS, st.lists(st.booleans(), max_size=15))
def test_votes_one_by_one_decide_once_and_at_the_latest_with_the_last(peers, needed, said):
    needed = min(needed, peers)
    stands = falls = 0
    for number, one in enumerate(said[:peers], start=1):
        stands, falls = stands + one, falls + (not one)
        found = rules.verdict(stands=stands, falls=falls, votes_needed=needed, peers=peers)
        if found is not None:
            winner = stands if found == "stands" else falls
            assert winner >= needed or number == peers
            assert found == "falls" or stands > falls  # doubt does not weigh on who appealed
            return
    assert len(said) < peers


def test_the_next_panel_has_the_seats_whose_vote_is_missing():
    assert [rules.seats_to_fill(3, given) for given in (0, 1, 2)] == [3, 2, 1]
    with pytest.raises(ValueError, match="every vote"):
        rules.seats_to_fill(3, 3)


def test_a_vote_counts_when_its_hour_is_over_and_all_do_at_the_end():
    end = NOON + timedelta(days=5, minutes=20)
    assert rules.counts_before(at=NOON + timedelta(minutes=59), decide_by=end) == NOON
    assert rules.counts_before(at=end - timedelta(seconds=1), decide_by=end) == NOON + timedelta(days=5)
    assert rules.counts_before(at=end + timedelta(minutes=1), decide_by=end) == end


def test_reminders_and_the_end_of_waiting():
    end = NOON + timedelta(days=5)
    asked = {"decide_by": end, "remind_days": 1}
    assert rules.time_to_remind(offered_at=NOON, **asked) == end - timedelta(days=1)
    late = end - timedelta(hours=4)
    assert rules.time_to_remind(offered_at=late, **asked) == end - timedelta(hours=2)
    waited = {"opened_at": NOON, "lapse_days": 14}
    assert not rules.no_peers_in_time(**waited, at=NOON + timedelta(days=14, seconds=-1))
    assert rules.no_peers_in_time(**waited, at=NOON + timedelta(days=14))


def test_hearing_is_paid_for_a_least_time_and_a_share_of_the_works():
    asked = {"least_seconds": 900, "share": Decimal("0.5"), "most": 28_800}
    assert rules.seconds_to_hear(works_seconds=[], **asked) == 900
    assert rules.seconds_to_hear(works_seconds=[61, 60], **asked) == 961
    assert rules.seconds_to_hear(works_seconds=[10**9], **asked) == 28_800
