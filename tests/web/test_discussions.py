"""Pages of facilitated discussions: each round on the page, and each address for each who comes."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_person
from tests.forums.facilitated.rounds import A_WEEK, a_talk
from tests.governance.proposing import an_idea, the_members
from tests.web.pages import browser_of, text_of

from canut.discussion.facilitated.models import Call, Discussion, Mark, Objection
from canut.discussion.facilitated.states import State
from canut.discussion.models import Post
from canut.governance.usecases.discuss_idea import tell_of_discussion
from canut.governance.usecases.support_idea import support_idea
from canut.kernel import clock
from canut.people.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """The clock of the doors, which a test moves."""
    now = {"at": NOON}
    monkeypatch.setattr(clock, "now", lambda: now["at"])
    return now


def test_each_round_is_led_through_on_its_page(at):
    talk = a_talk()
    browsers = {name: browser_of(person) for name, person in talk.people.items()}
    page = reverse("discussion", args=[talk.id])

    def sends(name, address, *args, status=302, **sent):
        answer = browsers[name].post(reverse(address, args=[talk.id, *args]), sent)
        assert answer.status_code == status, text_of(answer)
        return answer

    def sees(name):
        return text_of(browsers[name].get(page))

    def pass_a_week():
        at["at"] += A_WEEK
        talk.later(at["at"] - talk.at)

    assert reverse("guild_discussions", args=[talk.guild.pk]) in text_of(
        browsers["bo"].get(reverse("guild", args=[talk.guild.pk]))
    )
    listed = text_of(browsers["bo"].get(reverse("guild_discussions", args=[talk.guild.pk])))
    assert page in listed
    assert reverse("open_guild_discussion", args=[talk.guild.pk]) not in listed
    # Two people agree
    assert "I would facilitate" in sees("fay")
    sends("fay", "call_for_part", part="facilitator", own="yes")
    call = Call.objects.get()
    assert "offers to be the facilitator" in sees("ada")
    assert "I would facilitate" not in sees("fay")  # their offer stands there, to be taken back
    assert "I would write the record" in sees("fay")
    assert "I would facilitate" in sees("bo")
    sends("ada", "answer_part_call", call.pk, accepts="yes")
    lost = sends("ada", "call_for_part", status=422, part="rapporteur", screen_name="Nobody here")
    assert "There is nobody of this name" in text_of(lost)
    assert 'value="Nobody here"' in text_of(lost)
    sends("ada", "call_for_part", part="rapporteur", screen_name=talk.people["rex"].screen_name)
    sends("rex", "answer_part_call", Call.objects.latest("pk").pk, accepts="yes")
    # Round 1 in the thread, where nobody is answered
    thread = reverse("thread", args=[talk.thread("bo").thread_id])
    assert f'href="{thread}#write"' in sees("bo")
    for name in ("bo", "cy", "dot"):
        browsers[name].post(thread, {"text": f"I, {name}", "quotes": ""})
    again = browsers["bo"].post(thread, {"text": "And more", "quotes": ""})
    assert "Everybody writes here once." in text_of(again)
    assert "And more</textarea>" in text_of(again)  # what was typed is not lost
    own = reverse("edit_post", args=[talk.thread("bo").thread_id, 2])
    for shown in (sees("bo"), text_of(browsers["bo"].get(thread))):
        assert f'href="{own}"' in shown
        assert "Say how you see it" not in shown
        assert 'name="text"' not in shown
    assert browsers["bo"].post(own, {"text": "I, bo, otherwise"}).status_code == 302
    take_back = reverse("withdraw_post", args=[talk.thread("dot").thread_id, 4])
    assert "Change what you said" in sees("dot")
    browsers["dot"].post(take_back)
    assert "Say how you see it" in sees("dot")
    assert 'name="text"' in text_of(browsers["dot"].get(thread))
    browsers["dot"].post(thread, {"text": "I, dot, once more", "quotes": ""})
    assert "Answer it" not in text_of(browsers["dot"].get(thread))
    assert f'href="{thread}#write"' not in sees("fay")
    # The facilitator sums up
    pass_a_week()
    empty = sends("fay", "write_discussion_summary", status=422, text="")
    assert "This field is required." in text_of(empty)
    sends("fay", "write_discussion_summary", text="In *short*")
    assert "<em>short</em>" in sees("bo")
    assert "Read and answer" in sees("bo")
    assert "Change what you said" not in sees("bo")
    assert "Answer it" in text_of(browsers["dot"].get(thread))
    at["at"] += A_WEEK  # before the job has run
    sends("fay", "write_discussion_summary", text="In shorter")
    # Statements and marks
    sends("bo", "put_statement", text="Nobody under the floor")
    number = Post.objects.latest("pk").number
    missing = sends("cy", "mark_statement", number, status=422, can_live="no", why="")
    assert "Say what keeps you from living with it" in text_of(missing)
    sends("cy", "mark_statement", number, can_live="no", why="Not in practice")
    sends("dot", "mark_statement", number, can_live="yes", why="")
    assert "Could live with it: 1. Could not: 1." in sees("dot")
    assert Mark.objects.count() == 2
    late = sends("dot", "put_statement", status=422, text="x" * 301)
    assert "at most 300" in text_of(late)
    # The record
    pass_a_week()
    write = reverse("write_discussion_record", args=[talk.id])
    assert "The rapporteur writes the record" in text_of(browsers["bo"].get(write))
    pieces = {"asked": "Q", "said": talk.people["bo"].screen_name, "agreed": "A", "left_open": "O"}
    names = browsers["rex"].post(write, pieces)
    assert "people who have not agreed to that" in text_of(names)
    assert browsers["rex"].post(write, {**pieces, "are_no_names": "on"}).status_code == 302
    sends("bo", "choose_discussion_naming", named="yes")
    sends("cy", "object_to_record", text="It was mostly so.")
    assert "It was mostly so." in sees("dot")
    assert Objection.objects.count() == 1
    pass_a_week()
    record = text_of(browsers["dot"].get(reverse("discussion_record", args=[talk.id])))
    assert "3 people took part." in record
    assert "Those who agreed to be named:" in record


def test_every_address_for_those_who_have_no_business_there(at):
    talk = a_talk().gathered()
    stranger, nobody, peer = browser_of(a_person("stranger")), Client(), browser_of(talk.people["bo"])
    reading = ("discussion", "discussion_record", "write_discussion_record", "step_down")
    acting = (
        "call_for_part",
        "write_discussion_summary",
        "put_statement",
        "choose_discussion_naming",
        "object_to_record",
        "withdraw_discussion",
    )
    for name in reading:
        address = reverse(name, args=[talk.id])
        assert stranger.get(address).status_code == 404
        assert nobody.get(address).status_code in (302, 404)
        assert peer.get(address).status_code == (404 if name == "discussion_record" else 200)
    for name in acting:
        address, sent = reverse(name, args=[talk.id]), {"text": "x", "part": "facilitator", "own": "yes"}
        assert stranger.post(address, sent).status_code == 404
        assert nobody.post(address, sent).status_code == 302
        assert peer.post(address, sent).status_code in (302, 403, 409, 422)
    for sent in ({"part": "king", "own": "yes"}, {"part": "\0", "screen_name": "\0"}, {}):
        assert peer.post(reverse("call_for_part", args=[talk.id]), sent).status_code == 422
    assert peer.post(reverse("answer_part_call", args=[talk.id, 2**62]), {}).status_code == 404
    assert peer.post(reverse("mark_statement", args=[talk.id, 2**62]), {"can_live": "yes"}).status_code == 422
    assert peer.get(reverse("discussion", args=[2**80])).status_code == 404
    assert stranger.get(reverse("guild_discussions", args=[talk.guild.pk])).status_code == 403
    assert nobody.get(reverse("proposal_discussions", args=[2**80])).status_code == 404
    assert Discussion.objects.get().state == State.SAYING


def test_an_idea_is_discussed_without_telling_whose_it_is(at):
    ada, bo, cy = the_members()[:3]
    idea = an_idea(ada)
    support_idea(proposal_id=idea.pk, by=bo, at=NOON)
    outsider, member = browser_of(a_person("outsider")), browser_of(cy)
    opening = reverse("open_proposal_discussion", args=[idea.pk])
    lists = reverse("proposal_discussions", args=[idea.pk])
    assert lists in text_of(member.get(reverse("proposal", args=[idea.pk])))
    assert opening in text_of(member.get(lists))
    assert opening not in text_of(outsider.get(lists))
    assert "Only admitted members" in text_of(outsider.post(opening, {"question": "Q?", "text": "x"}))
    wrong = text_of(member.post(opening, {"question": "", "text": "Kept"}))
    assert "Kept" in wrong
    sent = member.post(opening, {"question": "Who could not live with it?", "text": "Say."})
    found = Discussion.objects.get()
    assert sent.url == reverse("discussion", args=[found.pk])
    assert tell_of_discussion(discussion_id=found.pk, at=NOON) == 2
    told = Notice.objects.filter(kind="facilitated").values_list("person_id", flat=True)
    assert set(told) == {ada.pk, bo.pk}
    assert "Who could not live with it?" in text_of(member.get(sent.url))
    listed = text_of(Client().get(lists))
    assert "Who could not live with it?" in listed
    assert sent.url not in listed
    assert outsider.get(sent.url).status_code == 404
    again = member.post(opening, {"question": "Another?", "text": "x"})
    assert "There is a discussion about this" in text_of(again)
