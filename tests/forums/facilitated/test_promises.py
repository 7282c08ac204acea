"""What the database promises about facilitated discussions, each broken once by its name."""

import pytest
from tests.forums.facilitated.rounds import A_WEEK, a_talk
from tests.promises import broken, promises_of, run

from canut.discussion.facilitated.usecases.write_record import choose_naming, object_to_record

pytestmark = pytest.mark.django_db

ONE = "discussion_facilitated_"
DISCUSSION = f"UPDATE {ONE}discussion SET "
COPIED = (
    f"INSERT INTO {ONE}discussion (about_kind, about_id, question, opened_by_id, opened_at, round_days,"
    " waiting_days, objection_days, least_people, most_statements, state, state_since, due_at, lapsed_for)"
    " SELECT {kind}, {about}, {question}, opened_by_id, opened_at, {days}, waiting_days, objection_days,"
    " least_people, most_statements, {state}, state_since, due_at, lapsed_for"
    f" FROM {ONE}discussion"
)
PLAIN = {"kind": "'guild'", "about": "99", "question": "'Q'", "days": "7", "state": "'gathering'"}


def copied(**changed: str) -> str:
    return COPIED.format(**(PLAIN | changed))


RECORDING = [
    # What it asks about, its state and its times
    ("discussion_about_known", copied(kind="'pub'")),
    ("discussion_about_is_a_number", copied(about="0")),
    ("discussion_asks_something", copied(question="''")),
    ("discussion_numbers_in_bounds", copied(days="0")),
    ("discussion_begins_by_gathering", copied(state="'saying'")),
    ("discussion_one_at_a_time", copied(about="about_id")),
    ("discussion_stays_what_it_is", DISCUSSION + "question = 'Other'"),
    ("discussion_stays_what_it_is", DISCUSSION + "round_days = 1"),
    ("discussion_of_two_people", DISCUSSION + "rapporteur_id = facilitator_id"),
    ("discussion_ended_has_time", DISCUSSION + "due_at = NULL"),
    ("discussion_ended_has_time", DISCUSSION + "due_at = state_since"),
    ("discussion_lapsed_for_reason", DISCUSSION + "lapsed_for = 'nobody'"),
    ("discussion_goes_its_way", DISCUSSION + "state = 'saying'"),
    ("discussion_goes_its_way", DISCUSSION + "state = 'published', due_at = NULL, ended_at = state_since"),
    ("discussion_goes_its_way", DISCUSSION + "state = 'unheard'"),
    ("discussion_published_has_record", DISCUSSION + "state = 'objecting'"),
    # Rounds begin with a summary, and none is changed
    (
        "round_of_three",
        f"INSERT INTO {ONE}round (discussion_id, number, began_at, ends_at, fixed_to, summary_id)"
        f" SELECT discussion_id, 4, began_at, ends_at, 0, (SELECT min(id) FROM discussion_post)"
        f" FROM {ONE}round WHERE number = 1",
    ),
    (
        "round_once_a_discussion",
        f"INSERT INTO {ONE}round (discussion_id, number, began_at, ends_at, fixed_to)"
        f" SELECT discussion_id, 1, began_at, ends_at, 0 FROM {ONE}round WHERE number = 1",
    ),
    (
        "round_begins_with_summary",
        f"INSERT INTO {ONE}round (discussion_id, number, began_at, ends_at, fixed_to)"
        f" SELECT discussion_id, 3, began_at, ends_at, 0 FROM {ONE}round WHERE number = 1",
    ),
    (
        "round_ends_later",
        f"INSERT INTO {ONE}round (discussion_id, number, began_at, ends_at, fixed_to)"
        f" SELECT discussion_id, 1, ends_at, began_at, 0 FROM {ONE}round WHERE number = 1",
    ),
    (f"{ONE}round_written_once", f"UPDATE {ONE}round SET fixed_to = 0"),
    # Who is asked for a part
    ("part_call_part_known", f"UPDATE {ONE}call SET part = 'king'"),
    ("part_call_answer_known", f"UPDATE {ONE}call SET answer = 'hm'"),
    ("part_call_answered_has_time", f"UPDATE {ONE}call SET answered_at = NULL"),
    ("part_call_answered_has_time", f"UPDATE {ONE}call SET answered_at = made_at - interval '1 day'"),
    (
        "part_call_open_once",
        f"INSERT INTO {ONE}call (discussion_id, part, person_id, by_id, made_at, answer)"
        f" SELECT discussion_id, part, person_id, by_id, made_at, '' FROM {ONE}call, generate_series(1, 2)",
    ),
    (
        "naming_once_a_discussion",
        f"INSERT INTO {ONE}naming (discussion_id, person_id, since)"
        f" SELECT discussion_id, person_id, since FROM {ONE}naming",
    ),
    # Statements and marks, which are made in the third round alone
    ("statement_stays_what_it_is", f"UPDATE {ONE}statement SET post_id = post_id"),
    (
        "statement_put_up_in_its_round",
        f"INSERT INTO {ONE}statement (discussion_id, post_id)"
        f" SELECT discussion_id, (SELECT min(id) FROM discussion_post) FROM {ONE}statement",
    ),
    ("mark_stays_where_it_is", f"UPDATE {ONE}mark SET person_id = {{other}}"),
    ("mark_made_in_its_round", f"UPDATE {ONE}mark SET can_live = true"),
    # The record and objections to it
    (
        "record_number_from_one",
        f"INSERT INTO {ONE}record"
        " (discussion_id, number, by_id, written_at, asked, said, agreed, left_open, people)"
        " SELECT id, 0, rapporteur_id, state_since, 'a', 'b', 'c', 'd', 1"
        f" FROM {ONE}discussion",
    ),
    (
        "record_says_all_four",
        f"INSERT INTO {ONE}record"
        " (discussion_id, number, by_id, written_at, asked, said, agreed, left_open, people)"
        " SELECT id, 1, rapporteur_id, state_since, 'a', 'b', '', 'd', 1"
        f" FROM {ONE}discussion",
    ),
    *(
        (f"{ONE}{table}_written_once", f"{how} {ONE}{table}{' CASCADE' if how == 'TRUNCATE' else ''}")
        for table in ("discussion", "round", "call", "statement", "mark", "objection", "record")
        for how in ("DELETE FROM", "TRUNCATE")
    ),
]
SAYING = (
    "INSERT INTO discussion_post (thread_id, number, author_id, text, quotes_id, posted_at)"
    " SELECT thread_id, number, author_id, 'x', {quotes}, posted_at FROM discussion_post"
    " ORDER BY number DESC LIMIT 1"
)
GATHERING = [("discussion_in_round_has_it", DISCUSSION + "state = 'saying'")]
IN_FIRST_ROUND = [
    ("contribution_once_a_person", SAYING.format(quotes="NULL")),
    ("contribution_answers_nobody", SAYING.format(quotes="(SELECT min(id) FROM discussion_post)")),
]
WEIGHING = [
    (
        "mark_once_a_statement",
        f"INSERT INTO {ONE}mark (statement_id, person_id, can_live, marked_at)"
        f" SELECT statement_id, person_id, true, marked_at FROM {ONE}mark",
    ),
    ("mark_against_says_why", f"UPDATE {ONE}mark SET can_live = false, why_id = NULL"),
]
PUBLISHED = [
    (
        "objection_once_a_record",
        f"INSERT INTO {ONE}objection (record_id, person_id, post_id)"
        f" SELECT record_id, person_id, (SELECT min(id) FROM discussion_post) FROM {ONE}objection",
    ),
    ("objection_stays_what_it_is", f"UPDATE {ONE}objection SET person_id = {{other}}"),
    (
        "record_numbered_once",
        f"INSERT INTO {ONE}record"
        " (discussion_id, number, by_id, written_at, asked, said, agreed, left_open, people)"
        " SELECT discussion_id, number, by_id, written_at, asked, said, agreed, left_open, people"
        f" FROM {ONE}record",
    ),
    (f"{ONE}record_written_once", f"UPDATE {ONE}record SET said = 'Other'"),
]
ENDED = [
    ("discussion_ends_once", DISCUSSION + "ended_at = ended_at + interval '1 day'"),
    (
        "objection_while_record_is_open",
        f"INSERT INTO {ONE}objection (record_id, person_id, post_id)"
        f" SELECT record_id, {{other}}, (SELECT min(id) FROM discussion_post) FROM {ONE}objection",
    ),
]


