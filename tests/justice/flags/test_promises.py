"""What the database promises about what is hidden and flagged, each broken once by its name."""

import re

import pytest
from django.apps import apps
from django.db import connection
from tests.builders import NOON
from tests.justice.flags.flagging import a_member, a_post, an_operator, flagged, matter_of, members
from tests.promises import broken, run
from tests.work.breaking import KEY, Rows, Way, adding, changing

from canut.discussion.hiding.models import Hidden
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.justice.flags.usecases.object_to_hiding import object_to_hiding

pytestmark = pytest.mark.django_db

KEY |= {"justice_flags_objection": "matter_id"}
LATER = "since + interval '1 hour'"
LIKE = {"subject_id": "77777"}
DECIDED = {"state": "'restored'", "decided_by_id": "{odile}", "decided_at": "opened_at", "reason": "'Seen.'"}
SAID = {"said": "repeat('b', 64)"}

WAYS: list[Way] = [
    # What is hidden: for a while, or because a named person says so
    adding("hidden_kind_known", "hidden", **LIKE, subject_kind="'guild'"),
    adding("hidden_subject_is_a_number", "hidden", subject_id="0"),
    adding("hidden_once_at_a_time", "hidden"),
    adding("hidden_ends_unless_confirmed", "hidden", **LIKE, until="null"),
    adding("hidden_ends_unless_confirmed", "hidden", **LIKE, until="since"),
    adding("hidden_ends_unless_confirmed", "hidden", **LIKE, confirmed_by_id="{odile}", confirmed_at="since"),
    adding(
        "hidden_ends_unless_confirmed",
        "hidden",
        **LIKE,
        until="null",
        confirmed_by_id="{odile}",
    ),
    adding("hidden_shown_again_later", "hidden", **LIKE, ended_at="since - interval '1 second'"),
    changing("hidden_only_ends", "hidden", until="until + interval '1 hour'"),
    changing("hidden_only_ends", "hidden", since="since - interval '1 hour'"),
    changing("hidden_only_ends", "hidden", subject_id="77778"),
    changing("hidden_only_ends", "kept", confirmed_by_id="{author}"),
    changing("hidden_only_ends", "kept", until=LATER, confirmed_by_id="null", confirmed_at="null"),
    changing("hidden_only_ends", "ended", ended_at="null"),
    # A matter is one wording, decided once by somebody who has no part in it
    adding("matter_once_a_wording", "open"),
    adding("matter_kind_known", "open", **SAID, subject_kind="'guild'"),
    adding("matter_said_shape", "open", said="'what it said'"),
    adding("matter_state_known", "open", **SAID, state="'lost'", without=("matter_decided_by_somebody",)),
    adding("matter_ground_known", "confirmed", **SAID, ground="'ugly'"),
    adding("matter_episode_from_one", "open", **SAID, episode="0"),
    adding("matter_hidden_for_a_while", "open", **SAID, hidden_at="opened_at"),
    adding("matter_hidden_for_a_while", "open", **SAID, hidden_until="opened_at + interval '1 day'"),
    adding("matter_hidden_has_time", "open", **SAID, state="'hidden'"),
    adding("matter_decided_by_somebody", "open", **SAID, reason="'Because.'"),
    adding("matter_decided_by_somebody", "open", **SAID, state="'restored'"),
    adding("matter_decided_by_somebody", "confirmed", **SAID, reason="' '"),
    adding("matter_confirmed_on_a_ground", "confirmed", **SAID, ground="''"),
    changing("matter_not_decided_by_its_author", "open", **DECIDED | {"decided_by_id": "whose_id"}),
    changing("matter_kept", "open", said="repeat('c', 64)"),
    changing("matter_kept", "open", whose_id="{odile}"),
    changing("matter_kept", "again", episode="1"),
    changing("matter_decided_once", "confirmed", reason="'Another reason.'"),
    changing("matter_goes_forward", "confirmed", state="'open'", without=("matter_decided_by_somebody",)),
    changing("matter_restored_by_objection", "confirmed", state="'restored'"),
    # A flag is given once, by somebody else than the author, for good
    adding("flag_once_a_member", "flag"),
    adding("flag_ground_known", "flag", by_id="{other}", ground="'ugly'"),
    adding("flag_episode_from_one", "flag", by_id="{other}", episode="0", without=()),
    adding("flag_not_of_ones_own", "flag", by_id="{author}"),
    adding("flag_not_of_ones_own", "flag", by_id="{other}", episode="2"),
    changing("justice_flags_flag_written_once", "flag", ground="'hate'"),
    # An objection is made once against a person's decision, and answered by another
    adding("objection_to_a_hiding", "objection", matter_id="{open}"),
    adding("objection_has_words", "objection", matter_id="{spare}", words="' '"),
    adding(
        "objection_state_known",
        "objection",
        matter_id="{spare}",
        state="'lost'",
        without=("objection_answered_whole",),
    ),
    adding("objection_lapses_later", "objection", matter_id="{spare}", lapses_at="made_at"),
    changing("objection_answered_whole", "objection", state="'granted'"),
    changing("objection_answered_whole", "objection", state="'lapsed'", ended_at="made_at"),
    changing(
        "objection_answered_by_another",
        "objection",
        state="'granted'",
        answered_by_id="{odile}",
        ended_at="made_at",
        answer="'Right.'",
    ),
    changing("objection_kept", "objection", words="'Something else.'"),
]
WAYS = [
    way
    for way in WAYS
    # The trigger that looks at the matter's episode speaks up before the column's own promise can
    if way.promise != "flag_episode_from_one"
]


