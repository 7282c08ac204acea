"""Situations of files that belong to answers: sending, fetching, taking away."""

from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.work.models import AnswerFile, Assignment, ShownWork, Submission
from canut.work.usecases.keep_answer_file import keep_answer_file
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.submit_answer import submit_answer

NOWHERE = UUID(int=0)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DESIGN = {
    "version": 1,
    "instructions": "",
    "items": [
        {"type": "text", "text": "{{text}}"},
        {"type": "file", "name": "shot", "label": "A shot", "accepts": ["image"], "most_megabytes": 1},
    ],
}


def _held(cast: Cast) -> Assignment:
    return cast.held(cast.live(design=DESIGN))


def _sent(cast: Cast, assignment: Assignment, content: bytes = PNG) -> AnswerFile:
    return keep_answer_file(
        assignment_id=assignment.pk,
        by=assignment.worker,
        item="shot",
        file=ContentFile(content),
        filename="shot.png",
        at=cast.at,
    )


def _handed_in(cast: Cast) -> AnswerFile:
    assignment = _held(cast)
    file = _sent(cast, assignment)
    submit_answer(
        assignment_id=assignment.pk,
        by=assignment.worker,
        answer={"shot": {"file": str(file.pk)}},
        active_seconds=60,
        at=cast.at + timedelta(seconds=30),
    )
    return file


def send(
    cast: Cast, assignment_id: int, content: bytes = PNG, item: str = "shot", name: str = "a.png"
) -> Call:
    path = f"/assignments/{assignment_id}/files?item={item}" + (f"&filename={name}" if name else "")
    return Call(cast.worker, "POST", path, raw=content, content_type="application/octet-stream")


def _own(cast: Cast, method: str, assignment_id: int, file_id: UUID) -> Call:
    return Call(cast.worker, method, f"/assignments/{assignment_id}/files/{file_id}")


says("send_answer_file", "201")(lambda cast: send(cast, _held(cast).pk))
says("send_answer_file", "assignment_not_found")(lambda cast: send(cast, cast.held(worker=cast.peer).pk))
says("send_answer_file", "no_file_asked")(lambda cast: send(cast, cast.held().pk))
says("send_answer_file", "answer_file_type_refused")(lambda cast: send(cast, _held(cast).pk, b"<html>"))
says("send_answer_file", "answer_file_too_large")(lambda cast: send(cast, _held(cast).pk, PNG + b"0" * 10**6))
says("send_answer_file", "answer_file_empty")(
    lambda cast: send(cast, _held(cast).pk, b"").but(
        raw=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    )
)
says("send_answer_file", "bad_input")(lambda cast: send(cast, _held(cast).pk, name=""))
says("send_answer_file", "request_not_understood")(
    lambda cast: send(cast, _held(cast).pk).but(content_type="multipart/form-data")
)


@says("send_answer_file", "not_in_hand")
def _(cast: Cast) -> Call:
    assignment = _held(cast)
    give_back_task(assignment_id=assignment.pk, by=cast.worker, at=cast.at)
    return send(cast, assignment.pk)


@says("send_answer_file", "lease_ran_out")
def _(cast: Cast) -> Call:
    cast.at -= timedelta(days=1)
    return send(cast, _held(cast).pk)


@says("send_answer_file", "too_many_answer_files")
def _(cast: Cast) -> Call:
    assignment = _held(cast)
    for number in range(10):
        _sent(cast, assignment, PNG + bytes([number]))
    return send(cast, assignment.pk)


@says("fetch_own_file", "200")
def _(cast: Cast) -> Call:
    file = _sent(cast, _held(cast))
    return _own(cast, "GET", file.assignment_id, file.pk)


says("fetch_own_file", "answer_file_not_found")(lambda cast: _own(cast, "GET", _held(cast).pk, NOWHERE))


@says("remove_own_file", "204")
def _(cast: Cast) -> Call:
    file = _sent(cast, _held(cast))
    return _own(cast, "DELETE", file.assignment_id, file.pk)


@says("remove_own_file", "answer_file_handed_in")
def _(cast: Cast) -> Call:
    file = _handed_in(cast)
    return _own(cast, "DELETE", file.assignment_id, file.pk)


says("remove_own_file", "answer_file_not_found")(lambda cast: _own(cast, "DELETE", _held(cast).pk, NOWHERE))
says("fetch_answer_file", "200")(lambda cast: cast.get(cast.requester, f"/files/{_handed_in(cast).pk}"))
says("fetch_answer_file", "answer_file_not_found")(
    lambda cast: cast.get(cast.requester, f"/files/{_sent(cast, _held(cast)).pk}")
)


@says("fetch_shown_file", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.peer, f"/assignments/{_judging(cast).pk}/shown/1/files/1")


@says("fetch_shown_file", "answer_file_not_found")
def _(cast: Cast) -> Call:
    return cast.get(cast.worker, f"/assignments/{_judging(cast).pk}/shown/1/files/1")


def _judging(cast: Cast) -> Assignment:
    """Have the peer hold a task that shows work with a file."""
    asked = {"type": "short_text", "name": "said", "label": "What do you say of it?"}
    design = {"version": 1, "instructions": "", "items": [{"type": "work"}, asked]}
    project = cast.live(design=design)
    work = Submission.objects.get(assignment=_handed_in(cast).assignment)
    for task in project.tasks.all():
        ShownWork.objects.create(task=task, submission=work)
    return cast.held(project, worker=cast.peer)