def test_what_breaks_a_promise_is_refused_by_its_name():
    talk = a_talk()
    other = {"other": talk.people["ada"].pk}
    each_breaks(GATHERING, other)
    talk.gathered()
    talk.says("bo", "So")
    each_breaks(IN_FIRST_ROUND, other)
    talk.says("cy", "So"), talk.says("dot", "So")
    talk.later(A_WEEK).summed().later(A_WEEK).summed("Two")
    talk.marks("dot", talk.stated())
    each_breaks(WEIGHING, other)
    choose_naming(place=talk.place("bo"), may_be_named=True, at=talk.at)
    talk.later(A_WEEK)
    each_breaks(RECORDING, other)
    talk.recorded()
    object_to_record(place=talk.place("cy"), text="Wrong", at=talk.at)
    each_breaks(PUBLISHED, other)
    talk.later(A_WEEK)
    each_breaks(ENDED, other)
    with broken("discussion_state_known"):
        run(f"ALTER TABLE {ONE}discussion DISABLE TRIGGER facilitated_discussion_guarded")
        run(
            f"UPDATE {ONE}discussion SET state = 'unheard', ended_at = NULL,"
            " due_at = state_since + interval '1 day'"
        )
    tried = {name for name, _how in (*GATHERING, *IN_FIRST_ROUND, *WEIGHING, *RECORDING, *PUBLISHED, *ENDED)}
    assert promises_of("discussion_facilitated") <= tried | {"discussion_state_known"}


def each_breaks(ways, other):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for promise, statement in ways:
        with broken(promise):
            run(statement.format(**other))
