"""What a correct answer is, for every type of item and every door."""

import json
import time

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


@pytest.mark.parametrize("item", [PAIR, ONE, SEVERAL, SHORT, LONG, NUMBER])
def test_what_is_required_must_be_given_and_what_is_not_may_be_left_out(item):
    blanks = [{}, {"q": None}]
    blanks += [{"q": blank} for blank in ([[]] if item is SEVERAL else [] if item is NUMBER else [""])]
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


def test_the_check_of_one_choice_takes_microseconds():
    validate, answer = validator_of(PAIR), {"q": "tie"}
    best = min(_seconds(lambda: validate(answer)) for _try in range(5))
    assert best / 2000 < 20e-6


def _seconds(act):
    started = time.perf_counter()
    for _time in range(2000):
        act()
    return time.perf_counter() - started


@pytest.mark.parametrize(
    ("item", "typed", "answer"),
    [
        (PAIR, ["b"], {"q": "b"}),
        (ONE, ["x", "y"], {"q": "y"}),
        (ONE, [], {}),
        (SEVERAL, ["y", "x"], {"q": ["y", "x"]}),
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


def test_an_item_that_the_design_does_not_have_is_not_lost_in_a_form():
    read = answer_from_post(design_of(ONE), {"answer-q": ["x"], "answer-r": ["forged"]})
    assert read == {"q": "x", "r": ["forged"]}


def test_a_draft_keeps_what_is_not_right_yet_and_nothing_that_cannot_be_stored():
    design = design_of(ONE, SHORT | {"name": "s"}, NUMBER | {"name": "n"}, SEVERAL | {"name": "m"})
    raw = {"q": "not a choice", "s": "half\0 a \ud800 word ", "n": "1e999", "m": ["x", "\0"], "other": "gone"}
    draft = draft_of(design, raw)
    assert draft == {"q": "not a choice", "s": "half a ? word ", "n": "1e999", "m": ["x"]}
    assert draft_of(design, {"n": float("nan"), "q": True, "m": None, "s": {}}) == {}
    with pytest.raises(AnswerRefused):
        draft_of(design, {"s": "x" * 70_000})
    with pytest.raises(AnswerRefused):
        draft_of(design, "text")
