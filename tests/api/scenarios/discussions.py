"""Situations of facilitated discussions."""

from datetime import timedelta
from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.guilds import guild
from tests.api.scenarios.proposals import idea
from tests.api.scenarios.registry import says, several
from tests.api.scenarios.talk import flooded
from tests.builders import a_worker
from tests.membership.members import admitted

from canut.discussion.facilitated.limits import MOST_OPEN_CALLS, MOST_RECORDS
from canut.discussion.facilitated.models import Call as PartCall
from canut.discussion.facilitated.models import Discussion, Record, Round
from canut.discussion.facilitated.rules import Terms
from canut.discussion.facilitated.states import ROUNDS, About, Part, State
from canut.discussion.facilitated.usecases.fill_part import call_for_part
from canut.discussion.facilitated.usecases.open_discussion import open_discussion
from canut.discussion.facilitated.usecases.weigh import put_statement
from canut.discussion.models import Post, Thread
from canut.discussion.usecases.write_post import write_post
from canut.forums.discussions import place_before
from canut.forums.usecases.discuss_in_guild import discuss_in_guild
from canut.governance.usecases.discuss_idea import discuss_idea
from canut.governance.usecases.end_proposal import withdraw_proposal
from canut.guilds.models import Member
from canut.people.models import Person

QUESTION = {"question": "What is a fair rate?", "text": "Rates were cut."}
PIECES = {"asked": "Rates.", "said": "Much.", "agreed": "Little.", "left_open": "More."}
TERMS = Terms(round_days=7, waiting_days=14, objection_days=7, least_people=1, most_statements=1)
WAY = (
    *(State.SAYING, State.SUMMING_SAID, State.ANSWERING, State.SUMMING_ANSWERS),
    *(State.WEIGHING, State.RECORDING, State.OBJECTING),
)


def asked(cast: Cast) -> Discussion:
    """A discussion about an idea: the worker asked it; peer, requester and operator are members too."""
    for person in (cast.worker, cast.peer, cast.requester, cast.operator):
        admitted(person, at=cast.at)
    return open_discussion(by=cast.worker, about=About.IDEA, about_id=7, terms=TERMS, at=cast.at, **QUESTION)


def brought(cast: Cast, to: State) -> Discussion:
    """The same, which the peer facilitates and the requester records, in a later state."""
    found = asked(cast)
    Discussion.objects.filter(pk=found.pk).update(facilitator=cast.peer, rapporteur=cast.requester)
    for state in WAY[: WAY.index(to) + 1]:
        if state in ROUNDS:
            summary = None if state == State.SAYING else a_post(cast, found, f"In short: {state}")
            Round.objects.create(
                discussion=found,
                number=ROUNDS[state],
                began_at=cast.at,
                ends_at=cast.at + timedelta(days=7),
                fixed_to=Thread.objects.get(subject_kind="facilitated").posts - (summary is not None),
                summary=summary,
            )
        if state == State.OBJECTING:
            recorded(cast, found)
        Discussion.objects.filter(pk=found.pk).update(state=state)
        if state == State.SAYING:
            a_post(cast, found, "I see it so", by=cast.worker)
    found.refresh_from_db()
    return found


def a_post(cast: Cast, found: Discussion, text: str, *, by: Person | None = None) -> Post:
    place = place_before(found.pk, by=by or cast.peer, at=cast.at)
    return write_post(place=place, text=text, at=cast.at)


def recorded(cast: Cast, found: Discussion, number: int = 1) -> None:
    pieces = PIECES | {"said": f"Much, {number}"}
    Record.objects.create(
        discussion=found, number=number, by=cast.requester, written_at=cast.at, people=1, **pieces
    )


def path(found: Discussion, more: str = "") -> str:
    return f"/discussions/{found.pk}{more}"


# --- What is about a guild or a proposal ---


def of_guild(cast: Cast, pk: int) -> Call:
    return cast.get(cast.worker, f"/guilds/{pk}/discussions")


def opening_in_guild(cast: Cast, pk: int, **more: Any) -> Call:
    return cast.post(cast.worker, f"/guilds/{pk}/discussions", QUESTION | more)


ABOUT_GUILD = {"list_guild_discussions": of_guild, "open_guild_discussion": opening_in_guild}
several(ABOUT_GUILD, "guild_not_found", lambda cast: guild(cast).pk + 1)
several(ABOUT_GUILD, "not_a_guild_member", lambda cast: guild(cast, founders={}).pk)
says("open_guild_discussion", "201")(lambda cast: opening_in_guild(cast, guild(cast).pk))
says("open_guild_discussion", "too_many_posts")(
    lambda cast: opening_in_guild(cast, flooded(cast, guild(cast)).pk)
)


