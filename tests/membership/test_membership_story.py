"""Whatever people do, in whatever order: members are who was let in and did not leave, and stand so."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.builders import NOON, a_worker
from tests.membership.members import active_on, members_of
from tests.stories import RollsBack, examples

from canut.kernel.refusals import Refusal
from canut.membership.invitation_token import invitation_token
from canut.membership.models import Membership
from canut.membership.queries import electorate
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.check_identity import check_identity
from canut.membership.usecases.end_membership import forget_member, leave_membership
from canut.membership.usecases.invite_member import invite_member, withdraw_member_invitation
from canut.membership.usecases.vouch import take_back_voucher, vouch
from canut.reputation.models import Standing

WHO = st.integers(0, 6)


class MembershipStory(RollsBack):
    """`expected` is a set of members; `asked` says who vouches for whom, `open` whose invitation is whose."""

    @initialize()
    def people_come(self):
        self.at = NOON
        self.people = [*members_of("workers", 3), *(a_worker(password=None) for _each in range(4))]
        for person in self.people[3:]:
            active_on(person, 5)
        self.expected = {0, 1, 2}
        self.asked: dict[int, tuple[int, set[int]]] = {}
        self.open: list[tuple[int, int]] = []

    def tried(self, do, **given):
        """Do a verb a minute later; return its refusal's code, or None."""
        self.at += timedelta(minutes=1)
        try:
            self.got = do(**given, at=self.at)
        except Refusal as refusal:
            return refusal.code
        return None

    def comes_in(self, who):
        self.expected.add(who)
        self.asked.pop(who, None)

    @rule(who=WHO)
    def somebody_asks(self, who):
        code = self.tried(ask_admission, by=self.people[who])
        assert code == ("already_admitted" if who in self.expected else None)
        if code is None:
            self.asked.setdefault(who, (self.got.pk, set()))

    @rule(who=WHO)
    def somebody_asks_no_more(self, who):
        code = self.tried(withdraw_request, by=self.people[who])
        if who in self.asked:
            assert code is None
            del self.asked[who]

    @rule(who=WHO, by=WHO)
    def a_member_vouches(self, who, by):
        if who not in self.asked:
            return
        request_id, givers = self.asked[who]
        code = self.tried(vouch, request_id=request_id, by=self.people[by])
        if by not in self.expected:
            assert code == "not_a_member"
        elif by in givers:
            assert code is None  # and nobody is counted anew
        elif by == who:
            assert code == "vouching_for_oneself"
        else:
            assert code is None
            givers.add(by)
            if len(givers & self.expected) >= 2:
                self.comes_in(who)

    @rule(who=WHO, by=WHO)
    def a_member_takes_it_back(self, who, by):
        if who in self.asked:
            request_id, givers = self.asked[who]
            assert self.tried(take_back_voucher, request_id=request_id, by=self.people[by]) is None
            givers.discard(by)

    @rule(who=WHO)
    def the_machine_admits(self, who):
        code = self.tried(check_identity, person_id=self.people[who].pk, by=None, checked_by="known")
        assert code is None
        self.comes_in(who)

    @rule(by=WHO, number=st.integers(0, 3))
    def a_member_invites(self, by, number):
        code = self.tried(invite_member, by=self.people[by], email=f"friend{number}@example.org")
        if by not in self.expected:
            assert code == "not_a_member"
        elif code is None:
            if (by, self.got.pk) not in self.open:
                self.open.append((by, self.got.pk))
        else:
            assert code == "too_many_member_invitations"

    @rule(who=WHO, which=st.integers(0, 9))
    def somebody_follows_an_invitation(self, who, which):
        if not self.open:
            return
        by, pk = self.open[which % len(self.open)]
        code = self.tried(accept_invitation, token=invitation_token(pk), by=self.people[who])
        if who == by:
            assert code == "member_invitation_not_usable"
        elif who in self.expected:
            assert code == "already_admitted"
        else:
            assert code is None
            self.open.remove((by, pk))
            self.comes_in(who)

    @rule(which=st.integers(0, 9))
    def an_invitation_is_taken_back(self, which):
        if self.open:
            by, pk = self.open.pop(which % len(self.open))
            assert self.tried(withdraw_member_invitation, invitation_id=pk, by=self.people[by]) is None

    @rule(who=WHO)
    def somebody_leaves(self, who):
        code = self.tried(leave_membership, by=self.people[who])
        ever = Membership.objects.filter(person=self.people[who]).exists()
        assert code == (None if ever else "not_a_member")
        self.goes(who)

    @rule(who=st.integers(5, 6))
    def an_account_is_forgotten(self, who):
        self.tried(forget_member, person_id=self.people[who].pk)
        self.goes(who)
        self.asked.pop(who, None)

    def goes(self, who):
        self.expected.discard(who)
        self.open = [(by, pk) for by, pk in self.open if by != who]

    @invariant()
    def members_are_who_was_let_in(self):
        if not hasattr(self, "expected"):
            return
        ids = {self.people[who].pk for who in self.expected}
        rows = Membership.objects.filter(ended_at__isnull=True)
        assert set(rows.values_list("person_id", flat=True)) == ids
        assert rows.count() == len(ids)
        standings = Standing.objects.filter(scale="membership", scale_id=0)
        assert set(standings.values_list("party_id", flat=True)) == ids
        assert set(electorate(self.at)) == ids  # all of these were active on five days


def _told(stories: int, steps: int) -> None:
    run_state_machine_as_test(
        MembershipStory,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_members_are_who_was_let_in_and_did_not_leave() -> None:
    _told(examples(3, 25), 25)


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_for_long() -> None:
    _told(150, 60)
