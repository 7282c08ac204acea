"""What a correct answer is, for every type of item and every door."""

import json

import pytest

from canut.work.designs.answers import answer_from_post, compile_validator, draft_of
from canut.work.designs.problems import AnswerRefused
from canut.work.designs.schema import read_design

PAIR = {"type": "pairwise", "name": "q", "label": "Q", "a": "{{a}}", "b": "{{b}}"}
OPTIONS = [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}, {"value": "z", "label": "Z"}]
ONE = {"type": "single_choice", "name": "q", "label": "Q", "options": OPTIONS}
SEVERAL = {"type": "multiple_choice", "name": "q", "label": "Q", "options": OPTIONS}
SHORT = {"type": "short_text", "name": "q", "label": "Q"}
LONG = {"type": "long_text", "name": "q", "label": "Q"}
NUMBER = {"type": "number", "name": "q", "label": "Q"}
LISTED = ONE | {"type": "drop_down"}
RATING = {"type": "rating", "name": "q", "label": "Q", "least": 0, "most": 10}
DAY = {"type": "date", "name": "q", "label": "Q", "earliest": "2020-01-01", "latest": "2030-12-31"}
TEXTS = [{"value": "x", "text": "{{x}}"}, {"value": "y", "text": "Y"}, {"value": "z", "text": "Z"}]
BEST = {"type": "best_text", "name": "q", "label": "Q", "texts": TEXTS}
ORDER = {"type": "ranking", "name": "q", "label": "Q", "options": OPTIONS}
TEXT_ORDER = {"type": "ranked_texts", "name": "q", "label": "Q", "texts": TEXTS}
CHATS = {"type": "conversations", "name": "q", "label": "Q", "a": "{{a}}", "b": "{{b}}"}
RUBRIC = CHATS | {
    "criteria": [
        {"name": "safe", "label": "Safe"},
        {"name": "helps", "label": "Helps", "by": "rating", "most": 3},
    ],
    "both_bad": True,
    "reasons": "each",
    "reasons_for": ["both_bad"],
}
JUDGED = {"safe": {"better": "tie"}, "helps": {"a": 3, "b": 1}, "overall": {"better": "a", "why": "So"}}


def design_of(*items):
    return read_design({"version": 1, "instructions": "", "items": list(items)})


def validator_of(*items):
    return compile_validator(design_of(*items))


def codes(refused):
    return {name: problem.code for name, problem in refused.value.errors.items()}


