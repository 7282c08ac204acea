"""Reading a design: what is accepted, and that everything wrong is named with its item and field."""

import copy
import json

import pytest

from canut.work.designs.problems import DESIGN_SENTENCES, DesignRefused
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import (
    columns_of,
    missing_columns,
    read_design,
    shown_columns,
    to_json,
)

EVERYTHING = {
    "version": 1,
    "title": "One of each",
    "instructions": "Read, then answer.\nTake your time.",
    "items": [
        {"type": "text", "heading": "From {{ source }}", "text": "{{sentence}}", "lang": "fr-CA"},
        {
            "type": "pairwise",
            "name": "better",
            "label": "Which is better for {{reader}}?",
            "prompt": "{{prompt}}",
            "a": "{{left}}",
            "b": "{{right}}",
            "ties": False,
        },
        {
            "type": "single_choice",
            "name": "verdict",
            "label": "Is it right?",
            "options": [{"value": "yes", "label": "Yes, {{name}}"}, {"value": "no", "label": "No"}],
        },
        {
            "type": "multiple_choice",
            "name": "faults",
            "label": "What is wrong?",
            "help": "See {{example}}.",
            "required_if": {"item": "verdict", "in": ["no"]},
            "options": [{"value": "spelling", "label": "Spelling"}, {"value": "sense", "label": "Sense"}],
        },
        {
            "type": "short_text",
            "name": "code",
            "label": "Post code",
            "required": False,
            "max_length": 5,
            "min_length": 5,
            "pattern": "[0-9]{5}",
        },
        {"type": "long_text", "name": "why", "label": "Why?", "max_length": 300},
        {"type": "number", "name": "sure", "label": "How sure?", "min": 0, "max": 1, "step": 0.1},
    ],
}


def item(**fields):
    return {"version": 1, "instructions": "", "items": [{"label": "Q", "name": "q", **fields}]}


def problems_of(raw):
    with pytest.raises(DesignRefused) as refused:
        read_design(raw)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def test_a_design_with_one_of_each_type_is_read_and_written_back_unchanged():
    assert {item["type"] for item in EVERYTHING["items"]} == set(ITEM_TYPES)
    assert to_json(read_design(EVERYTHING)) == EVERYTHING


def test_defaults_are_left_out_so_that_equal_designs_have_equal_json():
    spelt_out = copy.deepcopy(EVERYTHING)
    spelt_out["items"][1] |= {"required": True, "help": ""}
    spelt_out["items"][5] |= {"min_length": 0, "required_if": None}
    spelt_out["items"][6] |= {"min": 0.0, "max": 1.0}
    assert json.dumps(to_json(read_design(spelt_out))) == json.dumps(to_json(read_design(EVERYTHING)))


def test_reading_does_not_change_what_was_given():
    given = copy.deepcopy(EVERYTHING)
    read_design(given)
    assert given == EVERYTHING


def test_columns_are_found_in_every_text_that_workers_see():
    design = read_design(EVERYTHING)
    named = {"source", "sentence", "reader", "prompt", "left", "right", "name", "example"}
    assert columns_of(design) == named
    assert missing_columns(design, named - {"left", "example"}) == ("left", "example")


def test_only_the_columns_that_the_design_names_are_shown():
    row = {"sentence": "Bonjour", "left": None, "model_name": "secret", "source": {"page": 3}}
    shown = shown_columns(read_design(EVERYTHING), row)
    assert shown == {"sentence": "Bonjour", "left": None, "source": {"page": 3}}


@pytest.mark.parametrize("raw", [None, [], "design", 7, True])
def test_a_design_is_an_object(raw):
    assert ("", "not_an_object") in problems_of(raw)


def test_every_problem_is_named_at_once_with_its_path():
    raw = {
        "version": 2,
        "colour": "red",
        "title": 7,
        "items": [
            {"type": "text"},
            {"type": "slider", "name": "s", "label": "S"},
            {
                "type": "single_choice",
                "name": "one",
                "options": [{"value": "x", "label": "X", "icon": "x"}, 3],
            },
            "text",
            {"type": "number", "name": "2nd", "label": "N", "min": 5, "max": 1, "unit": "kg"},
        ],
    }
    assert problems_of(raw) == [
        ("version", "unknown_version"),
        ("title", "not_text"),
        ("items[0].text", "missing"),
        ("items[1].type", "unknown_type"),
        ("items[2].options[0].icon", "unknown_field"),
        ("items[2].options[1]", "not_an_object"),
        ("items[2].label", "missing"),
        ("items[3]", "not_an_object"),
        ("items[4].min", "range_empty"),
        ("items[4].name", "not_a_name"),
        ("items[4].unit", "unknown_field"),
        ("colour", "unknown_field"),
    ]


