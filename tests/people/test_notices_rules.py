"""How many mails a week leave, what leaves together, and from when on an address is sent none."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON

from canut.people.notices.rules import (
    SENT_AGAIN_AFTER,
    WEEK,
    Ways,
    in_letters,
    room_again,
    room_left,
    sent_again_after,
    stops_everything,
    stops_mails,
    ways_of,
    with_domain_as_sent,
)

AGO = st.lists(st.integers(0, 20 * 24), max_size=8).map(lambda ago: [NOON - timedelta(hours=h) for h in ago])
MOST = st.integers(1, 5)
SECOND = timedelta(seconds=1)


@given(AGO, MOST)
def test_a_mail_leaves_again_at_the_first_moment_at_which_the_week_has_room(left_at, most):
    again = room_again(left_at, at=NOON, most=most)
    assert room_left(left_at, at=again, most=most) > 0
    assert (again == NOON) == (room_left(left_at, at=NOON, most=most) > 0)
    assert again == NOON or room_left(left_at, at=again - SECOND, most=most) == 0


def test_a_week_is_seven_days_to_the_second():
    left_at = [NOON - WEEK, NOON - WEEK + SECOND, NOON]
    assert [room_left(left_at, at=NOON, most=most) for most in (1, 2, 3, 5)] == [0, 0, 1, 3]
    with pytest.raises(ValueError, match="no time"):
        room_again([], at=NOON, most=0)


@given(st.lists(st.integers(), unique=True), st.lists(st.integers(), unique=True), st.integers(0, 6))
def test_all_leave_in_as_many_letters_as_there_is_room_for_or_nothing_does(held, fresh, room):
    letters = in_letters(held, fresh, room=room)
    assert len(letters) <= room
    assert [each for letter in letters for each in letter] == ([*held, *fresh] if room else [])
    assert all(letters)
    if held and room:
        assert letters[0][: len(held)] == held
    if len(fresh) + bool(held) <= room:
        assert letters[bool(held) :] == [[each] for each in fresh]


def test_an_address_is_sent_none_after_one_hard_failure_or_five_soft_ones_in_two_weeks():
    soft = [NOON - timedelta(days=days) for days in (13, 9, 6, 3)]
    assert not stops_mails(hard=0, soft_at=soft, at=NOON)
    assert not stops_mails(hard=0, soft_at=[*soft, NOON - timedelta(days=14)], at=NOON)
    assert stops_mails(hard=0, soft_at=[*soft, NOON], at=NOON)
    assert stops_mails(hard=1, soft_at=[], at=NOON)
    assert [stops_everything(hard=hard) for hard in (0, 4, 5)] == [False, False, True]


def test_a_mail_is_tried_for_two_days():
    waits = [sent_again_after(attempts) for attempts in range(1, len(SENT_AGAIN_AFTER) + 2)]
    assert waits == [*SENT_AGAIN_AFTER, None]
    assert timedelta(days=2) <= sum(SENT_AGAIN_AFTER, timedelta()) <= timedelta(days=2, hours=1)


@given(st.booleans(), st.booleans(), st.booleans())
def test_the_nearest_choice_decides(topic, kind, usual):
    def mail(*topics: str, **chosen: bool) -> bool:
        by_topic = {name.strip("_"): Ways(mail=said, push=False) for name, said in chosen.items()}
        return ways_of(topics, chosen=by_topic, usual=Ways(mail=usual, push=False)).mail

    assert mail() is mail("a") is usual
    assert mail(_=kind) is mail("a", _=kind) is kind
    assert mail("a", _=kind, a=topic) is topic
    assert mail("b", _=kind, a=topic) is kind
    assert mail("a", "b", a=topic, b=kind) is (topic or kind)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada@Example.org", "Ada@Example.org"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("nobody", "nobody"),
    ],
)
def test_a_mail_is_sent_to_the_domain_that_was_written_and_to_no_other(address, sent):
    assert with_domain_as_sent(address) == sent
