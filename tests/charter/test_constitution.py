"""The constitution: which words hold when, which words may be, and what the database keeps of them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation
from tests.builders import NOON
from tests.charter.log_lines import a_decision, days, empty_the_log
from tests.promises import broken, run

from canut.charter import log
from canut.charter.changes import ArticleChange
from canut.charter.constitution.default import DEFAULT
from canut.charter.constitution.models import ArticleVersion
from canut.charter.constitution.pages import article_lines, constitution_lines
from canut.charter.constitution.queries import article, articles, articles_in_force, ratified
from canut.charter.constitution.rules import (
    MOST_TEXT_CHARACTERS,
    NAMED,
    Version,
    Wording,
    WordingRefused,
    check_change,
    check_wording,
    key_for,
    version_in_force,
)
from canut.charter.models import LogEntry
from canut.charter.parameters import PARAMETERS
from canut.charter.usecases.append_articles import append_articles
from canut.charter.usecases.record_decision import record_decision
from canut.charter.usecases.record_release import record_release
from canut.charter.usecases.write_article import ArticleRefused

WORDS = Wording("Rest", "Repos", "Nobody works on Sundays.", "On ne travaille pas le dimanche.")
CHANGE = ArticleChange(
    key="rest",
    title_en=WORDS.title_en,
    title_fr=WORDS.title_fr,
    text_en=WORDS.text_en,
    text_fr=WORDS.text_fr,
    position=17,
    effective_at=days(30),
)


def a_version(
    number: int, *, takes_effect: float, repealed: bool = False, wording: Wording = WORDS
) -> Version:
    return Version("rest", number, 17, wording, repealed, number, days(takes_effect), NOON)


def decided(*changes: ArticleChange, at=NOON):
    """Return what became of an adopted decision on these articles."""
    return record_decision(
        title_en="On rest",
        title_fr="Sur le repos",
        question_kind="proposal",
        rule={},
        colleges=[],
        ballots_hash="",
        adopted=True,
        articles=changes,
        about={"address": "/proposals/1/"},
        at=at,
    )


@pytest.mark.parametrize("default", DEFAULT, ids=lambda article: article.key)
def test_each_default_article_says_the_same_twice_with_the_charters_numbers(default):
    check_wording(default.wording, parameters=PARAMETERS)
    named = [set(NAMED.findall(text)) for text in (default.wording.text_en, default.wording.text_fr)]
    assert named[0] == named[1]
    # Every brace is a number that the page can put in, and French signs keep their narrow space
    assert all(
        text.count("{") == len(NAMED.findall(text))
        for text in (default.wording.text_en, default.wording.text_fr)
    )
    assert not re.search(r"(?<!\u202f)[;:?!]", default.wording.text_fr)
    assert "'" not in default.wording.text_fr


def test_default_articles_have_keys_of_their_own():
    assert len({article.key for article in DEFAULT}) == len(DEFAULT) == 16


def test_the_later_decision_holds_whatever_takes_effect_first():
    first, second, third = (
        a_version(1, takes_effect=0),
        a_version(2, takes_effect=30),
        a_version(3, takes_effect=10, wording=replace(WORDS, text_en="Nobody works at night.")),
    )
    held = [version_in_force([first, second, third], days(day)) for day in (-1, 0, 9, 10, 29, 30, 99)]
    assert held == [None, first, first, third, third, third, third]
    assert version_in_force([first, a_version(2, takes_effect=5, repealed=True)], days(6)) is None
    assert version_in_force([], NOON) is None


@pytest.mark.parametrize(
    ("what", "change", "known"),
    [
        ("title_missing", replace(CHANGE, title_fr=" "), []),
        ("title_long", replace(CHANGE, title_en="x" * 161), []),
        ("text_missing", replace(CHANGE, text_en=""), []),
        ("text_long", replace(CHANGE, text_fr="x" * (MOST_TEXT_CHARACTERS + 1)), []),
        ("unknown_parameter", replace(CHANGE, text_en="At least {pay.floor}."), []),
        ("unknown_article", replace(CHANGE, based_on=1), []),
        ("unknown_article", replace(CHANGE, repeals=True), []),
        (
            "repealed_already",
            replace(CHANGE, based_on=1, repeals=True),
            [a_version(1, takes_effect=0), a_version(2, takes_effect=0, repealed=True)],
        ),
        ("unchanged", replace(CHANGE, based_on=1), [a_version(1, takes_effect=0)]),
        ("notice", replace(CHANGE, effective_at=days(30) - timedelta(microseconds=1)), []),
    ],
)
def test_what_an_article_cannot_become(what, change, known):
    with pytest.raises(WordingRefused) as refused:
        check_change(change, known, decided_at=NOON, notice_days=30, parameters=PARAMETERS)
    assert refused.value.what == what


def test_what_an_article_may_become():
    known = [a_version(1, takes_effect=0), a_version(2, takes_effect=0, repealed=True)]
    for change in (
        CHANGE,
        replace(CHANGE, text_en="At least {pay.floor_hourly_minor}; {} and {nothing} are words."),
        replace(CHANGE, based_on=1),  # what was repealed can come back as it was
    ):
        check_change(
            change, known if change.based_on else [], decided_at=NOON, notice_days=30, parameters=PARAMETERS
        )
    known = [a_version(1, takes_effect=0)]
    check_change(
        replace(CHANGE, based_on=1, repeals=True, text_en=""),
        known,
        decided_at=NOON,
        notice_days=7,
        parameters={},
    )


@pytest.mark.parametrize(
    ("title", "taken", "key"),
    [
        ("Rest", [], "rest"),
        ("Rest", ["rest", "rest-2"], "rest-3"),
        ("Été & repos!", [], "ete-repos"),
        ("35 hours", [], "article-35-hours"),
        ("休み", [], "article"),
        ("x" * 90, [], "x" * 50),
    ],
)
def test_a_new_article_gets_a_key_of_its_own(title, taken, key):
    assert key_for(title, taken=taken) == key


@pytest.mark.django_db
def test_a_new_site_starts_with_the_default_articles_and_keeps_its_own_afterwards():
    empty_the_log()
    record_release(at=NOON)
    held = articles_in_force(at=NOON)
    assert [(v.key, v.position, v.wording) for v in held] == [
        (article.key, place, article.wording) for place, article in enumerate(DEFAULT, 1)
    ]
    assert {(v.number, v.decision_number, v.recorded_at) for v in held} == {(1, None, NOON)}
    assert ratified() is None
    # A later start, with whatever defaults, leaves the words alone
    record_release(at=days(1))
    assert ArticleVersion.objects.count() == len(DEFAULT)


@pytest.mark.django_db
def test_articles_are_added_amended_and_repealed_by_decisions_and_every_version_stays():
    log.lock()
    # A new article, whose number and key somebody else has taken meanwhile
    added = decided(replace(CHANGE, position=4), at=NOON)
    (first,) = added.articles
    assert (first.key, first.number, first.position) == ("rest", 1, 17)
    assert (first.decision_number, first.effective_at) == (added.number, days(30))
    other = decided(replace(CHANGE, text_en="Not even at night."), at=NOON).articles[0]
    assert (other.key, other.position) == ("rest-2", 18)
    # Amended, and repealed; what was decided for later shows beforehand
    amended = replace(
        CHANGE, based_on=1, text_en="Nobody works on Sundays or Mondays.", effective_at=days(40)
    )
    decided(amended, at=days(1))
    decided(replace(CHANGE, based_on=2, repeals=True, effective_at=days(90)), at=days(2))
    texts = {}
    for day in (29, 30, 40, 90):
        found = article("rest", at=days(day))
        texts[day] = found.in_force and found.in_force.wording.text_en
    assert texts == {29: None, 30: WORDS.text_en, 40: amended.text_en, 90: None}
    assert [v.number for v in article("rest", at=days(35)).to_come] == [2, 3]
    lines = article_lines("rest", at=days(50))
    assert [line.number for line in lines.history] == [3, 2, 1]
    assert [(p.state, p.text) for p in lines.history[1].text_pieces] == [
        ("same", "Nobody works on "),
        ("gone", "Sundays"),
        ("new", "Sundays or Mondays"),
        ("same", "."),
    ]
    assert lines.history[0].repealed
    assert (lines.history[1].decision.title, lines.history[1].decision.address) == (
        "On rest",
        "/proposals/1/",
    )
    with translation.override("fr"):
        assert article_lines("rest", at=days(50)).title == "Repos"
        assert article_lines("rest", at=days(50)).history[0].decision.title == "Sur le repos"
    assert "rest" in {line.key for line in constitution_lines(at=days(91)).repealed}
    # Each version stands in the public log
    leaves = LogEntry.objects.filter(kind="article", article__key="rest")
    assert leaves.count() == 3


@pytest.mark.django_db
def test_an_amendment_that_no_longer_fits_lapses_with_its_reason():
    log.lock()
    pay = article("pay", at=NOON).in_force.wording
    same = ArticleChange(
        key="pay",
        title_en=pay.title_en,
        title_fr=pay.title_fr,
        text_en=pay.text_en,
        text_fr=pay.text_fr,
        position=4,
        effective_at=days(30),
        based_on=1,
    )
    for change, sentence in (
        (same, "Change something"),
        (replace(same, text_en="Less.", effective_at=days(29)), "at the earliest 30 days"),
        (replace(same, key="nothing"), "no article of this name"),
    ):
        recorded = decided(change)
        assert recorded.articles == ()
        assert [(lapsed.code, sentence in lapsed.why) for lapsed in recorded.lapsed] == [
            (ArticleRefused.code, True)
        ]


@pytest.mark.django_db
def test_numbers_stand_in_the_sentences_as_they_hold():
    log.lock()
    [paragraph, _more] = article_lines("pay", at=NOON).in_force.paragraphs
    assert [(said.text, said.parameter) for said in paragraph if said.parameter] == [
        ("€15.00 an hour", "pay.floor_hourly_minor")
    ]
    # A number that the charter has no more is left as its name
    decided(replace(CHANGE, text_en="Of {guild.draw_items} and, {}, of {pay.floor_hourly_minor}."))
    lines = article_lines("rest", at=days(31)).in_force
    assert "".join(said.text for said in lines.paragraphs[0]) == "Of 10 items and, {}, of €15.00 an hour."


def a_row(**said) -> ArticleVersion:
    """Return a version written down with its leaf, of the article on rest unless said otherwise."""
    fields = {
        "key": "rest",
        "number": 1,
        "position": 17,
        "title_en": "Rest",
        "title_fr": "Repos",
        "text_en": "No work.",
        "text_fr": "Pas de travail.",
        "effective_at": NOON,
    } | said
    return append_articles([ArticleVersion(**fields)], at=NOON)[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("article_key_shape", {"key": "Rest"}),
        ("article_key_shape", {"key": "a--b"}),
        ("article_position_in_range", {"position": 0}),
        ("article_position_in_range", {"position": 100_001}),
        ("article_has_titles", {"title_en": "  "}),
        ("article_has_titles", {"title_fr": ""}),
        ("article_says_it_in_both_languages", {"text_fr": "\n"}),
        ("article_says_it_in_both_languages", {"repealed": True, "decision_number": 1}),
        ("article_decided_but_the_first", {"repealed": True, "text_en": "", "text_fr": ""}),
        ("article_not_backdated", {"decision_number": 1, "effective_at": days(-1)}),
        ("article_version_once", {"key": "pay", "position": 4, "decision_number": 1}),
        ("article_versions_without_gap", {"number": 2, "decision_number": 1}),
        ("article_keeps_its_position", {"position": 4}),
        ("article_keeps_its_position", {"key": "pay", "number": 2, "decision_number": 1}),
        ("article_text_length", {"text_en": "x" * 8001}),
        ("article_decision_exists", {"decision_number": 999}),
    ],
)
def test_the_database_refuses_a_version_that_cannot_be(promise, said):
    if said.get("decision_number") == 1:
        said = said | {"decision_number": a_decision().number}
    if promise == "article_version_once":  # else the count of versions refuses it first
        run("ALTER TABLE charter_articleversion DISABLE TRIGGER article_guarded")
    with broken(promise):
        a_row(**said)


@pytest.mark.django_db
def test_a_version_that_may_be_is_taken_and_stays():
    a_row()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE charter_articleversion SET text_en = 'Work.' WHERE key = 'rest'",
        "DELETE FROM charter_articleversion WHERE key = 'rest'",
        "TRUNCATE charter_articleversion CASCADE",
    ):
        with broken("charter_articleversion_written_once"):
            run(statement)


@pytest.mark.django_db
def test_all_versions_are_read_in_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        constitution_lines(at=NOON)
    assert len(articles(at=NOON)) == len(DEFAULT)
