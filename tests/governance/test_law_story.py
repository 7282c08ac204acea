"""From ideas to law, whoever comes and goes: nothing changes the charter but what members adopted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.builders import NOON, a_person
from tests.governance.ballot_box import as_if_committed
from tests.governance.proposing import BEFORE, FLOOR, content, ratified, replayed, the_members
from tests.membership.members import a_member_of, active_on
from tests.stories import RollsBack, examples

from canut.charter.models import CharterEntry
from canut.charter.queries import in_force
from canut.charter.rules import to_json
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.content import SettingWish
from canut.governance.models import Proposal
from canut.governance.queries.proposals import proposal_seen
from canut.governance.states import OPEN
from canut.governance.usecases.amend_draft import amend_draft
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.end_proposal import withdraw_proposal
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.propose_idea import propose_idea
from canut.governance.usecases.support_idea import support_idea, withdraw_support
from canut.jobs.tasks import take_proposals_further
from canut.kernel.refusals import Refusal
from canut.membership.usecases.end_membership import leave_membership
from canut.people.usecases.appoint_operator import appoint_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ANY = st.integers(0, 10_000)
WISHES = st.sampled_from(
    [
        SettingWish(parameter="pay.floor_hourly_minor", new=1600),
        SettingWish(parameter="pay.floor_hourly_minor", new=1400),
        SettingWish(parameter="pay.floor_hourly_minor", new=1550, scope_kind="country", scope_key="FR"),
        SettingWish(parameter="lease.factor", new=Decimal("3.5")),
        SettingWish(parameter="governance.support_least_members", new=2),
        SettingWish(parameter="governance.vote_days", new=7),
        SettingWish(parameter="work.cap_in_hand", new=9, effective_at=NOON + timedelta(days=60)),
    ]
)


class LawStory(RollsBack):
    @initialize(steps=st.integers(3, 12), choice=st.sampled_from(["yes", "no"]))
    def begin(self, steps, choice) -> None:
        self.at = NOON
        self.operator = appoint_operator(person_id=a_person(password=None).pk, by=None, at=NOON)
        self.members = the_members()
        ratified(self.operator, self.members, at=NOON)
        self.first = CharterEntry.objects.count()
        self.tried = self.refused = 0
        for step in range(steps):
            self.one_goes_a_step_further(step, step, choice)

    def _who(self, which: int):
        return self.members[which % len(self.members)]

    def _one(self, which: int, *states: str) -> Proposal | None:
        found = list(Proposal.objects.filter(state__in=states, kind="change").order_by("pk"))
        return found[which % len(found)] if found else None

    def _try(self, verb, **given) -> None:
        """Do something, or be refused for a reason that has a sentence; either leaves all in order."""
        self.tried += 1
        try:
            verb(**given, at=self.at)
        except Refusal as refusal:
            self.refused += 1
            assert str(refusal)

    @rule(who=ANY, wishes=st.lists(WISHES, min_size=1, max_size=2))
    def somebody_proposes(self, who, wishes) -> None:
        self._try(propose_idea, by=self._who(who), content=content(*wishes))

    @rule(which=ANY, who=ANY, how_many=st.integers(1, 4))
    def some_support(self, which, who, how_many) -> None:
        if idea := self._one(which, "idea"):
            for more in range(how_many):
                self._try(support_idea, proposal_id=idea.pk, by=self._who(who + more))

    @rule(which=ANY, who=ANY)
    def one_takes_support_back(self, which, who) -> None:
        if idea := self._one(which, "idea"):
            self._try(withdraw_support, proposal_id=idea.pk, by=self._who(who))

    @rule(which=ANY, who=ANY, stance=st.sampled_from(["agree", "abstain", "disagree", "block"]))
    def one_says_what_they_think(self, which, who, stance) -> None:
        if draft := self._one(which, "draft", "feasibility", "infeasible", "waiting", "vote"):
            self._try(check_sense, proposal_id=draft.pk, by=self._who(who), stance=stance, reason="Because.")

    @rule(which=ANY, wish=WISHES)
    def the_author_amends(self, which, wish) -> None:
        if draft := self._one(which, "draft", "infeasible", "feasibility"):
            said = content(wish, title=f"Version {draft.version_number + 1}")
            self._try(
                amend_draft,
                proposal_id=draft.pk,
                by=draft.author,
                content=said,
                written_on=draft.version_number,
            )

    @rule(which=ANY)
    def the_author_sends_it_to_the_team(self, which) -> None:
        if draft := self._one(which, "draft"):
            self._try(ask_feasibility, proposal_id=draft.pk, by=draft.author)

    @rule(which=ANY, feasible=st.sampled_from([True, True, False]))
    def the_team_answers(self, which, feasible) -> None:
        if draft := self._one(which, "feasibility"):
            self._try(
                say_feasibility,
                proposal_id=draft.pk,
                by=self.operator,
                feasible=feasible,
                reason="So.",
                help_text="So.",
            )

    @rule(which=ANY)
    def the_lab_replays(self, which) -> None:
        if draft := self._one(which, "draft", "waiting"):
            replayed(draft, at=self.at)

    @rule(
        which=ANY, choices=st.lists(st.sampled_from(["yes", "yes", "no", "abstain"]), min_size=6, max_size=9)
    )
    def they_vote(self, which, choices) -> None:
        if voted_on := self._one(which, "vote"):
            for person, choice in zip(self.members, choices, strict=False):
                self._try(cast_ballot, vote_id=voted_on.vote_id, by=person, choice=choice)

    @rule(which=ANY, who=ANY, choice=st.sampled_from(["yes", "yes", "no"]))
    def one_goes_a_step_further(self, which, who, choice) -> None:
        """Do what usually comes next, so that stories get as far as to law."""
        found = self._one(which, "idea", "draft", "feasibility", "infeasible", "waiting", "vote")
        if found is None:
            self.somebody_proposes(who, [FLOOR])
        elif found.state == "idea":
            self._support_enough(found)
        elif found.state == "draft":
            self._try(ask_feasibility, proposal_id=found.pk, by=found.author)
        elif found.state == "feasibility":
            self._try(say_feasibility, proposal_id=found.pk, by=self.operator, feasible=True)
        elif found.state == "infeasible":
            self._try(
                amend_draft,
                proposal_id=found.pk,
                by=found.author,
                content=content(FLOOR, title=f"Version {found.version_number + 1}"),
                written_on=found.version_number,
            )
        elif found.state == "waiting":
            replayed(found, at=self.at)
            self.time_passes(1)
        else:
            for person in self.members:
                self._try(cast_ballot, vote_id=found.vote_id, by=person, choice=choice)
            self.time_passes(15)

    def _support_enough(self, idea) -> None:
        for person in self.members:
            self._try(support_idea, proposal_id=idea.pk, by=person)

    @rule(which=ANY)
    def the_author_withdraws(self, which) -> None:
        if which % 4 == 0 and (own := self._one(which, *OPEN)):
            self._try(withdraw_proposal, proposal_id=own.pk, by=own.author)

    @rule(college=st.sampled_from(["workers", "requesters"]))
    def somebody_is_admitted(self, college) -> None:
        person = a_member_of(college, at=BEFORE, password=None)
        active_on(person, 144, worked=person.is_worker, at=NOON + timedelta(days=125))
        self.members.append(person)

    @rule(who=ANY)
    def somebody_leaves(self, who) -> None:
        if len(self.members) > 6:
            self._try(leave_membership, by=self.members.pop(who % len(self.members)))

    @rule(days=st.sampled_from([1, 7, 14, 15]))
    def time_passes(self, days) -> None:
        self.at += timedelta(days=days)
        take_proposals_further(self.at)
        as_if_committed()

    @invariant()
    def only_what_was_adopted_is_in_the_charter(self) -> None:
        adopted = Proposal.objects.filter(state="adopted", kind="change")
        expected = sorted(
            (one.decision_number, row.parameter, row.scope_key, str(row.new_value))
            for one in adopted
            for row in one.versions.get(number=one.version_number).settings.all()
            if not any(said.get("setting") == row.position for said in one.lapsed)
        )
        entries = CharterEntry.objects.filter(kind="decision")
        found = sorted(
            (entry.decision_id, entry.parameter, entry.scope_key, str(entry.new_value)) for entry in entries
        )
        assert found == expected
        assert CharterEntry.objects.count() == self.first + len(found)

    @invariant()
    def the_last_that_was_decided_holds_once_all_is_in_effect(self) -> None:
        last: dict[str, CharterEntry] = {}
        rows = CharterEntry.objects.filter(kind="decision", scope_kind="site").order_by("effective_at", "pk")
        for entry in rows:
            last[entry.parameter] = entry
        for name, entry in last.items():
            found = in_force(name, at=self.at + timedelta(days=400))
            assert to_json(found) == entry.new_value

    @invariant()
    def each_proposal_is_in_order(self) -> None:
        for one in Proposal.objects.filter(kind="change").select_related("author"):
            seen = proposal_seen(one.pk, by=None, at=self.at)
            assert bool(seen.author) == (one.popular_at is not None)
            assert (seen.vote_id is not None) == (one.state in ("vote", "adopted", "rejected"))
            if one.state == "vote":
                assert seen.has_replay or not seen.version.settings
        for person in self.members:
            assert Proposal.objects.filter(author=person, state__in=OPEN).count() <= 2


def test_ideas_become_law_whoever_comes_and_goes(db) -> None:
    run_state_machine_as_test(
        LawStory,
        settings=settings(
            max_examples=examples(3, 12),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_many_ideas_become_law(db) -> None:
    run_state_machine_as_test(
        LawStory,
        settings=settings(
            max_examples=60, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
