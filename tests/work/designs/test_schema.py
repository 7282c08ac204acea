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
        {"type": "page", "title": "More of {{source}}", "shown_if": {"item": "verdict", "in": ["no"]}},
        {"type": "image", "source": "https://example.org/{{picture}}.png", "alt": "A picture"},
        {"type": "audio", "source": "{{sound}}", "alt": "A voice", "heading": "Listen"},
        {"type": "video", "source": "{{film}}", "alt": "A film"},
        {
            "type": "drop_down",
            "name": "place",
            "label": "Where?",
            "options": [{"value": "here", "label": "Here"}, {"value": "there", "label": "There"}],
        },
        {"type": "date", "name": "day", "label": "When?", "earliest": "2020-01-01"},
        {
            "type": "rating",
            "name": "much",
            "label": "How much?",
            "least": -5,
            "least_label": "Not {{thing}}",
            "most_label": "Very",
        },
        {
            "type": "best_text",
            "name": "best",
            "label": "Which is the best?",
            "texts": [{"value": "one", "text": "{{one}}"}, {"value": "two", "text": "{{two}}"}],
            "ties": True,
            "all_bad": True,
        },
        {
            "type": "ranking",
            "name": "order",
            "label": "In which order?",
            "options": [{"value": "one", "label": "{{one}}"}, {"value": "two", "label": "Two"}],
            "ties": True,
            "shown_if": {"item": "much", "in": ["-5", "5"]},
        },
        {
            "type": "ranked_texts",
            "name": "order_of_texts",
            "label": "In which order?",
            "prompt": "{{prompt}}",
            "texts": [{"value": "one", "text": "{{one}}"}, {"value": "two", "text": "{{two}}"}],
        },
        {
            "type": "conversations",
            "name": "chats",
            "label": "Which model is better?",
            "a": "{{chat_a}}",
            "b": "{{chat_b}}",
            "criteria": [
                {"name": "honest", "label": "Honest"},
                {"name": "helps", "label": "Helps", "by": "rating", "most": 7, "most_label": "{{thing}}"},
            ],
            "both_bad": True,
            "reasons": "each",
            "reasons_for": ["tie", "both_bad"],
        },
    ],
}


def item(**fields):
    return {"version": 1, "instructions": "", "items": [{"label": "Q", "name": "q", **fields}]}


def problems_of(raw):
    with pytest.raises(DesignRefused) as refused:
        read_design(raw)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def test_a_design_with_many_types_is_read_and_written_back_unchanged():
    assert to_json(read_design(EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize("item_type", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_a_new_item_of_each_type_is_sound_and_written_back_unchanged(item_type):
    ask = {"type": "short_text", "name": "other", "label": "Why?"}
    raw = {"version": 1, "instructions": "", "items": [ask, item_type.begin("q")]}
    written = to_json(read_design(raw))
    assert to_json(read_design(json.loads(json.dumps(written)))) == written
    assert str(item_type.called)
    named = {field.name for field in item_type.edited()}
    assert named <= set(item_type.__dataclass_fields__)
    assert {field.name for field in item_type.edited() if field.needed} <= set(item_type.begin("q"))


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
    named |= {"picture", "sound", "film", "thing", "one", "two", "chat_a", "chat_b"}
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
        ({"type": "image", "source": "http://x.org/a", "alt": "A"}, "items[0].source", "not_a_source"),
        ({"type": "image", "source": "javascript:x//{{a}}", "alt": "A"}, "items[0].source", "not_a_source"),
        ({"type": "audio", "source": "https://u:p@x.org/a", "alt": "A"}, "items[0].source", "not_a_source"),
        ({"type": "image", "source": "{{a}}"}, "items[0].alt", "missing"),
        ({"type": "rating", "least": 0, "most": 11}, "items[0].most", "too_many_points"),
        ({"type": "rating", "least": 5, "most": 5}, "items[0].least", "range_empty"),
        ({"type": "date", "earliest": "2030-02-30"}, "items[0].earliest", "not_a_date"),
        (
            {"type": "date", "earliest": "2031-01-01", "latest": "2030-01-01"},
            "items[0].earliest",
            "range_empty",
        ),
        ({"type": "best_text", "texts": [{"value": "a", "text": "A"}]}, "items[0].texts", "too_few"),
        (
            {"type": "best_text", "texts": [{"value": "tie", "text": "A"}, {"value": "b", "text": "B"}]},
            "items[0].texts",
            "repeated",
        ),
        (
            {"type": "ranking", "options": [{"value": str(n), "label": "L"} for n in range(21)]},
            "items[0].options",
            "too_many",
        ),
        (
            {"type": "conversations", "a": "A", "b": "B", "criteria": [{"name": "overall", "label": "L"}]},
            "items[0].criteria",
            "repeated",
        ),
        (
            {
                "type": "conversations",
                "a": "A",
                "b": "B",
                "criteria": [{"name": "c", "label": "L", "by": "x"}],
            },
            "items[0].criteria[0].by",
            "not_one_of",
        ),
        (
            {"type": "conversations", "a": "A", "b": "B", "reasons": "overall", "reasons_for": ["both_bad"]},
            "items[0].reasons_for",
            "not_one_of",
        ),
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


def test_what_is_shown_depends_only_on_what_stands_before_it():
    def with_condition(condition, first="verdict", kind="text"):
        shown = {"type": kind, "title" if kind == "page" else "text": "T", "shown_if": condition}
        verdict = EVERYTHING["items"][2]
        items = [verdict, shown] if first == "verdict" else [shown, verdict]
        return {"version": 1, "instructions": "", "items": items}

    condition = {"item": "verdict", "in": ["no"]}
    for kind in ("text", "page"):
        design = read_design(with_condition(condition, kind=kind))
        assert design.items[1].shown_if.among == ("no",)
        assert to_json(design)["items"][1]["shown_if"] == condition
        late = problems_of(with_condition(condition, first="shown", kind=kind))
        assert late == [("items[0].shown_if.item", "condition_not_before")]
    for wrong, problem in [
        ({"item": "verdict", "in": ["maybe"]}, ("items[1].shown_if.in", "condition_unknown_value")),
        ({"item": "nobody", "in": ["no"]}, ("items[1].shown_if.item", "condition_not_before")),
        ({"item": "verdict"}, ("items[1].shown_if.in", "missing")),
        ("verdict", ("items[1].shown_if", "not_an_object")),
    ]:
        assert problem in problems_of(with_condition(wrong)), wrong


def test_a_page_begins_where_the_design_says_and_the_first_begins_by_itself():
    ask = {"type": "short_text", "name": "q", "label": "Q"}
    one, two = {"type": "page", "title": "One"}, {"type": "page"}

    def pages(*items):
        design = read_design({"version": 1, "instructions": "", "items": list(items)})
        return [(page.begins.title if page.begins else None, len(page.items)) for page in design.pages]

    assert pages(ask) == [(None, 1)]
    assert pages(one, ask) == [("One", 1)]
    assert pages(ask, one, two) == [(None, 1), ("One", 0), ("", 0)]


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
