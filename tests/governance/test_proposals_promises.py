"""What the database promises about proposals, each broken once by its name; none is without a test."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.builders import NOON, a_person
from tests.governance.proposing import (
    LEASE,
    a_draft_of,
    an_idea,
    before_team,
    content,
    feasible,
    ratified,
    the_members,
    voted,
)
from tests.promises import broken, run
from tests.work.breaking import Rows, Way, adding, changing

from canut.charter.constitution.models import ArticleVersion
from canut.governance.access import version_that_counts
from canut.governance.content import ArticleWish, Content, SettingWish
from canut.governance.models import Proposal
from canut.governance.usecases.amend_draft import hold_draft
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.judge_feasibility import overrule_feasibility, say_feasibility
from canut.governance.usecases.open_proposal_vote import open_vote_on
from canut.governance.usecases.write_version import write_version
from canut.guilds.founding import Founding
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator

pytestmark = pytest.mark.django_db

NEXT = {"number": "99"}
PLACE = {"position": "99"}
AS_IDEA = {"state": "'idea'", "vote_id": "null", "ended_at": "null", "popular_at": "null"}
DECIDED = {"ended_at": "began_at", "decision_number": "99"}

WAYS: list[Way] = [
    # A proposal says what it is, and goes one way
    adding("proposal_kind_known", "idea", kind="'joke'"),
    adding("proposal_change_has_author", "idea", author_id="null"),
    adding("proposal_came_by_known", "idea", came_by="'magic'", comes_from_id="id"),
    adding("proposal_comes_from_one", "idea", came_by="'comeback'"),
    adding("proposal_has_version", "idea", version_number="0"),
    changing("proposal_popular_has_time", "idea", popular_at="began_at"),
    changing("proposal_ended_has_time", "idea", ended_at="began_at"),
    changing("proposal_ended_has_time", "idea", state="'archived'"),
    changing("proposal_held_as_draft", "idea", held_at="began_at"),
    changing("proposal_voted_on_has_vote", "waiting", state="'vote'"),
    changing("proposal_voted_on_has_vote", "idea", vote_id="{vote}"),
    changing("proposal_decided_has_number", "idea", decision_number="99"),
    changing(
        "proposal_one_ratification", "again", state="'vote'", vote_id="987654321", popular_at="began_at"
    ),
    changing("proposal_vote_once", "rejected_soon", state="'vote'", vote_id="{vote}"),
    adding(
        "proposal_decision_once",
        "adopted",
        **AS_IDEA,
        decision_number="decision_number",
        without=("proposal_decided_has_number",),
    ),
    adding("proposal_begins_as_idea", "adopted", vote_id="99", decision_number="99"),
    changing("proposal_terms_kept", "idea", began_at="began_at - interval '1 day'"),
    changing("proposal_terms_kept", "draft", popular_at="popular_at + interval '1 day'"),
    changing("proposal_terms_kept", "adopted", vote_id="null"),
    changing("proposal_transition_known", "idea", state="'waiting'"),
    changing("proposal_transition_known", "idea", state="'vote'"),
    changing("proposal_transition_known", "adopted", state="'rejected'"),
    changing("proposal_amended_as_draft", "waiting", version_number="2"),
    changing("proposal_held_stays", "held", state="'feasibility'"),
    changing("proposal_version_is_there", "draft", version_number="7"),
    changing("proposal_vote_is_there", "rejected_soon", state="'vote'", vote_id="987654321"),
    changing("proposal_vote_after_replay", "unreplayed", state="'vote'", vote_id="{vote}"),
    changing("proposal_decided_by_vote", "voting", state="'adopted'", **DECIDED),
    # What is written of it is written once
    adding("proposal_version_once", "version"),
    adding("proposal_version_counted_from_one", "version", number="0"),
    adding("proposal_version_language_known", "version", **NEXT, language="'de'"),
    adding("proposal_version_has_words", "version", **NEXT, text="' '"),
    adding("proposal_version_translated_whole", "version", **NEXT, translated_title="'Titre'"),
    adding("proposal_setting_place_once", "setting", parameter="'lease.factor'"),
    adding("proposal_setting_once", "setting", **PLACE),
    adding("proposal_setting_scope_known", "setting", **PLACE, scope_kind="'planet'", scope_key="'x'"),
    adding("proposal_setting_scope_has_key", "setting", **PLACE, scope_kind="'country'"),
    adding("proposal_setting_changes", "setting", **PLACE, parameter="'a.b'", new_value="old_value"),
    adding("proposal_setting_has_values", "setting", **PLACE, parameter="'a.b'", new_value="'null'"),
    adding("proposal_article_place_once", "new_article"),
    adding("proposal_article_once", "article", **PLACE),
    adding("proposal_article_known_by_key", "article", **PLACE, key="'Big Words'"),
    adding("proposal_article_repeals_what_is", "article", **PLACE, key="'x'", repeals="true"),
    adding("proposal_article_has_words", "article", **PLACE, key="'x'", title_en="''", title_fr="''"),
    adding("proposal_guild_joining_known", "guild", joining="'lottery'"),
    adding("proposal_guild_has_words", "guild", craft="''"),
    adding("proposal_founder_once", "founder"),
    adding("proposal_founder_level_in_range", "founder", level="11"),
    adding("proposal_changes_of_its_kind", "guild", version_id="{version}"),
    adding("proposal_changes_of_its_kind", "setting", version_id="{founding}"),
    adding("proposal_changes_of_its_kind", "article", version_id="{founding}"),
    # What people say to it
    adding("support_once", "support"),
    adding("sense_check_once", "check"),
    changing("sense_check_stance_known", "check", stance="'shrug'"),
    changing("sense_check_against_has_reason", "check", reason="' '"),
    adding("assessment_one_open", "asked"),
    changing("assessment_outcome_known", "asked", outcome="'maybe'", said_at="asked_at"),
    adding("assessment_due_later", "said", due_at="asked_at"),
    changing("assessment_said_has_time", "asked", said_at="asked_at"),
    changing("assessment_said_by_one", "asked", outcome="'silence'", said_at="asked_at", by_id="{operator}"),
    changing(
        "assessment_against_helps", "asked", outcome="'infeasible'", said_at="asked_at", by_id="{operator}"
    ),
    changing("assessment_overruled_whole", "said", motion_id="99"),
    adding("assessment_motion_once", "overruled"),
    changing("assessment_terms_kept", "asked", due_at="due_at + interval '1 day'"),
    changing("assessment_said_once", "said", outcome="'silence'", by_id="null"),
    changing("assessment_overruled_once", "overruled", motion_id="99"),
]


def a_world() -> Rows:
    members = the_members()
    operator = appoint_operator(person_id=a_person().pk, by=None, at=NOON)
    ratified(operator, members, at=NOON)
    pairs = [(person, [other for other in members if other != person]) for person in members]
    more = SettingWish(parameter="work.cap_in_hand", new=9)
    adopted = voted(feasible(*pairs[0], operator, of=content(more)), members, at=NOON)
    idea = an_idea(pairs[1][0], of=content(LEASE))
    held = a_draft_of(*pairs[1], of=content(articles=[an_article("Two")]))
    hold_draft(proposal_id=held.pk, at=NOON)
    draft = a_draft_of(*pairs[2], of=content(articles=[an_article("One"), changed_article()]))
    check = check_sense(proposal_id=draft.pk, by=members[0], stance="block", reason="No.", at=NOON)
    asked = before_team(*pairs[2])
    unreplayed = before_team(*pairs[3])
    say_feasibility(proposal_id=unreplayed.pk, by=operator, feasible=True, at=NOON)
    overruled = before_team(*pairs[3], of=content(LEASE))
    say_feasibility(proposal_id=overruled.pk, by=operator, feasible=False, reason="N", help_text="H", at=NOON)
    overrule_feasibility(proposal_id=overruled.pk, motion_id=5, at=NOON)
    waiting = feasible(*pairs[4], operator, of=content(LEASE))
    soon = feasible(*pairs[4], operator, of=content(title="Another"))
    voting = voted_not_yet(feasible(*pairs[5], operator))
    again = Proposal.objects.create(kind="ratification", author=members[0], began_at=NOON, changed_at=NOON)
    words = Content(language="en", title="Again", text="Is it ours?")
    write_version(again, words, number=1, by=members[0], at=NOON)
    founding = version_that_counts(an_idea(pairs[0][0], of=a_founding(members[0])))
    version = version_that_counts(adopted)
    rows = {
        "idea": idea,
        "draft": draft,
        "held": held,
        "unreplayed": unreplayed,
        "waiting": waiting,
        "rejected_soon": soon,
        "voting": voting,
        "adopted": adopted,
        "again": again,
        "version": version,
        "setting": version.settings.get(),
        "replay": version.replay,
        "new_article": version_that_counts(draft).articles.get(key=""),
        "article": version_that_counts(draft).articles.exclude(key="").get(),
        "support": adopted.supports.first(),
        "check": check,
        "asked": asked.assessments.get(),
        "said": unreplayed.assessments.get(),
        "overruled": overruled.assessments.get(),
        "operator": operator,
        "founding": founding,
        "guild": founding.guild,
        "founder": founding.guild.founders.get(),
    }
    vote = ("governance_ballots_vote", adopted.vote_id)
    return {name: (row._meta.db_table, row.pk) for name, row in rows.items()} | {"vote": vote}


def a_founding(founder: Person) -> Content:
    guild = Founding(
        name="Scribes",
        screen_name="Scribes",
        craft="transcription",
        charter_text="Well.",
        founders={founder.screen_name: 2},
    )
    return Content(language="en", title="Scribes", text="We need them.", guild=guild)


def an_article(title: str) -> ArticleWish:
    return ArticleWish(title_en=title, text_en="We say so.")


def changed_article() -> ArticleWish:
    first = ArticleVersion.objects.order_by("pk").first()
    return ArticleWish(key=first.key, title_en=first.title_en, text_en="Other words.")


def voted_not_yet(proposal):
    assert open_vote_on(proposal, at=NOON)
    return proposal


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


def test_a_state_is_one_of_those_there_are(rows: Rows) -> None:
    with broken("proposal_state_known"):
        run("ALTER TABLE governance_proposal DISABLE TRIGGER USER")
        run("ALTER TABLE governance_proposal DROP CONSTRAINT proposal_popular_has_time")
        run("UPDATE governance_proposal SET state = 'lost' WHERE id = %s", rows["idea"][1])


def test_a_decision_is_told_as_it_is_logged(rows: Rows) -> None:
    """The number of another proposal's decision, or of none, is no decision of this one."""
    end = NOON + timedelta(days=14)
    voting = rows["voting"][1]
    with broken("proposal_decided_as_logged"):
        run("SET CONSTRAINTS ALL DEFERRED")
        run("ALTER TABLE governance_ballots_vote DISABLE TRIGGER USER")
        run(
            "UPDATE governance_ballots_vote SET state = 'closed', closed_at = %s, is_adopted = true,"
            " list_hash = repeat('a', 64) WHERE subject_kind = 'proposal' AND subject_id = %s",
            end,
            voting,
        )
        run(
            "UPDATE governance_proposal SET state = 'adopted', ended_at = %s, decision_number = 99"
            " WHERE id = %s",
            end,
            voting,
        )


