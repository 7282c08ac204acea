"""The difference of two designs: nothing between equal ones, else all that leads from one to the other."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from canut.charter.differences import word_differences
from canut.work.designs.changes import Difference
from canut.work.designs.difference import difference
from canut.work.designs.schema import read_design, to_json

WORDS = st.sampled_from(
    ["a cat", "a dog", "is it a cat?", "is it a dog?", "Über «cat».", "a a a", "dog cat", "it is."]
)
OPTIONS = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "maybe", "cat", "dog"]), WORDS),
    min_size=2,
    max_size=4,
    unique_by=lambda option: option[0],
).map(lambda options: [{"value": value, "label": label} for value, label in options])


def _asked(name: str, kind: str, label: str, required: bool, options: list[Any]) -> dict[str, Any]:
    asked = {"type": kind, "name": name, "label": label, "required": required}
    return asked | ({"max_length": len(label)} if kind == "short_text" else {"options": options})


ASKED = st.builds(
    _asked,
    st.sampled_from("uvwxyz"),
    st.sampled_from(["single_choice", "multiple_choice", "short_text"]),
    WORDS,
    st.booleans(),
    OPTIONS,
)
SHOWN = WORDS.map(lambda text: {"type": "text", "text": text, "heading": text[:5]})
ITEMS = st.lists(
    ASKED | SHOWN, min_size=1, max_size=6, unique_by=lambda item: item.get("name") or id(item)
).filter(lambda items: any("name" in item for item in items))
DESIGNS = st.builds(
    lambda title, instructions, items: {
        "version": 1,
        "title": title,
        "instructions": instructions,
        "items": items,
    },
    WORDS,
    WORDS,
    ITEMS,
)


def applied(before: dict[str, Any], found: Difference) -> dict[str, Any]:
    """Return the design that a difference leads to: the simplest way that could be right."""
    design = to_json(read_design(before))
    after: dict[str, Any] = {"version": 1}
    for name, change in (("title", found.title), ("instructions", found.instructions)):
        text = change.after if change else design.get(name, "")
        if text or name == "instructions":
            after[name] = text
    items: dict[int, Any] = {}
    for line in found.items:
        if line.now is None:
            continue
        if line.was is None:
            items[line.now] = line.after
            continue
        item = dict(design["items"][line.was - 1])  # type: ignore[index]
        for field in line.fields:
            item[field.name] = field.after
        items[line.now] = {name: value for name, value in item.items() if value is not None}
    return {**after, "items": [items[place] for place in sorted(items)]}


@given(DESIGNS)
def test_a_design_does_not_differ_from_itself(design):
    found = difference(design, design)
    assert found.is_empty
    assert not found.changes_design
    assert found.sentences == []
    assert found.same_count == len(design["items"])


@given(DESIGNS, DESIGNS)
def test_what_a_difference_says_leads_from_one_design_to_the_other(before, after):
    found = difference(before, after)
    assert applied(before, found) == to_json(read_design(after))
    assert all(found.sentences)


@given(DESIGNS, DESIGNS)
def test_what_is_new_one_way_is_gone_the_other_way(before, after):
    there, back = difference(before, after), difference(after, before)
    new = [line.after for line in there.items if line.change == "added"]
    gone = [line.before for line in back.items if line.change == "removed"]
    assert new == gone


@given(DESIGNS, DESIGNS)
def test_what_has_not_moved_stands_in_the_order_it_had(before, after):
    places = [
        (line.now, line.was)
        for line in difference(before, after).items
        if line.was and line.now and not line.has_moved
    ]
    order = [was for _now, was in sorted(places)]
    assert order == sorted(order)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_of_words_holds_both_texts(before, after):
    pieces = word_differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.state != "new") == before
    assert "".join(piece.text for piece in pieces if piece.state != "gone") == after


def test_only_the_words_that_changed_are_marked():
    pieces = [
        (piece.state, piece.text)
        for piece in word_differences("Choose the best one.", "Choose the better one.")
    ]
    assert pieces == [("same", "Choose the "), ("gone", "best "), ("new", "better "), ("same", "one.")]


def test_texts_of_the_greatest_length_are_compared_at_once():
    pieces = word_differences("very " * 4000, "very " * 3999 + "much ")
    assert [piece.state for piece in pieces] == ["same", "gone", "new"]


def test_every_kind_of_change_is_named():
    before = {
        "version": 1,
        "instructions": "Read the sentence.",
        "items": [
            {"type": "text", "text": "{{sentence}}"},
            {
                "type": "single_choice",
                "name": "mood",
                "label": "Mood?",
                "options": [{"value": "good", "label": "Good"}, {"value": "bad", "label": "Bad"}],
            },
            {"type": "short_text", "name": "why", "label": "Why?", "required": False},
            {"type": "long_text", "name": "more", "label": "More?"},
        ],
    }
    after = {
        "version": 1,
        "instructions": "Read the whole sentence.",
        "items": [
            {"type": "short_text", "name": "why", "label": "Why?"},
            {"type": "text", "text": "{{sentence}}"},
            {
                "type": "single_choice",
                "name": "mood",
                "label": "Mood?",
                "options": [
                    {"value": "good", "label": "Good"},
                    {"value": "bad", "label": "Not good"},
                    {"value": "unclear", "label": "I cannot tell"},
                ],
            },
            {"type": "number", "name": "sure", "label": "How sure?"},
        ],
    }
    found = difference(
        before,
        after,
        terms_before={"reward_minor": 30, "lease_seconds": 600},
        terms_after={"reward_minor": 45, "lease_seconds": 600},
    )
    assert [(line.change, line.name, line.was, line.now) for line in found.items] == [
        ("changed", "why", 3, 1),
        ("same", "", 1, 2),
        ("changed", "mood", 2, 3),
        ("added", "sure", None, 4),
        ("removed", "more", 4, None),
    ]
    why, _text, mood, *_rest = found.items
    assert why.has_moved
    assert not mood.has_moved
    assert [(one.name, one.said_before, one.said_after) for one in why.fields] == [("required", "no", "yes")]
    (options,) = mood.fields
    assert [part.sentence for part in options.parts] == [
        "“Bad (bad)” is “Not good (bad)” now.",
        "“I cannot tell (unclear)” is new.",
    ]
    assert [(term.name, term.before, term.after) for term in found.terms] == [("reward_minor", 30, 45)]
    assert found.instructions
    assert found.instructions.pieces[1].text == "whole "
    assert found.summary == "instructions changed, 1 item added, 1 item removed, 2 items changed, Reward"
