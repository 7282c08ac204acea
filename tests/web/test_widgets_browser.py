"""The widgets for marks, recordings and files in a real browser, by pointer and by keyboard."""

import io
import math
import re
import struct
import wave
import zlib

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project, a_submission, taken
from tests.chromium import launched
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    opened,
    site,
)
from tests.work.designs.in_browser import until

from canut.work.models import AnswerFile, Assignment, ShownWork, Submission

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("uploads")]

IMAGE, SOUND = "https://media.example.org/street.png", "https://media.example.org/speech.wav"
LABELS = [{"value": "car", "label": "A car"}, {"value": "dog", "label": "A dog"}]
TEXT = "Zoë 😀 went to Lyon.\nZoë stayed <b>there</b>."
ROW = {"image": IMAGE, "audio": SOUND, "text": TEXT}
ITEMS = {
    "regions": {"image": "{{image}}", "alt": "A street", "labels": LABELS, "notes": True},
    "spans": {"text": "{{text}}", "labels": LABELS},
    "reading": {"text": "{{text}}", "labels": LABELS},
    "audio_segments": {"audio": "{{audio}}", "labels": LABELS},
    "recording": {"most_seconds": 30},
    "file": {"accepts": ["image", "text"], "most_megabytes": 1},
}


def an_image(width=400, height=300):
    rows = b"".join(b"\0" + bytes(range(200, 200 + 1)) * width * 3 for _ in range(height))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
    ]
    parts = [*chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def a_sound(seconds=4):
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        loud = (int(9000 * math.sin(n / 5) * (n // 4000 % 2)) for n in range(8000 * seconds))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in loud))
    return written.getvalue()


@pytest.fixture(scope="module")
def chromium():
    """A browser whose microphone hears a beep and whose user allows everything."""
    with launched("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as browser:
        yield browser


@pytest.fixture
def task_of(cast, opened):  # noqa: F811
    """Return a way to open a task of one type of item, its image and sound served from elsewhere."""

    def open_task(*kinds, **options):
        items = [{"type": kind, "name": kind, "label": f"About {kind}"} | ITEMS[kind] for kind in kinds]
        design = {"version": 1, "instructions": "", "items": items}
        project = a_project(owner=cast.requester, rows=[ROW], design=design, at=cast.at)
        assignment = taken(worker=cast.worker, project=project, at=cast.at)
        page = opened(cast.worker, **options)
        free = {"Access-Control-Allow-Origin": "*"}
        page.context.route(IMAGE, lambda route: route.fulfill(body=an_image(), content_type="image/png"))
        page.context.route(
            SOUND, lambda route: route.fulfill(body=a_sound(), content_type="audio/wav", headers=free)
        )
        page.goto(reverse("task", args=[assignment.pk]))
        return page

    return open_task


def handed_in(page):
    page.uncheck("input[name=next]")
    page.click("[data-hand-in]")
    page.wait_for_selector("text=What you handed in")
    return Submission.objects.get().answer


TWO_FRAMES = "() => new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))"


def drag(page, box, start, end):
    """Drag from one place to another, both as shares of the element's width and height.

    A browser hands on the pointer's moves once a frame, so it is let go when the page has seen the last.
    """
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(*(a + (b - a) * step / 5 for a, b in zip(*points, strict=True)))
    page.evaluate(TWO_FRAMES)
    page.mouse.up()


def said(page):
    return page.locator("[data-marks-says], [data-file-says]").first


def test_a_rectangle_is_drawn_and_a_polygon_written_by_keyboard(task_of):
    page = task_of("regions")
    page.wait_for_selector(".a9s-annotationlayer")
    page.select_option("[data-new-tag]", "car")
    drag(page, page.query_selector("[data-image]").bounding_box(), (0.25, 0.2), (0.75, 0.6))
    page.wait_for_selector("[data-mark]")
    expect(said(page)).to_have_text("Mark 1 is added.")
    for name, value in (("x", "100"), ("y", "60")):
        expect(page.locator(f"[data-number={name}]")).to_have_value(value)
    page.fill("[data-number=width]", "150")
    page.fill("[data-mark-note]", "Parked.")
    page.focus("[data-add=polygon]")
    page.keyboard.press("Enter")
    row = page.locator("[data-mark]").nth(1)
    row.locator("[data-points]").fill("0,0 50,0 50,40.5")
    row.locator("[data-mark-tag]").select_option("dog")
    expect(page.locator(".a9s-annotation:not(.a9s-rubberband)")).to_have_count(2)
    box, polygon = handed_in(page)["regions"]
    assert box["target"]["source"] == IMAGE
    assert re.fullmatch(r"xywh=pixel:100,60,150,1(19|20|21)", box["target"]["selector"]["value"])
    assert [body["value"] for body in box["body"]] == ["car", "Parked."]
    assert 'points="0,0 50,0 50,40.5"' in polygon["target"]["selector"]["value"]
    expect(page.locator(".marks").first).to_contain_text("A car")
    expect(page.locator("svg.marks-drawn polygon, svg.marks-drawn rect")).to_have_count(2)


def test_rectangles_are_drawn_one_after_the_other(task_of):
    page = task_of("regions")
    page.wait_for_selector(".a9s-annotationlayer")
    for row in range(3):
        page.evaluate("scrollTo(0, 0)")
        box = page.query_selector("[data-image]").bounding_box()
        drag(page, box, (0.1, 0.1 + row * 0.3), (0.3, 0.3 + row * 0.3))
        page.wait_for_selector(f"[data-mark] >> nth={row}")
        page.select_option(f"[data-mark-tag] >> nth={row}", "car")
    assert len(handed_in(page)["regions"]) == 3


def test_a_rectangle_is_moved_and_removed(task_of):
    page = task_of("regions")
    page.wait_for_selector(".a9s-annotationlayer")
    box = page.query_selector("[data-image]").bounding_box()
    drag(page, box, (0.25, 0.25), (0.5, 0.5))
    page.wait_for_selector("[data-mark]")
    page.mouse.click(box["x"] + 0.375 * box["width"], box["y"] + 0.375 * box["height"])
    page.wait_for_selector(".a9s-shape-handle")
    drag(page, box, (0.375, 0.375), (0.625, 0.375))
    expect(page.locator("[data-number=x]")).to_have_value("200")
    field = page.locator("[data-marks-field]")
    expect(field).to_have_value(re.compile('"xywh=pixel:200,75,100,75"'))
    page.click("[data-mark-remove]")
    expect(said(page)).to_have_text("Mark 1 is removed.")
    expect(field).to_have_value("")
    expect(page.locator(".a9s-annotation:not(.a9s-rubberband)")).to_have_count(0)


def test_words_are_marked_by_selecting_them_and_by_writing_them(task_of):
    page = task_of("spans")
    page.wait_for_selector(".span-layer", state="attached")
    page.select_option("[data-new-tag]", "dog")
    box = page.evaluate(
        """() => {
            const text = document.querySelector('[data-text]').lastChild;
            const range = document.createRange();
            range.setStart(text, 15);
            range.setEnd(text, 19);
            const {x, y, width, height} = range.getBoundingClientRect();
            return {x, y, width, height};
        }"""
    )
    drag(page, box, (0.01, 0.5), (0.99, 0.5))
    page.wait_for_selector("[data-mark]")
    expect(page.locator("[data-mark-where]")).to_have_text("“Lyon”")
    for _twice in range(2):
        page.fill("[data-words]", "Zoë")
        page.press("[data-words]", "Enter")
    page.fill("[data-words]", "Paris")
    page.click("[data-add-words]")
    expect(said(page)).to_contain_text("not in the text")
    until(page, lambda: page.locator(".span-box").count() >= 3)
    spans = handed_in(page)["spans"]
    found = [mark["target"]["selector"][0]["exact"] for mark in spans]
    places = [mark["target"]["selector"][1]["start"] for mark in spans]
    assert (found, places) == (["Lyon", "Zoë", "Zoë"], [14, 0, 20])
    expect(page.locator("mark")).to_have_count(3)
    expect(page.locator("main")).to_contain_text("<b>there</b>")


def test_a_text_is_read_with_tags_and_notes(task_of):
    page = task_of("reading")
    page.wait_for_selector("[data-add-words]:enabled")
    page.fill("[data-words]", "went to Lyon")
    page.press("[data-words]", "Enter")
    page.check("[data-mark] >> text=A car")
    page.check("[data-mark] >> text=A dog")
    page.fill("[data-mark-note]", "By which of them?")
    (mark,) = handed_in(page)["reading"]
    assert [body["value"] for body in mark["body"]] == ["car", "dog", "By which of them?"]


def test_a_segment_is_dragged_over_the_waveform_and_another_written(task_of):
    page = task_of("audio_segments")
    page.wait_for_selector("[data-add]:enabled")
    page.select_option("[data-new-tag]", "car")
    wave_box = page.query_selector("[data-wave]").bounding_box()
    drag(page, wave_box, (0.25, 0.5), (0.5, 0.5))
    page.wait_for_selector("[data-mark]")
    page.click("[data-add]")
    row = page.locator("[data-mark]").nth(1)
    row.locator("[data-number=end]").fill("3.75")
    row.locator("[data-number=start]").fill("3.5")
    row.locator("[data-mark-tag]").select_option("dog")
    first, second = handed_in(page)["audio_segments"]
    start, end = map(float, first["target"]["selector"]["value"].removeprefix("t=").split(","))
    assert (start, end) == (pytest.approx(1, abs=0.1), pytest.approx(2, abs=0.1))
    assert second["target"]["selector"]["value"] == "t=3.5,3.75"


def test_a_voice_is_recorded_kept_and_handed_in(task_of):
    page = task_of("recording")
    page.click("[data-record]")
    expect(page.locator("[data-record-time]")).to_have_text("0:01", timeout=15_000)
    page.click("[data-stop]")
    page.wait_for_selector("[data-file-kept] audio")
    answer = handed_in(page)["recording"]
    kept = AnswerFile.objects.get()
    assert (answer["file"], answer["type"]) == (str(kept.pk), "audio/webm")
    assert kept.size_bytes > 1000
    until(page, lambda: page.evaluate("document.querySelector('audio').readyState") >= 1)


def test_a_file_is_sent_removed_sent_again_and_handed_in(task_of):
    page = task_of("file")
    bad = {"name": "page.png", "mimeType": "image/png", "buffer": b"<html><script>alert(1)</script>"}
    page.set_input_files("[data-file-choice]", bad)
    page.wait_for_selector("[data-file-says]:has-text('none of the kinds')")
    good = {"name": "shot.png", "mimeType": "image/png", "buffer": an_image()}
    page.set_input_files("[data-file-choice]", good)
    page.wait_for_selector("[data-file-kept] img")
    page.click("[data-file-remove]")
    page.wait_for_selector("[data-file-says]:has-text('removed')")
    page.set_input_files("[data-file-choice]", good)
    page.wait_for_selector("[data-file-kept] img")
    assert handed_in(page)["file"]["name"] == "shot.png"
    expect(page.locator("img[alt='shot.png']")).to_have_count(1)


def test_a_file_is_sent_and_handed_in_with_scripts_off(task_of):
    page = task_of("file", java_script_enabled=False)
    page.set_input_files(
        "[data-file-choice]", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    page.click("[data-file-send]")
    expect(page.locator("#notices")).to_contain_text("kept with your draft")
    page.click("[data-file-remove]")
    expect(page.locator("#notices")).to_contain_text("The file is removed.")
    page.set_input_files(
        "[data-file-choice]", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    page.click("[data-file-send]")
    expect(page.locator("[data-file-name]")).to_have_text("notes.txt")
    assert handed_in(page)["file"]["type"] == "text/plain"


def test_marks_of_a_draft_are_there_again(task_of):
    page = task_of("regions", "spans")
    page.wait_for_selector("[data-add=rectangle]:enabled")
    page.click("[data-add=rectangle]")
    page.locator("[data-words]").fill("Lyon")
    page.press("[data-words]", "Enter")
    page.click("text=Keep a draft")
    page.wait_for_selector("[data-marks=regions] [data-mark]")
    page.wait_for_selector("[data-marks=spans] [data-mark]")
    expect(page.locator("[data-marks=spans] [data-mark-where]")).to_have_text("“Lyon”")
    assert Assignment.objects.get().state == "held"


def test_no_widget_is_wider_than_the_screen_or_fails_the_accessibility_check(task_of):
    page = task_of(*ITEMS)
    page.wait_for_selector("[data-add=rectangle]:enabled")
    page.wait_for_selector("[data-note-from]:enabled")
    page.click("[data-add=rectangle]")
    page.click("[data-add=polygon]")
    page.click("[data-marks=audio] [data-add]")
    for number in range(2):
        field = page.locator("[data-words]").nth(number)
        field.fill("went to Lyon")
        field.press("Enter")
    page.set_input_files(
        "[data-file=file] [data-file-choice]",
        {"name": "shot.png", "mimeType": "image/png", "buffer": an_image()},
    )
    page.wait_for_selector("[data-file=file] [data-file-kept] img")
    assert faults(page, "all", named="widgets") == []


def test_work_to_be_judged_is_drawn_with_its_marks_at_a_desk_and_on_a_phone(cast, opened):  # noqa: F811
    items = [
        {"type": kind, "name": kind, "label": f"About {kind}"} | ITEMS[kind] for kind in ("regions", "spans")
    ]
    chats = {
        "type": "conversations",
        "name": "chats",
        "label": "Which is better?",
        "a": "{{text}}",
        "b": "{{text}}",
    }
    design = {"version": 1, "instructions": "Look closely.", "items": [*items, chats]}
    project = a_project(owner=cast.requester, rows=[ROW], design=design, at=cast.at)
    tagged = [{"type": "TextualBody", "purpose": "tagging", "value": "car"}]
    box = {"type": "FragmentSelector", "value": "xywh=pixel:40,30,80,60"}
    words = [
        {"type": "TextQuoteSelector", "exact": TEXT[:3]},
        {"type": "TextPositionSelector", "start": 0, "end": 3},
    ]
    answer = {
        "regions": [{"body": tagged, "target": {"selector": box}}],
        "spans": [{"body": tagged, "target": {"selector": words}}],
        "chats": {"overall": {"better": "a"}},
    }
    work = a_submission(worker=cast.worker, project=project, answer=answer, at=cast.began)
    asked = [
        {"type": "work", "heading": "The work"},
        {"type": "work", "number": 2, "heading": "The other work"},
        {"type": "long_text", "name": "advice", "label": "What would make it better?"},
    ]
    reviews = a_project(owner=cast.requester, rows=[{"x": 1}], design={**design, "items": asked}, at=cast.at)
    ShownWork.objects.create(task=reviews.tasks.get(), submission=work)
    page = opened(cast.peer)
    page.context.route(IMAGE, lambda route: route.fulfill(body=an_image(), content_type="image/png"))
    page.goto(reverse("task", args=[taken(worker=cast.peer, project=reviews, at=cast.at).pk]))
    shown = page.get_by_role("heading", name="The work", exact=True).locator("xpath=..")
    expect(shown.locator("svg").first).to_be_visible()
    expect(shown.locator("mark")).to_contain_text(TEXT[:3])
    expect(page.get_by_role("heading", name="The other work")).to_be_visible()
    assert faults(page, "to judge", named="shown-work") == []
