"""The words of a post go from what others were told of it."""

from canut.discussion.models import Post, Reader, SubjectKind
from canut.people.notices.usecases.take_back_words import leave_words_out, take_back_words


def forget_told(post: Post) -> int:
    """Delete the notices that have a post's words: of whom it calls, and who it was written to alone."""
    return take_back_words(person_ids=_told_of(post), path=post.path)


def leave_out_told(post: Post) -> int:
    """Take the words of a post out of the notices that have them. That it was written, and where, stays."""
    return leave_words_out(person_ids=_told_of(post), path=post.path)


def _told_of(post: Post) -> set[int]:
    told = set(post.mentions.values_list("person_id", flat=True))
    if post.thread.subject_kind == SubjectKind.CONVERSATION:
        told |= set(Reader.objects.filter(thread_id=post.thread_id).values_list("person_id", flat=True))
    return told
