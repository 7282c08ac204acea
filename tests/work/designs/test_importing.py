"""Bringing in designs of SurveyJS and Label Studio: what is understood, and that nothing is lost unsaid."""

import json
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.importing import ImportRefused, read_import
from canut.work.designs.problems import DesignRefused
from canut.work.designs.schema import read_design, to_json

BROUGHT = Path(__file__).parent / "brought"
SURVEY = (BROUGHT / "survey.json").read_text(encoding="utf-8")
CONFIG = (BROUGHT / "label_studio.xml").read_text(encoding="utf-8")


def kinds(imported):
    return [item["type"] for item in to_json(imported.design)["items"]]


def named(imported, name):
    return next(item for item in to_json(imported.design)["items"] if item.get("name") == name)


def test_a_form_of_surveyjs_is_understood():
    imported = read_import(SURVEY)
    assert imported.origin == "SurveyJS"
    assert imported.design.title == "About books"
    assert kinds(imported) == [
        "page",
        "single_choice",
        "short_text",
        "multiple_choice",
        "text",
        "text",
        "long_text",
        "page",
        "short_text",
        "number",
        "date",
        "rating",
        "single_choice",
        "single_choice",
        "ranking",
        "drop_down",
        "single_choice",
        "single_choice",
        "short_text",
        "short_text",
        "image",
        "file",
    ]
    often = named(imported, "often")
    assert [option["value"] for option in often["options"]] == ["daily", "2", "other"]
    assert named(imported, "often_other")["shown_if"] == {"item": "often", "in": ["other"]}
    assert named(imported, "why")["shown_if"] == {"item": "often", "in": ["daily", "2"]}
    assert named(imported, "why")["required"] is False
    assert named(imported, "code")["pattern"] == "[0-9]{5}"
    assert named(imported, "age")["min"] == 18
    assert named(imported, "nps") | {"least_label": "No"} == named(imported, "nps")
    assert (
        named(imported, "m_cheap")["required"] is True if "required" in named(imported, "m_cheap") else True
    )
    assert named(imported, "f") == {
        "type": "file",
        "name": "f",
        "label": "f",
        "required": False,
        "accepts": ["image"],
        "most_megabytes": 3,
    }
    pages = [item for item in to_json(imported.design)["items"] if item["type"] == "page"]
    assert pages[1]["shown_if"] == {"item": "often", "in": ["daily", "other"]}
    texts = [item["text"] for item in to_json(imported.design)["items"] if item["type"] == "text"]
    assert texts == ["Two bold words", "More"]


def test_what_surveyjs_has_and_a_design_has_not_is_named_with_its_path():
    left_out = "\n".join(read_import(SURVEY).left_out)
    for path in (
        "title:",
        "completedHtml:",
        "pages[0].elements[0].colCount:",
        "pages[0].elements[1].name:",
        "pages[0].elements[2]:",
        "pages[0].elements[3]: Elements of the type “signaturepad”",
        "pages[0].elements[4].elements[0].requiredIf:",
        "pages[1].elements[0].validators[0].text:",
        "pages[1].elements[0].validators[1]: Validators of the type “email”",
        "pages[1].elements[4]:",
        "pages[1].elements[7].choicesByUrl:",
    ):
        assert path in left_out, path


KEYS = [
    *("type", "name", "title", "choices", "elements", "pages", "visibleIf", "value", "text", "rateMin"),
    *("rateMax", "rateValues", "validators", "min", "rows", "columns", "html"),
]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-3, 200) | st.floats() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(KEYS),
                inner
                | st.sampled_from(
                    ["text", "rating", "checkbox", "panel", "matrix", "regex", "html", "boolean"]
                ),
                max_size=6,
            )
        ),
        max_leaves=25,
    )
)
def test_any_json_is_read_or_refused_by_name(elements):
    try:
        imported = read_import(json.dumps({"elements": [elements, {"type": "comment", "name": "why"}]}))
    except (ImportRefused, DesignRefused):
        return
    assert read_design(imported.as_json()) == imported.design


def test_a_labelling_configuration_is_understood():
    imported = read_import(CONFIG)
    assert imported.origin == "Label Studio"
    items = imported.as_json()["items"]
    assert kinds(imported) == [
        "text",
        "single_choice",
        "multiple_choice",
        "rating",
        "long_text",
        "number",
        "date",
        "spans",
        "regions",
        "audio",
    ]
    assert items[0] == {"type": "text", "text": "{{text}}", "heading": "What does {{source}} say?"}
    assert named(imported, "sentiment") == {
        "type": "single_choice",
        "name": "sentiment",
        "label": "Is it positive?",
        "options": [{"value": "pos", "label": "Positive"}, {"value": "Negative", "label": "Negative"}],
    }
    faults = named(imported, "faults")
    assert faults["shown_if"] == {"item": "sentiment", "in": ["Negative"]}
    assert (faults["label"], faults["required"]) == ("What is wrong?", False)
    assert named(imported, "quality")["most"] == 7
    assert [label["value"] for label in named(imported, "ner")["labels"]] == ["Person", "LOC"]
    assert named(imported, "ner")["text"] == "{{passage}}"
    assert (named(imported, "box")["image"], named(imported, "box")["shapes"]) == ("{{image}}", "rectangle")


