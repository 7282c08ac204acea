"""The facilitator says in few words what a round brought, and so begins the next."""

from datetime import datetime

from django.db import transaction

from canut.discussion.facilitated.access import discussion_known, require_part, require_state
from canut.discussion.facilitated.going_on import advance_if_due, begin_round
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.states import Part, State
from canut.discussion.place import Place
from canut.discussion.usecases.write_post import text_to_keep, write_post

NEXT = {State.SUMMING_SAID: State.ANSWERING, State.SUMMING_ANSWERS: State.WEIGHING}


@transaction.atomic
def write_summary(*, place: Place, text: str, at: datetime) -> Discussion:
    """Write what a round brought; the next one begins with it. Sending it twice begins one round.

    It is a post of the thread, and can be put in other words until the round that it begins is over.

    Raises:
        DiscussionNotFound: there is none. NotYourPart: another facilitates.
        NotItsRound: no summary is waited for. BadInput: the text is missing or too long.
        TooManyPosts: enough for an hour. Else why the place's person may not write there.
    """
    discussion = discussion_known(place.subject_id, lock=True)
    advance_if_due(discussion, at=at)
    require_part(discussion, place, Part.FACILITATOR)
    text = text_to_keep(text, {})
    last = discussion.rounds.select_related("summary").order_by("-number").first()
    if last is not None and last.summary is not None and last.summary.text == text:
        return discussion
    require_state(discussion, *NEXT, at=at)
    summary = write_post(place=place, text=text, at=at)
    state = NEXT[State(discussion.state)]
    begin_round(discussion, state=state, by=place.person, at=at, summary=summary)
    return discussion