def discussed(cast: Cast) -> int:
    craft = guild(cast)
    return discuss_in_guild(guild_id=craft.pk, by=cast.worker, at=cast.at, **QUESTION).about_id


says("list_guild_discussions", "200")(lambda cast: of_guild(cast, discussed(cast)))
says("open_guild_discussion", "discussion_goes_on")(
    lambda cast: opening_in_guild(cast, discussed(cast), question="And breaks?")
)


@says("open_guild_discussion", "guild_level_too_low")
def _(cast: Cast) -> Call:
    craft = guild(cast)
    Member.objects.filter(guild=craft, person=cast.worker).update(is_founder=False)
    return opening_in_guild(cast, craft.pk)


def opening_about(cast: Cast, pk: int) -> Call:
    return cast.post(cast.peer, f"/proposals/{pk}/discussions", QUESTION)


@says("list_proposal_discussions", "200")
def _(cast: Cast) -> Call:
    found = idea(cast)
    discuss_idea(proposal_id=found.pk, by=cast.peer, at=cast.at, **QUESTION)
    return cast.get(None, f"/proposals/{found.pk}/discussions")


says("list_proposal_discussions", "proposal_not_found")(
    lambda cast: cast.get(None, "/proposals/1/discussions")
)
says("open_proposal_discussion", "201")(lambda cast: opening_about(cast, idea(cast).pk))
says("open_proposal_discussion", "proposal_not_found")(lambda cast: opening_about(cast, idea(cast).pk + 1))
says("open_proposal_discussion", "not_a_member")(lambda cast: opening_about(cast, 1))


@says("open_proposal_discussion", "not_a_draft")
def _(cast: Cast) -> Call:
    found = idea(cast)
    withdraw_proposal(proposal_id=found.pk, by=cast.worker, at=cast.at)
    return opening_about(cast, found.pk)


@says("open_proposal_discussion", "discussion_goes_on")
def _(cast: Cast) -> Call:
    found = idea(cast)
    discuss_idea(proposal_id=found.pk, by=cast.worker, at=cast.at, **QUESTION)
    return opening_about(cast, found.pk)


@says("open_proposal_discussion", "too_many_posts")
def _(cast: Cast) -> Call:
    return opening_about(cast, flooded(cast, idea(cast)).pk).but(by=cast.worker)


# --- One discussion: what succeeds, and for whom it is not ---


def calling(cast: Cast, found: Discussion, *, part: str = "facilitator", name: str | None = None) -> Call:
    return cast.post(cast.worker, path(found, "/calls"), {"part": part, "screen_name": name})


def called(cast: Cast, found: Discussion, part: Part = Part.FACILITATOR) -> PartCall:
    """The worker has asked the operator to take a part."""
    place = place_before(found.pk, by=cast.worker, at=cast.at)
    return call_for_part(place=place, part=part, person=cast.operator, holder_is_here=False, at=cast.at)


def answering(cast: Cast, call: PartCall, *, accepts: bool = True) -> Call:
    return cast.put(cast.operator, path(call.discussion, f"/calls/{call.pk}"), {"accepts": accepts})


def stepping_down(cast: Cast, found: Discussion) -> Call:
    return Call(cast.peer, "DELETE", path(found, "/part"))


def withdrawing(cast: Cast, found: Discussion) -> Call:
    return Call(cast.worker, "DELETE", path(found))


def summing(cast: Cast, found: Discussion) -> Call:
    return cast.post(cast.peer, path(found, "/summaries"), {"text": "Most see it so."})


def stating(cast: Cast, found: Discussion, text: str = "Nobody under the floor.") -> Call:
    return cast.post(cast.worker, path(found, "/statements"), {"text": text})


def stated(cast: Cast) -> Discussion:
    found = brought(cast, State.WEIGHING)
    put_statement(place=place_before(found.pk, by=cast.worker, at=cast.at), text="Nobody.", at=cast.at)
    return found


def marking(cast: Cast, found: Discussion, *, number: int | None = None) -> Call:
    number = number or Thread.objects.get(subject_kind="facilitated").posts
    body = {"can_live": False, "why": "Not in practice."}
    return cast.put(cast.worker, path(found, f"/statements/{number}/mark"), body)


