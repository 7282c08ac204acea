"""Pages of qualifications: a requester makes, gives, takes back and retires them; a worker sees theirs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.builders import a_project, a_submission
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.reputation.models import Qualification, QualificationGrant
from canut.reputation.queries_qualifications import A_PAGE
from canut.reputation.usecases.create_qualification import create_qualification
from canut.work.models import Requirement
from canut.work.usecases.grant_qualification import Row, grant_qualification

pytestmark = pytest.mark.django_db


@pytest.fixture
def french(requester):
    return create_qualification(by=requester, name="French", description="How <well>.", at=clock.now())


@pytest.fixture
def browser(requester):
    return browser_of(requester)


def give(qualification, requester, *people, value=7):
    rows = [Row(person.screen_name, value) for person in people]
    at = clock.now()
    grant_qualification(
        qualification_id=qualification.pk, by=requester, rows=rows, reason="Well done.", at=at
    )


def page_of(name, qualification, *more):
    return reverse(name, args=[qualification.pk, *more])


def test_one_is_made_changed_and_retired_and_what_was_typed_stays_when_it_is_refused(browser, requester):
    assert "You have made none yet." in text_of(browser.get(reverse("qualifications")))
    answer = browser.post(reverse("make_qualification"), {"name": "French", "description": "How well."})
    made = Qualification.objects.get()
    assert answer.headers["Location"] == page_of("qualification", made)
    assert "Nobody holds it yet." in text_of(browser.get(answer.headers["Location"]))
    again = browser.post(reverse("make_qualification"), {"name": "FRENCH", "description": "Kept as typed"})
    assert again.status_code == 422
    assert "You have a qualification called “French” already." in text_of(again)
    assert "Kept as typed" in text_of(again)
    browser.post(page_of("change_qualification", made), {"name": "Good French", "description": ""})
    assert "Good French</a>" in text_of(browser.get(reverse("qualifications")))

    Requirement.objects.create(
        project=a_project(owner=requester, title="Letters"),
        scale="qualification",
        scale_id=made.pk,
        comparator="exists",
    )
    assert "0 workers hold it." in text_of(browser.get(page_of("retire_qualification", made)))
    refused = browser.post(page_of("retire_qualification", made))
    assert (refused.status_code, "“Letters”" in text_of(refused)) == (409, True)
    Requirement.objects.all().delete()
    browser.post(page_of("retire_qualification", made))
    assert "Good French" not in text_of(browser.get(reverse("qualifications"))).split("</h1>")[1]
    assert "Good French" in text_of(browser.get(reverse("qualifications"), {"retired": "1"}))
    assert "no project can ask for it" in text_of(browser.get(page_of("qualification", made)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"who": "Nobody here"}, "You know nobody of this name or number."),
        ({"who": "Worker\0"}, "Null characters are not allowed."),
        ({"who": "99999999999999999"}, "You know nobody of this name or number."),
        ({"who": "Requester"}, "You cannot give it to yourself."),
        ({"value": "NaN"}, "Write the value as a number"),
        ({"value": "1e99"}, "Write the value as a number"),
        ({"value": "good"}, "Write the value as a number"),
        ({"value": ""}, "This field is required."),
        ({"reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(browser, worker, french, typed, sentence):
    given = {"who": "Worker", "value": "7", "reason": "", **typed}
    answer = browser.post(page_of("grant_qualification", french), given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not QualificationGrant.objects.exists()


def test_a_worker_is_given_a_value_which_is_replaced_and_taken_back(browser, requester, worker, french):
    a_submission(worker=worker, project=a_project(owner=requester))
    for who, value in (("worker", "7,5"), (str(worker.pk), "8"), (str(worker.pk), "8")):
        answer = browser.post(page_of("grant_qualification", french), {"who": who, "value": value})
        assert answer.headers["Location"] == page_of("qualification", french)
    page = text_of(browser.get(page_of("qualification", french)))
    assert "<td>8</td>" in page
    assert "How &lt;well&gt;." in page
    assert "1 worker has it now." in page
    taking_back = page_of("revoke_qualification", french, worker.pk)
    assert "Take “French” back from Worker?" in text_of(browser.get(taking_back))
    assert browser.post(taking_back, {"reason": "x" * 501}).status_code == 422
    for _twice in range(2):
        assert browser.post(taking_back, {"reason": "It was a mistake."}).status_code == 302
    assert "This person has no value" in text_of(browser.get(taking_back))
    own = text_of(browser_of(worker).get(reverse("held_qualifications")))
    assert "Taken back because: <bdi>It was a mistake.</bdi>" in own


def test_many_are_given_theirs_from_a_paste_or_a_file_or_none_is(browser, worker, peer, french):
    address = page_of("grant_qualification_to_many", french)
    pasted = "worker;NaN\nPeer;2\nnobody;3\npeer;4\n"
    refused = browser.post(address, {"pasted": pasted, "reason": "Test"})
    page = text_of(refused)
    assert refused.status_code == 422
    assert "3 rows cannot be granted, so none was." in page
    for row, who in ((1, "worker"), (3, "nobody"), (4, "peer")):
        assert f"Row {row}, <bdi>{who}</bdi>" in page
    assert "worker;NaN" in page
    assert not QualificationGrant.objects.exists()

    # A row is called by its line in what was pasted, with the heading and blank lines
    page = text_of(browser.post(address, {"pasted": "\nworker;value\n\nPeer;2\n\n\nnobody;3\n"}))
    assert "Row 7, <bdi>nobody</bdi>" in page
    file = SimpleUploadedFile("bad.csv", b"worker,1\nnobody,3\n")
    assert "nobody,3" in text_of(browser.post(address, {"file": file}))  # what stood in it can be mended
    for content, sentence in (
        (b"\xff\xfe", "This file is no text in UTF-8."),
        (b"Worker,1\0", "Null characters"),
        (b"worker,1\n" * 1_001, "Name between one and 1,000 people at once."),
        (b"x" * 1_000_001, "This file is too large."),
        (b"worker,value\n", "Name between one and 1,000 people at once."),
    ):
        answer = browser.post(address, {"file": SimpleUploadedFile("bad.csv", content)})
        assert answer.status_code == 422
        if b"\0" not in content:
            assert sentence in text_of(answer)
    both = {"pasted": "worker,1", "file": SimpleUploadedFile("a.csv", b"worker,1")}
    assert "not both" in text_of(browser.post(address, both))
    assert "Write at least one name" in text_of(browser.post(address, {}))
    assert not QualificationGrant.objects.exists()

    sheet = SimpleUploadedFile("good.csv", "\ufeffworker;value\r\nWorker;7,5\r\nPeer;-1\r\n".encode())
    assert browser.post(address, {"file": sheet, "reason": "Test"}).status_code == 302
    assert "2 workers have it now." in text_of(browser.get(page_of("qualification", french)))


def test_a_worker_sees_theirs_with_whose_it_is_and_gives_it_up_and_has_it_again(requester, worker, french):
    browser = browser_of(worker)
    assert "No requester has given you a value yet." in text_of(browser.get(reverse("held_qualifications")))
    give(french, requester, worker)
    page = text_of(browser.get(reverse("held_qualifications")))
    assert "<bdi>French</bdi>: 7" in page
    assert "Reason: <bdi>Well done.</bdi>" in page
    assert reverse("requester", args=[requester.pk]) in page
    for verb, shown in (("give_up_qualification", "given up"), ("take_back_qualification", "Give it up")):
        for _twice in range(2):
            assert browser.post(page_of(verb, french)).status_code == 302
        assert shown in text_of(browser.get(reverse("held_qualifications")))
    assert reverse("held_qualifications") in text_of(browser.get(reverse("my_work")))


def test_holders_come_in_pages_and_by_name(browser, requester, worker, peer, french):
    give(french, requester, worker, peer)
    page = text_of(browser.get(page_of("qualification", french), {"name": "ork"}))
    assert (">Worker<" in page, ">Peer<" in page) == (True, False)
    assert "Nobody with such a name" in text_of(browser.get(page_of("qualification", french), {"name": "zz"}))
    first = QualificationGrant.objects.order_by("pk")[0]
    assert "That was everybody." in text_of(
        browser.get(page_of("qualification", french), {"before": first.pk})
    )
    for more in range(A_PAGE + 1):
        create_qualification(by=requester, name=f"More {more}", at=clock.now())
    listed = text_of(browser.get(reverse("qualifications")))
    assert 'rel="next"' in listed
    assert "French" not in listed.split("</h1>")[1]


def test_a_stranger_finds_nothing_and_a_worker_cannot_make_one(requester, worker, stranger, french):
    give(french, requester, worker)
    browser = browser_of(stranger)
    own = ("qualification", "change_qualification", "retire_qualification")
    posts = ("grant_qualification", "grant_qualification_to_many", "give_up_qualification")
    for name in own:
        assert browser.get(page_of(name, french)).status_code == 404
    sent = {"who": "Worker", "value": "1", "pasted": "Worker,1", "name": "Mine now"}
    for name in (*own[1:], *posts, "take_back_qualification"):
        assert browser.post(page_of(name, french), sent).status_code == 404
    assert browser.post(page_of("revoke_qualification", french, worker.pk), sent).status_code == 404
    assert browser.get(page_of("revoke_qualification", french, worker.pk)).status_code == 404
    assert browser.get(f"/studio/qualifications/{10**30}/").status_code == 404
    grant = QualificationGrant.objects.get()
    assert (grant.value, grant.ended_at, grant.qualification.name) == (7, None, "French")
    assert "French" not in text_of(browser.get(reverse("qualifications")))
    assert browser_of(worker).get(reverse("make_qualification")).status_code == 403