WRITTEN_ONCE = {
    "governance_proposal": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalversion": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalsetting": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalarticle": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalguild": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalfounder": ("DELETE FROM", "TRUNCATE"),
    "governance_proposalreplay": ("DELETE FROM", "TRUNCATE"),
    "governance_assessment": ("DELETE FROM", "TRUNCATE"),
}


def test_proposals_and_what_was_said_of_them_are_never_removed(rows: Rows) -> None:
    for table, statements in WRITTEN_ONCE.items():
        for statement in statements:
            with broken(f"{table}_written_once"):
                run(f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
    for table in ("version", "setting", "article", "guild", "founder", "replay"):
        with broken(f"governance_proposal{table}_written_once"):
            run(f"UPDATE governance_proposal{table} SET id = id")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("governance").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f', 't')
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
    named = {name for name in named if not re.fullmatch(r"governance_\w+_(check|key|uniq)", name)}
    for table, function, source in triggers:
        if function == "kernel_written_once":
            assert table in WRITTEN_ONCE
        else:
            named |= set(re.findall(r"(?::=|CONSTRAINT =)\s+'(\w+)'", source))
    by_hand = {"proposal_decided_as_logged", "proposal_state_known"}
    assert named | {"proposal_vote_is_there"} == {way.promise for way in WAYS} | by_hand
