"""Marks on images, texts and sounds: what is accepted, in which one form it is kept, what is refused."""

import pytest

from canut.work.designs.answers import compile_validator
from canut.work.designs.items import InPlace, Occasion
from canut.work.designs.problems import AnswerRefused, DesignRefused
from canut.work.designs.schema import read_design, to_json

LABELS = [{"value": "cat", "label": "A cat"}, {"value": "dog", "label": "A dog"}]
MEDIA = "http://www.w3.org/TR/media-frags/"
IMAGE = "https://images.example.org/1.png"
TEXT = "Zoë 😀 went\r\nto Lyon."
ROW = {"image": IMAGE, "audio": "https://sounds.example.org/1.ogg", "text": TEXT}


def a_design(kind, **fields):
    common = {"type": kind, "name": "marks", "label": "Mark", "labels": LABELS}
    sources = {
        "regions": {"image": "{{image}}", "alt": "An image"},
        "audio_segments": {"audio": "{{audio}}"},
        "spans": {"text": "{{text}}"},
        "reading": {"text": "{{text}}"},
    }
    return read_design({"version": 1, "instructions": "", "items": [common | sources[kind] | fields]})


def a_mark(selector, *tags, note="", **more):
    body = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags]
    if note:
        body.append({"type": "TextualBody", "purpose": "commenting", "value": note})
    return {"type": "Annotation", "body": body, "target": {"selector": selector}} | more


def a_box(value="xywh=pixel:1,2,30,40"):
    return {"type": "FragmentSelector", "conformsTo": MEDIA, "value": value}


def a_polygon(points="0,0 10,0 10,10.5"):
    return {"type": "SvgSelector", "value": f'<svg><polygon points="{points}" /></svg>'}


def a_span(exact, start, end):
    return [
        {"type": "TextQuoteSelector", "exact": exact},
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def stored(design, *marks):
    validate = compile_validator(design)
    assert validate.needs_twin
    return validate.placed(validate({"marks": list(marks)}), InPlace(Occasion(ROW)))["marks"]


def refused(design, *marks):
    with pytest.raises(AnswerRefused) as refusal:
        stored(design, *marks)
    return refusal.value.errors["marks"].code


@pytest.mark.parametrize("kind", ["regions", "spans", "reading", "audio_segments"])
def test_a_design_is_written_as_it_was_read(kind):
    design = a_design(kind, least=0, most=9)
    assert read_design(to_json(design)) == design


def test_a_rectangle_and_a_polygon_are_kept_in_one_form_with_the_image_they_are_on():
    design = a_design("regions")
    box, polygon = stored(design, a_mark(a_box("xywh=1.0,2,30,40.250"), "cat"), a_mark(a_polygon(), "dog"))
    assert box["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert box["target"] == {"source": IMAGE, "selector": a_box("xywh=pixel:1,2,30,40.25")}
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><polygon points="0,0 10,0 10,10.5"/></svg>'
    assert polygon["target"]["selector"] == {"type": "SvgSelector", "value": svg}
    assert [mark["body"][0]["value"] for mark in (box, polygon)] == ["cat", "dog"]
    assert box["id"].startswith("urn:uuid:")


def test_what_is_kept_is_kept_again_unchanged():
    design = a_design("regions", notes=True)
    kept = stored(design, a_mark(a_box(), "cat", note=" Asleep. "), a_mark(a_polygon(), "dog"))
    assert stored(design, *kept) == kept
    assert kept[0]["body"][1]["value"] == "Asleep."


@pytest.mark.parametrize(
    "selector",
    [
        {"type": "SvgSelector", "value": "<svg><script>alert(1)</script></svg>"},
        {"type": "SvgSelector", "value": '<svg onload="x"><polygon points="0,0 1,0 1,1"/></svg>'},
        {"type": "SvgSelector", "value": '<svg><polygon points="0,0 1,0"/></svg>'},
        {"type": "SvgSelector", "value": '<svg><polygon points="0,0 0,0 0,0"/></svg>'},
        {"type": "SvgSelector", "value": '<svg><path d="M0 0"/></svg>'},
        {"type": "CssSelector", "value": "body"},
        a_box("xywh=percent:1,2,3,4"),
        a_box("xywh=pixel:-1,2,3,4"),
        a_box("xywh=pixel:1,2,0,4"),
        a_box("xywh=pixel:1,2,3,999999"),
        a_box("xywh=pixel:1,2,3,4\n"),
        a_box("xywh=pixel:1,2,3,٤"),
        a_box() | {"more": 1},
        "xywh=pixel:1,2,3,4",
        None,
        7,
        [a_box()],
    ],
)
def test_other_selectors_than_ours_are_refused(selector):
    assert refused(a_design("regions"), a_mark(selector, "cat")) == "not_an_annotation"


def test_a_shape_that_was_not_asked_for_is_refused():
    assert refused(a_design("regions", shapes="polygon"), a_mark(a_box(), "cat")) == "not_an_annotation"
    assert refused(a_design("regions", shapes="rectangle"), a_mark(a_polygon(), "cat")) == "not_an_annotation"


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (a_mark(a_box(), "bird"), "unknown_tag"),
        (a_mark(a_box()), "untagged"),
        (a_mark(a_box(), "cat", "dog"), "too_many_tags"),
        (a_mark(a_box(), "cat", note="Asleep."), "not_an_annotation"),
        (a_mark(a_box(), "cat", id="javascript:1"), "not_an_annotation"),
        (a_mark(a_box(), "cat", creator={"name": "me"}), "not_an_annotation"),
        ({"body": [], "target": a_box()}, "not_an_annotation"),
        ("mark", "not_an_annotation"),
    ],
)
def test_tags_notes_and_ids_are_checked(mark, code):
    assert refused(a_design("regions"), mark) == code


