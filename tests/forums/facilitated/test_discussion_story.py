"""People come to a discussion in any order; it goes only its way, and all that is kept adds up."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.forums.facilitated.rounds import a_talk, notices
from tests.stories import RollsBack, examples

from canut.discussion.facilitated.going_on import who_took_part
from canut.discussion.facilitated.models import Mark, Record, Round
from canut.discussion.facilitated.queries import discussion_seen
from canut.discussion.facilitated.states import ENDED, ROUNDS, Part, State
from canut.discussion.facilitated.usecases.fill_part import step_down
from canut.discussion.facilitated.usecases.open_discussion import withdraw_discussion
from canut.discussion.facilitated.usecases.write_record import object_to_record
from canut.discussion.models import Post
from canut.discussion.usecases.edit_post import withdraw_post
from canut.kernel.refusals import Refusal

NAMES = ("ada", "fay", "rex", "bo", "cy", "dot")
WHO = st.sampled_from(NAMES)
ORDER = tuple(State)


class DiscussionStory(RollsBack):
    """Whoever does whatever whenever: nothing is undone, nobody speaks twice, and all marks are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = a_talk()
        self.reached = [State.GATHERING]
        self.spoken: dict[str, int] = {}
        self.marked: dict[tuple[int, str], bool] = {}
        self.statements: list[int] = []

    def tries(self, do):
        """Do it or be refused, which every one of them may be; nothing else may happen."""
        try:
            return do()
        except Refusal:
            return None

    @rule(part=st.sampled_from(Part), who=WHO, asked=WHO)
    def a_part_is_asked_for(self, part, who, asked):
        call = self.tries(lambda: self.talk.asks(who, part, asked))
        if call is not None and not call.answered_at:
            self.tries(lambda: self.talk.answers(asked, call))

    @rule(who=WHO)
    def somebody_steps_down(self, who):
        self.tries(lambda: step_down(place=self.talk.place(who), at=self.talk.at))

    @rule(who=WHO, answer=st.booleans())
    def somebody_speaks(self, who, answer):
        was = self.talk.state
        post = self.tries(lambda: self.talk.says(who, f"{who} {self.talk.at}", quotes=1 if answer else None))
        if post is not None:
            assert was in (State.SAYING, State.ANSWERING)
            if was == State.SAYING:
                assert (who not in self.spoken, answer) == (True, False)
                self.spoken[who] = post.number

    @rule(who=WHO)
    def somebody_takes_back(self, who):
        if who in self.spoken and self.talk.state == State.SAYING:
            number = self.spoken.pop(who)
            withdraw_post(place=self.talk.thread(who), number=number, at=self.talk.at)

    @rule()
    def the_facilitator_sums_up(self):
        for who in NAMES:
            if self.talk.row.facilitator == self.talk.people[who]:
                self.tries(lambda who=who: self.talk.summed(f"Summary {self.talk.at}", by=who))

    @rule(who=WHO)
    def a_statement_is_put_up(self, who):
        number = self.tries(lambda: self.talk.stated(who, f"By {who} {self.talk.at}"))
        if number is not None and number not in self.statements:
            self.statements.append(number)

    @rule(who=WHO, can=st.booleans(), which=st.integers(0, 3))
    def a_statement_is_marked(self, who, can, which):
        if self.statements:
            number = self.statements[which % len(self.statements)]
            if self.tries(lambda: self.talk.marks(who, number, can=can, why="No")) is not None:
                self.marked[number, who] = can

    @rule()
    def the_record_is_written(self):
        for who in NAMES:
            if self.talk.row.rapporteur == self.talk.people[who]:
                self.tries(lambda who=who: self.talk.recorded(by=who, said=f"Said {self.talk.at}"))

    @rule(who=WHO)
    def somebody_objects(self, who):
        self.tries(lambda: object_to_record(place=self.talk.place(who), text="No", at=self.talk.at))

    @rule()
    def the_question_is_withdrawn(self):
        self.tries(lambda: withdraw_discussion(place=self.talk.place("ada"), at=self.talk.at))

    @rule(hours=st.sampled_from([1, 24, 6 * 24, 7 * 24, 14 * 24]))
    def time_goes_by(self, hours):
        self.talk.later(timedelta(hours=hours))
        notices(self.talk)

    @invariant()
    def it_goes_only_forward(self):
        if self.talk.state != self.reached[-1]:
            assert self.reached[-1] not in ENDED
            assert ORDER.index(self.talk.state) > ORDER.index(self.reached[-1])
            self.reached.append(self.talk.state)
        row = self.talk.row
        assert (row.facilitator_id is None) or row.facilitator_id != row.rapporteur_id
        assert (row.due_at is None) == (row.state in ENDED)

    @invariant()
    def what_is_kept_is_what_was_said(self):
        kept = {(mark.statement.post.number, mark.person_id): mark.can_live for mark in Mark.objects.all()}
        people = self.talk.people
        assert kept == {(number, people[who].pk): can for (number, who), can in self.marked.items()}
        begun = set(Round.objects.values_list("number", flat=True))
        assert begun == {ROUNDS[state] for state in self.reached if state in ROUNDS}
        assert {people[who].pk for who in self.spoken} - {self.talk.row.facilitator_id} <= set(
            who_took_part(self.talk.row)
        )
        seen = discussion_seen(self.talk.place("dot"), at=self.talk.at)
        assert (seen.record is None) == (not Record.objects.exists())
        assert Post.objects.count() >= 1
        assert sum(one.tally.can + one.tally.cannot for one in seen.statements) == len(self.marked)


def _told(stories: int, steps: int) -> None:
    run_state_machine_as_test(
        DiscussionStory,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_a_discussion_goes_its_way_whoever_does_what() -> None:
    _told(examples(2, 20), 25)


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_for_long() -> None:
    _told(100, 60)