@pytest.fixture
def rows() -> Rows:
    """A thing that is hidden, one that is kept hidden, one that was; and matters in each state."""
    odile, author, other = an_operator(), a_member("author"), a_member()
    opened, hidden, confirmed, spare, again = (a_post(f"{n} {'x' * n}", author=author) for n in range(1, 6))
    given = flagged(a_member(), opened)
    for post in (hidden, again):
        for member in members(3):
            flagged(member, post)
    for post in (confirmed, spare):
        flagged(a_member(), post)
        decide_matter(
            matter_id=matter_of(post).pk, by=odile, hide=True, ground="spam", reason="An advert.", at=NOON
        )
    run("UPDATE discussion_hiding_hidden SET ended_at = since WHERE subject_id = %s", again.pk)
    run("UPDATE justice_flags_matter SET state = 'lapsed', episode = 2 WHERE subject_id = %s", again.pk)
    object_to_hiding(matter_id=matter_of(confirmed).pk, words="No.", by=author, at=NOON)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else what waits for the end keeps tables from being changed

    def row_of(post) -> tuple[str, int]:
        return "discussion_hiding_hidden", Hidden.objects.get(subject_id=post.pk).pk

    matters = {"open": opened, "confirmed": confirmed, "spare": spare, "again": again}
    return {
        "odile": ("people_person", odile.pk),
        "author": ("people_person", author.pk),
        "other": ("people_person", other.pk),
        "hidden": row_of(hidden),
        "kept": row_of(confirmed),
        "ended": row_of(again),
        "flag": ("justice_flags_flag", given.pk),
        "objection": ("justice_flags_objection", matter_of(confirmed).pk),
        **{name: ("justice_flags_matter", matter_of(post).pk) for name, post in matters.items()},
    }


def test_each_promise_about_flags_is_kept(rows):
    for way in WAYS:
        try:
            way.go(rows)
        except BaseException as problem:
            problem.add_note(str(way))
            raise


def test_nothing_that_was_flagged_or_hidden_is_ever_deleted(rows):
    for name, promise in (
        ("hidden", "hidden_only_ends"),
        ("open", "matter_kept"),
        ("objection", "objection_kept"),
        ("flag", "justice_flags_flag_written_once"),
    ):
        table, number = rows[name]
        with broken(promise):
            run(f"DELETE FROM {table} WHERE {KEY.get(table, 'id')} = %s", number)
    with broken("discussion_hiding_hidden_written_once"):
        run("TRUNCATE discussion_hiding_hidden")
    with broken("justice_flags_flag_written_once"):
        run("TRUNCATE justice_flags_flag")


def test_every_promise_has_a_way_to_break_it():
    tables = [
        model._meta.db_table
        for label in ("discussion_hiding", "justice_flags")
        for model in apps.get_app_config(label).get_models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            r"""SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('c')
               UNION SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid
               WHERE indrelid = ANY (%s::regclass[]) AND indisunique AND NOT indisprimary
               UNION SELECT promise FROM (
                   SELECT regexp_matches(prosrc, $$broken := '(\w+)'|CONSTRAINT = '(\w+)'$$, 'g') AS found
                   FROM pg_proc WHERE proname = ANY (%s)) f, unnest(found) p (promise)
               WHERE promise IS NOT NULL""",
            [
                tables,
                tables,
                [
                    "discussion_guard_hidden",
                    "justice_guard_matter",
                    "justice_guard_flag",
                    "justice_guard_objection",
                ],
            ],
        )
        named = {name for (name,) in cursor.fetchall() if not re.search(r"_(key|check|uniq|not_null)$", name)}
    assert named - {way.promise for way in WAYS} == {"flag_episode_from_one"}


def test_nobody_else_takes_a_name_that_is_hidden():
    bearer, thief = a_member(), a_member()
    hide = "UPDATE people_party SET hidden_name = 'Casino', screen_name = 'name-hidden-' || id WHERE id = %s"
    run(hide, bearer.pk)
    with broken("party_screen_name_unique"):
        run("UPDATE people_party SET screen_name = 'CASINO' WHERE id = %s", thief.pk)
