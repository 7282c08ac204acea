"""Drawing by lot: announced before, recomputed after, declined and drawn anew, and nobody too often."""

from dataclasses import fields
from datetime import datetime, timedelta

import pytest
from tests.builders import NOON
from tests.membership.members import a_member_of, active_on, members_of

from canut.membership.access import LotNotFound, SeatNotFound
from canut.membership.models import Candidate, Lot
from canut.membership.queries_lots import (
    candidates_of,
    lot_seen,
    lots_page,
    own_ticket,
    seats_of_lot,
    seats_of_person,
)
from canut.membership.rules_lot import Drawable, code_of, lot_checks
from canut.membership.states import College, LotState, SeatState
from canut.membership.usecases.answer_seat import (
    SeatAnswered,
    answer_seat,
    exclude_drawn,
    keep_served,
    lapse_seats,
)
from canut.membership.usecases.close_lot import close_lot
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.prepare_lot import prepare_lot
from canut.people.models import Person

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(hours=1)


def a_lot(*, subject_id=1, college=College.WORKERS, seats=2, exclude=(), among=None, at=NOON):
    given = {"subject_kind": "jury", "subject_id": subject_id, "address": "/decide/", "college": college}
    lot = commit_lot(**given, seats=seats, exclude=exclude, among=among, at=at)
    return draw_lot(number=lot.pk, at=at)


def states(lot):
    return [seat.state for seat in seats_of_lot(lot.pk)]


def test_a_lot_is_announced_before_and_anybody_can_recompute_it_after():
    # Given a lot that was prepared before anybody knew what it would be about
    workers = members_of("workers", 5)
    a_member_of("requesters")
    a_member_of("workers", active=False)
    prepared = prepare_lot(at=NOON - timedelta(days=3))
    assert prepare_lot(at=NOON).pk == prepared.pk
    announced = lot_seen(prepared.pk)
    assert (announced.state, announced.seed, announced.asked) == (LotState.PREPARED, None, [])
    # When it is drawn for a jury of two, and drawn again
    lot = a_lot(exclude=[workers[0].pk, 10**9])
    assert a_lot().pk == lot.pk == prepared.pk
    # Then the next one is prepared, and the seed stays secret while seats may be offered anew
    assert [(card.number, card.state) for card in lots_page()] == [
        (lot.pk + 1, "prepared"),
        (lot.pk, "drawn"),
    ]
    seen = lot_seen(lot.pk, by=workers[1])
    assert (seen.seed, seen.candidates_count, seen.excluded_count) == (None, 4, 1)
    assert seen.commitment == announced.commitment
    assert [one.place for one in seen.asked] == [1, 2]
    assert {one.place for one in candidates_of(lot.pk)} == {None, 1, 2}
    assert workers[0].pk not in {seat.person_id for seat in seats_of_lot(lot.pk)}
    assert lot_seen(lot.pk, by=workers[0]).own is None
    # A member finds the code that is theirs, by the ticket that they alone know
    assert seen.own.code == code_of(bytes.fromhex(own_ticket(workers[1])), lot.pk)
    # When it is closed, then seed and list are those announced, and give this order
    for _twice in range(2):  # by a clock that was looked at before the last seat was offered
        close_lot(number=lot.pk, at=NOON - timedelta(seconds=1))
    seen, rows = lot_seen(lot.pk), list(candidates_of(lot.pk, most=None))
    assert lot_checks(
        commitment=announced.commitment,
        shown_hash=seen.candidates_hash,
        seed=bytes.fromhex(seen.seed),
        candidates=[Drawable(one.code, one.served_lately) for one in rows],
        places=[one.code for one in sorted(rows, key=lambda one: one.place)],
    )
    assert states(lot) == [SeatState.LAPSED] * 2


def test_of_a_lots_steps_everybody_is_told_the_day_and_nobody_the_hour():
    """A jury is drawn within a minute after somebody has appealed."""
    members_of("workers", 3)
    lot = a_lot(at=SOON)
    close_lot(number=lot.pk, at=SOON + timedelta(days=1))
    told, (following, card) = lot_seen(lot.pk), lots_page()
    assert (told.committed_on, told.drawn_on) == (SOON.date(), SOON.date())
    assert told.closed_on == SOON.date() + timedelta(days=1)
    for seen in (told, card, following):
        values = [getattr(seen, field.name) for field in fields(seen)]
        assert not any(isinstance(value, datetime) for value in values)


