"""Mends: each rule finds its pattern, says what it saw, and keeps still where there is nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.schema import read_design
from canut.work.mends import Comment, Given, Seen, mends

DESIGN: dict[str, Any] = {
    "version": 1,
    "instructions": "Say how the customer feels.",
    "items": [
        {"type": "text", "text": "{{sentence}}"},
        {
            "type": "single_choice",
            "name": "mood",
            "label": "How does the customer feel?",
            "options": [
                {"value": "good", "label": "Pleased"},
                {"value": "bad", "label": "Annoyed"},
                {"value": "other", "label": "Something else"},
            ],
        },
        {"type": "short_text", "name": "why", "label": "Why?", "required": False},
    ],
}


def seen(*comments: str, answers: list[tuple[int, dict[str, Any]]] | None = None, **given: Any) -> Seen:
    """Return a round in which all is well but for what is said."""
    told = [(task, {"mood": "good", "why": "so"}) for task in (1, 2) for _worker in range(3)]
    rows = given.pop("rows", {})
    return Seen(
        **{
            "design": read_design(DESIGN),
            "expected_seconds": 60,
            "median_seconds": 60,
            "comments": [Comment(words, wants_revision=True) for words in comments],
            "answers": [
                Given(task, rows.get(task, {"sentence": "Fine."}), answer) for task, answer in answers or told
            ],
            **given,
        }
    )


def codes(found: Seen) -> list[str]:
    return [mend.code for mend in mends(found)]


def test_nothing_is_mended_where_all_is_well():
    assert codes(seen("Nothing is unclear.", "Rien ne manque, merci.", "No falta nada.", "I like it.")) == []


def test_work_that_takes_longer_gets_a_higher_reward():
    (mend,) = mends(
        seen(median_seconds=95, reward_minor=25, suggested_reward_minor=40, suggested_reward="0.40 EUR")
    )
    assert (mend.code, mend.place) == ("longer_than_expected", "price")
    assert "95 seconds; 60 were expected" in mend.seen
    assert mend.change == "Raise the reward to 0.40 EUR, or ask for less in one task."
    # nearly as expected is as expected, and unpaid work gets another expected time instead
    assert codes(seen(median_seconds=71)) == []
    (unpaid,) = mends(seen(median_seconds=95))
    assert "Say 95 seconds" in unpaid.change


def test_answers_that_differ_ask_for_an_example():
    told = [(1, {"mood": "good"}), (1, {"mood": "bad"}), (1, {"mood": "other"})]
    told += [(2, {"mood": "good"}), (2, {"mood": "good"}), (2, {"mood": "bad"})]
    found = {mend.code: mend for mend in mends(seen(answers=told))}
    assert found["low_agreement"].place == "items[1]"
    assert "1 of 6 pairs of answers agree" in found["low_agreement"].seen


def test_agreement_is_not_judged_from_a_handful():
    assert "low_agreement" not in codes(seen(answers=[(1, {"mood": "good"}), (1, {"mood": "bad"})]))


def test_many_ways_out_ask_for_more_choices():
    told = [(1, {"mood": "other", "why": "so"})] * 3 + [(2, {"mood": "good", "why": "so"})] * 3
    (mend,) = mends(seen(answers=told))
    assert mend.code == "many_cannot_tell"
    assert mend.seen == "3 of 6 answers to “How does the customer feel?” are: “Something else”."


def test_a_question_left_empty_is_named():
    (mend,) = mends(seen(answers=[(1, {"mood": "good"})] * 3))
    assert (mend.code, mend.place) == ("left_empty", "items[2]")
    assert "left empty in 3 of 3 answers" in mend.seen


def test_a_column_without_values_is_named():
    (mend,) = mends(seen(rows={1: {"sentence": ""}, 2: {}}))
    assert (mend.code, mend.place) == ("columns_without_values", "items[0]")
    assert "The column sentence was empty in 2 tasks" in mend.seen


def test_long_instructions_are_named():
    long = read_design({**DESIGN, "instructions": "read this " * 100})
    (mend,) = mends(seen(design=long))
    assert mend.code == "long_instructions"
    assert "200 words: about 50 seconds" in mend.seen
    assert codes(seen(design=long, expected_seconds=300, median_seconds=300)) == []


def test_a_comment_that_names_a_choice_points_at_its_question():
    (mend,) = mends(seen("Is sarcasm ANNOYED or what?"))
    assert (mend.code, mend.place) == ("named_in_comments", "items[1]")
    assert mend.quotes == ("Is sarcasm ANNOYED or what?",)


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("I wish there was an example.", "wants_example"),
        ("There is no example", "wants_example"),
        ("Il faudrait un exemple.", "wants_example"),
        ("¿Un ejemplo?", "wants_example"),
        ("The instructions are unclear", "unclear"),
        ("Ce n’est pas clair du tout", "unclear"),
        ("No entiendo las instrucciones", "unclear"),
        ("which of them is the customer", "wants_meaning"),
        ("Que veut dire polarité ?", "wants_meaning"),
        ("¿Qué significa el 5?", "wants_meaning"),
        ("What do the points of the scale mean", "scale_unnamed"),
        ("La escala no se explica", "scale_unnamed"),
        ("I cannot tell from one sentence", "lacks_choice"),
        ("Aucune réponse ne va", "lacks_choice"),
        ("Falta el contexto", "something_missing"),
        ("Il manque le contexte", "something_missing"),
        ("It is too long for the time", "too_long"),
        ("C’est trop long", "too_long"),
        ("There is a typo in the second line", "typo"),
        ("Hay una errata", "typo"),
        ("It is underpaid", "pays_too_little"),
        ("C’est mal payé", "pays_too_little"),
    ],
)
def test_what_workers_complain_of_is_understood_in_three_languages(comment, code):
    found = {mend.code: mend for mend in mends(seen(comment))}
    assert code in found
    assert found[code].quotes == (comment,)
    assert found[code].change


@pytest.mark.parametrize(
    "comment",
    [
        "Nothing unclear.",
        "It was not confusing at all.",
        "Rien n’est flou.",
        "Il ne manque rien.",
        "No falta nada",
        "All is clear, no typo.",
        "Nada confuso",
        "It is not too long.",
        "I like the examples",
        "J’aime l’échelle.\nRien d’autre.",
    ],
)
def test_what_is_denied_is_no_complaint(comment):
    assert codes(seen(comment)) == []


def test_what_most_people_ran_into_comes_first():
    found = codes(seen("A typo.", "Give an example", "An example, please"))
    assert found == ["wants_example", "typo"]


@given(st.lists(st.text(max_size=100), max_size=6), st.integers(1, 10_000))
def test_whatever_is_said_no_rule_fails(comments, median):
    for mend in mends(seen(*comments, median_seconds=median)):
        assert mend.seen
        assert mend.change
        assert set(mend.quotes) <= set(comments)