def test_a_problem_says_which_item_and_field_it_is_about():
    with pytest.raises(DesignRefused) as refused:
        read_design(item(type="number", min="low"))
    (problem,) = refused.value.problems
    assert problem.message.startswith("Item 1 (q), min: This must be a number")
    assert refused.value.facts["problems"] == [problem.as_json()]
    assert str(refused.value) == f"The design has 1 problem. {problem.message}"


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"type": "short_text", "max_length": 1001}, "items[0].max_length", "not_a_whole_number"),
        ({"type": "long_text", "max_length": 10_001}, "items[0].max_length", "not_a_whole_number"),
        ({"type": "long_text", "max_length": True}, "items[0].max_length", "not_a_whole_number"),
        ({"type": "short_text", "min_length": 9, "max_length": 8}, "items[0].min_length", "range_empty"),
        ({"type": "short_text", "pattern": "(a"}, "items[0].pattern", "not_a_pattern"),
        ({"type": "short_text", "pattern": "(a{90}){90}"}, "items[0].pattern", "pattern_too_complicated"),
        ({"type": "short_text", "required": "yes"}, "items[0].required", "not_a_flag"),
        ({"type": "short_text", "label": "L" * 501}, "items[0].label", "too_long"),
        ({"type": "short_text", "label": " \n "}, "items[0].label", "missing"),
        ({"type": "short_text", "label": "a\0b"}, "items[0].label", "unstorable"),
        ({"type": "short_text", "label": "a\ud800b"}, "items[0].label", "unstorable"),
        ({"type": "short_text", "name": "é"}, "items[0].name", "not_a_name"),
        ({"type": "short_text", "name": "n" * 61}, "items[0].name", "not_a_name"),
        ({"type": "number", "step": 0}, "items[0].step", "not_a_number"),
        ({"type": "number", "max": float("nan")}, "items[0].max", "not_a_number"),
        ({"type": "number", "max": 10**400}, "items[0].max", "not_a_number"),
        ({"type": "single_choice", "options": []}, "items[0].options", "too_few"),
        ({"type": "single_choice", "options": {}}, "items[0].options", "not_a_list"),
        (
            {"type": "multiple_choice", "options": [{"value": "x", "label": "X"}] * 2},
            "items[0].options",
            "repeated",
        ),
        (
            {"type": "multiple_choice", "options": [{"value": "two\nlines", "label": "X"}]},
            "items[0].options[0].value",
            "one_line",
        ),
        ({"type": "text", "name": "t", "label": "T"}, "items[0].text", "missing"),
        ({"type": "text", "text": "T", "lang": "français"}, "items[0].lang", "not_a_language"),
    ],
)
def test_a_field_that_is_wrong_is_refused(fields, path, code):
    assert (path, code) in problems_of(item(**fields))


def test_a_design_asks_something():
    assert problems_of({"version": 1, "items": []}) == [("items", "too_few")]
    assert problems_of({"version": 1, "items": [{"type": "text", "text": "Hello"}]}) == [
        ("items", "no_question")
    ]


def test_two_items_may_not_share_a_name():
    ask = {"type": "short_text", "name": "q", "label": "Q"}
    assert problems_of({"version": 1, "items": [ask, {"type": "text", "text": "-"}, ask]}) == [
        ("items[2].name", "repeated")
    ]


def test_a_condition_names_another_item_and_its_choices():
    def with_condition(condition):
        ask = {"type": "long_text", "name": "why", "label": "Why?", "required_if": condition}
        verdict = EVERYTHING["items"][2]
        return {"version": 1, "instructions": "", "items": [ask, verdict]}

    assert read_design(with_condition({"item": "verdict", "in": ["no"]})).questions[0].required is False
    place = "items[0].required_if"
    for condition, problem in [
        ({"item": "verdict", "in": ["maybe"]}, (f"{place}.in", "condition_unknown_value")),
        ({"item": "why", "in": ["no"]}, (f"{place}.item", "condition_unknown_item")),
        ({"item": "nobody", "in": ["no"]}, (f"{place}.item", "condition_unknown_item")),
        ({"item": "verdict", "in": []}, (f"{place}.in", "too_few")),
        ({"item": "verdict"}, (f"{place}.in", "missing")),
        ("verdict", (place, "not_an_object")),
    ]:
        assert problem in problems_of(with_condition(condition)), condition
    both = with_condition({"item": "verdict", "in": ["no"]})
    both["items"][0]["required"] = True
    assert problems_of(both) == [("items[0].required", "required_twice")]


def test_a_design_has_at_most_200_items_and_200_000_characters():
    text = {"type": "text", "text": "T"}
    ask = {"type": "short_text", "name": "q", "label": "Q"}
    read_design({"version": 1, "items": [ask] + [text] * 199})
    assert problems_of({"version": 1, "items": [ask] + [text] * 200}) == [("items", "too_many")]
    long = {"type": "text", "text": "T" * 19_999}
    assert problems_of({"version": 1, "items": [ask] + [long] * 11}) == [("", "too_large")]


def test_every_code_that_reading_can_give_has_a_sentence():
    used = set()
    for raw in (item(type="short_text", pattern="("), {"version": 1, "items": []}, None, 3):
        used |= {code for _path, code in problems_of(raw)}
    assert used <= set(DESIGN_SENTENCES)
