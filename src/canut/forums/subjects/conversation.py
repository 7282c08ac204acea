"""A conversation is for its two people alone; for everybody else there is none."""

from datetime import datetime

from django.utils.translation import gettext as _

from canut.discussion.access import no_thread
from canut.forums.conversations.models import Conversation
from canut.forums.stands import NotAWriter, Stand, why_no_writer
from canut.forums.subjects.project import BlockedHere
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.people.queries import is_blocked, who_are


def stand_in_conversation(conversation_id: int, *, by: Person, at: datetime) -> Stand:
    """Return where one of its two people stands in a conversation.

    Raises:
        ThreadNotFound: there is none, or it is between others.
    """
    conversation = Conversation.objects.select_related("project", "task").filter(pk=conversation_id).first()
    if conversation is None or by.pk not in (conversation.worker_id, conversation.project.owner_id):
        raise no_thread()
    other_id = other_of(conversation, by)
    other = who_are([other_id])[other_id]
    about = {"who": other.screen_name, "title": conversation.project.title}
    name = _("%(who)s, about %(title)s") % about
    if conversation.task is not None:
        name = _("%(who)s, about task %(number)s of %(title)s") % {
            **about,
            "number": conversation.task.position,
        }
    return Stand(name, why_no_writer(by) or _why_not(conversation, by, is_closed=other.is_closed))


def other_of(conversation: Conversation, by: Person) -> int:
    """Return the number of whom `by` talks with."""
    is_worker = by.pk == conversation.worker_id
    return conversation.project.owner_id if is_worker else conversation.worker_id


def _why_not(conversation: Conversation, by: Person, *, is_closed: bool) -> Refusal | None:
    if is_closed:
        return NotAWriter(_("The account of whom you talked with is closed."))
    owner_id = conversation.project.owner_id
    if by.pk == conversation.worker_id and is_blocked(owner_id=owner_id, person_id=by.pk):
        return BlockedHere(
            _("The requester of this project keeps you away from it. You can read what is said here.")
        )
    return None
