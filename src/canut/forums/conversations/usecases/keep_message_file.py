"""A file is added to a message after which nothing was written yet, or taken from one."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.access import own_post, thread_at
from canut.discussion.models import Post, SubjectKind
from canut.discussion.place import Place
from canut.discussion.usecases.edit_post import PostIsWithdrawn
from canut.discussion.usecases.write_post import ThreadIsClosed
from canut.forums.conversations.files import MOST_FILES, look_at, too_many
from canut.forums.conversations.models import Attachment
from canut.forums.conversations.queries import own_attachment
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal


class NoFilesHere(Refusal):
    code = "no_files_here"


class MessageFollowed(Refusal):
    code = "message_followed"


@transaction.atomic
def add_file(*, place: Place, number: int, file: "File[bytes]", at: datetime) -> Attachment:
    """Add a file to one's own message in a conversation, as long as it is the last one there.

    What a file is, its bytes say. The same bytes are kept once.

    Raises:
        ThreadNotFound, PostNotFound: there is no such message. PostOfAnother: somebody else wrote it.
        NoFilesHere: others than two read it. PostIsWithdrawn, ThreadIsClosed: it is over.
        MessageFollowed: something was written after it. BadInput: the file is not what is taken here, or
        one too many. Else why the place's person may not write there.
    """
    (looked,) = look_at([file])
    thread = thread_at(place, lock=True)
    post = own_post(place, number, lock=True)
    again = post.attachments.filter(sha256=looked.sha256).first()
    if again is not None:
        return again
    if place.subject_kind != SubjectKind.CONVERSATION:
        raise NoFilesHere(_("Files go with messages between two alone. Nothing was kept."))
    place.require_writing()
    if thread.closed_at is not None:
        raise ThreadIsClosed(_("This thread was closed. Nothing can be added to it any more."))
    if post.withdrawn_at is not None:
        raise PostIsWithdrawn(_("You have taken this post back. Write another one instead."))
    if post.number != thread.posts:
        raise MessageFollowed(_("Something was written after this message. Send the file with a new one."))
    if post.attachments.count() >= MOST_FILES:
        raise too_many()
    stored_as = looked.store()
    try:
        kept = Attachment.objects.create(
            post=post,
            stored_as=stored_as,
            filename=looked.filename,
            media_type=looked.media_type,
            size_bytes=looked.size_bytes,
            sha256=looked.sha256,
        )
        record(place.person, "post.file_added", post, at=at, size_bytes=kept.size_bytes)
    except BaseException:
        default_storage.delete(stored_as)
        raise
    return kept


@transaction.atomic
def remove_file(*, place: Place, number: int, file_id: UUID, at: datetime) -> Post:
    """Take a file from one's own message, for good. One may where one may not write any more, too.

    Raises:
        ThreadNotFound, PostNotFound: there is no such message. PostOfAnother: somebody else wrote it.
        AttachmentNotFound: it has no such file.
    """
    post = own_post(place, number, lock=True)
    found = own_attachment(place, number, file_id)
    later("work.forget_file", stored_as=found.stored_as)
    record(place.person, "post.file_removed", post, at=at, size_bytes=found.size_bytes)
    found.delete()
    return post
