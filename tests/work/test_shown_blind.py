"""Work that is shown to be judged: all of it can be seen, and nothing of who did it, or when."""

import json
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from tests.api.calls import Call
from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker, taken
from tests.web.pages import browser_of, text_of

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.designs.problems import DesignRefused
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import columns_of, read_design
from canut.work.models import Assignment, Project, ShownWork, Submission, Task
from canut.work.queries.answered import submissions_of
from canut.work.queries.exported import assignment_rows, layout
from canut.work.queries.files import AnswerFileNotFound
from canut.work.queries.shown_work import readable_shown_file
from canut.work.usecases.answer_from_frame import answer_from_frame
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.create_project import create_project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.edit_design import edit_design
from canut.work.usecases.keep_answer_file import keep_answer_file
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.make_frame_permits import make_frame_permits
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task
from canut.work.validators import validator_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

OWN_CAMERA = b"Author\0the own camera of somebody"
CHUNK = len(OWN_CAMERA).to_bytes(4) + b"tEXt" + OWN_CAMERA + b"\0" * 4
BARE_PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 4 + b"IEND\xaeB`\x82"
PNG = BARE_PNG[:8] + CHUNK + BARE_PNG[8:]
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\0" * 20 + b"A_OPUS"
DONE_AT = NOON + timedelta(hours=3, minutes=17, seconds=41)
MARK_ID = "urn:uuid:0badcafe-1111-4222-8333-944444444444"
EVERY_TYPE: dict[str, Any] = {
    "version": 1,
    "instructions": "Look closely.",
    "items": [one.begin(f"q_{name}") for name, one in ITEM_TYPES.items() if name != "work"],
}
ROW = {
    "image": "https://example.org/a.png",
    "audio": "https://example.org/a.ogg",
    "video": "https://example.org/a.mp4",
    "url": "https://example.org/page",
    "text": "Anna met Bert.",
    "a": "The left one",
    "b": "The right one",
    "c": "The third one",
    "id": "k",
    "assignments": "",
}


def judging(*numbers: int, files: bool = False) -> dict[str, Any]:
    shown = [{"type": "work", "number": number, "heading": f"Answer {number}"} for number in numbers]
    file = {"type": "file", "name": "proof", "label": "Proof", "accepts": ["image"], "required": False}
    return {
        "version": 1,
        "instructions": "Judge.",
        "items": [
            *shown,
            {"type": "long_text", "name": "advice", "label": "What would make it better?"},
            *([file] if files else []),
        ],
    }


def mark(selector: object, tag: str) -> dict[str, Any]:
    body = [{"type": "TextualBody", "purpose": "tagging", "value": tag}]
    return {"id": MARK_ID, "type": "Annotation", "body": body, "target": {"selector": selector}}


