"""People are asked for, and take, the two parts of a discussion; who may, what it is about says."""

from datetime import datetime

from canut.discussion.facilitated.access import discussion_known, nobody_for_part
from canut.discussion.facilitated.models import Call, Discussion
from canut.discussion.facilitated.states import Part
from canut.discussion.facilitated.usecases import fill_part
from canut.discussion.place import Place
from canut.forums.discussions import holder_is_here, may_take_part
from canut.people.models import Person
from canut.people.queries import person_named


def call_for_part(*, place: Place, part: Part, screen_name: str, at: datetime) -> Call:
    """Ask somebody to take a part, by their screen name; an empty one is one's own offer.

    Raises:
        PersonNotFound: there is nobody of this name who may take part here.
        Else what `discussion.facilitated.usecases.fill_part.call_for_part` raises.
    """
    discussion = discussion_known(place.subject_id)
    return fill_part.call_for_part(
        place=place,
        part=part,
        person=_named(discussion, screen_name, at=at) if screen_name.strip() else place.person,
        holder_is_here=holder_is_here(discussion, part, at=at),
        at=at,
    )


def answer_call(*, place: Place, call_id: int, accepts: bool, at: datetime) -> Call:
    """Accept or decline a call or an offer. Raises what `fill_part.answer_call` raises."""
    discussion = discussion_known(place.subject_id)
    calls = Call.objects.select_related("person__party")
    call = calls.filter(discussion=discussion, pk=min(call_id, 2**63 - 1)).first()
    return fill_part.answer_call(
        place=place,
        call_id=call_id,
        accepts=accepts,
        holder_is_here=call is not None and holder_is_here(discussion, Part(call.part), at=at),
        person_is_here=call is not None and may_take_part(discussion, call.person, at=at),
        at=at,
    )


def _named(discussion: Discussion, screen_name: str, *, at: datetime) -> Person:
    found = person_named(" ".join(screen_name.replace("\0", " ").split()))
    person = None if found is None else Person.objects.filter(pk=found.id, is_active=True).first()
    if person is None or not may_take_part(discussion, person, at=at):
        raise nobody_for_part()
    return person
