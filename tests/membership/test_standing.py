"""Who is admitted, of which college, and active: counted from days, and explained."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_worker
from tests.membership.members import a_member_of, active_on, admitted, members_of

from canut.membership.access import NotAMember, NotAnActiveMember, require_active_member, require_member
from canut.membership.models import CollegeChoice, Membership
from canut.membership.queries import active_members, colleges_of, electorate, standing_of
from canut.membership.states import College, Way
from canut.people.models import Person

pytestmark = pytest.mark.django_db


def test_the_electorate_is_who_is_admitted_active_and_of_a_college():
    # Given active members of each college, an inactive one, one who left, and an active worker not admitted
    workers = members_of(College.WORKERS, 2)
    requester = a_member_of(College.REQUESTERS)
    team = a_member_of(College.TEAM)
    a_member_of(College.WORKERS, active=False)
    gone = a_member_of(College.WORKERS)
    Membership.objects.filter(person=gone).update(ended_at=NOON, ended_as="left")
    stranger = a_worker()
    active_on(stranger, 20)
    # Then the first four vote
    found = electorate(NOON)
    assert found == {
        workers[0].pk: "workers",
        workers[1].pk: "workers",
        requester.pk: "requesters",
        team.pk: "team",
    }
    assert active_members(NOON) == 4
    assert colleges_of([requester.pk, stranger.pk], at=NOON) == {requester.pk: "requesters"}
    # and each one's standing agrees with the list
    for person in Person.objects.all():
        assert standing_of(person, NOON).may_vote == (person.pk in found)


def test_a_member_sees_where_they_stand_and_why(worker, stranger):
    admitted(worker)
    active_on(worker, 3)
    active_on(worker, 1, worked=False, skip=40)
    standing = standing_of(worker, NOON)
    assert (standing.is_admitted, standing.way, standing.college) == (
        True,
        Way.IDENTITY_CHECK,
        College.WORKERS,
    )
    assert (standing.worked_days, standing.requested_days, standing.active_days) == (3, 1, 4)
    assert (standing.active_days_in_window, standing.is_active, standing.may_vote) == (3, False, False)
    assert standing.why == (
        "You have been a member since 20 November 2026: the operators checked who you are.",
        "In the last 90 days you were active on 4: on 3 you handed work in, and on 1 you published, decided, "
        "or had work handed in to you.",
        "You belong to the workers, for you worked on at least 40 % of your active days, and requested on "
        "fewer.",
        "You do not count as active: you were active on 3 of the last 30 days, and 5 are needed.",
        "So you have no vote on questions that open now. Who votes is fixed when a vote opens.",
    )
    nobody = standing_of(stranger, NOON)
    assert (nobody.is_admitted, nobody.way, nobody.college, nobody.is_active) == (False, None, None, False)
    assert nobody.why[0] == "You are not a member: you were not admitted yet, or you left."


def test_who_could_belong_to_both_belongs_where_they_chose(worker):
    admitted(worker)
    active_on(worker, 5)
    active_on(worker, 4, worked=False, skip=5)
    assert standing_of(worker, NOON).college == College.WORKERS
    CollegeChoice.objects.create(person=worker, college=College.REQUESTERS, chosen_at=NOON)
    standing = standing_of(worker, NOON)
    assert standing.college == College.REQUESTERS
    assert electorate(NOON) == {worker.pk: College.REQUESTERS}
    assert standing.may_choose_at == NOON + timedelta(days=90)
    assert standing_of(worker, NOON - timedelta(seconds=1)).college == College.WORKERS


def test_windows_end_with_the_day_itself(worker):
    admitted(worker)
    active_on(worker, 5)
    assert standing_of(worker, NOON).may_vote
    assert standing_of(worker, NOON + timedelta(days=25)).may_vote
    assert not standing_of(worker, NOON + timedelta(days=26)).may_vote
    assert standing_of(worker, NOON + timedelta(days=89)).college == College.WORKERS
    assert standing_of(worker, NOON + timedelta(days=94)).college is None


def test_doors_that_ask_for_members_let_nobody_else_in(stranger):
    with pytest.raises(NotAMember):
        require_member(stranger, NOON)
    idle = a_member_of(College.REQUESTERS, active=False)
    assert require_member(idle, NOON).person_id == idle.pk
    with pytest.raises(NotAnActiveMember):
        require_active_member(idle, NOON)
    assert require_active_member(a_member_of("team"), NOON).college == College.TEAM
