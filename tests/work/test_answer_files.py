"""Files that workers send: what is kept, what is refused, and who may fetch it."""

import io
import threading
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from tests.builders import NOON, a_project, a_requester, a_worker, taken

from canut.people.models import Party
from canut.work.designs.problems import AnswerRefused
from canut.work.models import AnswerFile, Assignment
from canut.work.queries.files import AnswerFileNotFound, readable_file
from canut.work.queries.results import exported_file
from canut.work.refusals import AssignmentNotFound, ProjectNotFound
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.export_results import export_results, write_export
from canut.work.usecases.keep_answer_file import (
    AnswerFileEmpty,
    AnswerFileHandedIn,
    AnswerFileTooLarge,
    AnswerFileTypeRefused,
    NoFileAsked,
    TooManyAnswerFiles,
    keep_answer_file,
    remove_answer_file,
)
from canut.work.usecases.leave_task import NotInHand, give_back_task
from canut.work.usecases.submit_answer import LeaseRanOut, submit_answer
from canut.work.usecases.sweep_files import forget_orphaned_files

pytestmark = pytest.mark.usefixtures("uploads")

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\0" * 20 + b"A_OPUS"
DESIGN = {
    "version": 1,
    "instructions": "",
    "items": [
        {"type": "file", "name": "shot", "label": "A screenshot", "accepts": ["image"], "most_megabytes": 1},
        {"type": "file", "name": "paper", "label": "More", "accepts": ["text", "zip"], "required": False},
        {"type": "recording", "name": "voice", "label": "Say it", "required": False},
    ],
}
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def project(requester):
    return a_project(owner=requester, design=DESIGN, answers=2)


@pytest.fixture
def assignment(worker, project):
    return taken(worker=worker, project=project)


def kept(assignment, content=PNG, *, item="shot", name="shot.png", by=None, at=LATER):
    return keep_answer_file(
        assignment_id=assignment.pk,
        by=by or assignment.worker,
        item=item,
        file=ContentFile(content),
        filename=name,
        at=at,
    )


def handed_in(assignment, at=LATER, **answer):
    answers = {item: {"file": str(file.pk)} for item, file in answer.items()}
    return submit_answer(
        assignment_id=assignment.pk, by=assignment.worker, answer=answers, active_seconds=60, at=at
    ).submission


def test_an_answer_tells_of_its_file_what_was_seen_when_it_was_kept(assignment):
    file = kept(assignment)
    lie = {"file": str(file.pk), "name": "nice.exe", "size": 1, "type": "text/html"}
    submission = submit_answer(
        assignment_id=assignment.pk, by=assignment.worker, answer={"shot": lie}, active_seconds=9, at=LATER
    ).submission
    assert submission.answer == {
        "shot": {"file": str(file.pk), "name": "shot.png", "size": len(PNG), "type": "image/png"}
    }


def test_handing_in_a_file_twice_is_recognised(assignment):
    file = kept(assignment)
    assert handed_in(assignment, shot=file) == handed_in(assignment, shot=file)


def test_the_same_file_is_kept_once_however_often_it_is_sent(assignment):
    first = kept(assignment)
    assert kept(assignment, name="other.png") == first
    assert kept(assignment, at=NOON + timedelta(days=1)) == first  # a retry, though the time is up by now
    assert AnswerFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
        (b"<!doctype html><script>alert(1)</script>", "page.png"),
        (b"GIF90a....", "picture.gif"),
        (b"MZ\x90\0\x03", "program.png"),
        (b"%PDF-1.7", "paper.png"),
        (b"words", "words.png"),
        (b"RIFF\0\0\0\0WAVEfmt ", "sound.png"),
    ],
)
def test_what_a_file_is_its_bytes_say(assignment, content, name):
    with pytest.raises(AnswerFileTypeRefused):
        kept(assignment, content, name=name)
    assert not AnswerFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body onload=alert(1)>",
        b"hello <script>alert(1)</script>",
        b"<?xml version='1.0'?><svg/>",
        b"caf\xe9",
        b"a\0b",
        b"PK\x03\x04 but no archive",
    ],
)
def test_text_that_a_browser_might_run_is_no_text(assignment, content):
    with pytest.raises(AnswerFileTypeRefused):
        kept(assignment, content, item="paper", name="notes.txt")


