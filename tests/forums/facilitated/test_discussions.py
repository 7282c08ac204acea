"""A facilitated discussion from its question to its record, and everybody who comes at the wrong time."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_person
from tests.forums.facilitated.rounds import A_DAY, A_WEEK, RECORD, a_talk, notices
from tests.guilds.crafts import a_member

from canut.discussion.access import ThreadNotFound
from canut.discussion.facilitated.models import Discussion, Objection, Record
from canut.discussion.facilitated.queries import discussion_seen, discussions_about
from canut.discussion.facilitated.queries_record import record_seen
from canut.discussion.facilitated.refusals import (
    CallNotFound,
    DiscussionGoesOn,
    DiscussionNotFound,
    NamesSomebody,
    NotItsRound,
    NotYourPart,
    PartIsTaken,
    StatementNotFound,
    TooManyCalls,
    TooManyRecords,
    TooManyStatements,
)
from canut.discussion.facilitated.states import About, Lapse, Part, State
from canut.discussion.facilitated.usecases.fill_part import step_down
from canut.discussion.facilitated.usecases.follow_discussions import follow_discussions
from canut.discussion.facilitated.usecases.open_discussion import withdraw_discussion
from canut.discussion.facilitated.usecases.write_record import (
    choose_naming,
    object_to_record,
    write_record,
)
from canut.discussion.facilitated.usecases.write_summary import write_summary
from canut.discussion.usecases.edit_post import PostIsFixed, edit_post, withdraw_post
from canut.discussion.usecases.write_post import NothingIsAnswered, WrittenAlready
from canut.forums.access import place_of_thread
from canut.forums.discussions import place_before
from canut.forums.usecases.discuss_in_guild import GuildLevelTooLow, discuss_in_guild
from canut.guilds.access import NotAMember
from canut.guilds.usecases.leave_guild import leave_guild
from canut.kernel.refusals import BadInput
from canut.people.access import PersonNotFound

pytestmark = pytest.mark.django_db

FACILITATOR, RAPPORTEUR = Part.FACILITATOR, Part.RAPPORTEUR


def test_a_question_goes_through_three_rounds_to_a_record():
    talk = a_talk()
    assert talk.state == State.GATHERING
    with pytest.raises(NotItsRound):
        talk.says("bo", "Too early")
    offer = talk.asks("fay", FACILITATOR)
    asked = talk.asks("ada", RAPPORTEUR, "rex")
    talk.answers("ada", offer)
    talk.answers("rex", asked)
    assert talk.state == State.SAYING
    # 1: everybody once, for themselves, to be changed until the end
    first = talk.says("bo", "By the hour")
    talk.says("cy", "By the piece")
    talk.says("rex", "It depends")
    with pytest.raises(NothingIsAnswered):
        talk.says("dot", "No!", quotes=first.number)
    with pytest.raises(WrittenAlready):
        talk.says("bo", "And another thing")
    with pytest.raises(NotYourPart):
        talk.says("fay", "I think")
    edit_post(place=talk.thread("bo"), number=first.number, text="By the hour!", at=talk.at)
    with pytest.raises(PostIsFixed):
        edit_post(place=talk.thread("ada"), number=1, text="Other", at=talk.at)
    withdraw_post(place=talk.thread("cy"), number=first.number + 1, at=talk.at)
    talk.says("cy", "By the piece, mostly")
    with pytest.raises(NotItsRound):
        write_summary(place=talk.place("fay"), text="Early", at=talk.at)
    talk.later(A_WEEK - timedelta(seconds=1))
    assert talk.state == State.SAYING
    assert "sum_up" not in discussion_seen(talk.place("fay"), at=talk.at).may
    talk.at += timedelta(seconds=1)  # its time is over, and no job has run
    assert "sum_up" in discussion_seen(talk.place("fay"), at=talk.at).may
    assert "sum_up" not in discussion_seen(talk.place("rex"), at=talk.at).may
    with pytest.raises(NotItsRound):
        talk.says("dot", "Late")
    with pytest.raises(NotYourPart):
        write_summary(place=talk.place("rex"), text="I will", at=talk.at)
    talk.summed()
    assert talk.state == State.ANSWERING
    # 2: answers to one another, by all but the facilitator, who mends the summary
    summary = talk.thread("fay").manner.fixed_to + 1
    edit_post(place=talk.thread("fay"), number=summary, text="Time counts, say most.", at=talk.at)
    with pytest.raises(NotYourPart):
        talk.says("fay", "And I say")
    answer = talk.says("dot", "Then who measures?", quotes=first.number)
    talk.says("dot", "And who pays for that?")
    with pytest.raises(PostIsFixed):
        edit_post(place=talk.thread("bo"), number=first.number, text="By the day", at=talk.at)
    edit_post(place=talk.thread("dot"), number=answer.number, text="Who measures?", at=talk.at)
    edit_post(place=talk.thread("dot"), number=answer.number, text="Then, who measures?", at=talk.at)
    talk.later(A_WEEK).summed("The floor first.").summed("The floor first.")
    assert talk.state == State.WEIGHING
    # 3: what all could live with
    with pytest.raises(NotItsRound):
        talk.says("bo", "Off the record")
    number = talk.stated()
    assert talk.stated() == number
    with pytest.raises(BadInput):
        talk.stated(text="x" * 301)
    with pytest.raises(BadInput):
        talk.marks("cy", number, can=False, why=" ")
    talk.marks("cy", number, can=False, why="Not for practice.")
    talk.marks("cy", number, can=False, why="Not for practice rounds.")
    talk.marks("dot", number)
    talk.marks("dot", number)
    with pytest.raises(NotYourPart):
        talk.marks("fay", number)
    with pytest.raises(StatementNotFound):
        talk.marks("dot", number + 99)
    seen = discussion_seen(talk.place("cy"), at=talk.at)
    (shown,) = seen.statements
    assert (shown.tally.can, shown.tally.cannot, shown.own_mark) == (1, 1, False)
    assert [post.text for post in shown.against] == ["Not for practice rounds."]
    assert [(one.number, one.posts) for one in seen.rounds] == [(1, 3), (2, 2), (3, 2)]
    talk.stated("bo", "Second"), talk.stated("bo", "Third")
    with pytest.raises(TooManyStatements):
        talk.stated("bo", "Fourth")
    talk.later(A_WEEK)
    with pytest.raises(NotItsRound):
        talk.marks("cy", number)
    assert talk.state == State.RECORDING
    # The record, objections, and the end
    with pytest.raises(NotYourPart):
        write_record(place=talk.place("bo"), at=talk.at, **RECORD)
    with pytest.raises(BadInput) as incomplete:
        talk.recorded(agreed="  ")
    assert list(incomplete.value.facts["errors"]) == ["agreed"]
    bo = talk.people["bo"].screen_name
    with pytest.raises(NamesSomebody) as named:
        talk.recorded(said=f"As {bo} says, time counts.")
    assert named.value.facts["names"] == [bo]
    choose_naming(place=talk.place("bo"), may_be_named=True, at=talk.at)
    written = talk.recorded(said=f"As {bo} says, time counts.")
    assert (written.people, talk.state) == (4, State.OBJECTING)
    assert talk.recorded(said=f"As {bo} says, time counts.") == written
    with pytest.raises(NotYourPart):
        object_to_record(place=talk.place("ada"), text="I only asked", at=talk.at)
    with pytest.raises(NotYourPart):
        object_to_record(place=talk.place("rex"), text="I wrote it", at=talk.at)
    object_to_record(place=talk.place("cy"), text="It was mostly.", at=talk.at)
    object_to_record(place=talk.place("cy"), text="It was mostly by the piece.", at=talk.at)
    counted = discussion_seen(talk.place("cy"), at=talk.at).rounds
    assert [(one.number, one.posts) for one in counted] == [(1, 3), (2, 2), (3, 4)]  # no objection
    talk.later(A_WEEK)
    assert talk.state == State.PUBLISHED
    record = record_seen(talk.id, by=None, at=talk.at)
    assert record is not None
    assert [who.screen_name for who in record.named] == [bo]
    assert [(one.text, one.who) for one in record.objections] == [("It was mostly by the piece.", None)]
    assert not record.statements[0].tally.is_agreed
    with pytest.raises(NotItsRound):
        talk.recorded(said="Otherwise")
    with pytest.raises(NotItsRound):
        object_to_record(place=talk.place("dot"), text="Late", at=talk.at)


def test_who_may_open_one_and_how_many_there_are():
    talk = a_talk()
    opening = {"guild_id": talk.guild.pk, "question": "And breaks?", "text": "x", "at": NOON}
    with pytest.raises(DiscussionGoesOn) as refused:
        discuss_in_guild(by=talk.people["ada"], **opening)
    assert refused.value.facts["discussion_id"] == talk.id
    again = {**opening, "question": "  What is a\nfair rate? "}
    assert discuss_in_guild(by=talk.people["ada"], **again).pk == talk.id
    with pytest.raises(GuildLevelTooLow):
        discuss_in_guild(by=talk.people["bo"], **opening)
    with pytest.raises(NotAMember):
        discuss_in_guild(by=a_person("stranger"), **opening)
    for wrong in ({"question": " ​"}, {"text": ""}, {"question": "x" * 201}):
        with pytest.raises(BadInput):
            discuss_in_guild(by=talk.people["ada"], **(opening | wrong))
    with pytest.raises(NotYourPart):
        withdraw_discussion(place=talk.place("bo"), at=NOON)
    for _each in range(2):
        withdraw_discussion(place=talk.place("ada"), at=NOON + A_DAY)
    assert discuss_in_guild(by=talk.people["ada"], **opening).pk != talk.id
    page = discussions_about(About.GUILD, talk.guild.pk, most=1)
    (older,) = discussions_about(About.GUILD, talk.guild.pk, before=page.next_before).cards
    assert (older.id, older.state) == (talk.id, State.WITHDRAWN)


def test_the_two_parts_are_agreed_on_by_two_sides():
    talk = a_talk()
    with pytest.raises(NotYourPart):
        talk.asks("bo", FACILITATOR, "cy")  # only who opened it asks others
    with pytest.raises(PersonNotFound):
        talk.people["zed"] = a_person("zed")
        talk.asks("ada", FACILITATOR, "zed")  # who may not take part is nobody
    offer, asked = talk.asks("bo", FACILITATOR), talk.asks("ada", RAPPORTEUR, "cy")
    assert talk.asks("bo", FACILITATOR) == offer
    for wrong in (lambda: talk.answers("bo", offer), lambda: talk.answers("ada", asked)):
        with pytest.raises(NotYourPart):
            wrong()
    with pytest.raises(CallNotFound):
        talk.answers("dot", asked)  # nobody else learns of it
    talk.answers("cy", asked, accepts=False)
    with pytest.raises(CallNotFound):
        talk.answers("cy", asked)
    talk.asks("ada", RAPPORTEUR)  # who opened it and offers has it
    both = talk.asks("ada", FACILITATOR, "dot")
    with pytest.raises(PartIsTaken):
        talk.asks("ada", FACILITATOR)
    talk.answers("dot", both)
    assert talk.state == State.SAYING
    with pytest.raises(CallNotFound):
        talk.answers("ada", offer)  # it is over: somebody else took the part
    with pytest.raises(PartIsTaken):
        talk.asks("cy", FACILITATOR)
    with pytest.raises(NotYourPart):
        step_down(place=talk.place("bo"), at=talk.at)
    step_down(place=talk.place("dot"), at=talk.at)
    talk.answers("ada", talk.asks("cy", FACILITATOR))
    assert talk.row.facilitator == talk.people["cy"]
    leave_guild(guild_id=talk.guild.pk, by=talk.people["cy"], at=talk.at)
    talk.answers("ada", talk.asks("bo", FACILITATOR))  # who left cannot do it any more
    assert talk.row.facilitator == talk.people["bo"]
    step_down(place=talk.place("bo"), at=talk.at)
    offer = talk.asks("rex", FACILITATOR)
    leave_guild(guild_id=talk.guild.pk, by=talk.people["rex"], at=talk.at)
    with pytest.raises(PersonNotFound):
        talk.answers("ada", offer)  # nor does who left after offering it get it
    talk.answers("ada", offer, accepts=False)
    told = notices(talk)
    assert sum("fair rate" in subject for _who, subject in told) == len(told)


def test_who_takes_back_what_they_asked_or_offered_is_not_told_of_a_no():
    talk = a_talk()
    before = notices(talk)
    talk.answers("ada", talk.asks("ada", FACILITATOR, "fay"), accepts=False)
    talk.answers("bo", talk.asks("bo", FACILITATOR), accepts=False)
    assert notices(talk) == before
    talk.answers("fay", talk.asks("ada", FACILITATOR, "fay"), accepts=False)
    talk.answers("ada", talk.asks("bo", FACILITATOR), accepts=False)
    told = [(who, what.rpartition(": ")[0]) for who, what in notices(talk)[len(before) :]]
    fay = talk.people["fay"].screen_name
    assert told == [
        ("ada", f"{fay} declines to be the facilitator"),
        ("bo", "Your offer was not taken up"),
    ]


def test_nobody_is_asked_without_end():
    talk = a_talk()
    for number in range(5):
        name = f"one{number}"
        talk.people[name] = a_member(talk.guild).person
        talk.asks("ada", FACILITATOR, name)
    with pytest.raises(TooManyCalls):
        talk.asks("ada", FACILITATOR, "bo")


def test_a_first_round_in_which_too_few_speak_is_the_last():
    talk = a_talk().gathered()
    talk.says("bo", "I do")
    talk.later(A_WEEK)
    assert (talk.state, talk.row.lapsed_for) == (State.LAPSED, Lapse.TOO_FEW)
    assert discussion_seen(talk.place("bo"), at=talk.at).may == {"be_named"}


def test_who_is_silent_is_reminded_and_then_replaced():
    talk = a_talk().gathered().said()
    talk.later(A_WEEK - A_DAY)
    with pytest.raises(PartIsTaken):
        talk.asks("bo", FACILITATOR)
    talk.later(A_DAY)
    assert ("fay", "Your summary is waited for: What is a fair rate?") in notices(talk)
    talk.answers("ada", talk.asks("bo", FACILITATOR))
    assert talk.row.due_at == talk.at + 2 * A_WEEK  # who takes over has the whole time
    write_summary(place=talk.place("bo"), text="In short", at=talk.at)
    assert talk.state == State.ANSWERING
    leave_guild(guild_id=talk.guild.pk, by=talk.people["bo"], at=talk.at)
    talk.later(A_WEEK)
    told = [who for who, what in notices(talk) if what.startswith("A facilitator is looked for")]
    assert "bo" not in told
    assert {"ada", "cy", "dot"} <= set(told)


def test_somebody_is_looked_for_as_often_as_a_part_is_given_back_and_while_it_matters():
    talk = a_talk().gathered()

    def looked_for(part: Part) -> int:
        said = f"A {part} is looked for"
        return sum(who == "ada" and what.startswith(said) for who, what in notices(talk))

    for times, (name, after) in enumerate((("fay", "bo"), ("bo", "cy")), start=1):
        step_down(place=talk.place(name), at=talk.at)
        assert looked_for(FACILITATOR) == times
        talk.answers("ada", talk.asks(after, FACILITATOR))
    for name in ("fay", "bo", "dot"):
        talk.says(name, f"I am {name}")
    talk.later(A_WEEK).summed(by="cy").later(A_WEEK).summed("All say so.", by="cy")
    step_down(place=talk.place("cy"), at=talk.at)  # there is nothing to sum up any more
    talk.later(A_WEEK)
    talk.recorded()
    step_down(place=talk.place("rex"), at=talk.at)  # and nobody could write the record any more
    assert (looked_for(FACILITATOR), looked_for(RAPPORTEUR)) == (2, 0)


def test_those_whom_it_concerns_are_told_once_and_nobody_who_left():
    talk = a_talk()
    assert {who for who, _what in notices(talk)} == {"fay", "rex", "bo", "cy", "dot"}
    talk.gathered()
    notices(talk)
    begun = [who for who, what in notices(talk) if what.startswith("Round 1 has begun")]
    assert sorted(begun) == ["ada", "bo", "cy", "dot", "fay", "rex"]  # each once, who follows it or not
    for name in ("bo", "cy", "dot"):
        talk.says(name, "So")
    leave_guild(guild_id=talk.guild.pk, by=talk.people["dot"], at=talk.at)
    talk.later(A_WEEK - A_DAY)  # a day before the end nobody here is silent but who opened it and records
    silent = [who for who, what in notices(talk) if what.startswith("Round 1 is nearly over")]
    assert silent == ["ada", "rex"]
    talk.later(A_DAY).summed().later(A_WEEK).summed("Two").later(A_WEEK)
    talk.recorded()
    before = notices(talk)
    assert ("bo", "The record can be read: What is a fair rate?") in before
    ProcrastinateJob.objects.filter(task_name="facilitated.tell").update(status="todo")
    talk.later(A_WEEK)
    after = notices(talk)
    assert [one for one in after if one[0] == "dot"] == [one for one in before if one[0] == "dot"]
    assert len(after) == len(set(after))


def test_a_record_can_be_written_anew_while_it_is_open_and_is_bound_to_nobody_else():
    talk = a_talk().recording()
    talk.recorded()
    object_to_record(place=talk.place("cy"), text="Wrong", at=talk.at)
    talk.later(A_DAY)
    talk.recorded(said="Otherwise")
    assert talk.row.due_at == talk.at + A_WEEK  # the time for objections begins again
    with pytest.raises(NotYourPart):
        object_to_record(place=talk.place("ada"), text="I only asked", at=talk.at)
    object_to_record(place=talk.place("cy"), text="Still wrong", at=talk.at)
    talk.recorded(said="Thirdly")
    object_to_record(place=talk.place("cy"), text="Still wrong", at=talk.at)  # the same of this record too
    withdraw_post(place=talk.thread("cy"), number=Objection.objects.latest("pk").post.number, at=talk.at)
    with pytest.raises(NotItsRound):
        object_to_record(place=talk.place("cy"), text="And again", at=talk.at)
    with pytest.raises(TooManyRecords):
        talk.recorded(said="Fourthly")
    assert Record.objects.filter(discussion=talk.id).count() == 3
    talk.later(A_WEEK)
    assert follow_discussions(at=talk.at + A_WEEK) == 0


def test_nobody_else_learns_that_there_is_one():
    talk = a_talk().gathered()
    stranger = a_person("stranger")
    thread = talk.place("ada").thread_id
    for number in (talk.id, talk.id + 1, 0, 2**80):
        with pytest.raises(DiscussionNotFound):
            place_before(number, by=stranger, at=NOON)
    with pytest.raises(ThreadNotFound):
        place_of_thread(thread, by=stranger, at=NOON)
    leave_guild(guild_id=talk.guild.pk, by=talk.people["bo"], at=NOON)
    with pytest.raises(DiscussionNotFound):
        talk.place("bo")
    assert Discussion.objects.count() == 1
