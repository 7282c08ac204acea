"""Two at once in a facilitated discussion: one question, one holder of a part, one round, one post."""

import pytest
from tests.forums.facilitated.rounds import A_WEEK, a_talk, filled
from tests.people.at_once import at_once

from canut.discussion.facilitated.models import Discussion, Mark, Round
from canut.discussion.facilitated.states import Part, State
from canut.discussion.facilitated.usecases.follow_discussions import follow_discussions
from canut.discussion.facilitated.usecases.open_discussion import withdraw_discussion
from canut.discussion.models import Post
from canut.forums.usecases.discuss_in_guild import discuss_in_guild
from canut.kernel.refusals import Refusal

pytestmark = pytest.mark.usefixtures("committed")


def code_of(do):
    try:
        do()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_several_at_once_bring_it_no_further_than_one() -> None:
    talk = a_talk()
    withdraw_discussion(place=talk.place("ada"), at=talk.at)
    ada = talk.people["ada"]

    def opens(question):
        return code_of(
            lambda: discuss_in_guild(guild_id=talk.guild.pk, by=ada, question=question, text="x", at=talk.at)
        )

    assert sorted(at_once(opens, "One?", "Two?", "Three?")) == ["discussion_goes_on"] * 2 + ["done"]
    talk.id = Discussion.objects.latest("pk").pk
    filled(talk, Part.RAPPORTEUR, "ada")
    offers = {name: talk.asks(name, Part.FACILITATOR) for name in ("fay", "bo", "cy")}
    taken = at_once(lambda name: code_of(lambda: talk.answers("ada", offers[name])), *offers)
    assert taken.count("done") == 1
    assert Round.objects.filter(discussion=talk.id).count() == 1
    talk.people["fay"] = talk.row.facilitator
    speaker = next(name for name in ("bo", "cy") if talk.people[name] != talk.people["fay"])
    words = at_once(lambda text: code_of(lambda: talk.says(speaker, text)), "One", "Two", "Three")
    assert sorted(words) == ["done", "written_already", "written_already"]
    talk.says("dot", "So"), talk.says("ada", "So")
    talk.at += A_WEEK
    moved = at_once(lambda _each: follow_discussions(at=talk.at), 1, 2, 3)
    assert sum(moved) == 1
    sums = at_once(lambda text: code_of(lambda: talk.summed(text)), "One", "Two")
    assert (sorted(sums), talk.state) == (["done", "not_its_round"], State.ANSWERING)
    talk.later(A_WEEK).summed("Three")
    number = talk.stated("dot")
    marks = [{"can": True}, {"can": False, "why": "No"}, {"can": False, "why": "Never"}]
    at_once(lambda mark: talk.marks(speaker, number, **mark), *marks)
    mark = Mark.objects.get()
    assert mark.can_live or mark.why is not None
    assert Post.objects.filter(quotes__number=number).count() <= 1