@pytest.mark.parametrize(
    ("item", "value", "stored"),
    [
        (PAIR, "a", "a"),
        (PAIR, "tie", "tie"),
        (PAIR | {"both_bad": True}, "both_bad", "both_bad"),
        (LISTED, "y", "y"),
        (RATING, 0, 0),
        (RATING, 10.0, 10),
        (RATING | {"least": -5, "most": 5}, -5, -5),
        (DAY, "2024-02-29", "2024-02-29"),
        (BEST, "z", "z"),
        (BEST | {"ties": True, "all_bad": True}, "all_bad", "all_bad"),
        (ORDER, {"z": 1, "x": 2, "y": 3}, {"x": 2, "y": 3, "z": 1}),
        (ORDER | {"ties": True}, {"z": 1, "x": 3, "y": 3.0}, {"x": 2, "y": 2, "z": 1}),
        (TEXT_ORDER, {"z": 1, "x": 2, "y": 3}, {"x": 2, "y": 3, "z": 1}),
        (CHATS, {"overall": {"better": "b"}}, {"overall": {"better": "b"}}),
        (RUBRIC, JUDGED, JUDGED),
        (RUBRIC, JUDGED | {"safe": {"better": "a", "why": " "}}, JUDGED | {"safe": {"better": "a"}}),
        (ONE, "y", "y"),
        (SEVERAL, ["z", "x"], ["x", "z"]),
        (SHORT, "  two words\t", "two words"),
        (SHORT, "cafe\u0301", "café"),
        (SHORT | {"max_length": 4}, " cafe\u0301 ", "café"),
        (SHORT | {"pattern": "[0-9]{5}"}, " 69001 ", "69001"),
        (SHORT, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (LONG, "one\r\ntwo\rthree", "one\ntwo\nthree"),
        (LONG | {"max_length": 3}, "a\r\nb", "a\nb"),
        (NUMBER, 3, 3),
        (NUMBER, 3.0, 3),
        (NUMBER, -0.5, -0.5),
        (NUMBER | {"min": 0, "max": 1, "step": 0.1}, 0.3, 0.3),
        (NUMBER | {"min": 0.5, "step": 2}, 4.5, 4.5),
    ],
)
def test_a_correct_answer_is_stored_in_its_one_form(item, value, stored):
    answer = validator_of(item)({"q": value})
    assert answer == {"q": stored}
    assert type(answer["q"]) is type(stored)


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        (PAIR, "left", "not_a_choice"),
        (PAIR, "A", "not_a_choice"),
        (PAIR, ["a"], "not_a_choice"),
        (PAIR, 1, "not_a_choice"),
        (PAIR | {"ties": False}, "tie", "not_a_choice"),
        (PAIR, "both_bad", "not_a_choice"),
        (LISTED, "w", "not_a_choice"),
        (RATING, "5", "not_a_number"),
        (RATING, True, "not_a_number"),
        (RATING, float("nan"), "not_a_number"),
        (RATING, float("inf"), "too_great"),
        (RATING, 10**400, "too_great"),
        (RATING, -1, "too_small"),
        (RATING, 11, "too_great"),
        (RATING, 5.5, "off_step"),
        (DAY, "2030-02-30", "not_a_date"),
        (DAY, "30/12/2029", "not_a_date"),
        (DAY, "２０２４-01-01", "not_a_date"),
        (DAY, 20240101, "not_a_date"),
        (DAY, "2019-12-31", "too_early"),
        (DAY, "2031-01-01", "too_late"),
        (BEST, "tie", "not_a_choice"),
        (ORDER, ["z", "x", "y"], "not_parts"),
        (ORDER, {"w": 1}, "unknown_part"),
        (ORDER, {"x": 1, "y": 2}, "incomplete"),
        (ORDER, {"x": 1, "y": 2, "z": 4}, "not_a_place"),
        (ORDER, {"x": 1, "y": 2, "z": True}, "not_a_place"),
        (ORDER, {"x": 1, "y": 2, "z": [3]}, "not_a_place"),
        (ORDER, {"x": 1, "y": 2, "z": 2}, "shared_place"),
        (TEXT_ORDER, {"x": 1, "y": 2, "z": 2}, "shared_place"),
        (CHATS, {"better": "a"}, "unknown_part"),
        (CHATS, "a", "not_parts"),
        (CHATS, {"overall": "a"}, "not_parts"),
        (CHATS, {"overall": {"better": "both_bad"}}, "not_a_choice"),
        (CHATS, {"overall": {"better": "a", "why": "-"}}, "unknown_part"),
        (RUBRIC, {"overall": {"better": "a"}}, "incomplete"),
        (RUBRIC, JUDGED | {"helps": {"a": 1}}, "incomplete"),
        (RUBRIC, JUDGED | {"helps": {"a": 1, "b": 4}}, "too_great"),
        (RUBRIC, JUDGED | {"overall": {"better": "both_bad"}}, "reason_missing"),
        (RUBRIC, JUDGED | {"overall": {"better": "a", "why": "x" * 2001}}, "too_long"),
        (ONE, "w", "not_a_choice"),
        (ONE, " x", "not_a_choice"),
        (SEVERAL, "x", "not_a_list"),
        (SEVERAL, {"x": True}, "not_a_list"),
        (SEVERAL, ["x", "w"], "not_a_choice"),
        (SEVERAL, ["x", ["y"]], "not_a_choice"),
        (SEVERAL, ["x", "x"], "repeated_choice"),
        (SEVERAL, ["x"] * 100_000, "not_a_choice"),
        (SHORT, 3, "not_text"),
        (SHORT, ["text"], "not_text"),
        (SHORT, "a\nb", "one_line"),
        (SHORT, "a\0b", "unstorable"),
        (SHORT, "a\ud800b", "unstorable"),
        (SHORT, "x" * 1001, "too_long"),
        (SHORT, "x" * 10_000_000, "too_long"),
        (SHORT | {"min_length": 3}, "ab ", "too_short"),
        (SHORT | {"pattern": "[0-9]{5}"}, "6900", "pattern"),
        (LONG, "x" * 10_001, "too_long"),
        (NUMBER, "3", "not_a_number"),
        (NUMBER, True, "not_a_number"),
        (NUMBER, float("nan"), "not_a_number"),
        (NUMBER, float("inf"), "not_a_number"),
        (NUMBER, 10**400, "too_great"),
        (NUMBER, -(10**16), "too_small"),
        (NUMBER | {"min": 0}, -0.001, "too_small"),
        (NUMBER | {"max": 10}, 10.5, "too_great"),
        (NUMBER | {"step": 0.1}, 0.35, "off_step"),
        (NUMBER | {"min": 0.5, "step": 2}, 4, "off_step"),
    ],
)
def test_a_wrong_answer_is_refused_with_a_code_and_a_sentence(item, value, code):
    with pytest.raises(AnswerRefused) as refused:
        validator_of(item)({"q": value})
    assert codes(refused) == {"q": code}
    (told,) = refused.value.facts["errors"].values()
    assert told["code"] == code
    assert told["message"].endswith(".")
    assert "%" not in told["message"]


