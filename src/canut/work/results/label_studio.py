"""Answers in the form in which Label Studio exports its own: a JSON list of tasks with annotations.

What is asked keeps its name (`from_name`), and what it is about is named by its column (`to_name`). An
answer for which Label Studio has no form (a rubric, a ranking with shared places, a region of an image
whose size the row does not tell) stands as a text that is the answer's JSON: nothing is left out.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from canut.work.designs.annotations import Marking
from canut.work.designs.audio import AudioSegments
from canut.work.designs.choices import DropDown, MultipleChoice, SingleChoice
from canut.work.designs.columns import columns_in
from canut.work.designs.displays import PageBreak
from canut.work.designs.items import Item, Occasion, Question
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.quantities import Day, Number, Rating
from canut.work.designs.ranking import BestText, Places
from canut.work.designs.regions import Regions, outline, rectangle
from canut.work.designs.schema import Design
from canut.work.designs.spans import Spans
from canut.work.designs.texts import WrittenAnswer

Result = dict[str, Any]

SIDES = {"a": "left", "b": "right"}


def annotation_of(
    design: Design,
    row: Mapping[str, object],
    answer: Mapping[str, object],
    *,
    assignment_id: int,
    worker_id: int | None,
    seconds: int | None,
    submitted_at: datetime,
) -> dict[str, Any]:
    """Return one worker's answer to a task as an annotation of Label Studio; None names nobody."""
    return {
        "id": assignment_id,
        "completed_by": worker_id,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": submitted_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "lead_time": seconds,
        "result": results_of(design, row, answer, assignment_id=assignment_id),
    }


def results_of(
    design: Design, row: Mapping[str, object], answer: Mapping[str, object], *, assignment_id: int = 0
) -> list[Result]:
    """Return the results of an answer in the design's order, several for a question with marks."""
    found: list[Result] = []
    about = ""
    for item in design.items:
        if isinstance(item, Question):
            given = answer.get(item.name)
            if given is not None:
                place = {"from_name": item.name, "to_name": _subject(item) or about or "task"}
                for number, result in enumerate(_results(item, given, row)):
                    result.setdefault("id", f"{assignment_id}-{item.name}-{number}")
                    found.append({**place, **result, "origin": "manual"})
        elif not isinstance(item, PageBreak):
            about = _first_column(item) or about
    return found


def write_label_studio(tasks: Iterable[Mapping[str, object]], out: BinaryIO) -> int:
    """Write tasks as one JSON list, one a line, in memory that stays small; return how many there were."""
    written = 0
    for task in tasks:
        out.write(b",\n" if written else b"[\n")
        out.write(json.dumps(task, ensure_ascii=False, allow_nan=False).encode())
        written += 1
    out.write(b"\n]\n" if written else b"[]\n")
    return written


def _results(question: Question, given: Any, row: Mapping[str, object]) -> Sequence[Result]:
    match question:
        case SingleChoice() | DropDown() | BestText():
            return [{"type": "choices", "value": {"choices": [given]}}]
        case MultipleChoice():
            return [{"type": "choices", "value": {"choices": list(given)}}]
        case Rating():
            return [{"type": "rating", "value": {"rating": given}}]
        case Number():
            return [{"type": "number", "value": {"number": given}}]
        case Day():
            return [{"type": "datetime", "value": {"datetime": given}}]
        case WrittenAnswer():
            return [{"type": "textarea", "value": {"text": [given]}}]
        case Pairwise() if given in SIDES:
            return [{"type": "pairwise", "value": {"selected": SIDES[given]}}]
        case Pairwise():
            return [{"type": "choices", "value": {"choices": [given]}}]
        case Places() if len(set(given.values())) == len(given):
            ordered = sorted(given, key=given.__getitem__)
            return [{"type": "ranker", "value": {"ranker": {question.name: ordered}}}]
        case Marking() if isinstance(given, list):
            return list(_marks(question, given, row))
    return [_as_json(given)]


def _as_json(given: object) -> Result:
    return {"type": "textarea", "value": {"text": [json.dumps(given, ensure_ascii=False, sort_keys=True)]}}


def _marks(question: Marking, given: Sequence[Any], row: Mapping[str, object]) -> Iterator[Result]:
    for mark in given:
        tags = [body["value"] for body in mark["body"] if body["purpose"] == "tagging"]
        notes = [body["value"] for body in mark["body"] if body["purpose"] == "commenting"]
        result = _mark(question, mark["target"]["selector"], tags, row) or _as_json(mark)
        result["id"] = str(mark["id"]).removeprefix("urn:uuid:")
        if notes:
            result["meta"] = {"text": notes}
        yield result


def _mark(question: Marking, selector: Any, tags: list[str], row: Mapping[str, object]) -> Result | None:
    match question:
        case Spans():
            quote, place = selector
            text = question.shown(Occasion(row=row))
            first, last = (_in_utf_16(text, place[edge]) for edge in ("start", "end"))
            return {
                "type": "labels",
                "value": {"start": first, "end": last, "text": quote["exact"], "labels": tags},
            }
        case AudioSegments():
            start, end = map(float, str(selector["value"]).removeprefix("t=").split(","))
            return {"type": "labels", "value": {"start": start, "end": end, "channel": 0, "labels": tags}}
        case Regions():
            size = _image_size(_first_column(question), row)
            return _region(selector, tags, size) if size else None
    return None


def _region(selector: Any, tags: list[str], size: tuple[float, float]) -> Result:
    width, height = size
    of_image = {"original_width": round(width), "original_height": round(height), "image_rotation": 0}
    if selector["type"] == "SvgSelector":
        points = [tuple(map(float, point.split(","))) for point in outline(selector).split(" ")]
        percent = [[100 * x / width, 100 * y / height] for x, y in points]
        value: dict[str, Any] = {"points": percent, "closed": True, "polygonlabels": tags}
        return {"type": "polygonlabels", **of_image, "value": value}
    x, y, across, down = map(float, rectangle(selector))
    value = {"x": 100 * x / width, "y": 100 * y / height, "width": 100 * across / width}
    value |= {"height": 100 * down / height, "rotation": 0, "rectanglelabels": tags}
    return {"type": "rectanglelabels", **of_image, "value": value}


def _image_size(column: str, row: Mapping[str, object]) -> tuple[float, float] | None:
    """Return an image's size in pixels if the row has it, as `width` or as `image_width`."""
    for prefix in (f"{column}_", "image_", ""):
        size = [_positive(row.get(f"{prefix}{name}")) for name in ("width", "height")]
        if size[0] and size[1]:
            return size[0], size[1]
    return None


def _positive(cell: object) -> float:
    written = str(cell).strip() if isinstance(cell, str | int | float) and not isinstance(cell, bool) else ""
    return float(written) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", written) else 0.0


def _subject(question: Question) -> str:
    """Return the name of what a question itself shows, if it shows something."""
    match question:
        case Marking():
            return _first_column(question)
        case Pairwise():
            sides = [next(columns_in(side), "") for side in (question.a, question.b)]
            return ",".join(sides) if all(sides) else ""
    return ""


def _first_column(item: Item) -> str:
    """Return the column of what an item shows: of its source or text rather than of its words."""
    for name in ("source", "image", "audio", "text"):
        template = getattr(item, name, "")
        if isinstance(template, str) and (column := next(columns_in(template), "")):
            return column
    return ""


def _in_utf_16(text: str, place: int) -> int:
    """Return a place counted in code points as JavaScript counts it: in halves of 32 bits."""
    return len(text[:place].encode("utf-16-le", errors="surrogatepass")) // 2