def test_who_declines_or_lets_time_pass_is_followed_by_the_next():
    members_of("workers", 5)
    lot = a_lot()
    order = list(Candidate.objects.filter(lot=lot).order_by("place"))
    first, second, third, fourth, fifth = [Person.objects.get(pk=one.person_id) for one in order]
    for _click in range(2):
        answer_seat(number=lot.pk, by=first, accept=False, at=SOON)
    for _click in range(2):
        answer_seat(number=lot.pk, by=second, accept=True, at=SOON)
    assert states(lot) == ["declined", "accepted", "offered"]
    with pytest.raises(SeatAnswered):
        answer_seat(number=lot.pk, by=first, accept=True, at=SOON)
    with pytest.raises(SeatNotFound):
        answer_seat(number=lot.pk, by=fourth, accept=True, at=SOON)
    with pytest.raises(LotNotFound):
        answer_seat(number=10**18, by=fourth, accept=True, at=SOON)
    # The third has three days from being asked, not longer
    asked_until = SOON + timedelta(days=3)
    assert lapse_seats(at=asked_until - timedelta(seconds=1)) == 0
    with pytest.raises(SeatAnswered):
        answer_seat(number=lot.pk, by=third, accept=True, at=asked_until)
    assert lapse_seats(at=asked_until) == 1
    assert states(lot) == ["declined", "accepted", "lapsed", "offered"]
    # Who accepted may still go, and who must not sit is taken out; when nobody is left, seats stay free
    answer_seat(number=lot.pk, by=second, accept=False, at=asked_until)
    for _click in range(2):
        exclude_drawn(number=lot.pk, person_id=fifth.pk, at=asked_until)
    assert states(lot) == ["declined", "released", "lapsed", "offered", "excluded"]
    (mine,) = seats_of_person(fourth, at=asked_until)
    assert (mine.number, mine.is_open, mine.address) == (lot.pk, True, "/decide/")


def test_who_served_keeps_the_seat_and_is_not_followed():
    members_of("workers", 5)
    lot = a_lot()
    order = list(Candidate.objects.filter(lot=lot).order_by("place"))
    first, second = [Person.objects.get(pk=one.person_id) for one in order[:2]]
    answer_seat(number=lot.pk, by=first, accept=True, at=SOON)
    for _reading in range(2):
        keep_served(number=lot.pk, person_id=first.pk, at=SOON)
    with pytest.raises(SeatAnswered):
        answer_seat(number=lot.pk, by=first, accept=False, at=SOON)
    exclude_drawn(number=lot.pk, person_id=first.pk, at=SOON)
    assert answer_seat(number=lot.pk, by=first, accept=True, at=SOON).state == SeatState.SERVED
    # Who answered too late and served all the same has served
    late = SOON + timedelta(days=4)
    lapse_seats(at=late)
    keep_served(number=lot.pk, person_id=second.pk, at=late)
    assert states(lot) == ["served", "served", "offered"]
    with pytest.raises(LotNotFound):
        keep_served(number=10**18, person_id=first.pk, at=late)


def test_nobody_serves_twice_before_their_rest_is_over_unless_all_have():
    workers = members_of("workers", 4)
    by_id = {one.pk: one for one in workers}

    def serve(subject_id, at):
        lot = a_lot(subject_id=subject_id, at=at)
        for seat in seats_of_lot(lot.pk):
            answer_seat(number=lot.pk, by=by_id[seat.person_id], accept=True, at=at)
        return {seat.person_id for seat in seats_of_lot(lot.pk)}

    first = serve(1, NOON)
    second = serve(2, NOON + timedelta(hours=1))
    assert first | second == set(by_id)
    # All have served: chance chooses among all; and after the rest, among all as well
    third = a_lot(subject_id=3, at=NOON + timedelta(hours=2))
    assert set(Candidate.objects.filter(lot=third).values_list("served_lately", flat=True)) == {True}
    assert len(seats_of_lot(third.pk)) == 2
    late = NOON + timedelta(days=61)
    for one in workers:
        active_on(one, 5, at=late)
    rested = a_lot(subject_id=4, at=late)
    assert set(Candidate.objects.filter(lot=rested).values_list("served_lately", flat=True)) == {False}


def test_a_lot_among_some_draws_only_active_members_of_these():
    workers, requester = members_of("workers", 4), a_member_of("requesters")
    idle = a_member_of("workers", active=False)
    peers = [workers[0].pk, workers[1].pk, requester.pk, idle.pk, 10**9]
    lot = a_lot(college=None, seats=5, among=peers, exclude=[workers[1].pk])
    assert {seat.person_id for seat in seats_of_lot(lot.pk)} == {workers[0].pk, requester.pk}
    assert (lot.candidates_count, lot.excluded_count) == (2, 1)
    # Of a college, only those of it; among nobody, nobody
    assert a_lot(subject_id=2, among=peers).candidates_count == 2
    assert a_lot(subject_id=3, among=[]).candidates_count == 0


def test_a_lot_of_nobody_or_of_all_colleges():
    nobody = a_lot(college=College.REQUESTERS)
    assert (nobody.candidates_count, states(nobody)) == (0, [])
    people = [a_member_of("workers"), a_member_of("requesters"), a_member_of("team")]
    lot = a_lot(subject_id=2, college=None, seats=9)
    assert {seat.person_id for seat in seats_of_lot(lot.pk)} == {one.pk for one in people}
    assert Lot.objects.filter(state=LotState.PREPARED).count() == 1
    with pytest.raises(ValueError, match="about nothing"):
        draw_lot(number=Lot.objects.get(state=LotState.PREPARED).pk, at=NOON)
    with pytest.raises(ValueError, match="not drawn"):
        close_lot(number=Lot.objects.get(state=LotState.PREPARED).pk, at=NOON)
