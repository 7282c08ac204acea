"""Where somebody stands before a facilitated discussion, and who else may take part in it."""

from collections.abc import Iterable
from datetime import datetime

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.discussion.facilitated.access import discussion_known, no_discussion
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.queries_record import RecordSeen, record_seen
from canut.discussion.facilitated.rules import Terms
from canut.discussion.facilitated.states import About, Part, State
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.discussion.queries import thread_of
from canut.forums.subjects.facilitated import stand_about
from canut.kernel.refusals import Refusal
from canut.people.models import Person


def place_before(discussion_id: int, *, by: Person, at: datetime) -> Place:
    """Return where `by` stands before a discussion, whatever round it is.

    Raises:
        DiscussionNotFound: there is none, or `by` may not read it; which of the two, nobody learns.
    """
    discussion = discussion_known(discussion_id)
    try:
        stand = stand_about(discussion, by=by, at=at)
    except Refusal as refusal:
        raise no_discussion() from refusal
    return Place(
        person=by,
        subject_kind=SubjectKind.FACILITATED,
        subject_id=discussion.pk,
        thread_id=thread_of(SubjectKind.FACILITATED, discussion.pk),
        name=discussion.question,
        why_not=stand.why_not,
    )


def may_take_part(discussion: Discussion, person: Person, *, at: datetime) -> bool:
    """Tell whether somebody may speak in a discussion: the account is open, and it is for them."""
    try:
        return stand_about(discussion, by=person, at=at).why_not is None
    except Refusal:
        return False


def holder_is_here(discussion: Discussion, part: Part, *, at: datetime) -> bool:
    """Tell whether whoever has a part can still do it; nobody has it, nobody is here."""
    holder = Person.objects.filter(pk=discussion.holder_of(part) or 0).select_related("party").first()
    return holder is not None and may_take_part(discussion, holder, at=at)


def readers_among(discussion: Discussion, people: Iterable[Person], *, at: datetime) -> list[Person]:
    """Return those of these people who may read a discussion now."""

    def may_read(person: Person) -> bool:
        try:
            stand_about(discussion, by=person, at=at)
        except Refusal:
            return False
        return True

    return [person for person in people if may_read(person)]


def terms_at(at: datetime, *, guild_id: int | None = None) -> Terms:
    """Return the charter's numbers for a discussion that is opened at `at`; guilds may have their own."""
    scope = Scope(guild=guild_id) if guild_id is not None else Scope()
    return Terms(
        round_days=in_force("facilitated.round_days", at=at, scope=scope),
        waiting_days=in_force("facilitated.waiting_days", at=at, scope=scope),
        objection_days=in_force("facilitated.objection_days", at=at, scope=scope),
        least_people=in_force("facilitated.least_people", at=at, scope=scope),
        most_statements=in_force("facilitated.most_statements", at=at, scope=scope),
    )


def record_to_read(discussion_id: int, *, by: Person | None, at: datetime) -> RecordSeen:
    """Return the record of a discussion; about an idea everybody may read it once it is published.

    Raises:
        DiscussionNotFound: there is none, or `by`, or who is not signed in, may not read it.
    """
    discussion = discussion_known(discussion_id)
    seen = record_seen(discussion_id, by=by, at=at)
    is_public = discussion.about_kind == About.IDEA and discussion.state == State.PUBLISHED
    if seen is None or not (is_public or (by is not None and readers_among(discussion, [by], at=at))):
        raise no_discussion()
    return seen
