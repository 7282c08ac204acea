"""A worker and a requester alone: who reads, files for the two, and notes that tell all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.discussion.places import many_posts
from tests.forums.cast import notices, says
from tests.people.at_once import at_once
from tests.promises import broken, run
from tests.told import told

from canut.discussion.access import PostNotFound, PostOfAnother, ThreadNotFound
from canut.discussion.models import Post, SubjectKind
from canut.discussion.queries import posts_after, thread_seen
from canut.discussion.usecases.close_thread import ThreadOfAnother, close_thread
from canut.discussion.usecases.follow_thread import follow_thread, note_reading
from canut.discussion.usecases.write_post import ThreadIsClosed
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.files import MOST_FILES
from canut.forums.conversations.models import Attachment, Conversation, Note
from canut.forums.conversations.queries import (
    AttachmentNotFound,
    attachment_to_read,
    attachments_of,
    conversations_page,
    may_tell_all,
    notes_of_task,
    notes_page,
)
from canut.forums.conversations.usecases.keep_message_file import (
    MessageFollowed,
    NoFilesHere,
    add_file,
    remove_file,
)
from canut.forums.conversations.usecases.tell_all import (
    MOST_NOTES,
    NoTaskToNote,
    NoteNotFound,
    TooManyNotes,
    take_note_back,
    tell_all,
)
from canut.forums.conversations.usecases.write_message import (
    NobodyToWriteTo,
    begin_conversation,
    take_message_back,
    write_message,
)
from canut.forums.subjects.project import BlockedHere, TaskNotCited
from canut.forums.usecases.tell_of_news import tell_of_message, tell_of_news
from canut.kernel.refusals import BadInput
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import close_account
from canut.people.usecases.unlist_person import unlist_person
from canut.work.models import Task
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.take_task import take_task

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
LATER = NOON + timedelta(hours=1)


class Two:
    """A requester, a worker with a task in hand, and their project."""

    def __init__(self):
        self.owner, self.worker = a_requester("owner"), a_worker("ada")
        self.project = a_project(owner=self.owner, title="Cats and dogs")
        self.assignment = taken(worker=self.worker, project=self.project)
        self.number = self.assignment.task.position

    def ask(self, text="What is meant?", by=None, **details):
        return begin_conversation(
            project_id=self.project.pk, by=by or self.worker, text=text, at=NOON, **details
        )

    def place(self, post, by):
        return place_of_thread(post.thread_id, by=by, at=NOON)


@pytest.fixture
def two(db):
    return Two()


def a_file(name="plan.png", content=PNG):
    return ContentFile(content, name=name)


def test_two_talk_and_nobody_else_knows_of_it(two):
    post = two.ask(task=two.number)
    assert two.ask("And this?", task=two.number).thread_id == post.thread_id
    assert two.ask("In general:").thread_id != post.thread_id  # about the project, not the task
    answer = write_message(place=two.place(post, two.owner), text="A dog.", quotes=1, at=LATER)
    assert answer.number == 3
    assert two.place(post, two.worker).name == f"Owner, about task {two.number} of Cats and dogs"
    assert two.place(post, two.owner).name == f"Ada, about task {two.number} of Cats and dogs"
    conversation = Conversation.objects.get(task__isnull=False)
    for stranger in (a_worker(), a_requester()):
        with pytest.raises(ThreadNotFound):
            two.place(post, stranger)
        with pytest.raises(ThreadNotFound):
            place_about(SubjectKind.CONVERSATION, conversation.pk, by=stranger, at=NOON)
        assert conversations_page(stranger, at=NOON).conversations == []
    listed = conversations_page(two.owner, at=NOON)
    assert [(one.thread.posts, one.thread.new) for one in listed.conversations] == [(3, 2), (1, 1)]
    assert tell_of_news(at=NOON) == 2
    digests = [one for one in notices() if one.kind == "digest"]
    assert {one.person_id for one in digests} == {two.owner.pk, two.worker.pk}
    assert "meant" not in "".join(one.text for one in digests)


def test_a_message_is_told_once_until_it_is_read(two):
    first = two.ask(task=two.number)
    second = write_message(place=two.place(first, two.worker), text="Or that?", at=NOON)
    assert tell_of_message(post_id=first.pk, at=NOON)
    assert tell_of_message(post_id=second.pk, at=NOON)
    (notice,) = told(two.owner)
    assert notice.subject == f"A message from Ada, about task {two.number} of Cats and dogs"
    assert (notice.text, notice.mail) == ("What is meant?", "not_wanted")  # by mail comes the digest
    assert notice.path == f"/talk/threads/{first.thread_id}/?post=1#post-1"
    # What is taken back is not to be read in a notice either, and what was told with it is told
    take_message_back(place=two.place(first, two.worker), number=1, at=NOON)
    assert told(two.owner) == []
    (job,) = ProcrastinateJob.objects.filter(task_name="forums.tell_of_message").order_by("-id")[:1]
    assert job.args == {"post_id": second.pk}
    assert tell_of_message(post_id=second.pk, at=NOON)
    assert [one.text for one in told(two.owner)] == ["Or that?"]
    note_reading(place=two.place(first, two.owner), number=2)
    assert not tell_of_message(post_id=second.pk, at=NOON)
    third = write_message(place=two.place(first, two.worker), text="Please", at=LATER)
    assert tell_of_message(post_id=third.pk, at=LATER)
    assert [one.text for one in told(two.owner)] == ["Or that?", "Please"]
    follow_thread(place=two.place(first, two.owner), follows=False)
    muted = write_message(place=two.place(first, two.worker), text="Hello?", at=LATER)
    assert not tell_of_message(post_id=muted.pk, at=LATER)
    back = take_message_back(place=two.place(first, two.worker), number=4, at=LATER)
    assert not tell_of_message(post_id=back.pk, at=LATER)


def test_a_requester_writes_to_who_took_part_and_to_nobody_else(two):
    post = two.ask("Well done.", by=two.owner, worker_id=two.worker.pk)
    assert two.place(post, two.worker).may_write
    for nobody in (None, a_worker().pk, two.owner.pk, 2**62):
        with pytest.raises(NobodyToWriteTo):
            two.ask(by=two.owner, worker_id=nobody)
    with pytest.raises(TaskNotCited):
        two.ask(task=99)
    with pytest.raises(ProjectNotFound):
        begin_conversation(project_id=2**70, by=two.worker, text="x", at=NOON)


def test_whom_a_requester_blocks_is_not_heard_any_more(two):
    post = two.ask()
    block_person(person_id=two.worker.pk, by=two.owner, at=NOON)
    with pytest.raises(BlockedHere):
        write_message(place=two.place(post, two.worker), text="Please", at=NOON)
    with pytest.raises(BlockedHere):
        two.ask("Please", task=two.number)
    assert thread_seen(two.place(post, two.worker), at=NOON).count == 1


def test_who_mutes_is_not_told_and_who_closes_is_left_in_peace(two):
    post = two.ask()
    follow_thread(place=two.place(post, two.owner), follows=False)
    assert tell_of_news(at=NOON) == 0
    close_thread(place=two.place(post, two.owner), closed=True, at=NOON)
    with pytest.raises(ThreadIsClosed):
        write_message(place=two.place(post, two.worker), text="Please", at=NOON)
    with pytest.raises(ThreadOfAnother):
        close_thread(place=two.place(post, two.worker), closed=False, at=NOON)
    close_thread(place=two.place(post, two.owner), closed=False, at=NOON)
    write_message(place=two.place(post, two.worker), text="Please", at=NOON)
    close_account(by=two.owner, what_is_open=lambda _party: [], at=NOON)
    assert two.place(post, two.worker).why_not.code == "not_a_writer"


def test_files_are_for_the_two_alone_and_go_with_their_message(two):
    post = two.ask(files=[a_file("../../etc/pass wd.png"), a_file("b.txt", b"Hello")])
    text, picture = attachments_of([post.pk], at=NOON)[post.pk]
    assert (text.media_type, picture.media_type) == ("text/plain", "image/png")
    assert "/" not in picture.filename
    for person in (two.owner, two.worker):
        assert attachment_to_read(picture.pk, by=person, at=NOON).open().read() == PNG
    for stranger in (a_worker(), a_requester()):
        with pytest.raises(AttachmentNotFound):
            attachment_to_read(picture.pk, by=stranger, at=NOON)
    for files in (
        [a_file(content=b"")],
        [a_file("x.exe", b"MZ" + b"\0" * 99)],
        [a_file("x.png", b"<script>alert(1)</script>\0\xff")],
        [a_file()] * (MOST_FILES + 1),
    ):
        with pytest.raises(BadInput) as refused:
            write_message(place=two.place(post, two.worker), text="See", files=files, at=NOON)
        assert set(refused.value.facts["errors"]) == {"files"}
    stored = picture.stored_as
    assert default_storage.exists(stored)
    take_message_back(place=two.place(post, two.worker), number=1, at=NOON)
    assert not Attachment.objects.exists()
    forgotten = ProcrastinateJob.objects.filter(task_name="work.forget_file")
    assert stored in [job.args["stored_as"] for job in forgotten]


def test_a_file_is_added_to_the_last_message_and_taken_from_any(two):
    post = two.ask(files=[a_file(), a_file("same.png")])  # the same bytes are one file
    place = two.place(post, two.worker)
    text = add_file(place=place, number=1, file=a_file("b.txt", b"Hello"), at=LATER)
    assert add_file(place=place, number=1, file=a_file("c.txt", b"Hello"), at=LATER) == text
    assert [one.filename for one in attachments_of([post.pk], at=LATER)[post.pk]] == ["b.txt", "plan.png"]
    with pytest.raises(PostOfAnother):
        add_file(place=two.place(post, two.owner), number=1, file=a_file(), at=LATER)
    inside = says(two.project, two.worker, "For all")
    with pytest.raises(NoFilesHere):
        add_file(place=two.place(inside, two.worker), number=1, file=a_file(), at=LATER)
    for number in range(MOST_FILES - 2):
        add_file(place=place, number=1, file=a_file("x.txt", b"No %d" % number), at=LATER)
    for refused in (a_file("x.txt", b"One more"), a_file(content=b""), a_file("x.exe", b"MZ" + b"\0" * 99)):
        with pytest.raises(BadInput):
            add_file(place=place, number=1, file=refused, at=LATER)
    write_message(place=two.place(post, two.owner), text="Seen", at=LATER)
    assert add_file(place=place, number=1, file=a_file("b.txt", b"Hello"), at=LATER) == text  # a repeat
    with pytest.raises(AttachmentNotFound):
        remove_file(place=place, number=1, file_id=uuid4(), at=LATER)
    with pytest.raises(PostOfAnother):
        remove_file(place=two.place(post, two.owner), number=1, file_id=text.pk, at=LATER)
    block_person(person_id=two.worker.pk, by=two.owner, at=NOON)
    remove_file(place=two.place(post, two.worker), number=1, file_id=text.pk, at=LATER)
    with pytest.raises(AttachmentNotFound):
        attachment_to_read(text.pk, by=two.owner, at=LATER)
    with pytest.raises(MessageFollowed):
        unlist_person(person_id=two.worker.pk, by=two.owner, at=NOON)
        add_file(place=two.place(post, two.worker), number=1, file=a_file("d.txt", b"Late"), at=LATER)


def test_a_thousand_messages_are_read_page_by_page(two, django_assert_max_num_queries):
    post = two.ask()
    many_posts(post.thread, two.worker, 1029)
    Attachment.objects.bulk_create(
        Attachment(
            post_id=pk, stored_as=f"messages/{pk}", filename="a.txt", media_type="text/plain", size_bytes=1
        )
        for pk in Post.objects.values_list("pk", flat=True)
    )
    with django_assert_max_num_queries(12):
        (card,) = conversations_page(two.owner, at=LATER).conversations
    assert (card.thread.posts, card.thread.new) == (1030, 1030)
    with django_assert_max_num_queries(20):
        place = two.place(post, two.owner)
        seen = thread_seen(place, at=LATER, page=21)
        files = attachments_of([one.id for one in seen.posts], at=LATER)
        after = posts_after(place, after=1020, at=LATER, most=201)
    assert ([one.number for one in seen.posts], len(files)) == (list(range(1001, 1031)), 30)
    assert [one.number for one in after] == list(range(1021, 1031))


def test_what_answers_a_question_about_a_task_is_told_to_all(two):
    alone = two.ask(task=two.number)
    inside = says(two.project, two.worker, "Here too?", task=two.number)
    general = two.ask()
    note = tell_all(place=two.place(alone, two.owner), number=1, text="Ears *count*.", at=LATER)
    for place in (two.place(alone, two.owner), two.place(inside, two.owner)):
        assert tell_all(place=place, number=1, text="Ears *count*.", at=LATER) == note
    (seen,) = notes_of_task(two.assignment.task_id)
    assert (seen.task_number, "<em>count</em>" in seen.html) == (two.number, True)
    assert [one.id for one in notes_page(two.project.pk).notes] == [note.pk]
    assert may_tell_all(alone.thread.subject_id, by=two.owner)
    assert not may_tell_all(alone.thread.subject_id, by=two.worker)
    with pytest.raises(NoTaskToNote):
        tell_all(place=two.place(general, two.owner), number=1, text="x", at=LATER)
    with pytest.raises(ProjectNotFound):
        tell_all(place=two.place(alone, two.worker), number=1, text="x", at=LATER)
    with pytest.raises(PostNotFound):
        tell_all(place=two.place(alone, two.owner), number=9, text="x", at=LATER)
    with pytest.raises(BadInput):
        tell_all(place=two.place(alone, two.owner), number=1, text=" ", at=LATER)
    for stranger in (two.worker, a_requester()):
        with pytest.raises(NoteNotFound):
            take_note_back(note_id=note.pk, by=stranger, at=LATER)
    for _click in range(2):
        take_note_back(note_id=note.pk, by=two.owner, at=LATER)
    assert notes_of_task(two.assignment.task_id) == []
    for number in range(MOST_NOTES):
        tell_all(place=two.place(alone, two.owner), number=1, text=f"Note {number}", at=LATER)
    with pytest.raises(TooManyNotes):
        tell_all(place=two.place(alone, two.owner), number=1, text="One more", at=LATER)


def test_a_note_stays_with_a_row_that_is_asked_anew(two):
    alone = two.ask(task=two.number)
    note = tell_all(place=two.place(alone, two.owner), number=1, text="Ears count.", at=LATER)
    for _twice in range(2):
        begin_revision(project_id=two.project.pk, by=two.owner, keeps_answers=False, at=LATER)
        publish_project(project_id=two.project.pk, by=two.owner, at=LATER)
        anew = Task.objects.filter(project=two.project, position=two.number).latest("pk")
        take_task(by=a_worker(), project_id=two.project.pk, task_id=anew.pk, at=LATER)
    assert anew.pk != two.assignment.task_id
    assert [one.id for one in notes_of_task(anew.pk)] == [note.pk]
    assert [one.id for one in notes_of_task(two.assignment.task_id)] == [note.pk]
    take_note_back(note_id=note.pk, by=two.owner, at=LATER)
    assert notes_of_task(anew.pk) == []


def test_what_the_database_promises(two):
    post = two.ask(files=[a_file()])
    two.ask(task=two.number)
    tell_all(place=two.place(two.ask(task=two.number), two.owner), number=1, text="Ears count.", at=LATER)
    elsewhere = a_project(owner=a_requester())
    copy = (
        "INSERT INTO forums_conversations_conversation"
        " (project_id, worker_id, task_id, began_by_id, began_at)"
        " SELECT {project}, {worker}, {task}, began_by_id, began_at FROM forums_conversations_conversation"
        " WHERE task_id IS NULL"
    )
    same = {"project": "project_id", "worker": "worker_id", "task": "NULL"}
    ways = [
        ("conversation_once_a_project", copy.format(**same)),
        ("conversation_once_a_task", copy.format(**{**same, "task": two.assignment.task_id})),
        ("conversation_of_two", copy.format(**{**same, "worker": two.owner.pk})),
        (
            "conversation_about_its_project",
            copy.format(**{**same, "project": elsewhere.pk, "task": two.assignment.task_id}),
        ),
        (
            "conversation_stays_what_it_is",
            "UPDATE forums_conversations_conversation SET worker_id = worker_id",
        ),
        ("attachment_not_empty", "UPDATE forums_conversations_attachment SET size_bytes = 0"),
        (
            "attachment_once_a_message",
            "INSERT INTO forums_conversations_attachment"
            " (id, post_id, stored_as, filename, media_type, size_bytes, sha256)"
            " SELECT gen_random_uuid(), post_id, 'b', filename, media_type, size_bytes, sha256"
            " FROM forums_conversations_attachment",
        ),
        ("attachment_has_name", "UPDATE forums_conversations_attachment SET filename = ''"),
        ("note_stays_as_said", "UPDATE forums_conversations_note SET text = 'y'"),
        (
            "note_says_something",
            "INSERT INTO forums_conversations_note (task_id, by_id, text, said_at)"
            " SELECT task_id, by_id, '', said_at FROM forums_conversations_note",
        ),
        (
            "note_withdrawn_after_saying",
            "UPDATE forums_conversations_note SET withdrawn_at = said_at - interval '1 day'",
        ),
        ("forums_conversations_note_written_once", "DELETE FROM forums_conversations_note"),
        ("forums_conversations_note_written_once", "TRUNCATE forums_conversations_note"),
    ]
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for promise, statement in ways:
        with broken(promise):
            run(statement)
    take_note_back(note_id=Note.objects.get().pk, by=two.owner, at=LATER)
    with broken("note_withdrawn_once"):
        run("UPDATE forums_conversations_note SET withdrawn_at = withdrawn_at + interval '1 day'")
    assert post.attachments.count() == 1


def test_two_questions_at_once_are_one_conversation(committed):
    two = Two()
    posts = at_once(lambda text: two.ask(text), "One", "Two")
    assert len({post.thread_id for post in posts}) == Conversation.objects.count() == 1


def test_a_page_of_any_number_in_an_address_is_an_empty_one(two):
    two.ask()
    for number in (2, 10**9, 2**63 - 1):
        assert conversations_page(two.owner, at=NOON, page=number).conversations == []
        assert notes_page(two.project.pk, page=number).notes == []