ASKED = [PAIR, ONE, SEVERAL, SHORT, LONG, NUMBER, LISTED, RATING, DAY, BEST, ORDER, TEXT_ORDER, RUBRIC]
IN_PARTS = (ORDER, TEXT_ORDER, RUBRIC)


@pytest.mark.parametrize("item", ASKED)
def test_what_is_required_must_be_given_and_what_is_not_may_be_left_out(item):
    blanks = [{}, {"q": None}]
    none = {id(SEVERAL): [[]], id(NUMBER): [], id(RATING): []} | {id(one): [{}] for one in IN_PARTS}
    blanks += [{"q": blank} for blank in none.get(id(item), [""])]
    blanks += [{"q": " \r\n\u00a0"}] if item in (SHORT, LONG) else []
    for blank in blanks:
        assert validator_of(item | {"required": False})(blank) == {}
        with pytest.raises(AnswerRefused) as refused:
            validator_of(item)(blank)
        assert codes(refused) == {"q": "required"}


@pytest.mark.parametrize(("item", "on", "off"), [(ONE, "y", "x"), (SEVERAL, ["x", "y"], ["x"])])
def test_a_condition_makes_an_answer_required(item, on, off):
    validate = validator_of(item, LONG | {"name": "why", "required_if": {"item": "q", "in": ["y"]}})
    assert validate({"q": off}) == {"q": off}
    assert validate({"q": off, "why": "anyway"}) == {"q": off, "why": "anyway"}
    assert validate({"q": on, "why": "so"}) == {"q": on, "why": "so"}
    with pytest.raises(AnswerRefused) as refused:
        validate({"q": on, "why": " "})
    assert codes(refused) == {"why": "required"}


def test_what_other_answers_hide_is_neither_needed_nor_stored_nor_looked_at():
    shown = {"item": "q", "in": ["y"]}
    validate = validator_of(
        SEVERAL,
        RATING | {"name": "much", "shown_if": shown},
        LONG | {"name": "why", "shown_if": {"item": "much", "in": ["0", "1"]}},
    )
    assert validate({"q": ["x"]}) == {"q": ["x"]}
    assert validate({"q": ["x"], "much": "wrong", "why": 7}) == {"q": ["x"]}
    assert validate({"q": ["y"], "much": 5, "why": "no"}) == {"q": ["y"], "much": 5}
    assert validate({"q": ["y", "z"], "much": 1.0, "why": "so"}) == {"q": ["y", "z"], "much": 1, "why": "so"}
    for wrong, expected in [
        ({"q": ["y"]}, {"much": "required"}),
        ({"q": ["y"], "much": 0}, {"why": "required"}),
        ({"q": ["y"], "much": 11, "why": 7}, {"much": "too_great"}),
        ({"much": 0}, {"q": "required"}),
    ]:
        with pytest.raises(AnswerRefused) as refused:
            validate(wrong)
        assert codes(refused) == expected


def test_a_page_that_is_not_shown_takes_all_that_stands_on_it_with_it():
    page = {"type": "page", "title": "Why", "shown_if": {"item": "q", "in": ["y"]}}
    validate = validator_of(
        ONE,
        page,
        LONG | {"name": "why"},
        LONG | {"name": "more", "shown_if": {"item": "q", "in": ["x"]}},
        {"type": "page"},
        SHORT | {"name": "last"},
    )
    assert validate({"q": "x", "why": "?", "last": "L"}) == {"q": "x", "last": "L"}
    assert validate({"q": "y", "why": "so", "more": "?", "last": "L"}) == {"q": "y", "why": "so", "last": "L"}
    with pytest.raises(AnswerRefused) as refused:
        validate({"q": "y", "last": "L"})
    assert codes(refused) == {"why": "required"}


def test_names_that_the_design_does_not_have_are_refused():
    with pytest.raises(AnswerRefused) as refused:
        validator_of(ONE)({"q": "x", "r": 1, "\ud800": 2, "n" * 999: 3})
    assert codes(refused) == {"r": "unknown_item", "?": "unknown_item", "n" * 60: "unknown_item"}
    json.dumps(refused.value.facts).encode()


@pytest.mark.parametrize("raw", [None, [], "x", 3, [["q", "x"]]])
def test_an_answer_is_an_object(raw):
    with pytest.raises(AnswerRefused) as refused:
        validator_of(ONE)(raw)
    assert codes(refused) == {"": "not_an_object"}


