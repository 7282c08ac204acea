"""What this room knows of somebody, for their own export. What they wrote are posts of `discussion`."""

from django.db.models import Q

from canut.forums.conversations.models import Attachment, Conversation, Note
from canut.kernel.plain_rows import Told, plain_rows


def data_of(party_id: int) -> Told:
    """Return somebody's conversations, what they attached, and their notes on tasks."""
    return {
        "conversations": plain_rows(
            Conversation.objects.filter(Q(worker_id=party_id) | Q(began_by_id=party_id)),
            "id",
            "project__title",
            "began_at",
        ),
        "attached": plain_rows(
            Attachment.objects.filter(post__author_id=party_id),
            "post__thread_id",
            "post__number",
            "filename",
            "media_type",
            "size_bytes",
            "sha256",
        ),
        "notes_on_tasks": plain_rows(
            Note.objects.filter(by_id=party_id), "task_id", "text", "said_at", "withdrawn_at"
        ),
    }