def test_what_label_studio_has_and_a_design_has_not_is_named_with_its_path():
    left_out = "\n".join(read_import(CONFIG).left_out)
    for path in (
        "View/Style[1]: Tags of the kind",
        "View/Choices[1]/Choice[2] selected:",
        "View/TextArea[1] maxSubmissions:",
        "View/Relations[1]: Tags",
        "View/BrushLabels[1]: Tags",
        "View/Choices[2]: Questions about each mark",
        "View/Audio[1] sync:",
        "View/Text[2] name: In Label Studio files",
    ):
        assert path in left_out, path


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<View><Header value="&b;"/></View>'
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><View/>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><View><Header value="&e;"/></View>',
        "<View>" * 100_000,
        "<View>" + "<Header/>" * 6000 + "</View>",
        "<View><Text name='t' value='$t'/></View>",
        "<View>&undefined;</View>",
        "<Other/>",
        "<",
        "{",
        "[" * 100_000,
        '{"pages": []}',
        '{"elements": [{"type": "signaturepad", "name": "x"}]}',
    ],
)
def test_what_cannot_be_used_is_refused_and_reads_nothing_else(text):
    with pytest.raises(ImportRefused) as refused:
        read_import(text)
    assert "root:" not in str(refused.value)


def test_a_design_of_canut_is_read_as_it_is_and_its_mistakes_are_named():
    design = {"version": 1, "instructions": "", "items": [{"type": "short_text", "name": "q", "label": "Q"}]}
    assert read_import(json.dumps(design)).as_json() == design
    with pytest.raises(DesignRefused):
        read_import(json.dumps(design | {"items": []}))


def test_items_that_no_design_can_hold_are_named_and_the_rest_is_taken():
    elements = [
        {"type": "radiogroup", "name": "one", "choices": ["only"]},
        {"type": "comment", "name": "why", "title": "x" * 600},
        {"type": "comment", "name": "kept"},
    ]
    imported = read_import(json.dumps({"elements": elements}))
    assert [question.name for question in imported.design.questions] == ["kept"]
    assert [sentence.partition(":")[0] for sentence in imported.left_out] == ["elements[0]", "elements[1]"]


def test_names_become_names_of_items_each_once():
    elements = [{"type": "comment", "name": name} for name in ("a b", "a-b", "1st", "été", "")]
    imported = read_import(json.dumps({"elements": elements}))
    names = [question.name for question in imported.design.questions]
    assert names == ["a_b", "a_b_2", "question_1st", "t", "question"]


def survey(*elements, **more):
    return json.dumps({"elements": list(elements), **more})


@pytest.mark.parametrize(
    "element",
    [
        {"type": "\ud800"},
        {"type": "comment", "name": "a", "visibleIf": "{x} = '\udfff'"},
        {"type": "text", "name": "a", "inputType": "\ud800", "validators": [{"type": "\ud800"}]},
        {"type": "comment", "name": "\ud800", "\udc00": 1},
        {"type": "comment", "name": "a\0", "title": "b\0", "visibleIf": "\0"},
    ],
)
def test_what_no_page_can_show_is_named_in_words_that_it_can(element):
    told = read_import(survey({"type": "comment", "name": "kept"}, element)).left_out
    assert told
    assert "\0" not in "".join(told).encode().decode()


@pytest.mark.parametrize(
    ("element", "named_as"),
    [
        ('{"type": "file", "name": "f", "maxSize": 1e999}', "elements[0].maxSize"),
        ('{"type": "file", "name": "f", "maxSize": 1' + "0" * 400 + "}", "elements[0].maxSize"),
        ('{"type": "text", "inputType": "number", "name": "f", "min": "nan"}', "elements[0].min"),
        ('{"type": "text", "inputType": "number", "name": "f", "step": Infinity}', "elements[0].step"),
        ('{"type": "comment", "name": "f", "isRequired": "perhaps"}', "elements[0].isRequired"),
        ('{"type": "comment", "name": "f", "visibleIf": ' + "[" * 900 + "]" * 900 + "}", "visibleIf"),
        ('{"type": "multipletext", "isRequired": true, "items": [{"name": "f"}]}', "elements[0].isRequired"),
        ('{"type": "comment", "name": "f", "title": "Dear {first}"}', "elements[0].title"),
    ],
)
def test_what_cannot_be_taken_over_is_named_and_the_rest_is_there(element, named_as):
    imported = read_import('{"elements": [' + element + "]}")
    assert named(imported, "f")
    assert any(named_as in one for one in imported.left_out)


