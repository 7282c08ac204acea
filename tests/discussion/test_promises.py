"""What the database promises about threads and posts, each broken once by its name."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from tests.builders import NOON, a_person
from tests.discussion.places import a_place
from tests.promises import broken, run

from canut.discussion.limits import LONGEST_TEXT
from canut.discussion.models import SubjectKind
from canut.discussion.usecases.edit_post import edit_post, withdraw_post
from canut.discussion.usecases.write_post import start_thread, write_post

pytestmark = pytest.mark.django_db

POST = (
    "INSERT INTO discussion_post (thread_id, number, author_id, text, quotes_id, posted_at)"
    " SELECT thread_id, {number}, author_id, 'x', {quotes}, posted_at FROM discussion_post WHERE number = 2"
    " AND thread_id = {forum}"
)
THREAD = (
    "INSERT INTO discussion_thread (subject_kind, subject_id, title, started_by_id, started_at, posts)"
    " SELECT {kind}, subject_id, {title}, started_by_id, started_at, 0 FROM discussion_thread"
)
WAYS = [
    # A thread is about something, has a title where there are many, and stays where it was begun
    ("thread_subject_kind_known", THREAD.format(kind="'pub'", title="'x'") + " WHERE id = {forum}"),
    (
        "thread_subject_is_a_number",
        "INSERT INTO discussion_thread (subject_kind, subject_id, title, started_by_id, started_at, posts)"
        " SELECT 'guild', 0, 'x', started_by_id, started_at, 0 FROM discussion_thread LIMIT 1",
    ),
    ("thread_one_a_subject", THREAD.format(kind="'project'", title="''") + " WHERE id = {own}"),
    ("thread_titled_in_forums", "UPDATE discussion_thread SET title = '' WHERE id = {forum}"),
    ("thread_titled_in_forums", "UPDATE discussion_thread SET title = 'x' WHERE id = {own}"),
    ("thread_last_post_has_time", "UPDATE discussion_thread SET last_post_at = NULL WHERE id = {forum}"),
    ("thread_closed_by_somebody", "UPDATE discussion_thread SET closed_at = started_at WHERE id = {forum}"),
    (
        "thread_closed_by_somebody",
        "UPDATE discussion_thread SET closed_by_id = started_by_id WHERE id = {forum}",
    ),
    ("thread_stays_what_it_is", "UPDATE discussion_thread SET subject_id = 8 WHERE id = {forum}"),
    ("thread_loses_no_post", "UPDATE discussion_thread SET posts = posts - 1 WHERE id = {forum}"),
    # A post is numbered by its thread, says something or was taken back, and is its author's
    ("post_numbered_once", POST.format(number=2, quotes="NULL", forum="{forum}")),
    ("post_numbered_by_thread", POST.format(number=9, quotes="NULL", forum="{forum}")),
    ("post_number_from_one", POST.format(number=0, quotes="NULL", forum="{forum}")),
    ("post_quotes_earlier_one", POST.format(number=2, quotes="{second}", forum="{forum}")),
    ("post_quotes_earlier_one", POST.format(number=2, quotes="{elsewhere}", forum="{forum}")),
    ("post_stays_what_it_is", "UPDATE discussion_post SET author_id = {other} WHERE id = {second}"),
    ("post_stays_what_it_is", "UPDATE discussion_post SET posted_at = now() WHERE id = {second}"),
    ("post_says_something", "UPDATE discussion_post SET text = '' WHERE id = {second}"),
    ("post_says_something", "UPDATE discussion_post SET withdrawn_at = posted_at WHERE id = {second}"),
    (
        "post_keeps_earlier_words",
        "UPDATE discussion_post SET text = 'y', edited_at = now() WHERE id = {second}",
    ),
    (
        "post_edited_after_posting",
        "UPDATE discussion_post SET edited_at = posted_at - interval '1 day' WHERE id = {second}",
    ),
    (
        "post_withdrawn_once",
        "UPDATE discussion_post SET withdrawn_at = withdrawn_at + interval '1 day' WHERE id = {gone}",
    ),
    # Earlier words are kept
    ("earlier_words_kept", "UPDATE discussion_earlierwords SET text = 'y'"),
    ("earlier_words_kept", "UPDATE discussion_earlierwords SET text = ''"),
    ("earlier_words_kept", "UPDATE discussion_earlierwords SET since = since - interval '1 day'"),
    (
        "earlier_words_were_there",
        "INSERT INTO discussion_earlierwords (post_id, text, since, until)"
        " SELECT post_id, text, until, since FROM discussion_earlierwords",
    ),
    # Nobody is called, or counted as a reader, twice
    (
        "mention_once_a_post",
        "INSERT INTO discussion_mention (post_id, person_id)"
        " SELECT post_id, person_id FROM discussion_mention",
    ),
    (
        "reader_once_a_thread",
        "INSERT INTO discussion_reader (thread_id, person_id, follows, read_to, told_to)"
        " SELECT thread_id, person_id, follows, 0, 0 FROM discussion_reader",
    ),
    *(
        (f"{table}_written_once", f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
        for table in ("discussion_thread", "discussion_post", "discussion_earlierwords")
        for statement in ("DELETE FROM", "TRUNCATE")
    ),
]
BY_DJANGO = re.compile(r"discussion_.*_check|post_text_not_endless")


@pytest.fixture
def world():
    ada, jean = a_person("ada"), a_person("jean")
    first = start_thread(place=a_place(ada), title="Rates", text="@Jean: what is fair?", at=NOON)
    second = write_post(place=a_place(jean, first), text="More", at=NOON)
    edit_post(place=a_place(ada, first), number=1, text="@Jean: fair?", at=NOON + timedelta(hours=1))
    elsewhere = start_thread(place=a_place(ada), title="Other", text="x", at=NOON)
    gone = write_post(place=a_place(ada, elsewhere), text="y", at=NOON)
    withdraw_post(place=a_place(ada, elsewhere), number=2, at=NOON)
    own = write_post(place=a_place(ada, subject_kind=SubjectKind.PROJECT), text="z", at=NOON)
    return {
        "forum": first.thread_id,
        "own": own.thread_id,
        "second": second.pk,
        "elsewhere": elsewhere.pk,
        "gone": gone.pk,
        "other": ada.pk,
    }


def test_what_breaks_a_promise_is_refused_by_its_name(world):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for promise, statement in WAYS:
        with broken(promise):
            run(statement.format(**world))
    with broken("post_text_not_endless"):
        run("ALTER TABLE discussion_post DISABLE TRIGGER discussion_post_guarded")
        run("UPDATE discussion_post SET text = repeat('x', %s)", LONGEST_TEXT + 1)


def test_no_promise_of_the_database_is_without_a_test(world):
    tables = [model._meta.db_table for model in apps.get_app_config("discussion").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f')
               UNION SELECT indexrelid::regclass::text FROM pg_index
               WHERE indrelid = ANY (%s::text[]::regclass[]) AND indisunique AND NOT indisprimary""",
            [tables, tables],
        )
        named = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            """SELECT p.prosrc FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        for (source,) in cursor.fetchall():
            named |= set(re.findall(r"broken := '(\w+)'", source))
    assert {name for name in named if not BY_DJANGO.fullmatch(name)} <= {promise for promise, _how in WAYS}
