"""A labelling configuration brought in, answered and given back: the same names, types and keys."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from canut.work.designs.answers import compile_validator
from canut.work.designs.importing import read_import
from canut.work.designs.schema import read_design
from canut.work.results.label_studio import annotation_of, results_of, write_label_studio

CONFIG = (Path(__file__).parent / "brought" / "label_studio.xml").read_text(encoding="utf-8")
ROW = {
    "source": "Ana", "text": "Nice", "passage": "😀 Ana is in Lyon.", "image": "https://example.org/a.png",
    "image_width": 200, "image_height": "100", "sound": "https://example.org/a.ogg",
}  # fmt: skip


def tagged(value, selector):
    body = [{"type": "TextualBody", "purpose": "tagging", "value": value}]
    return {"body": body, "target": {"selector": selector}}


ANSWER = {
    "sentiment": "Negative",
    "faults": ["Rude", "False"],
    "quality": 6,
    "better": "Better",
    "count": 3,
    "day": "2030-01-02",
    "ner": [
        tagged(
            "LOC",
            [
                {"type": "TextQuoteSelector", "exact": "Lyon"},
                {"type": "TextPositionSelector", "start": 12, "end": 16},
            ],
        )
    ],
    "box": [tagged("Car", {"type": "FragmentSelector", "value": "xywh=pixel:20,10,50,25"})],
}
VALUE_KEYS = {
    "Choices": ("choices", "choices"), "Rating": ("rating", "rating"), "Number": ("number", "number"),
    "DateTime": ("datetime", "datetime"), "TextArea": ("textarea", "text"), "Labels": ("labels", "labels"),
    "RectangleLabels": ("rectanglelabels", "rectanglelabels"), "Pairwise": ("pairwise", "selected"),
}  # fmt: skip
"""What Label Studio itself writes for each tag: the result's type, and the key of its value."""


def test_what_was_brought_in_and_answered_goes_back_under_the_same_keys():
    design = read_import(CONFIG).design
    answer = compile_validator(design)(ANSWER)
    results = {result["from_name"]: result for result in results_of(design, ROW, answer)}
    asked = {tag.get("name"): tag for tag in ElementTree.fromstring(CONFIG).iter() if tag.tag in VALUE_KEYS}
    assert set(results) == set(asked) - {"about"}  # which asks about each mark, and was named as left out
    columns = {
        tag.get("name"): tag.get("value").removeprefix("$")
        for tag in ElementTree.fromstring(CONFIG).iter()
        if (tag.get("value") or "").startswith("$")
    }
    for name, result in results.items():
        kind, key = VALUE_KEYS[asked[name].tag]
        assert result["type"] == kind
        assert key in result["value"]
        assert result["to_name"] == columns[asked[name].get("toName")]
    assert results["sentiment"]["value"] == {"choices": ["Negative"]}
    assert results["quality"]["value"] == {"rating": 6}
    assert results["better"]["value"] == {"text": ["Better"]}
    # JavaScript counts the smiling face as two
    assert results["ner"]["value"] == {"start": 13, "end": 17, "text": "Lyon", "labels": ["LOC"]}
    box = {"x": 10, "y": 10, "width": 25, "height": 25, "rotation": 0, "rectanglelabels": ["Car"]}
    assert results["box"]["value"] == box
    assert (results["box"]["original_width"], results["box"]["original_height"]) == (200, 100)


def item(kind, **fields):
    raw = {"type": kind, "name": "q", "label": "Q", **fields}
    return read_design({"version": 1, "instructions": "", "items": [raw]})


SIDES = {"a": "{{left}}", "b": "{{right}}", "both_bad": True}
OPTIONS = {"options": [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}], "ties": True}


@pytest.mark.parametrize(
    ("design", "answer", "kind", "value"),
    [
        (item("pairwise", **SIDES), "a", "pairwise", {"selected": "left"}),
        (item("pairwise", **SIDES), "both_bad", "choices", {"choices": ["both_bad"]}),
        (item("ranking", **OPTIONS), {"x": 2, "y": 1}, "ranker", {"ranker": {"q": ["y", "x"]}}),
        (item("ranking", **OPTIONS), {"x": 1, "y": 1}, "textarea", {"text": ['{"x": 1, "y": 1}']}),
        (
            item("conversations", a="{{a}}", b="{{b}}"),
            {"overall": {"better": "a"}},
            "textarea",
            {"text": ['{"overall": {"better": "a"}}']},
        ),
    ],
)
def test_what_label_studio_has_no_form_for_is_a_text_and_is_not_lost(design, answer, kind, value):
    (result,) = results_of(design, {}, compile_validator(design)({"q": answer}))
    assert (result["from_name"], result["type"], result["value"]) == ("q", kind, value)


def test_a_region_of_an_image_of_unknown_size_keeps_its_pixels():
    design = read_import(CONFIG).design
    answer = compile_validator(design)(ANSWER)
    row = {name: cell for name, cell in ROW.items() if not name.startswith("image_")}
    (box,) = (result for result in results_of(design, row, answer) if result["from_name"] == "box")
    assert box["type"] == "textarea"
    assert "xywh=pixel:20,10,50,25" in box["value"]["text"][0]


def test_the_file_is_one_json_list_whatever_its_length():
    for count in (0, 1, 3):
        out = io.BytesIO()
        assert write_label_studio(({"id": number, "data": {"é": 1}} for number in range(count)), out) == count
        assert [task["id"] for task in json.loads(out.getvalue())] == list(range(count))


def test_an_annotation_says_who_answered_in_what_time_and_when():
    design = item("number")
    at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    made = annotation_of(design, {}, {"q": 3}, assignment_id=7, worker_id=9, seconds=None, submitted_at=at)
    assert (made["id"], made["completed_by"], made["lead_time"]) == (7, 9, None)
    assert made["created_at"] == "2030-01-02T03:04:05Z"
    assert re.fullmatch("7-q-0", made["result"][0]["id"])