def naming(cast: Cast, found: Discussion) -> Call:
    return cast.put(cast.worker, path(found, "/naming"), {"may_be_named": True})


def reading_record(cast: Cast, found: Discussion) -> Call:
    return cast.get(cast.worker, path(found, "/record"))


def recording(cast: Cast, found: Discussion, **more: str) -> Call:
    return cast.post(cast.requester, path(found, "/records"), PIECES | more)


def objecting(cast: Cast, found: Discussion) -> Call:
    return cast.post(cast.worker, path(found, "/objections"), {"text": "It was more."})


says("get_discussion", "200")(lambda cast: cast.get(cast.worker, path(stated(cast))))
says("call_for_a_part", "201")(lambda cast: calling(cast, asked(cast)))
says("answer_a_part_call", "200")(lambda cast: answering(cast, called(cast, asked(cast))))
says("give_a_part_back", "204")(lambda cast: stepping_down(cast, brought(cast, State.SAYING)))
says("withdraw_a_discussion", "204")(lambda cast: withdrawing(cast, asked(cast)))
says("sum_up_a_round", "201")(lambda cast: summing(cast, brought(cast, State.SUMMING_SAID)))
says("put_up_a_statement", "201")(lambda cast: stating(cast, brought(cast, State.WEIGHING)))
says("mark_a_statement", "200")(lambda cast: marking(cast, stated(cast)))
says("choose_to_be_named", "200")(lambda cast: naming(cast, asked(cast)))
says("get_discussion_record", "200")(lambda cast: reading_record(cast, brought(cast, State.OBJECTING)))
says("write_a_record", "201")(lambda cast: recording(cast, brought(cast, State.RECORDING)))
says("object_to_a_record", "201")(lambda cast: objecting(cast, brought(cast, State.OBJECTING)))
for _name, _ask in {
    "get_discussion": lambda cast, found: cast.get(cast.worker, path(found)),
    "call_for_a_part": calling,
    "answer_a_part_call": lambda cast, found: answering(cast, called(cast, found)),
    "give_a_part_back": stepping_down,
    "withdraw_a_discussion": withdrawing,
    "sum_up_a_round": summing,
    "put_up_a_statement": stating,
    "mark_a_statement": marking,
    "choose_to_be_named": naming,
    "get_discussion_record": reading_record,
    "write_a_record": recording,
    "object_to_a_record": objecting,
}.items():
    says(_name, "discussion_not_found")(
        lambda cast, ask=_ask: ask(cast, asked(cast)).but(by=cast.guest)  # type: ignore[misc]
    )

# --- At the wrong time, or by somebody else ---

for _name, _ask in {
    "sum_up_a_round": summing,
    "put_up_a_statement": stating,
    "mark_a_statement": marking,
    "write_a_record": recording,
    "object_to_a_record": objecting,
    "withdraw_a_discussion": withdrawing,
}.items():
    says(_name, "not_its_round")(
        lambda cast, ask=_ask: ask(cast, brought(cast, State.SAYING))  # type: ignore[misc]
    )
says("sum_up_a_round", "not_your_part")(lambda cast: summing(cast, asked(cast)))
says("write_a_record", "not_your_part")(lambda cast: recording(cast, asked(cast)))
says("withdraw_a_discussion", "not_your_part")(lambda cast: withdrawing(cast, asked(cast)).but(by=cast.peer))
says("give_a_part_back", "not_your_part")(lambda cast: stepping_down(cast, asked(cast)))
says("put_up_a_statement", "not_your_part")(
    lambda cast: stating(cast, brought(cast, State.WEIGHING)).but(by=cast.peer)
)
says("mark_a_statement", "not_your_part")(lambda cast: marking(cast, stated(cast)).but(by=cast.peer))
says("object_to_a_record", "not_your_part")(
    lambda cast: objecting(cast, brought(cast, State.OBJECTING)).but(by=cast.operator)
)


def ended(found: Discussion) -> Discussion:
    Discussion.objects.filter(pk=found.pk).update(
        state=State.LAPSED, lapsed_for="nobody", ended_at=found.opened_at, due_at=None
    )
    return found


says("give_a_part_back", "not_its_round")(
    lambda cast: stepping_down(cast, ended(brought(cast, State.SAYING)))
)
says("call_for_a_part", "not_its_round")(lambda cast: calling(cast, ended(asked(cast))))
says("call_for_a_part", "not_your_part")(
    lambda cast: calling(cast, asked(cast), name=cast.operator.screen_name).but(by=cast.peer)
)
says("call_for_a_part", "part_is_taken")(lambda cast: calling(cast, brought(cast, State.SAYING)))
says("call_for_a_part", "person_not_found")(lambda cast: calling(cast, asked(cast), name="Nobody"))


