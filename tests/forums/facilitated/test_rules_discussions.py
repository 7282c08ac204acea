"""When a facilitated discussion goes on, who takes a part, and what a record may not name."""

from datetime import timedelta
from itertools import product

import pytest
from tests.builders import NOON

from canut.discussion.facilitated.rules import (
    Terms,
    can_be_filled,
    ends_at,
    names_in,
    reminds_at,
    tally,
    what_follows,
)
from canut.discussion.facilitated.states import ENDED, ROUNDS, WAITS_FOR, Lapse, State

TERMS = Terms(round_days=7, waiting_days=14, objection_days=5, least_people=3, most_statements=3)
DAY = timedelta(days=1)


def test_every_state_leads_to_another_or_is_an_end() -> None:
    goes = {state: what_follows(state, people=3, least_people=3)[0] for state in State if state not in ENDED}
    assert goes[State.SAYING] == State.SUMMING_SAID
    assert goes[State.ANSWERING] == State.SUMMING_ANSWERS
    assert goes[State.WEIGHING] == State.RECORDING
    assert goes[State.OBJECTING] == State.PUBLISHED
    for state in (State.GATHERING, *WAITS_FOR):
        assert goes[state] == State.LAPSED
    assert what_follows(State.SAYING, people=2, least_people=3) == (State.LAPSED, Lapse.TOO_FEW)
    assert what_follows(State.RECORDING, people=9, least_people=3)[1] == Lapse.NO_RECORD
    assert what_follows(State.SUMMING_SAID, people=9, least_people=3)[1] == Lapse.NO_SUMMARY
    for state in ENDED:
        with pytest.raises(ValueError, match="ended"):
            what_follows(state, people=3, least_people=3)


def test_every_state_has_its_time_and_reminds_within_it() -> None:
    for state in State:
        until = ends_at(state, NOON, TERMS)
        if state in ENDED:
            assert until is None
            continue
        assert until is not None
        when = reminds_at(state, NOON, until)
        assert when is None if state == State.OBJECTING else when is not None and NOON < when < until
    assert {ends_at(state, NOON, TERMS) for state in ROUNDS} == {NOON + 7 * DAY}
    assert reminds_at(State.SAYING, NOON, NOON + 7 * DAY) == NOON + 6 * DAY
    assert reminds_at(State.SAYING, NOON, NOON + DAY) == NOON + DAY / 2
    assert reminds_at(State.RECORDING, NOON, NOON + 14 * DAY) == NOON + 7 * DAY


def test_a_part_is_free_without_anybody_here_who_does_it_in_time() -> None:
    for holder, here, waits, reminded in product((True, False), repeat=4):
        asked = {
            "holder": holder,
            "holder_is_here": here,
            "waits_for_holder": waits,
            "reminded": reminded,
        }
        free = not holder or not here or (waits and reminded)
        assert can_be_filled(**asked, has_ended=False) is free
        assert can_be_filled(**asked, has_ended=True) is False


def test_a_statement_is_agreed_while_nobody_is_against_it() -> None:
    assert not tally([]).is_agreed
    assert tally([True, True]).is_agreed
    assert not tally([True, False]).is_agreed
    assert (tally([True, False, True]).can, tally([True, False, True]).cannot) == (2, 1)


def test_names_are_found_as_words_of_their_own() -> None:
    assert names_in("As Ada says, @Bo.b pays (Cy).", ["Ada", "Bo.b", "Cy", "Dot"]) == ["Ada", "Bo.b", "Cy"]
    assert names_in("Adam and ada said: Cyan", ["Ada", "Cy"]) == []
