"""The work of others that tasks show to be judged, blind: not who did it, nor when, nor any id of theirs.

It is drawn as its worker met it, in the order of theirs: who answered “text A” means what they saw as A.
Of the seed that made that order, nothing is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from canut.people.models import Person
from canut.work.access import judging_assignment
from canut.work.designs.answers import Answer
from canut.work.designs.blind import blind_answer
from canut.work.designs.items import Occasion, WorkSeen
from canut.work.designs.pairwise import sides_swapped
from canut.work.designs.schema import Design, to_json
from canut.work.designs.works import DEEPEST
from canut.work.frame_permit import name_for_page
from canut.work.models import AnswerFile, Assignment, ShownWork, Submission
from canut.work.queries.files import AnswerFileNotFound, Stored
from canut.work.queries.showing import shown_items
from canut.work.states import IN_HAND, AssignmentState
from canut.work.uploads.kinds import ENDINGS
from canut.work.validators import design_of, row_shown

ADDRESS = "/work/{assignment}/shown/{number}/{id}/"
"""Where files of shown work are served from: under the assignment that judges it (`web.files`)."""

PUT_BACK = (AssignmentState.GIVEN_BACK, AssignmentState.SKIPPED, AssignmentState.EXPIRED)


@dataclass(frozen=True, slots=True)
class ShownToJudge:
    """One piece of work as whoever judges it gets it.

    `number` is its place on the task, `works` the work that it was itself about. `files` holds the ids of
    all files in it, those of `works` among them, in the order of their numbers; they are for whoever
    serves them alone.
    """

    number: int
    design: Design
    shown: Mapping[str, Any]
    answer: Answer
    sides_swapped: bool
    works: Sequence["ShownToJudge"]
    files: Sequence[str]
    seen: WorkSeen


def works_for_judge(assignment: Assignment) -> Sequence[ShownToJudge]:
    """Return what an assignment shows whoever took it; nothing any more once they have put it back.

    Files are in it until the assignment is decided.
    """
    if assignment.state in PUT_BACK:
        return ()
    with_files = assignment.state in (*IN_HAND, AssignmentState.SUBMITTED)
    return works_shown([assignment], with_files=with_files).get(assignment.pk, ())


def works_shown(
    assignments: Collection[Assignment], *, with_files: bool = True
) -> Mapping[int, Sequence[ShownToJudge]]:
    """Return what these assignments show, by their ids, whoever reads it; their rows must not be empty."""
    showing = [one for one in assignments if design_of(one.revision_id).works]
    rows = _rows({one.task_id for one in showing}, deep=DEEPEST)
    return {
        one.pk: [
            _work(row, rows, address=_address(one, row.number) if with_files else "", deep=DEEPEST)
            for row in rows.get(one.task_id, ())
        ]
        for one in showing
    }


def seen(works: Iterable[ShownToJudge]) -> Mapping[int, WorkSeen]:
    """Return the works by their numbers, as pages draw them."""
    return {one.number: one.seen for one in works}


def with_works(shown: Mapping[str, Any], works: Sequence[ShownToJudge]) -> Mapping[str, Any]:
    """Return what a task shows for programs: the row's columns and, if it shows any, the `work` to judge."""
    if not works:
        return shown
    told = [
        {
            "number": one.number,
            "design": to_json(one.design),
            "shown": with_works(one.shown, one.works),
            "sides_swapped": one.sides_swapped,
            "answer": one.answer,
        }
        for one in works
    ]
    return {**shown, "work": told}


def submissions_shown(task_ids: Collection[int]) -> Mapping[int, Mapping[int, int]]:
    """Return, by task and number, the submissions that tasks show, to projects of the same owner."""
    found: dict[int, dict[int, int]] = {}
    rows = ShownWork.objects.filter(
        task__in=task_ids, submission__project__owner=F("task__project__owner")
    ).order_by("number")
    for task_id, number, submission_id in rows.values_list("task_id", "number", "submission_id"):
        found.setdefault(task_id, {})[number] = submission_id
    return found


def readable_shown_file(assignment_id: int, *, number: int, file_number: int, by: Person) -> Stored:
    """Return a file of the work that an assignment shows, under a name that the worker did not choose.

    It is sent without what it tells of them by itself, such as where a photograph was taken.

    Raises:
        AnswerFileNotFound: there is none, or it is not for `by` to fetch (`access.judging_assignment`).
    """
    assignment = judging_assignment(assignment_id, by=by)
    works = works_shown([assignment]).get(assignment.pk, ()) if assignment else ()
    files = next((one.files for one in works if one.number == number), ())
    found = None
    if 0 < file_number <= len(files):
        found = AnswerFile.objects.filter(pk=files[file_number - 1]).first()
    if found is None:
        raise AnswerFileNotFound(_("There is no such file, or it is not yours to fetch."))
    endings = ENDINGS.get(found.media_type, ())
    name = f"file-{file_number}{endings[0] if endings else ''}"
    return Stored(found.pk, name, found.media_type, found.size_bytes, found.stored_as, is_blind=True)


def _address(assignment: Assignment, number: int) -> str:
    return ADDRESS.replace("{assignment}", str(assignment.pk)).replace("{number}", str(number))


def _rows(task_ids: Collection[int], *, deep: int) -> dict[int, list[ShownWork]]:
    """Return what tasks show, by the tasks' ids, and what that shows in its turn."""
    found: dict[int, list[ShownWork]] = {}
    wanted = set(task_ids)
    for _level in range(deep):
        wanted -= found.keys()
        if not wanted:
            break
        rows = ShownWork.objects.filter(task__in=wanted).order_by("number")
        for row in rows.select_related("submission__assignment__task"):
            found.setdefault(row.task_id, []).append(row)
        assignments = [row.submission.assignment for task in wanted for row in found.get(task, ())]
        wanted = {one.task_id for one in assignments if design_of(one.revision_id).works}
    return found


def _work(
    row: ShownWork,
    rows: Mapping[int, Sequence[ShownWork]],
    *,
    address: str,
    deep: int,
    files: list[str] | None = None,
) -> ShownToJudge:
    submission: Submission = row.submission
    assignment = submission.assignment
    design, shown = design_of(assignment.revision_id), dict(row_shown(assignment))
    counted: list[str] = [] if files is None else files

    def number_of(file_id: str) -> int:
        if file_id not in counted:
            counted.append(file_id)
        return counted.index(file_id) + 1

    called = name_for_page(project_id=assignment.project_id, worker_id=assignment.worker_id)
    answer = blind_answer(design, submission.answer, number_of=number_of, called=called)
    inner = rows.get(assignment.task_id, ()) if design.works and deep > 1 else ()
    works = [_work(one, rows, address=address, deep=deep - 1, files=counted) for one in inner]
    occasion = Occasion(row=shown, seed=assignment.seed, works=seen(works), file_address=address)
    return ShownToJudge(
        number=row.number,
        design=design,
        shown=shown,
        answer=answer,
        sides_swapped=sides_swapped(assignment.seed),
        works=works,
        files=tuple(counted) if files is None else (),
        seen=WorkSeen(design.instructions, shown_items(design, occasion, answer=answer)),
    )
