"""What this room knows of somebody, for their own export."""

from django.db.models import Q

from canut.discussion.facilitated.models import Call, Discussion, Mark, Naming, Objection, Record
from canut.discussion.models import EarlierWords, Mention, Post, Reader, Thread
from canut.kernel.plain_rows import Told, plain_rows


def data_of(party_id: int) -> Told:
    """Return what somebody wrote and follows, and their part in facilitated discussions."""
    own = {"person_id": party_id}
    leads = Q(opened_by_id=party_id) | Q(facilitator_id=party_id) | Q(rapporteur_id=party_id)
    return {
        "threads_begun": plain_rows(
            Thread.objects.filter(started_by_id=party_id),
            "id",
            "subject_kind",
            "subject_id",
            "title",
            "started_at",
        ),
        "posts": plain_rows(
            Post.objects.filter(author_id=party_id),
            "thread_id",
            "number",
            "text",
            "posted_at",
            "edited_at",
            "withdrawn_at",
        ),
        "earlier_words": plain_rows(
            EarlierWords.objects.filter(post__author_id=party_id),
            "post__thread_id",
            "post__number",
            "text",
            "since",
            "until",
        ),
        "threads_read": plain_rows(Reader.objects.filter(**own), "thread_id", "follows", "read_to"),
        "called_in_posts": plain_rows(Mention.objects.filter(**own), "post__thread_id", "post__number"),
        "facilitated_discussions": plain_rows(
            Discussion.objects.filter(leads), "id", "question", "state", "opened_at", "ended_at"
        ),
        "parts_asked_for": plain_rows(
            Call.objects.filter(**own), "discussion_id", "part", "made_at", "answer", "answered_at"
        ),
        "may_be_named": plain_rows(Naming.objects.filter(**own), "discussion_id", "since"),
        "statements_marked": plain_rows(Mark.objects.filter(**own), "statement_id", "can_live", "marked_at"),
        "records_written": plain_rows(
            Record.objects.filter(by_id=party_id),
            "discussion_id",
            "number",
            "asked",
            "said",
            "agreed",
            "left_open",
            "written_at",
        ),
        "objections": plain_rows(Objection.objects.filter(**own), "record__discussion_id", "post__number"),
    }