def test_an_archive_is_kept_as_it_is_and_never_unpacked(assignment):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"\0" * 50_000_000)
        archive.writestr("a" * 5000, b"")
    file = kept(assignment, made.getvalue(), item="paper", name="../../bomb.zip")
    assert (file.filename, file.media_type) == ("bomb.zip", "application/zip")
    assert default_storage.size(file.stored_as) == len(made.getvalue())


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../../etc/passwd", "passwd.png"),
        ("C:\\Windows\\shot.PNG", "shot.PNG"),
        ("evil\u202egnp.exe", "evilgnp.exe.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
        ("", "shot.png"),
        ("..", "shot.png"),
        ("CON.png", "shot.png"),
        ("x" * 400 + ".png", "x" * 116 + ".png"),
        ('a"b<c>|?.png', "a_b_c___.png"),
    ],
)
def test_names_are_made_fit_for_pages_and_folders(assignment, name, clean):
    assert kept(assignment, name=name).filename == clean


def test_an_empty_file_and_one_over_the_limit_are_refused(assignment, settings):
    with pytest.raises(AnswerFileEmpty):
        kept(assignment, b"")
    with pytest.raises(AnswerFileTooLarge) as refusal:
        kept(assignment, PNG + b"\0" * 1_000_000)
    assert refusal.value.facts["limit_bytes"] == 1_000_000
    settings.ANSWER_FILE_LIMIT_BYTES = 10
    with pytest.raises(AnswerFileTooLarge):
        kept(assignment)
    assert not AnswerFile.objects.exists()


def test_a_question_that_takes_no_file_is_refused(assignment):
    with pytest.raises(NoFileAsked):
        kept(assignment, item="nothing")


def test_nobody_sends_files_for_somebody_elses_assignment(assignment, stranger, requester):
    for by in (stranger, requester):
        with pytest.raises(AssignmentNotFound):
            kept(assignment, by=by)


def test_nothing_is_kept_after_the_time_is_up_or_the_task_was_left(worker, assignment, uploads):
    with pytest.raises(LeaseRanOut):
        kept(assignment, at=assignment.lease_until)
    give_back_task(assignment_id=assignment.pk, by=worker, at=LATER)
    with pytest.raises(NotInHand):
        kept(assignment)
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_an_answer_may_name_no_file_of_another_question_worker_or_task(assignment, peer, project, requester):
    other = taken(worker=peer, project=project)
    elsewhere = taken(worker=assignment.worker, project=a_project(owner=requester, design=DESIGN))
    words = kept(assignment, b"words", item="paper", name="words.txt")
    for file in (kept(other), kept(elsewhere), words):
        with pytest.raises(AnswerRefused) as refusal:
            handed_in(assignment, shot=file)
        assert refusal.value.errors["shot"].code == "no_such_file"


def test_a_removed_file_cannot_be_handed_in_and_a_handed_in_one_not_removed(
    assignment, stranger, django_capture_on_commit_callbacks
):
    gone, file = kept(assignment), kept(assignment, PNG + b"2")
    with pytest.raises(AnswerFileNotFound):
        remove_answer_file(file_id=gone.pk, by=stranger, at=LATER)
    remove_answer_file(file_id=gone.pk, by=assignment.worker, at=LATER)
    with pytest.raises(AnswerRefused):
        handed_in(assignment, shot=gone)
    handed_in(assignment, shot=file)
    with pytest.raises(AnswerFileHandedIn):
        remove_answer_file(file_id=file.pk, by=assignment.worker, at=LATER)


