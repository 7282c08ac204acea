"""What a requester says to one is told to all who do the task from then on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.access import post_at
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.discussion.usecases.write_post import text_to_keep
from canut.forums.conversations.models import Conversation, Note
from canut.kernel.events import record
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.work.access import own_project

MOST_NOTES = 20


class NoTaskToNote(Refusal):
    code = "no_task_to_note"


class NoteNotFound(NotFound):
    code = "note_not_found"


class TooManyNotes(Refusal):
    code = "too_many_notes"


@transaction.atomic
def tell_all(*, place: Place, number: int, text: str, at: datetime) -> Note:
    """Answer a question about a task with a note that everybody sees who does the task from now on.

    The question is a post of a conversation about the task, or one of the project's thread that cites it.
    The same words about the same task again are the same note.

    Raises:
        PostNotFound, ThreadNotFound: there is no such post. NoTaskToNote: it is about no task.
        ProjectNotFound: the project is somebody else's. TooManyNotes: the task has enough.
        BadInput: the text is missing or too long.
    """
    post = post_at(place, number)
    project_id, task_id = _about(place, post.cites_id)
    project = own_project(project_id, by=place.person, lock=True)
    if task_id is None:
        raise NoTaskToNote(_("This post is about no task. Only what is about one can be told with it."))
    kept = text_to_keep(text, {})
    notes = Note.objects.filter(task_id=task_id, withdrawn_at__isnull=True)
    again = notes.filter(text=kept).first()
    if again is not None:
        return again
    if notes.count() >= MOST_NOTES:
        raise TooManyNotes(_("This task has %(most)s notes. Take one back first.") % {"most": MOST_NOTES})
    note = Note.objects.create(task_id=task_id, by_id=place.person.pk, text=kept, answers=post, said_at=at)
    record(place.person, "note.said", note, at=at, project_id=project.pk, task_id=task_id)
    return note


@transaction.atomic
def take_note_back(*, note_id: int, by: Person, at: datetime) -> Note:
    """Show a note no more. It stays on record, for work was done by it. Repeating it is safe.

    Raises:
        NoteNotFound: there is none of a project of `by`.
    """
    note = note_to_take_back(note_id, by=by, lock=True)
    if note.withdrawn_at is None:
        note.withdrawn_at = at
        note.save(update_fields=["withdrawn_at"])
        record(by, "note.withdrawn", note, at=at)
    return note


def note_to_take_back(note_id: int, *, by: Person, lock: bool = False) -> Note:
    """Return a note of a project of `by`, its row locked if asked.

    Raises:
        NoteNotFound: there is none.
    """
    rows = Note.objects.select_for_update(of=("self",)) if lock else Note.objects.all()
    found = rows.select_related("task__project").filter(pk=note_id, task__project__owner_id=by.pk).first()
    if found is None:
        raise NoteNotFound(_("There is no such note in a project of yours."))
    return found


def _about(place: Place, cites_id: int | None) -> tuple[int, int | None]:
    if place.subject_kind == SubjectKind.CONVERSATION:
        conversation = Conversation.objects.get(pk=place.subject_id)
        return conversation.project_id, conversation.task_id
    return (place.subject_id if place.subject_kind == SubjectKind.PROJECT else 0), cites_id
