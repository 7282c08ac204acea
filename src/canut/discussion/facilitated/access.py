"""The only way to a facilitated discussion on somebody's behalf. If they may read it, their place says."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.discussion.facilitated.models import Call, Discussion, Statement
from canut.discussion.facilitated.refusals import (
    CallNotFound,
    DiscussionNotFound,
    NotItsRound,
    NotYourPart,
    StatementNotFound,
)
from canut.discussion.facilitated.states import ENDED, Answer, Part, State
from canut.discussion.place import Place
from canut.people.access import PersonNotFound

LARGEST = 2**63 - 1


def no_discussion() -> DiscussionNotFound:
    """Return the answer to whoever asks for a discussion that there is not, or that is not for them."""
    return DiscussionNotFound(_("There is no such discussion, or it is not open to you."))


def discussion_known(discussion_id: int, *, lock: bool = False) -> Discussion:
    """Return a discussion, its row locked if asked.

    Raises:
        DiscussionNotFound: there is none of this number.
    """
    rows = Discussion.objects.select_for_update(no_key=True) if lock else Discussion.objects.all()
    found = rows.filter(pk=discussion_id).first() if 0 < discussion_id <= LARGEST else None
    if found is None:
        raise no_discussion()
    return found


def require_state(discussion: Discussion, *states: State, at: datetime) -> None:
    """Raise NotItsRound unless the discussion is in one of these states, and its time is not over."""
    is_over = discussion.due_at is not None and at >= discussion.due_at
    if State(discussion.state) in states and not is_over:
        return
    if discussion.state in ENDED:
        raise NotItsRound(_("This discussion has ended. It can be read."), state=discussion.state)
    if is_over:
        raise NotItsRound(
            _("The time for this is over; the discussion goes on within a minute."), state=discussion.state
        )
    raise NotItsRound(
        _("This is not the time for that. Now: %(state)s.") % {"state": State(discussion.state).label},
        state=discussion.state,
    )


def require_part(discussion: Discussion, place: Place, part: Part) -> None:
    """Raise NotYourPart unless the place's person has a part."""
    if discussion.holder_of(part) != place.person.pk:
        raise NotYourPart(
            _("Only the facilitator can do this.")
            if part == Part.FACILITATOR
            else _("Only the rapporteur can do this.")
        )


def takes_no_side() -> NotYourPart:
    """Return the answer to a facilitator who wants to speak in a round."""
    return NotYourPart(_("Who facilitates does not take sides: you can put this into your summary."))


def call_to_answer(discussion: Discussion, call_id: int) -> Call:
    """Return an open call to take a part in a discussion, locked.

    Raises:
        CallNotFound: there is none, or it was answered.
    """
    rows = Call.objects.select_for_update(no_key=True).filter(discussion=discussion, answer=Answer.OPEN)
    found = rows.filter(pk=min(call_id, LARGEST)).first()
    if found is None:
        raise no_call()
    return found


def nobody_for_part() -> PersonNotFound:
    """Return the answer to whoever would give a part to somebody who may not take part."""
    return PersonNotFound(_("There is nobody of this name who may take part in this discussion."))


def no_call() -> CallNotFound:
    return CallNotFound(_("This was answered already, or nobody asked it. See the page of the discussion."))


def statement_known(discussion: Discussion, number: int) -> Statement:
    """Return a statement by the number of its post.

    Raises:
        StatementNotFound: there is none, or it was taken back.
    """
    rows = Statement.objects.filter(discussion=discussion, post__withdrawn_at__isnull=True)
    found = rows.select_related("post").filter(post__number=min(number, 2**31 - 1)).first()
    if found is None:
        raise StatementNotFound(_("There is no such statement in this discussion, or it was taken back."))
    return found
