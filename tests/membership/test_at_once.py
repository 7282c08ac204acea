"""Several connections at the same moment: nobody is admitted twice, and no seat is given twice."""

from datetime import timedelta

from tests.builders import NOON, a_worker
from tests.membership.members import a_member_of, active_on, members_of
from tests.people.at_once import at_once

from canut.kernel.refusals import Refusal
from canut.membership.invitation_token import invitation_token
from canut.membership.models import CollegeChoice, Lot, MemberInvitation, Membership
from canut.membership.queries_lots import seats_of_lot
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.answer_seat import answer_seat
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.check_identity import check_identity
from canut.membership.usecases.choose_college import choose_college
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.invite_member import invite_member
from canut.membership.usecases.vouch import vouch
from canut.people.models import Person


def tried(do):
    def answered(case):
        try:
            return do(case)
        except Refusal as refusal:
            return refusal.code

    return answered


def test_all_ways_in_at_the_same_moment_admit_once(committed):
    team, first, second = a_member_of("team"), *members_of("workers", 2)
    asking = a_worker()
    request = ask_admission(by=asking, at=NOON)
    token = invitation_token(invite_member(by=first, email="a@example.org", at=NOON).pk)
    ways = [
        lambda: vouch(request_id=request.pk, by=first, at=NOON),
        lambda: vouch(request_id=request.pk, by=second, at=NOON),
        lambda: check_identity(person_id=asking.pk, by=team, checked_by="known", at=NOON),
        lambda: accept_invitation(token=token, by=asking, at=NOON),
        lambda: ask_admission(by=asking, words="Again.", at=NOON),
    ]
    at_once(tried(lambda way: way()), *ways)
    assert Membership.objects.filter(person=asking, ended_at__isnull=True).count() == 1


def test_one_invitation_admits_one_of_those_who_follow_it(committed):
    member = a_member_of("workers")
    token = invitation_token(invite_member(by=member, email="a@example.org", at=NOON).pk)
    people = [a_worker() for _each in range(3)]
    found = at_once(tried(lambda who: accept_invitation(token=token, by=who, at=NOON)), *people)
    assert found.count("member_invitation_not_usable") == 2
    assert Membership.objects.filter(person__in=people).count() == 1


def test_the_limit_of_invitations_and_the_one_choice_hold_at_the_same_moment(committed):
    member = a_member_of("workers")
    active_on(member, 5, worked=False, skip=5)
    addresses = [f"friend{n}@example.org" for n in range(6)]
    found = at_once(tried(lambda to: invite_member(by=member, email=to, at=NOON)), *addresses)
    assert found.count("too_many_member_invitations") == 3
    assert MemberInvitation.objects.count() == 3
    choices = ["workers", "requesters", "workers"]
    at_once(tried(lambda to: choose_college(by=member, college=to, at=NOON)), *choices)
    assert CollegeChoice.objects.count() == 1


def test_lots_wanted_and_seats_answered_at_the_same_moment(committed):
    workers = members_of("workers", 6)

    def jury(subject_id):
        given = {"subject_kind": "jury", "subject_id": subject_id, "address": "/", "college": None}
        return draw_lot(number=commit_lot(**given, seats=3, at=NOON).pk, at=NOON).pk

    numbers = at_once(jury, 1, 1, 2, 3)
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3
    assert sorted(Lot.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    drawn = {seat.person_id for seat in seats_of_lot(numbers[0])}
    people = list(Person.objects.filter(pk__in=drawn))
    soon = NOON + timedelta(hours=1)
    at_once(tried(lambda who: answer_seat(number=numbers[0], by=who, accept=False, at=soon)), *people)
    seats = seats_of_lot(numbers[0])
    assert sorted(seat.state for seat in seats) == ["declined"] * 3 + ["offered"] * 3
    assert {seat.person_id for seat in seats} == {one.pk for one in workers}