def test_ten_files_are_kept_for_a_question_and_no_more(assignment):
    for number in range(10):
        kept(assignment, PNG + bytes([number]))
    with pytest.raises(TooManyAnswerFiles):
        kept(assignment, PNG + b"one more")


def test_a_file_of_a_draft_is_still_there_when_the_task_is_taken_again(worker, project, assignment):
    file = kept(assignment)
    over = assignment.lease_until + timedelta(minutes=1)
    expire_leases(at=over)
    again = taken(worker=worker, project=project, at=over)
    while again.task_id != assignment.task_id:
        give_back_task(assignment_id=again.pk, by=worker, at=over)
        again = taken(worker=worker, project=project, at=over)
    handed_in(again, shot=file, at=over)
    file.refresh_from_db()
    assert file.assignment == again


def test_only_the_parties_fetch_a_file_and_the_owner_once_it_is_handed_in(
    assignment, requester, stranger, peer, operator
):
    file = kept(assignment)
    assert readable_file(file.pk, by=assignment.worker).name == "shot.png"
    for nobody in (requester, stranger, peer, operator):
        with pytest.raises(AnswerFileNotFound):
            readable_file(file.pk, by=nobody)
    handed_in(assignment, shot=file)
    assert readable_file(file.pk, by=requester).media_type == "image/png"
    for nobody in (stranger, peer, operator):
        with pytest.raises(AnswerFileNotFound):
            readable_file(file.pk, by=nobody)


def test_files_of_ended_tasks_that_nobody_handed_in_are_swept(assignment, requester, worker, project):
    tried, file = kept(assignment, PNG + b"try"), kept(assignment)
    submission = handed_in(assignment, shot=file)
    assert forget_orphaned_files(at=NOON + timedelta(days=30)) == 0  # it is not decided yet
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    assert forget_orphaned_files(at=NOON + timedelta(days=6)) == 0
    assert forget_orphaned_files(at=NOON + timedelta(days=8)) == 1
    assert [one.pk for one in AnswerFile.objects.all()] == [file.pk]
    assert tried.pk != file.pk


@pytest.mark.slow
def test_two_who_send_the_same_file_at_once_keep_one(committed, uploads):
    worker = a_worker("worker")
    assignment = taken(worker=worker, project=a_project(owner=a_requester("requester"), design=DESIGN))
    ready, found = threading.Barrier(2), []

    def send():
        ready.wait()
        try:
            found.append(kept(assignment, PNG * 1000, by=worker).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == AnswerFile.objects.count() == 1
    assert len([path for path in uploads.rglob("*") if path.is_file()]) == 1
    assert Assignment.objects.get().files.count() == 1


def test_handed_in_files_come_as_one_archive_by_row_and_worker(project, assignment, requester, peer):
    other = taken(worker=peer, project=project)
    kept(other, PNG + b"never handed in")
    Party.objects.filter(pk=peer.pk).update(screen_name="../Peer\u202e")
    handed_in(
        other, shot=kept(other, PNG + b"peer"), paper=kept(other, b"words", item="paper", name="a/b.txt")
    )
    handed_in(assignment, shot=kept(assignment))
    asked = export_results(project_id=project.pk, by=requester, kind="files", at=LATER)
    write_export(computation_id=asked.pk, at=LATER)
    stored_as, name, file_format = exported_file(asked.pk, by=requester)
    assert (name.endswith(".zip"), file_format) == (True, "zip")
    with zipfile.ZipFile(default_storage.open(stored_as)) as archive:
        key = str(assignment.task.key)
        assert sorted(archive.namelist()) == sorted(
            [
                f"{key}/Worker/shot-shot.png",
                f"{other.task.key}/Peer/paper-b.txt",
                f"{other.task.key}/Peer/shot-shot.png",
            ]
        )
        assert archive.read(f"{key}/Worker/shot-shot.png") == PNG
    with pytest.raises(ProjectNotFound):
        export_results(project_id=project.pk, by=peer, kind="files", at=LATER)