@says("call_for_a_part", "too_many_part_calls")
def _(cast: Cast) -> Call:
    found = asked(cast)
    PartCall.objects.bulk_create(
        PartCall(discussion=found, part="rapporteur", person=a_worker(), by=cast.worker, made_at=cast.at)
        for _each in range(MOST_OPEN_CALLS)
    )
    return calling(cast, found)


@says("answer_a_part_call", "part_call_not_found")
def _(cast: Cast) -> Call:
    call = called(cast, asked(cast))
    return answering(cast, call).but(by=cast.peer)


@says("answer_a_part_call", "not_your_part")
def _(cast: Cast) -> Call:
    return answering(cast, called(cast, asked(cast))).but(by=cast.worker)


@says("answer_a_part_call", "part_is_taken")
def _(cast: Cast) -> Call:
    call = called(cast, asked(cast))
    Discussion.objects.update(facilitator=cast.peer)
    return answering(cast, call)


@says("answer_a_part_call", "person_not_found")
def _(cast: Cast) -> Call:
    found, gone = asked(cast), a_worker()  # who offered it is no member any more
    offer = PartCall.objects.create(
        discussion=found, part="facilitator", person=gone, by=gone, made_at=cast.at
    )
    return answering(cast, offer).but(by=cast.worker)


@says("answer_a_part_call", "not_its_round")
def _(cast: Cast) -> Call:
    call = called(cast, asked(cast))
    ended(call.discussion)
    return answering(cast, call)


says("mark_a_statement", "statement_not_found")(lambda cast: marking(cast, stated(cast), number=99))
says("put_up_a_statement", "too_many_statements")(lambda cast: stating(cast, stated(cast)))
says("put_up_a_statement", "too_many_posts")(
    lambda cast: stating(cast, flooded(cast, brought(cast, State.WEIGHING)))
)
says("mark_a_statement", "too_many_posts")(lambda cast: marking(cast, flooded(cast, stated(cast))))
says("object_to_a_record", "too_many_posts")(
    lambda cast: objecting(cast, flooded(cast, brought(cast, State.OBJECTING)))
)


@says("sum_up_a_round", "too_many_posts")
def _(cast: Cast) -> Call:
    found = brought(cast, State.SUMMING_SAID)
    Discussion.objects.update(facilitator=cast.worker)
    return summing(cast, flooded(cast, found)).but(by=cast.worker)


@says("write_a_record", "names_somebody")
def _(cast: Cast) -> Call:
    return recording(cast, brought(cast, State.RECORDING), said=f"As {cast.worker.screen_name} says.")


@says("write_a_record", "too_many_records")
def _(cast: Cast) -> Call:
    found = brought(cast, State.OBJECTING)
    for number in range(2, MOST_RECORDS + 1):
        recorded(cast, found, number)
    return recording(cast, found, said="Anew")


# --- Its thread ---


def writing(cast: Cast, found: Discussion, *, by: Person | None = None, **more: Any) -> Call:
    person = by or cast.worker
    thread = place_before(found.pk, by=person, at=cast.at).thread_id
    return cast.post(person, f"/threads/{thread}/posts", {"text": "Hello", **more})


def changing(cast: Cast, found: Discussion, *, number: int = 1, by: Person | None = None) -> Call:
    person = by or cast.worker
    thread = place_before(found.pk, by=person, at=cast.at).thread_id
    return Call(person, "PATCH", f"/threads/{thread}/posts/{number}", {"text": "New"})


says("write_in_a_thread", "not_its_round")(lambda cast: writing(cast, asked(cast)))
says("write_in_a_thread", "not_your_part")(
    lambda cast: writing(cast, brought(cast, State.SAYING), by=cast.peer)
)
says("write_in_a_thread", "written_already")(lambda cast: writing(cast, brought(cast, State.SAYING)))
says("write_in_a_thread", "nothing_is_answered")(
    lambda cast: writing(cast, brought(cast, State.SAYING), by=cast.operator, quotes=1)
)
says("change_post", "not_its_round")(lambda cast: changing(cast, asked(cast)))
says("change_post", "post_is_fixed")(lambda cast: changing(cast, brought(cast, State.SAYING)))