def span(start: int, end: int) -> list[dict[str, Any]]:
    return [
        {"type": "TextQuoteSelector", "exact": ROW["text"][start:end]},
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def kept(assignment: Assignment, item: str, content: bytes, name: str, at: Any) -> dict[str, str]:
    file = keep_answer_file(
        assignment_id=assignment.pk,
        by=assignment.worker,
        item=item,
        file=ContentFile(content),
        filename=name,
        at=at,
    )
    return {"file": str(file.pk)}


def answers(assignment: Assignment, at: Any) -> dict[str, Any]:
    fragment = {"type": "FragmentSelector"}
    return {
        "q_short_text": "Short words",
        "q_long_text": "Long words",
        "q_number": 7.5,
        "q_date": "2029-02-03",
        "q_single_choice": "yes",
        "q_multiple_choice": ["yes", "no"],
        "q_drop_down": "no",
        "q_rating": 4,
        "q_pairwise": "b",
        "q_best_text": "c",
        "q_ranking": {"a": 1, "b": 2, "c": 3},
        "q_ranked_texts": {"a": 3, "b": 1, "c": 2},
        "q_conversations": {"overall": {"better": "a"}},
        "q_regions": [mark({**fragment, "value": "xywh=pixel:1,2,3,4"}, "person")],
        "q_spans": [mark(span(0, 4), "name")],
        "q_reading": [mark(span(9, 13), "claim")],
        "q_audio_segments": [mark({**fragment, "value": "t=1.5,2"}, "speech")],
        "q_recording": kept(assignment, "q_recording", WEBM, "voice-of-brigitte.webm", at),
        "q_file": kept(assignment, "q_file", PNG, "brigitte-cv.png", at),
    }


def begin_far(table: str, first: int) -> None:
    """Have ids of a table go on from a number that is found nowhere by chance."""
    with connection.cursor() as cursor:
        sequence = "pg_get_serial_sequence(%s, 'id')"
        cursor.execute(f"SELECT setval({sequence}, greatest(nextval({sequence}), %s))", [table, table, first])


def shows(project: Project, *submissions: Submission) -> None:
    task = Task.objects.get(project=project)
    for number, one in enumerate(submissions, start=1):
        ShownWork.objects.create(task=task, number=number, submission=one)


class Scene:
    """Somebody's work on every type of item, a review of it, and a review of that review in hand."""

    def __init__(self) -> None:
        self.requester = a_requester()
        for place, table in enumerate(
            ("people_party", "work_task", "work_assignment", "work_submission", "work_project"), start=1
        ):
            begin_far(table, 7_310_000 * 10 + place * 1_111_111)
        self.author = a_worker("Quillonette")
        project = a_project(owner=self.requester, design=EVERY_TYPE, rows=[ROW], risks=[])
        assignment = taken(worker=self.author, project=project, at=DONE_AT - timedelta(minutes=5))
        at = DONE_AT - timedelta(minutes=1)
        for name, permit in make_frame_permits(assignment_id=assignment.pk, by=self.author, at=at).items():
            said = {"remark": f"Said in {name}", "AssignmentID": str(assignment.pk)}
            answer_from_frame(permit=permit, answer=said, at=at)
        self.work = submit_answer(
            assignment_id=assignment.pk,
            by=self.author,
            answer=answers(assignment, at),
            active_seconds=173,
            at=DONE_AT,
        ).submission
        self.reviewer = a_worker("Merveilleux")
        reviews = a_project(owner=self.requester, design=judging(1, files=True), rows=[{"x": 1}])
        shows(reviews, self.work)
        review = taken(worker=self.reviewer, project=reviews, at=DONE_AT)
        proof = kept(review, "proof", PNG, "merveilleux-proof.png", DONE_AT)
        self.review = submit_answer(
            assignment_id=review.pk,
            by=self.reviewer,
            answer={"advice": "Take more time.", "proof": proof},
            active_seconds=91,
            at=DONE_AT,
        ).submission
        now = clock.now()
        self.judge = a_worker()
        self.project = a_project(owner=self.requester, design=judging(1), rows=[{"x": 1}], at=now)
        shows(self.project, self.review)
        self.assignment = take_task(by=self.judge, project_id=self.project.pk, at=now)

    def secrets(self) -> list[str]:
        """What would tell who did the work or the review, or when."""
        found = ["Quillonette", "Merveilleux", "brigitte", "merveilleux", "0badcafe"]
        for one in (self.work, self.review):
            assignment = one.assignment
            ids = (one.pk, assignment.pk, assignment.task_id, assignment.worker_id, assignment.seed)
            found += [str(each) for each in ids]
            found += [str(file.pk) for file in assignment.files.all()]
        found += [f"{DONE_AT:%Y-%m-%d}", f"{DONE_AT:%H:%M}", f"{DONE_AT:%-d %B %Y}", f"{DONE_AT:%B %-d, %Y}"]
        return found


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_every_type_of_item_is_in_the_work_that_is_shown() -> None:
    assert {one["type"] for one in EVERY_TYPE["items"]} == set(ITEM_TYPES) - {"work"}
    assert columns_of(read_design(EVERY_TYPE)) <= set(ROW)


def test_a_judge_sees_the_whole_work_and_nothing_of_who_did_it(scene: Scene) -> None:
    assert validator_of(scene.assignment.revision_id).needs_twin
    browser = browser_of(scene.judge)
    answer = browser.get(reverse("task", args=[scene.assignment.pk]))
    page = text_of(answer)
    for words in (
        "Take more time.",
        "Short words",
        "Long words",
        "7.5",
        "The right one",
        "Said in q_own_html",
    ):
        assert words in page
    assert "xywh=pixel:1,2,3,4" in page
    assert "https:" in answer["Content-Security-Policy"].partition("img-src")[2].partition(";")[0]
    assert page.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", page.partition("<main")[2])]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    for secret in scene.secrets():
        assert secret not in page, secret

    said = Call(scene.judge, "GET", f"/assignments/{scene.assignment.pk}").answered().json
    (review,) = said["shown"]["work"]
    assert review["answer"]["advice"] == "Take more time."
    assert review["answer"]["proof"] == {"file": "1", "name": "file 1", "size": len(PNG), "type": "image/png"}
    (work,) = review["shown"]["work"]
    assert (work["number"], work["answer"]["q_number"], work["shown"]["text"]) == (1, 7.5, ROW["text"])
    assert work["answer"]["q_own_html"] == {"remark": "Said in q_own_html"}
    assert work["answer"]["q_spans"][0]["target"]["selector"] == span(0, 4)
    assert {work["answer"][name]["name"] for name in ("q_recording", "q_file")} == {"file 2", "file 3"}
    assert set(work) == {"number", "design", "shown", "sides_swapped", "answer"}
    again = Call(scene.judge, "POST", f"/projects/{scene.project.pk}/take").answered().json
    assert again["shown"] == said["shown"]
    for secret in scene.secrets():
        assert secret not in json.dumps(said), secret


def test_files_are_for_the_judge_until_it_is_decided_and_for_nobody_else(scene: Scene) -> None:
    judged = scene.assignment
    address = reverse("shown_file", args=[judged.pk, 1, 2])
    browser = browser_of(scene.judge)
    assert address in text_of(browser.get(reverse("task", args=[judged.pk])))
    file = browser.get(address)
    assert file["Content-Disposition"].endswith('filename="file-2.webm"')
    assert b"".join(file.streaming_content) == WEBM
    program = f"/assignments/{judged.pk}/shown/1/files/3"
    assert Call(scene.judge, "GET", program).answered().status == 200
    picture = browser.get(reverse("shown_file", args=[judged.pk, 1, 3]))  # as it looks, not as it came
    assert b"".join(picture.streaming_content) == BARE_PNG
    assert int(picture["Content-Length"]) == len(BARE_PNG)
    for nobody in (scene.author, scene.reviewer, a_worker(), scene.requester):
        assert browser_of(nobody).get(address).status_code == 404
        assert Call(nobody, "GET", program).answered().status == 404
    for wrong in (
        (judged.pk, 2, 1),
        (judged.pk, 1, 4),
        (judged.pk, 1, 0),
        (10**18, 1, 1),
        (judged.pk, 10**30, 1),
    ):
        assert browser.get(f"/work/{wrong[0]}/shown/{wrong[1]}/{wrong[2]}/").status_code == 404
    # In hand, then handed in; the project's owner reads it now, and after the decision the judge does not
    handed = submit_answer(
        assignment_id=judged.pk, by=scene.judge, answer={"advice": "Good."}, active_seconds=9, at=clock.now()
    ).submission
    assert browser.get(address).status_code == 200
    review = text_of(browser_of(scene.requester).get(reverse("review", args=[scene.project.pk])))
    assert "Short words" in review
    assert address in review
    assert browser_of(scene.requester).get(address).status_code == 200
    approve_submission(submission_id=handed.pk, by=scene.requester, at=clock.now())
    assert browser.get(address).status_code == 404
    page = text_of(browser.get(reverse("task", args=[judged.pk])))
    assert "Take more time." in page
    assert "file 2" in page
    assert address not in page


def test_who_puts_it_back_is_shown_it_no_more(scene: Scene) -> None:
    give_back_task(assignment_id=scene.assignment.pk, by=scene.judge, at=clock.now())
    said = Call(scene.judge, "GET", f"/assignments/{scene.assignment.pk}").answered().json
    assert "work" not in said["shown"]
    with pytest.raises(AnswerFileNotFound):
        readable_shown_file(scene.assignment.pk, number=1, file_number=1, by=scene.judge)


def test_both_sides_of_an_appeal_about_it_read_what_was_judged(scene: Scene) -> None:
    def handed_in() -> Submission:
        given = {"advice": "Bad."}
        return submit_answer(
            assignment_id=scene.assignment.pk, by=scene.judge, answer=given, active_seconds=9, at=clock.now()
        ).submission

    return_submission(submission_id=handed_in().pk, by=scene.requester, reason="Say why.", at=clock.now())
    reject_submission(
        submission_id=handed_in().pk,
        by=scene.requester,
        ground="wrong_answer",
        evidence="It says nothing.",
        reason="It says nothing.",
        at=clock.now(),
    )
    case = appeal_rejection(assignment_id=scene.assignment.pk, by=scene.judge, words="", at=clock.now())
    page = text_of(browser_of(scene.requester).get(reverse("case", args=[case.pk])))
    assert "Short words" in page
    said = Call(scene.requester, "GET", f"/cases/{case.pk}").answered().json["work"]
    (review,) = [item for item in said["handed_in"][0]["items"] if item["texts"].get("shows_work")]
    assert review["texts"]["work"]["instructions"] == "Judge."
    told = [item["answers"] for item in review["texts"]["work"]["items"] if item["is_question"]]
    assert told[0] == ["Take more time."]
    for secret in scene.secrets():
        assert secret not in page, secret
        assert secret not in json.dumps(said), secret


def test_two_works_stand_beside_each_other_and_the_next_task_brings_its_own_along(
    requester: Person, worker: Person, peer: Person, stranger: Person
) -> None:
    done = a_project(owner=requester, answers=2, rows=1)
    works = [a_submission(worker=one, project=done) for one in (worker, peer)]
    project = a_project(owner=requester, design=judging(1, 2), rows=[{"x": 1}, {"x": 2}])
    for task, order in zip(Task.objects.filter(project=project).order_by("pk"), (1, -1), strict=True):
        for number, one in enumerate(works[::order], start=1):
            ShownWork.objects.create(task=task, number=number, submission=one)
    first = taken(worker=stranger, project=project, at=clock.now())
    said = Call(
        stranger,
        "POST",
        f"/assignments/{first.pk}/submission",
        {"answer": {"advice": "The first."}, "next": True, "active_seconds": 5},
    ).answered()
    along = said.json["next"]["shown"]["work"]
    assert [one["number"] for one in along] == [1, 2]
    read = Call(stranger, "GET", f"/assignments/{said.json['next']['assignment_id']}").answered().json
    assert read["shown"]["work"] == along

    # Whoever owns both projects is told which was which, in results and in exports
    (answered,) = submissions_of(first.pk)
    shown = {one.number: one.submission_id for one in ShownWork.objects.filter(task_id=first.task_id)}
    assert answered.shows == shown
    result = Call(requester, "GET", f"/submissions/{answered.submission_id}").answered().json
    assert result["shows"] == [shown[1], shown[2]]
    laid_out = layout(list(project.revisions.all()), [], file_format="csv")
    rows = {row["assignment_id"]: row for row in assignment_rows(project, laid_out)}
    assert set(rows[first.pk]) == {column.name for column in laid_out.columns}
    assert rows[first.pk]["shown_submission_2"] == shown[2]


def codes_of(refused: Refusal) -> set[str]:
    assert isinstance(refused, DesignRefused)
    return {problem.code for problem in refused.problems}


def test_nobody_puts_work_of_others_into_a_design_by_hand(requester: Person) -> None:
    with pytest.raises(DesignRefused) as refused:
        create_project(by=requester, title="Mine", design=judging(1), at=NOON)
    assert codes_of(refused.value) == {"work_by_hand"}
    plain = a_draft(owner=requester)
    unfinished = {**judging(1), "items": [{"type": "work"}, {"type": "text"}]}
    for design in (judging(1), unfinished):
        for change in (
            lambda: change_draft(project_id=plain.pk, by=requester, design=design, at=NOON),  # noqa: B023
            lambda: edit_design(project_id=plain.pk, by=requester, design=design, step="edited", at=NOON),  # noqa: B023
        ):
            with pytest.raises(DesignRefused) as refused:
                change()
            assert "work_by_hand" in codes_of(refused.value)
    made = create_project(by=requester, title="Ours", design=judging(1), may_show_work=True, at=NOON)
    kept_work = {**judging(1), "instructions": "Look again."}
    assert change_draft(project_id=made.pk, by=requester, design=kept_work, at=NOON)
    with pytest.raises(DesignRefused):
        change_draft(project_id=made.pk, by=requester, design=judging(1, 2), at=NOON)
    with pytest.raises(DesignRefused):
        duplicate_project(project_id=made.pk, by=requester, at=NOON)
    answer = Call(requester, "POST", "/projects", {"title": "Mine", "design": judging(2)}).answered()
    assert (answer.status, answer.json["code"]) == (422, "design_refused")
    with pytest.raises(DesignRefused) as refused:
        read_design(judging(1, 1))
    assert codes_of(refused.value) == {"repeated"}
    for odd in ([1], {"a": 1}, "1", True, 3, 10**400, None):
        with pytest.raises(DesignRefused):
            design = judging(1)
            design["items"][0]["number"] = odd
            create_project(by=requester, title="Odd", design=design, at=NOON)
    browser = browser_of(requester)
    builder = text_of(browser.get(reverse("project_design", args=[made.pk])))
    assert "add:text" in builder
    assert "add:work" not in builder
    preview = text_of(browser.get(reverse("project_preview", args=[made.pk])))
    assert "Nothing of who did it is shown." in preview
