"""People agree who facilitates and who writes the record; they step down, and others take their place."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import (
    call_to_answer,
    discussion_known,
    no_call,
    nobody_for_part,
    require_state,
)
from canut.discussion.facilitated.going_on import advance_if_due, begin_round, move
from canut.discussion.facilitated.limits import MOST_OPEN_CALLS
from canut.discussion.facilitated.models import Call, Discussion
from canut.discussion.facilitated.refusals import NotItsRound, NotYourPart, PartIsTaken, TooManyCalls
from canut.discussion.facilitated.rules import can_be_filled
from canut.discussion.facilitated.states import ENDED, Answer, Part, State
from canut.discussion.place import Place
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person


@transaction.atomic
def call_for_part(*, place: Place, part: Part, person: Person, holder_is_here: bool, at: datetime) -> Call:
    """Ask somebody to take a part, or offer oneself. Who opened it and offers themselves has it at once.

    `person` may take part in the discussion; `holder_is_here` tells whether who has the part by now still
    may. Both, whoever calls has asked. Repeating it is safe.

    Raises:
        DiscussionNotFound: there is none. NotItsRound: it has ended.
        NotYourPart: only who opened it, or has a part, asks others.
        PartIsTaken: somebody has it, or `person` has the other one.
        TooManyCalls: enough people were asked. Else why the place's person may not write there.
    """
    place.require_writing()
    discussion = _going_on(place, at=at)
    by = place.person
    found = Call.objects.filter(discussion=discussion, part=part, person=person, answer=Answer.OPEN).first()
    if found is not None:
        return found
    if person.pk != by.pk and not _may_choose(discussion, by):
        raise NotYourPart(_("You can offer to do it yourself. Only who opened the discussion asks others."))
    _must_be_free(discussion, part, person, holder_is_here=holder_is_here)
    if Call.objects.filter(discussion=discussion, by=by, answer=Answer.OPEN).count() >= MOST_OPEN_CALLS:
        raise TooManyCalls(
            _("You have asked %(most)s people who have not answered. Wait for one of them.")
            % {"most": MOST_OPEN_CALLS}
        )
    call = Call.objects.create(discussion=discussion, part=part, person=person, by=by, made_at=at)
    record(by, "part_call.made", call, at=at, discussion_id=discussion.pk)
    if person.pk == by.pk == discussion.opened_by_id:
        _give(discussion, call, by=by, at=at)
    else:
        later("facilitated.tell_of_call", call_id=call.pk, answer=str(call.answer))
    return call


@transaction.atomic
def answer_call(
    *,
    place: Place,
    call_id: int,
    accepts: bool,
    holder_is_here: bool,
    person_is_here: bool,
    at: datetime,
) -> Call:
    """Accept or decline: one's own call by another, or as who opened the discussion somebody's offer.

    Who asked or offered can take that back by declining it. The first round begins once both parts are
    filled. `person_is_here` tells whether whom the call is about may take part still.

    Raises:
        DiscussionNotFound, CallNotFound: there is none, or it was answered. NotYourPart: it is another's.
        PartIsTaken: somebody has the part by now, or the person has the other one. NotItsRound: it ended.
        PersonNotFound: who offered may not take part any more.
    """
    discussion = _going_on(place, at=at)
    call = call_to_answer(discussion, call_id)
    by = place.person
    chooses = _may_choose(discussion, by)
    is_party, is_offer = by.pk in (call.person_id, call.by_id), call.person_id == call.by_id
    if not is_party and not chooses:
        raise no_call()
    if not accepts:
        call.answer, call.answered_at = Answer.NO, at
        call.save(update_fields=["answer", "answered_at"])
        record(by, "part_call.declined", call, at=at, discussion_id=discussion.pk)
        if (by.pk == call.person_id) is not is_offer:  # else it was taken back, and nobody has declined
            later("facilitated.tell_of_call", call_id=call.pk, answer=str(call.answer))
        return call
    if (is_offer and not chooses) or (not is_offer and by.pk != call.person_id):
        raise NotYourPart(_("It is for the other side to accept this."))
    place.require_writing()
    if not person_is_here:
        raise nobody_for_part()
    _must_be_free(discussion, Part(call.part), call.person, holder_is_here=holder_is_here)
    _give(discussion, call, by=by, at=at)
    later("facilitated.tell_of_call", call_id=call.pk, answer=str(call.answer))
    return call


@transaction.atomic
def step_down(*, place: Place, at: datetime) -> Discussion:
    """Give back the part that one has, so that somebody else can take it.

    Raises:
        DiscussionNotFound: there is none. NotYourPart: the place's person has no part in it.
        NotItsRound: the discussion has ended.
    """
    discussion = discussion_known(place.subject_id, lock=True)
    part = next((part for part in Part if discussion.holder_of(part) == place.person.pk), None)
    if part is None:
        raise NotYourPart(_("You are neither the facilitator nor the rapporteur of this discussion."))
    if discussion.state in ENDED:
        raise NotItsRound(_("This discussion has ended. It can be read."), state=discussion.state)
    _put(discussion, part, None)
    record(place.person, "discussion.part_given_back", discussion, at=at, part=str(part))
    later("facilitated.tell", discussion_id=discussion.pk, what=str(part))
    return discussion


def _going_on(place: Place, *, at: datetime) -> Discussion:
    discussion = discussion_known(place.subject_id, lock=True)
    advance_if_due(discussion, at=at)
    going = [state for state in State if state not in (*ENDED, State.OBJECTING)]
    require_state(discussion, *going, at=at)
    return discussion


def _may_choose(discussion: Discussion, by: Person) -> bool:
    return by.pk in (discussion.opened_by_id, discussion.facilitator_id, discussion.rapporteur_id)


def _must_be_free(discussion: Discussion, part: Part, person: Person, *, holder_is_here: bool) -> None:
    holder = discussion.holder_of(part)
    if person.pk in (discussion.facilitator_id, discussion.rapporteur_id):
        raise PartIsTaken(_("The facilitator and the rapporteur are two people, and each has one part."))
    if not can_be_filled(
        holder=holder is not None,
        holder_is_here=holder_is_here,
        waits_for_holder=discussion.waits_for == part,
        reminded=discussion.reminded_at is not None,
        has_ended=discussion.state in ENDED,
    ):
        raise PartIsTaken(_("Somebody does this already. You can take over when they step down."))


def _give(discussion: Discussion, call: Call, *, by: Person, at: datetime) -> None:
    call.answer, call.answered_at = Answer.YES, at
    call.save(update_fields=["answer", "answered_at"])
    others = Call.objects.filter(discussion=discussion, part=call.part, answer=Answer.OPEN)
    others.update(answer=Answer.OVER, answered_at=at)
    _put(discussion, Part(call.part), call.person)
    record(by, "part_call.accepted", call, at=at, discussion_id=discussion.pk)
    if discussion.state == State.GATHERING and discussion.facilitator_id and discussion.rapporteur_id:
        begin_round(discussion, state=State.SAYING, by=by, at=at)
    elif discussion.waits_for == call.part:
        # Whoever takes over has the whole time for what is waited for.
        move(discussion, State(discussion.state), by=by, at=at)


def _put(discussion: Discussion, part: Part, person: Person | None) -> None:
    if part == Part.FACILITATOR:
        discussion.facilitator = person
    else:
        discussion.rapporteur = person
    discussion.save(update_fields=["facilitator" if part == Part.FACILITATOR else "rapporteur"])
