"""Pages that are not ours: where they are served, what they may do, and how their answers come back."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_draft, a_project, taken
from tests.told import mailed

from canut.kernel import clock
from canut.kernel.models import Event
from canut.work.frame_permit import permit_hash
from canut.work.models import Assignment, FramePermit, Submission
from canut.work.usecases.answer_from_frame import answer_from_frame
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.make_frame_permits import make_frame_permits
from canut.work.usecases.publish_project import FramesNotServed, publish_project
from canut.work.usecases.tell_owner import tell_owner_page_refused

pytestmark = pytest.mark.django_db

FRAMES = "localhost"
SITE = "127.0.0.1"


def design(*items):
    return {"version": 1, "instructions": "", "items": list(items)}


OWN = {
    "type": "own_html",
    "name": "own",
    "label": "Fill in this page.",
    "html": "<p>{{text}}</p><p><input name=word><input type=checkbox name=tick value=a></p>",
}
REMOTE = {
    "type": "remote_page",
    "name": "far",
    "label": "Do it there.",
    "url": "https://tasks.example.org/do?row={{text}}",
}


class Frame:
    """One page of an assignment, as a browser inside its frame meets it."""

    def __init__(self, assignment, item="own"):
        self.assignment = assignment
        permits = make_frame_permits(assignment_id=assignment.pk, by=assignment.worker, at=clock.now())
        self.permit = permits[item]
        self.browser = Client(enforce_csrf_checks=True)

    def get(self, host=FRAMES, **more):
        return self.browser.get(f"/frame/{self.permit}/", headers={"host": host, **more})

    def post(self, data, *, to="answer", host=FRAMES, **more):
        return self.browser.post(f"/frame/{self.permit}/{to}", data, headers={"host": host}, **more)

    @property
    def kept(self):
        return FramePermit.objects.get(hash=permit_hash(self.permit))


@pytest.fixture
def started(requester, worker):
    """Return a way to begin a task of some items now."""

    def begin(*items, rows=1):
        project = a_project(owner=requester, design=design(*items), rows=rows, at=clock.now())
        return taken(worker=worker, project=project, at=clock.now())

    return begin


@pytest.fixture
def jobs_of():
    """Return a way to read what use cases have left for later under a name."""
    return lambda name: [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("id")]


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


# --- Where pages are served -----------------------------------------------------------------------


def test_the_site_itself_never_answers_a_frames_address(started):
    frame = Frame(started(OWN))
    assert frame.get().status_code == 200
    assert frame.get(host=SITE).status_code == 404
    assert frame.post({"word": "x"}, host=SITE).status_code == 404
    assert frame.kept.used_at is None


@pytest.mark.parametrize(
    "path", ["/", "/feed/", "/account/login/", "/static/task.js", "/api/v1/charter", "/frame/"]
)
def test_the_frames_host_answers_nothing_of_the_site(path, worker):
    answer = signed_in(worker).get(path, headers={"host": FRAMES})
    assert answer.status_code in (302, 404)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("http://127.0.0.1")
    assert not answer.cookies
    assert worker.screen_name.encode() not in answer.content


def test_the_hot_path_is_not_answered_on_the_frames_host(started):
    assignment = started(OWN)
    path = f"/api/v1/assignments/{assignment.pk}/submission"
    answer = Client().post(path, {"answer": {}}, content_type="application/json", headers={"host": FRAMES})
    assert answer.status_code == 404


def test_a_frame_sets_no_cookie_and_reads_none(started, worker):
    frame = Frame(started(OWN))
    frame.browser = signed_in(worker)
    answer = frame.get()
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.content == Frame(frame.assignment).get().content


def test_a_frame_lays_down_a_strict_policy(started):
    answer = Frame(started(OWN)).get()
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["sandbox"] == "allow-scripts allow-forms"
    assert policy["default-src"] == "'none'"
    assert "connect-src" not in policy
    assert "frame-src" not in policy
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "http://127.0.0.1"
    assert policy["form-action"].startswith("http://localhost/frame/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "X-Frame-Options" not in answer.headers


def test_the_tasks_page_may_frame_that_origin_and_no_other_page_may_frame_anything(started, worker):
    assignment = started(OWN)
    page = signed_in(worker).get(reverse("task", args=[assignment.pk]), headers={"host": SITE})
    assert "frame-src http://localhost:*;" in page["Content-Security-Policy"]
    assert 'sandbox="allow-scripts allow-forms"' in page.content.decode()
    feed = signed_in(worker).get(reverse("feed"), headers={"host": SITE})
    assert "frame-src 'none'" in feed["Content-Security-Policy"]


def test_without_another_origin_own_pages_are_refused_at_publication(requester, settings):
    draft = a_draft(owner=requester, design=design(OWN))
    settings.SITE_URL, settings.FRAME_URL = "https://canut.example.org", ""
    with pytest.raises(FramesNotServed, match="CANUT_FRAME_URL"):
        publish_project(project_id=draft.pk, by=requester, at=NOON)
    settings.FRAME_URL = "https://frames.example.org"
    assert publish_project(project_id=draft.pk, by=requester, at=NOON).state == "live"


def test_a_named_origin_is_used_everywhere(started, worker, settings):
    assignment = started(OWN)
    settings.FRAME_URL = "https://frames.example.org"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "frames.example.org"]
    page = signed_in(worker).get(reverse("task", args=[assignment.pk]), headers={"host": SITE})
    assert "frame-src https://frames.example.org;" in page["Content-Security-Policy"]
    assert "https://frames.example.org/frame/" in page.content.decode()
    frame = Frame(assignment)
    assert frame.get(host="frames.example.org").status_code == 200
    assert frame.get(host="localhost").status_code == 404
    assert Client().get("/", headers={"host": "frames.example.org"}).status_code == 404


# --- Permits --------------------------------------------------------------------------------------


def test_a_pages_answer_is_kept_and_handed_in_with_the_task(started, worker):
    frame = Frame(started(OWN))
    said = frame.post({"word": " Hello ", "tick": ["a", "b"], "blank": ""})
    assert said.status_code == 200
    assert "These answers are kept" in said.content.decode()
    assert frame.kept.answer == {"word": "Hello", "tick": ["a", "b"]}
    done = signed_in(worker).post(
        reverse("hand_in", args=[frame.assignment.pk]), {"measured_seconds": "5"}, headers={"host": SITE}
    )
    assert done.status_code == 302
    assert Submission.objects.get().answer == {"own": {"word": "Hello", "tick": ["a", "b"]}}


def test_a_task_cannot_be_handed_in_before_its_page_has_answered(started, worker):
    assignment = started(OWN)
    page = signed_in(worker).post(reverse("hand_in", args=[assignment.pk]), {}, headers={"host": SITE})
    assert page.status_code == 422
    assert "This needs an answer." in page.content.decode()


def test_no_form_of_ours_and_no_program_can_speak_for_the_page(started, worker):
    assignment = started(OWN)
    forged = {"answer-own": json.dumps({"word": "forged"})}
    assert (
        signed_in(worker)
        .post(reverse("hand_in", args=[assignment.pk]), forged, headers={"host": SITE})
        .status_code
        == 422
    )
    assert not Submission.objects.exists()


def test_the_same_page_drawn_twice_has_the_same_permit_and_a_used_one_is_followed_by_another(started):
    frame = Frame(started(OWN))
    assert Frame(frame.assignment).permit == frame.permit
    frame.post({"word": "first"})
    again = Frame(frame.assignment)
    assert again.permit != frame.permit
    again.post({"word": "second"})
    assert Frame(frame.assignment).permit not in (frame.permit, again.permit)


def test_the_last_answer_counts(started, worker):
    frame = Frame(started(OWN))
    frame.post({"word": "first"})
    Frame(frame.assignment).post({"word": "second"})
    signed_in(worker).post(reverse("hand_in", args=[frame.assignment.pk]), {}, headers={"host": SITE})
    assert Submission.objects.get().answer == {"own": {"word": "second"}}


def test_only_the_hash_of_a_permit_is_kept(started):
    frame = Frame(started(OWN))
    assert frame.permit not in json.dumps(list(FramePermit.objects.values()), default=str)


def test_a_retry_is_no_second_answer_and_another_answer_is_refused(started):
    frame = Frame(started(OWN))
    assert frame.post({"word": "x"}).status_code == 200
    assert frame.post({"word": "x"}).status_code == 200
    refused = frame.post({"word": "y"})
    assert refused.status_code == 409
    assert "frame_permit_used" in refused.content.decode()
    assert frame.kept.answer == {"word": "x"}


def code_of(answer):
    return answer.json()["code"]


def as_json(frame, data, **more):
    return frame.post(json.dumps(data), content_type="application/json", **more)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("forged", "frame_permit_unknown"),
        ("expired", "frame_permit_expired"),
        ("foreign", "frame_permit_of_another"),
        ("used", "frame_permit_used"),
        ("over", "frame_permit_over"),
        ("too large", "answer_refused"),
        ("nested", "answer_refused"),
        ("deep", "answer_refused"),
        ("empty", "answer_refused"),
    ],
)
def test_what_is_not_a_good_permits_answer_is_refused_by_a_stable_code(started, worker, spoil, code):
    frame, data = Frame(started(REMOTE), "far"), {"word": "x"}
    match spoil:
        case "forged":
            frame.permit = frame.permit[:-1] + ("A" if frame.permit[-1] != "A" else "B")
        case "expired":
            ends_at = clock.now()
            Assignment.objects.filter(pk=frame.assignment.pk).update(lease_until=ends_at)
        case "foreign":
            data["assignmentId"] = frame.assignment.pk + 1
        case "used":
            as_json(frame, {"word": "first"})
        case "over":
            give_back_task(assignment_id=frame.assignment.pk, by=worker, at=clock.now())
        case "too large":
            data["word"] = "x" * 40_000
        case "nested":
            data["word"] = {"in": "object"}
        case "empty":
            data["word"] = " "
    sent = "[" * 5_000 if spoil == "deep" else json.dumps(data)
    answer = frame.post(sent, content_type="application/json")
    assert answer.status_code in (404, 409, 422)
    assert code_of(answer) == code
    assert FramePermit.objects.filter(answer={"word": "x"}).count() == 0


def test_a_permit_answers_its_own_item_alone(started):
    assignment = started(OWN, {**OWN, "name": "other"})
    Frame(assignment, "other").post({"word": "x"})
    assert [one.item for one in FramePermit.objects.filter(used_at__isnull=False)] == ["other"]


def test_the_permits_of_others_are_not_for_the_asking(started, peer):
    from canut.work.refusals import AssignmentNotFound

    assignment = started(OWN)
    with pytest.raises(AssignmentNotFound):
        make_frame_permits(assignment_id=assignment.pk, by=peer, at=clock.now())


# --- Pages elsewhere ------------------------------------------------------------------------------


def address_of(assignment, worker):
    page = signed_in(worker).get(reverse("task", args=[assignment.pk]), headers={"host": SITE})
    return next(
        part.split('"')[0].replace("&amp;", "&")
        for part in page.content.decode().split('src="')
        if part.startswith("https://tasks.example.org")
    )


def test_a_page_elsewhere_is_told_where_to_answer_and_not_who_works(started, worker):
    assignment = started(REMOTE)
    address = address_of(assignment, worker)
    permit = Frame(assignment, "far").permit
    assert address.startswith("https://tasks.example.org/do?row=Picture%200&assignmentId=")
    assert f"assignmentId={assignment.pk}&hitId={assignment.task_id}&workerId=A" in address
    assert f"turkSubmitTo=http%3A%2F%2Flocalhost%2Fframe%2F{permit}" in address
    assert f"workerId={worker.pk}&" not in address
    assert worker.screen_name not in address


def test_a_worker_has_one_name_in_a_project_and_another_in_the_next(requester, worker):
    def name(project):
        assignment = taken(worker=worker, project=project, at=clock.now())
        address = address_of(assignment, worker)
        give_back_task(assignment_id=assignment.pk, by=worker, at=clock.now())
        return address.partition("workerId=")[2].partition("&")[0]

    first, second = (
        a_project(owner=requester, design=design(REMOTE), rows=2, at=clock.now()) for _each in range(2)
    )
    assert name(first) == name(first) != name(second)


def test_a_page_made_for_mechanical_turk_completes_a_task(started, worker):
    frame = Frame(started(REMOTE), "far")
    data = {"assignmentId": frame.assignment.pk, "choice": "cat"}
    assert frame.post(data, to="mturk/externalSubmit").status_code == 200
    signed_in(worker).post(reverse("hand_in", args=[frame.assignment.pk]), {}, headers={"host": SITE})
    assert Submission.objects.get().answer == {"far": {"choice": "cat"}}


def test_a_pages_script_may_send_its_answer_from_no_origin_at_all(started):
    frame = Frame(started(REMOTE), "far")
    asked = frame.browser.options(f"/frame/{frame.permit}/answer", headers={"host": FRAMES, "origin": "null"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked.headers
    answer = as_json(frame, {"count": 3, "sure": True, "tags": ["a", "b"]})
    assert answer.json() == {"answered": True, "kept": True}
    assert frame.kept.answer == {"count": "3", "sure": "true", "tags": ["a", "b"]}


def test_the_requester_of_a_page_elsewhere_is_told_once_that_it_is_refused(started, requester, jobs_of):
    frame = Frame(started(REMOTE, rows=3), "far")
    for _try in range(3):
        as_json(frame, {"assignmentId": 1, "word": "x"})
    told = Event.objects.filter(name="project.page_answer_refused")
    assert [(one.subject_id, one.data["code"]) for one in told] == [
        (frame.assignment.project_id, "frame_permit_of_another")
    ]
    (job,) = jobs_of("work.tell_owner_page_refused")
    assert tell_owner_page_refused(**job, at=clock.now())
    (notice,) = mailed(requester)
    assert "frame_permit_of_another" in notice.text


def test_nobody_is_told_of_a_workers_own_slip_in_html_that_runs_here(started, jobs_of):
    frame = Frame(started(OWN))
    assert frame.post({"word": ""}).status_code == 422
    assert list(jobs_of("work.tell_owner_page_refused")) == []


def test_a_row_whose_address_is_none_is_shown_as_such(started, worker):
    assignment = started({**REMOTE, "url": "{{text}}"})
    page = signed_in(worker).get(reverse("task", args=[assignment.pk]), headers={"host": SITE})
    assert "<iframe" not in page.content.decode()
    assert "This page cannot be shown" in page.content.decode()


def test_who_reads_the_answer_sees_its_fields_and_the_values_that_the_page_held(started, requester, worker):
    frame = Frame(started(OWN))
    frame.post({"word": "<b>Hello</b>", "tick": ["a", "b"]})
    signed_in(worker).post(reverse("hand_in", args=[frame.assignment.pk]), {}, headers={"host": SITE})
    page = signed_in(requester).get(
        reverse("review", args=[frame.assignment.project_id]), headers={"host": SITE}
    )
    text = page.content.decode()
    assert all(part in text for part in ("Picture 0", "word", "&lt;b&gt;Hello&lt;/b&gt;", "tick"))
    assert "<iframe" not in text


# --- Previews -------------------------------------------------------------------------------------


def test_a_preview_shows_the_page_as_to_a_worker_and_keeps_nothing(requester):
    draft = a_draft(owner=requester, design=design(OWN))
    browser = signed_in(requester)
    page = browser.get(reverse("project_preview", args=[draft.pk]) + "?task=2", headers={"host": SITE})
    assert "frame-src http://localhost:*;" in page["Content-Security-Policy"]
    address = next(
        part.split('"')[0] for part in page.content.decode().split('src="') if "/frame/" in part.split('"')[0]
    )
    path = address.removeprefix("http://localhost")
    assert b"<p>Picture 1</p>" in Client().get(path, headers={"host": FRAMES}).content
    said = Client().post(path + "answer", {"word": "x"}, headers={"host": FRAMES}).content.decode()
    assert "kept nowhere" in said
    assert not FramePermit.objects.exists()


def test_a_look_at_a_draft_cannot_be_made_up(requester):
    draft = a_draft(owner=requester, design=design(OWN))
    forged = f"preview.{draft.revisions.get().pk}.own.1.99999999999.{'0' * 64}"
    assert Client().get(f"/frame/{forged}/", headers={"host": FRAMES}).status_code == 404


def test_answer_from_frame_needs_no_browser(started):
    frame = Frame(started(OWN))
    assert answer_from_frame(permit=frame.permit, answer={"word": "x"}, at=clock.now()).answer == {
        "word": "x"
    }
