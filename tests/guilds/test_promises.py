"""What the database promises about guilds, each broken once by its name; and that none is without a test."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.builders import NOON, a_project, a_requester, taken
from tests.guilds.crafts import a_guild, a_member, an_operator, by_rules, done, guild_work, heard, say
from tests.promises import broken, run
from tests.work.breaking import Rows, Way, adding, changing
from tests.work.duties import fill_fund

from canut.guilds.models import (
    Block,
    Invitation,
    Item,
    LevelContest,
    LevelDecision,
    Review,
    ReviewProject,
    SamplingPause,
)
from canut.guilds.usecases.void_review import void_review
from canut.guilds.usecases.widen_reviews import widen_reviews

pytestmark = pytest.mark.django_db

NEW = {"number": "99", "public_id": "gen_random_uuid()"}
SPARE = {"number": "99", "place": "2", "assignment_id": "{spare}"}
SAID = {
    "state": "'done'",
    "ended_at": "opened_at",
    "next_stage_at": "null",
    "reviewer_id": "{judge}",
    "assignment_id": "{spare}",
    "verdict": "2",
    "would_accept": "true",
    "advice": "'Look closer.'",
}

WAYS: list[Way] = [
    # A guild says what it is, and a member is in it once
    changing("guild_has_craft", "guild", craft="''"),
    changing("guild_has_charter_text", "guild", charter_text="''"),
    changing("guild_has_decision", "guild", decision="''"),
    changing("guild_founded_by_members_or_operator", "guild", founded_by_id="null"),
    changing("guild_joining_known", "guild", joining="'lottery'"),
    adding("member_once", "author"),
    changing("member_level_in_range", "author", level="0"),
    changing("member_level_in_range", "author", level="11"),
    changing("member_first_level_in_range", "author", first_level="0"),
    changing("member_left_after_joining", "author", left_at="joined_at - interval '1 day'"),
    # An invitation is open once and answered once
    adding("invitation_one_open", "invitation"),
    changing("invitation_state_known", "invitation", state="'lost'", answered_at="invited_at"),
    changing("invitation_of_another", "invitation", by_id="person_id"),
    changing("invitation_answered_has_time", "invitation", answered_at="invited_at"),
    changing("invitation_answered_has_time", "invitation", state="'declined'"),
    # A block is committed to, full when it is drawn from, and drawn from once
    adding("block_number_once", "drawn", public_id="gen_random_uuid()"),
    adding("block_public_id_once", "drawn", number="99"),
    adding("block_one_collecting", "collecting", **NEW),
    adding("block_has_size", "collecting", **NEW, size="0"),
    adding("block_seed_shape", "collecting", **NEW, seed="'x'", without=("block_commitment_of_seed",)),
    adding(
        "block_commitment_shape", "collecting", **NEW, commitment="'x'", without=("block_commitment_of_seed",)
    ),
    adding("block_commitment_of_seed", "collecting", **NEW, commitment="repeat('a', 64)"),
    adding("block_state_known", "collecting", **NEW, state="'lost'", filled_at="opened_at"),
    adding("block_filled_unless_collecting", "collecting", **NEW, filled_at="opened_at"),
    adding("block_filled_unless_collecting", "drawn", **NEW, filled_at="null"),
    adding("block_drawn_has_number", "drawn", **NEW, drawn_number="null"),
    adding("block_drawn_has_number", "drawn", **NEW, drawn_number="size + 1"),
    changing("block_terms_kept", "collecting", size="5"),
    changing("block_terms_kept", "collecting", seed="repeat('0', 64)"),
    changing("block_terms_kept", "drawn", filled_at="filled_at + interval '1 hour'"),
    changing("block_transition_known", "drawn", state="'waiting'"),
    changing("block_transition_known", "waiting", state="'collecting'"),
    changing("block_drawn_once", "drawn", drawn_at="drawn_at + interval '1 hour'"),
    changing("block_drawn_once", "drawn", drawn_by="'first_come'", drawn_number="1"),
    adding("block_drawn_by_known", "drawn", **NEW, drawn_by="'whim'"),
    adding("block_drawn_by_known", "drawn", **NEW, size="10", drawn_by="'first_come'", drawn_number="2"),
    adding("block_drawn_by_known", "collecting", **NEW, drawn_by="'first_come'"),
    changing("block_full_before_draw", "collecting", state="'waiting'", filled_at="opened_at"),
    # An item is something that its member handed in, in their open block
    adding("item_number_once", "item", place="2", assignment_id="{spare}"),
    adding("item_place_once", "item", number="99", assignment_id="{spare}"),
    adding("item_kind_known", "item", **SPARE, kind="'lost'"),
    adding("item_counted_from_one", "item", **SPARE | {"number": "0"}),
    adding("item_counted_from_one", "item", **SPARE | {"place": "0"}),
    adding("item_level_in_range", "item", **SPARE, level="0"),
    adding("item_in_open_block", "item", **SPARE, block_id="{drawn}"),
    adding("item_in_open_block", "item", **SPARE | {"place": "4"}),
    adding("item_in_open_block", "item", **SPARE, member_id="{judge}"),
    adding("item_handed_in_by_member", "item", **SPARE | {"assignment_id": "{held}"}),
    adding("item_handed_in_by_member", "item", **SPARE | {"assignment_id": "{of_judge}"}),
    # Draws are paused once, for lack of money
    adding("sampling_pause_one_running", "pause"),
    changing("sampling_pause_ends_after_it_began", "pause", ended_at="began_at - interval '1 hour'"),
    changing("sampling_pause_for_lack_of_money", "pause", fund_minor="needed_minor"),
    # One project reviews another's work
    adding("review_project_one_running", "review_project", project_id="{free}"),
    changing("review_project_of_another", "review_project", of_id="project_id"),
    # A review is of what was drawn, goes on to more people, and says once and for all what it says
    changing("review_state_known", "open", state="'lost'", ended_at="opened_at", next_stage_at="null"),
    changing("review_stage_known", "open", stage="9"),
    changing("review_done_is_whole", "open", verdict="2"),
    changing("review_done_is_whole", "open", **SAID | {"advice": "''"}),
    changing("review_ended_has_time", "open", ended_at="opened_at"),
    changing("review_ended_has_time", "open", state="'lapsed'", next_stage_at="null"),
    changing("review_ended_has_time", "open", **SAID | {"next_stage_at": "opened_at"}),
    changing("review_of_another", "open", **SAID | {"reviewer_id": "author_id"}),
    changing("review_verdict_known", "open", **SAID | {"verdict": "5"}),
    adding("review_lapses_later", "open", lapses_at="opened_at"),
    changing("review_voided_with_reason", "done", voided_at="now()"),
    changing(
        "review_voided_with_reason", "open", voided_at="now()", voided_by_id="{owner}", void_reason="'x'"
    ),
    adding("review_of_drawn_item", "open", item_id="{item}"),
    adding("review_of_drawn_item", "open", author_id="{judge}"),
    changing("review_terms_kept", "open", lapses_at="lapses_at + interval '1 day'"),
    changing("review_terms_kept", "open", author_id="{judge}"),
    changing("review_says_what_was_said", "done", verdict="1"),
    changing("review_says_what_was_said", "done", advice="'Other words.'"),
    changing("review_says_what_was_said", "done", state="'lapsed'"),
    changing("review_voided_once", "voided", void_reason="'Another.'"),
    changing("review_voided_once", "voided", voided_at="null", voided_by_id="null", void_reason="''"),
    changing("review_only_widens", "open", stage="0"),
    # A decision on a level is kept as it was made, and superseded at most
    adding("level_decision_number_once", "decision"),
    adding("level_decision_has_reviews", "decision", number="0"),
    adding("level_decision_has_reviews", "decision", number="99", review_ids="'{{}}'"),
    adding("level_decision_mean_of_verdicts", "decision", number="99", mean="4.01"),
    adding("level_decision_levels_in_range", "decision", number="99", after="0"),
    adding("level_decision_levels_in_range", "decision", number="99", before="11"),
    changing("level_decision_kept", "decision", after="4"),
    changing("level_decision_kept", "superseded", superseded_at="null"),
    # A contest names reviews of its decision, ends once, and takes out only what it was about
    changing(
        "level_contest_state_known",
        "contest",
        state="'lost'",
        ended_at="contested_at",
        without=("level_contest_ended_by_somebody",),
    ),
    adding("level_contest_names_reviews", "won", review_ids="'{{}}'"),
    adding("level_contest_of_its_reviews", "won", review_ids="'{{0}}'"),
    changing("level_contest_ended_has_time", "contest", ended_at="contested_at"),
    changing("level_contest_ended_has_time", "contest", state="'falls'", ended_by="'no_peers'"),
    changing("level_contest_ended_by_somebody", "contest", ended_by="'jury'"),
    changing(
        "level_contest_ended_by_somebody",
        "contest",
        state="'stands'",
        ended_at="contested_at",
        ended_by="'no_peers'",
    ),
    changing("level_contest_said_once", "contest", words="'Other words.'"),
    changing("level_contest_said_once", "won", reason="'Other words.'"),
    changing("review_voided_in_won_contest", "done", voided_at="now()", voided_in_id="{contest}"),
]


def a_world() -> Rows:
    """Give a guild in which every table has rows, in most of the states there are."""
    by_rules(draw_items=1, window_reviews=1, scarce_members=100)
    fill_fund(330)
    guild, operator = a_guild(), an_operator()
    owner = a_requester()
    project, free = guild_work(guild, owner=owner), a_project(owner=owner)
    author, judge = a_member(guild), a_member(guild, level=2)

    def reviewed() -> Review:
        work = done(author.person, project)
        heard()
        return Review.objects.get(item__assignment=work.assignment_id)

    voided = reviewed()
    say(voided, 2, by=judge.person)
    heard()
    void_review(review_id=voided.pk, by=operator, reason="A friend's.", at=NOON)
    finished = reviewed()
    say(finished, 2, by=judge.person)
    heard()
    opened = reviewed()
    widen_reviews(at=NOON + timedelta(hours=2))
    while not SamplingPause.objects.exists():
        done(author.person, project)
        heard()
    # The block that is open by now is as long as the charter said before
    later = a_member(guild)
    by_rules(draw_items=3)
    third = a_member(guild)
    done(third.person, project)
    heard()
    spare, held = done(third.person, free), taken(worker=third.person, project=free)
    of_judge = done(judge.person, free)
    invitation = Invitation.objects.create(guild=guild, person=owner, by=author.person, invited_at=NOON)
    decisions = LevelDecision.objects.filter(member=author)
    stands, gone = decisions.filter(superseded_at=None)[0], decisions.exclude(superseded_at=None)[0]
    contest = LevelContest.objects.create(
        decision=stands, review_ids=stands.review_ids, words="Unfair.", contested_at=NOON
    )
    won = LevelContest.objects.create(
        decision=gone,
        review_ids=gone.review_ids,
        state="falls",
        contested_at=NOON,
        ended_by="jury",
        reason="Unfair.",
        ended_at=NOON,
    )
    rows = {
        "guild": guild,
        "author": author,
        "judge": judge,
        "later": later,
        "invitation": invitation,
        "drawn": Block.objects.filter(member=author, state="drawn").first(),
        "waiting": Block.objects.filter(member=author, state="waiting").first(),
        "collecting": Block.objects.get(member=third, state="collecting"),
        "item": Item.objects.get(member=third),
        "pause": SamplingPause.objects.get(),
        "review_project": ReviewProject.objects.filter(of=project).first(),
        "open": opened,
        "done": finished,
        "voided": voided,
        "decision": stands,
        "superseded": gone,
        "contest": contest,
        "won": won,
        "free": free,
        "spare": spare.assignment,
        "held": held,
        "of_judge": of_judge.assignment,
        "owner": owner,
    }
    return {name: (row._meta.db_table, row.pk) for name, row in rows.items()}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give that world to all tests here; what breaks it is undone each time."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = a_world()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_breaks_a_promise_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


WRITTEN_ONCE = {
    "guilds_item": ("DELETE FROM", "TRUNCATE"),
    "guilds_block": ("DELETE FROM", "TRUNCATE"),
    "guilds_review": ("DELETE FROM", "TRUNCATE"),
    "guilds_leveldecision": ("DELETE FROM", "TRUNCATE"),
    "guilds_levelcontest": ("TRUNCATE",),
}


def test_what_was_counted_drawn_said_or_decided_is_never_removed(rows: Rows) -> None:
    for table, statements in WRITTEN_ONCE.items():
        for statement in statements:
            with broken(f"{table}_written_once"):
                run(f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
    with broken("guilds_item_written_once"):
        run("UPDATE guilds_item SET level = 2")


def test_a_requirement_names_a_guild_that_there_is(rows: Rows) -> None:
    with broken("requirement_of_a_guild"):
        run("UPDATE work_requirement SET scale_id = -1 WHERE scale = 'guild'")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("guilds").get_models()]
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
            """SELECT t.relname, p.proname, p.prosrc FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
               JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        triggers = cursor.fetchall()
    named = {name for name in named if not re.fullmatch(r"guilds_\w+_(check|key|uniq)", name)}
    for table, function, source in triggers:
        if function == "kernel_written_once":
            assert table in WRITTEN_ONCE
        else:
            named |= set(re.findall(r"(?:THEN|:=|CONSTRAINT =)\s+'(\w+)'", source))
    assert named == {way.promise for way in WAYS}