def test_every_problem_of_an_answer_is_named_at_once():
    items = [ONE | {"name": "one"}, SHORT | {"name": "two"}, NUMBER | {"name": "three"}]
    with pytest.raises(AnswerRefused) as refused:
        validator_of(*items)({"one": "w", "three": "many"})
    assert codes(refused) == {"one": "not_a_choice", "two": "required", "three": "not_a_number"}


def test_an_answer_is_at_most_64_kb_in_all():
    items = [LONG | {"name": f"q{number}"} for number in range(8)]
    validate = validator_of(*items)
    assert validate({f"q{number}": "x" * 8000 for number in range(8)})
    with pytest.raises(AnswerRefused) as refused:
        validate({f"q{number}": "é" * 5000 for number in range(8)})
    assert codes(refused) == {"": "too_much"}


@pytest.mark.parametrize(
    ("item", "typed", "answer"),
    [
        (PAIR, ["b"], {"q": "b"}),
        (ONE, ["x", "y"], {"q": "y"}),
        (ONE, [], {}),
        (SEVERAL, ["y", "x"], {"q": ["y", "x"]}),
        (RATING, ["7"], {"q": 7}),
        (RATING, ["-7"], {"q": -7}),
        (RATING, ["7.5"], {"q": "7.5"}),
        (DAY, [""], {"q": ""}),
        (NUMBER, ["12"], {"q": 12}),
        (NUMBER, [" 0,5 "], {"q": 0.5}),
        (NUMBER, ["1e3"], {"q": 1000.0}),
        (NUMBER, ["a dozen"], {"q": "a dozen"}),
        (NUMBER, ["1e999"], {"q": "1e999"}),
        (NUMBER, ["1_000"], {"q": "1_000"}),
        (NUMBER, ["nan"], {"q": "nan"}),
        (NUMBER, [" "], {}),
    ],
)
def test_a_form_is_read_into_the_shape_of_the_api(item, typed, answer):
    post = {"answer-q": typed, "csrfmiddlewaretoken": ["t"], "active_seconds": ["3"]}
    assert answer_from_post(design_of(item), post) == answer


def test_the_parts_of_an_answer_are_read_out_of_their_fields():
    post = {"answer-q-0": ["2"], "answer-q-1": [""], "answer-q-2": ["first"], "answer-q": ["x"]}
    assert answer_from_post(design_of(ORDER), post) == {"q": ["x"]}
    del post["answer-q"]
    assert answer_from_post(design_of(ORDER), post) == {"q": {"x": 2, "z": "first"}}
    assert answer_from_post(design_of(ORDER), {"answer-q-3": ["1"]}) == {"q-3": ["1"]}
    rubric = {
        "answer-q-safe-better": ["tie"],
        "answer-q-safe-why": [""],
        "answer-q-helps-a": ["3"],
        "answer-q-helps-b": ["1"],
        "answer-q-overall-better": ["a"],
        "answer-q-overall-why": ["So"],
    }
    assert answer_from_post(design_of(RUBRIC), rubric) == {"q": JUDGED}


def test_an_item_that_the_design_does_not_have_is_not_lost_in_a_form():
    read = answer_from_post(design_of(ONE), {"answer-q": ["x"], "answer-r": ["forged"]})
    assert read == {"q": "x", "r": ["forged"]}


def test_a_draft_keeps_what_is_not_right_yet_and_nothing_that_cannot_be_stored():
    design = design_of(ONE, SHORT | {"name": "s"}, NUMBER | {"name": "n"}, SEVERAL | {"name": "m"})
    raw = {"q": "not a choice", "s": "half\0 a \ud800 word ", "n": "1e999", "m": ["x", "\0"], "other": "gone"}
    draft = draft_of(design, raw)
    assert draft == {"q": "not a choice", "s": "half a ? word ", "n": "1e999", "m": ["x"]}
    assert draft_of(design, {"n": float("nan"), "q": True, "m": None, "s": {}}) == {}
    nested = {"q": {"x": 1, "y": None, "\ud800": 2, "z": {"why": "a\0b", "deep": [[[[True]]]]}}}
    kept = {"q": {"x": 1, "z": {"why": "ab", "deep": [[[[True]]]]}}}
    assert draft_of(design_of(RUBRIC), nested) == kept
    endless = {"a": 1}
    for _level in range(1000):
        endless = {"a": endless}
    assert draft_of(design_of(RUBRIC), {"q": endless}) == {}
    with pytest.raises(AnswerRefused):
        draft_of(design, {"s": "x" * 70_000})
    with pytest.raises(AnswerRefused):
        draft_of(design, "text")
