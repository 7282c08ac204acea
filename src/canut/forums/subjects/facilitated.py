"""A facilitated discussion: for whom its guild or idea is, and how one writes there for the time being."""

from collections.abc import Callable, Mapping
from datetime import datetime

from canut.discussion.facilitated.access import discussion_known, require_state, takes_no_side
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.states import ROUNDS, About, State
from canut.discussion.place import ORDINARY, Manner
from canut.forums.stands import Stand, refusal_of, why_no_writer
from canut.forums.subjects.guild import stand_in_guild
from canut.membership.access import require_member
from canut.people.models import Person

SPOKEN_IN = (State.SAYING, State.ANSWERING)
"""In the third round one writes statements and reasons, each with a door of its own."""


def _stand_before_idea(_proposal_id: int, *, by: Person, at: datetime) -> Stand:
    """Return where an admitted member stands in discussions of ideas; nobody else reads there."""
    require_member(by, at)
    return Stand("", why_no_writer(by))


_ABOUT: Mapping[About, Callable[..., Stand]] = {
    About.GUILD: stand_in_guild,
    About.IDEA: _stand_before_idea,
}


def stand_about(discussion: Discussion, *, by: Person, at: datetime) -> Stand:
    """Return where somebody stands before what a discussion is about, whatever round it is.

    Raises:
        Refusal: `by` may not read there.
    """
    return _ABOUT[About(discussion.about_kind)](discussion.about_id, by=by, at=at)


def stand_in_facilitated(discussion_id: int, *, by: Person, at: datetime) -> Stand:
    """Return where somebody stands in the thread of a discussion: who writes there, the round says.

    Raises:
        DiscussionNotFound: there is none. Else why `by` may not read what is said about its guild or idea.
    """
    discussion = discussion_known(discussion_id)
    stand = stand_about(discussion, by=by, at=at)
    return Stand(
        discussion.question,
        stand.why_not or refusal_of(lambda: require_state(discussion, *SPOKEN_IN, at=at)),
        _manner(discussion, by),
    )


def _manner(discussion: Discussion, by: Person) -> Manner:
    number = ROUNDS.get(State(discussion.state))
    if number is None:
        return ORDINARY
    fixed_to = discussion.rounds.values_list("fixed_to", flat=True).get(number=number)
    is_first = discussion.state == State.SAYING
    facilitates = discussion.facilitator_id == by.pk
    return Manner(
        once=is_first,
        answers=not is_first,
        fixed_to=fixed_to,
        only_changes=takes_no_side() if facilitates else None,
    )