def test_marks_are_counted():
    design = a_design("regions", least=2, most=2)
    assert refused(design, a_mark(a_box(), "cat")) == "too_few_marks"
    assert refused(design, *[a_mark(a_box(), "cat")] * 3) == "too_many_marks"
    with_id = a_mark(a_box(), "cat", id="urn:uuid:00000000-0000-4000-8000-000000000000")
    assert refused(design, with_id, with_id) == "repeated_mark"
    assert refused(design) == "required"


def test_nothing_to_mark_is_an_answer_where_the_design_says_so():
    assert stored(a_design("regions", least=0)) == []
    optional = compile_validator(a_design("regions", least=0, required=False))
    assert optional({"marks": []}) == {}


def test_a_mark_on_another_image_is_refused():
    mark = a_mark(a_box(), "cat")
    mark["target"]["source"] = "https://elsewhere.example.org/2.png"
    assert refused(a_design("regions"), mark) == "other_source"
    mark["target"]["source"] = IMAGE
    assert stored(a_design("regions"), mark)


def test_spans_are_counted_in_code_points_of_the_text_as_shown():
    (kept,) = stored(a_design("spans"), a_mark(a_span("😀 went\nto", 4, 13), "cat"))
    assert kept["target"]["selector"] == a_span("😀 went\nto", 4, 13)
    assert kept["target"]["source"].startswith("ni:///sha-256;")


@pytest.mark.parametrize(
    ("selector", "code"),
    [
        (a_span("Lyon", 0, 4), "words_differ"),
        (a_span("Zoe", 0, 3), "words_differ"),
        (a_span("Zoë", 0, 99), "words_differ"),
        (a_span("Lyon", 17, 900), "words_differ"),
        (a_span("", 0, 0), "not_an_annotation"),
        (a_span("Zoë", 0, True), "not_an_annotation"),
        (a_span("Zoë", -3, 3), "not_an_annotation"),
        (a_span("Zoë", 0.0, 3), "not_an_annotation"),
        (a_span("Zoë", 0, 3)[:1], "not_an_annotation"),
        ([{"type": "CssSelector", "value": "p"}, a_span("Zoë", 0, 3)[1]], "not_an_annotation"),
    ],
)
def test_a_span_quotes_what_stands_at_its_place(selector, code):
    assert refused(a_design("spans"), a_mark(selector, "cat")) == code


def test_annotated_reading_takes_highlights_with_any_tags_and_a_note():
    design = a_design("reading")
    plain, full = stored(
        design,
        a_mark(a_span("Zoë", 0, 3)),
        a_mark(a_span("Lyon", 14, 18), "dog", "cat", note="A city."),
    )
    assert plain["body"] == []
    assert [body["value"] for body in full["body"]] == ["cat", "dog", "A city."]
    assert refused(design, a_mark(a_span("Zoë", 0, 3), note="x" * 2001)) == "note_too_long"


def test_segments_are_kept_as_media_fragments():
    selector = {"type": "FragmentSelector", "value": "t=npt:0.5000,1.25"}
    (kept,) = stored(a_design("audio_segments"), a_mark(selector, "cat"))
    assert kept["target"]["selector"] == {
        "type": "FragmentSelector",
        "conformsTo": MEDIA,
        "value": "t=0.5,1.25",
    }
    for value in ("t=2,1", "t=1,1", "t=1", "t=0,90000", "xywh=pixel:1,2,3,4"):
        assert refused(
            a_design("audio_segments"), a_mark({"type": "FragmentSelector", "value": value}, "cat")
        )


def test_readers_see_the_marks_in_words_and_where_they_are():
    design = a_design("regions", notes=True)
    answer = stored(design, a_mark(a_box(), "cat", note="Asleep."), a_mark(a_polygon(), "dog"))
    (told,) = design.questions[0].told(answer, Occasion(ROW))
    assert (told.kind, told.url, told.text) == ("regions", IMAGE, "An image")
    assert [mark.said for mark in told.marks] == [
        "A cat · 30 × 40 pixels from 1, 2 · Asleep.",
        "A dog · polygon with 3 corners",
    ]
    (text,) = (
        (spans := a_design("spans"))
        .questions[0]
        .told(stored(spans, a_mark(a_span("Lyon", 14, 18), "cat")), Occasion(ROW))
    )
    assert text.text == TEXT.replace("\r\n", "\n")
    assert text.marks[0].said == "A cat · “Lyon”"


def test_a_design_says_what_is_wrong_with_it():
    with pytest.raises(DesignRefused) as refusal:
        a_design("regions", image="http://x", shapes="circle", least=9, most=3, labels=LABELS + LABELS[:1])
    assert {problem.code for problem in refusal.value.problems} == {
        "not_a_source",
        "not_one_of",
        "range_empty",
        "repeated",
    }


@pytest.mark.parametrize("raw", [None, "", "[", "[" * 5000, "7", "{}"])
def test_what_a_form_posts_is_read_without_fail(raw):
    question = a_design("spans").questions[0]
    posted = question.posted([raw] if raw is not None else [])
    assert posted is None or isinstance(posted, str | int | dict)