def test_a_file_with_more_than_any_design_holds_is_read_quickly_and_says_so():
    scale = {"type": "rating", "name": "r", "rateMin": 1, "rateMax": 10**9}
    many = read_import(survey(scale, *[{"type": "comment"}] * 20_000))
    assert len(many.design.items) == 200
    assert any("first 1000 parts" in one for one in many.left_out)
    assert any("more than 200" in one for one in many.left_out)
    tags = read_import("<View>" + "<TextArea/>" * 4_000 + "</View>")
    assert len(tags.design.items) == 200


def test_items_that_are_wrong_make_room_for_those_behind_them():
    wrong = [{"type": "radiogroup", "name": f"w{n}"} for n in range(300)]
    imported = read_import(survey(*wrong, {"type": "comment", "name": "last"}))
    assert [one.name for one in imported.design.questions] == ["last"]
    assert "And 100 more" in imported.left_out[-1]


def test_conditions_keep_their_meaning_or_are_named():
    several = {"type": "checkbox", "name": "k", "choices": ["a", "b"]}
    yes = {"type": "boolean", "name": "y", "valueTrue": True, "valueFalse": False}
    imported = read_import(
        survey(
            several,
            yes,
            {"type": "comment", "name": "exactly", "visibleIf": "{k} = ['a', 'b']"},
            {"type": "comment", "name": "any", "visibleIf": "{k} anyof ['a', 'b']"},
            {"type": "comment", "name": "if_yes", "visibleIf": "{y} = true"},
        )
    )
    assert "shown_if" not in named(imported, "exactly")
    assert named(imported, "any")["shown_if"] == {"item": "k", "in": ["a", "b"]}
    assert named(imported, "if_yes")["shown_if"] == {"item": "y", "in": ["true"]}
    assert any("elements[2].visibleIf" in one for one in imported.left_out)


def test_a_form_with_a_version_of_its_own_is_a_form_all_the_same():
    assert read_import(survey({"type": "comment", "name": "a"}, version=7)).origin == "SurveyJS"


def test_what_a_configuration_declares_of_its_characters_changes_none_of_them():
    config = '<View><Header value="Où ?"/><TextArea name="a" toName="t"/></View>'
    for declared in ("ISO-8859-1", "utf-16", "windows-1252"):
        imported = read_import(f'<?xml version="1.0" encoding="{declared}"?>{config}')
        assert named(imported, "a")["label"] == "Où ?"


def test_a_heading_goes_with_its_question_and_never_to_the_next_one():
    imported = read_import(
        '<View><Text name="t" value="Read $text."/><Header value="Draw the points"/>'
        '<KeyPointLabels name="k" toName="t"><Label value="x"/></KeyPointLabels>'
        '<Header value="About each"/><TextArea name="e" toName="t" perRegion="true"/>'
        '<TextArea name="all" toName="t"/></View>'
    )
    assert kinds(imported) == ["text", "long_text"]
    assert to_json(imported.design)["items"][0]["text"] == "Read {{text}}."
    assert named(imported, "all")["label"] == "All"
    assert sum("Header" in one for one in imported.left_out) == 2


@pytest.mark.parametrize(
    "markup",
    ["<!--" * 50_000, "<a " * 60_000, "<a b='" * 40_000, "<" + "a" * 200_000, "<script>" + "</" * 90_000],
    ids=["comments", "tags", "quotes", "name", "script"],
)
def test_markup_is_read_quickly_however_it_is_made(markup):
    began = process_time()
    with suppress(ImportRefused):  # where too much is left of it
        read_import(survey({"type": "html", "html": markup}, {"type": "comment", "name": "f"}))
    assert process_time() - began < 5


def test_conditions_are_read_quickly_however_they_are_made():
    wide = [{"type": "comment", "visibleIf": "{f} = x" + " " * 1_900 + "{"} for _one in range(150)]
    began = process_time()
    read_import(survey({"type": "comment", "name": "f"}, *wide))
    assert process_time() - began < 5


def test_the_words_of_markup_are_all_that_is_left_of_it():
    markup = (
        "<p>One &amp; <b>two</b><br/>three<!-- no --><script>if (a<b) <p></script>"
        "<style>p {}</style> a < b, don't <a title='x>y' href=\"z\">here</a></P>four &#" + "9" * 5_000 + ";"
    )
    imported = read_import(survey({"type": "html", "html": markup}, {"type": "comment", "name": "f"}))
    said = to_json(imported.design)["items"][0]["text"]
    assert said == "One & two\nthree a < b, don't here\nfour \ufffd"
