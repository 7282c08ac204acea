"""Pages of sanctions: for all, for the one it touches with and without signing in, for those who decide."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.builders import a_worker
from tests.justice.sanctioned import EVIDENCE, REASON, a_sanction, an_operator, delivered, given, in_effect

from canut.justice.models import Case
from canut.justice.sanctions.link_token import sanction_token
from canut.justice.sanctions.models import Review, Sanction
from canut.justice.sanctions.states import Ground, Kind, Pattern
from canut.justice.sanctions.usecases.propose_sanction import propose_sanction
from canut.justice.states import CaseBy, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.decide_case import decide_case
from canut.kernel import clock
from canut.people.queries_restrictions import bars_of

pytestmark = pytest.mark.django_db

WHY = "What was found in the two accounts does not show that one person used both of them."


@pytest.fixture
def operator():
    return an_operator("odile")


@pytest.fixture
def other():
    return an_operator("oscar")


def as_person(person):
    client = Client()
    client.force_login(person)
    return client


def test_everybody_reads_the_grounds_and_a_stranger_nothing_else(client, worker, operator, stranger):
    page = client.get(reverse("sanction_grounds")).content.decode()
    for ground in Ground:
        assert f'id="{ground}"' in page
    made = delivered(worker, by=operator)
    signed_in = as_person(stranger)
    for name, arguments in (
        ("sanction", [made.pk]),
        ("sanction_statement", [made.pk]),
        ("sanction_file", [made.pk, uuid4()]),
        ("sanction", [2**63]),
        ("linked_sanction", ["1:forged"]),
        ("linked_statement", ["1:forged"]),
    ):
        assert signed_in.get(reverse(name, args=arguments)).status_code == 404, name
    for name, arguments in (
        ("all_sanctions", []),
        ("decide_sanction", []),
        ("sanction_proposals", []),
        ("sanction_proposal", [1]),
    ):
        assert signed_in.get(reverse(name, args=arguments)).status_code == 403, name
    for name in ("answer_sanction", "ask_sanction_review"):
        assert signed_in.post(reverse(name, args=[made.pk]), {"words": "x"}).status_code == 404
    for name in ("review_sanction", "withdraw_sanction"):
        given_too = {"outcome": "falls", "reason": WHY}
        assert signed_in.post(reverse(name, args=[made.pk]), given_too).status_code == 403
        assert as_person(worker).post(reverse(name, args=[made.pk]), given_too).status_code == 403
    for name in ("sanctions", "all_sanctions", "decide_sanction"):
        assert client.get(reverse(name)).status_code == 302  # to sign in
    assert "There are none" in signed_in.get(reverse("sanctions")).content.decode()


def test_an_operator_decides_with_evidence_and_another_reviews_from_the_page(worker, operator, other):
    browser = as_person(operator)
    form = {**given("refuse_payment"), "screen_name": "worker", "amount": "4,50", "is_sure": "on"}
    for wrong, field in (
        ({"reason": "No."}, "reason"),
        ({"screen_name": "Nobody"}, "screen_name"),
        ({"amount": "4.505"}, "amount"),
        ({"amount": "1", "currency": "XXX"}, "amount"),
        ({"ground": "spam"}, "kind"),
        ({"is_sure": ""}, "is_sure"),
        ({"reason": "nul \0" * 20}, "reason"),
    ):
        answer = browser.post(reverse("decide_sanction"), form | wrong)
        assert answer.status_code == 422, wrong
        assert field in answer.context["form"].errors, wrong
        if "evidence" not in wrong:
            assert EVIDENCE in answer.content.decode()  # what was typed is still there
    file = SimpleUploadedFile("list.txt", b"11, 12, 13")
    answer = browser.post(reverse("decide_sanction"), form | {"attachments": file})
    made = Sanction.objects.get()
    assert answer.headers["Location"] == reverse("sanction", args=[made.pk])
    assert (made.amount_minor, made.currency, made.files.count()) == (450, "EUR", 1)
    # And whom it touches finds it, with the file, and asks for another person
    theirs = as_person(worker)
    page = theirs.get(reverse("sanction", args=[made.pk])).content.decode()
    assert REASON in page
    address = re.search(r'href="(/justice/sanctions/\d+/files/[^"]+)"', page)[1]
    assert b"".join(theirs.get(address).streaming_content) == b"11, 12, 13"
    theirs.post(reverse("ask_sanction_review", args=[made.pk]), {"words": "Ask my bank."})
    assert "Ask my bank." in as_person(other).get(reverse("sanction", args=[made.pk])).content.decode()
    assert browser.get(reverse("all_sanctions") + "?which=review").context["sanctions"] == []
    assert len(as_person(other).get(reverse("all_sanctions") + "?which=review").context["sanctions"]) == 1
    says = {"outcome": "falls", "reason": WHY}
    assert browser.post(reverse("review_sanction", args=[made.pk]), says).status_code == 403
    assert (
        as_person(other).post(reverse("review_sanction", args=[made.pk]), {"outcome": ""}).status_code == 422
    )
    assert as_person(other).post(reverse("review_sanction", args=[made.pk]), says).status_code == 302
    made.refresh_from_db()
    assert (made.ended_how, made.ended_by) == ("reversed", other)
    assert WHY in theirs.get(reverse("sanction", args=[made.pk])).content.decode()


def test_who_is_shut_out_reads_answers_and_contests_by_the_link_alone(worker, operator, other):
    made = in_effect(worker, "close", by=operator)
    somebody = Client()
    # When they sign in, with the right password alone, they are led to the sanction and not in
    answer = somebody.post(reverse("account_login"), {"login": "worker", "password": "correct horse"})
    where = reverse("linked_sanction", args=[sanction_token(made.pk)])
    assert answer.headers["Location"] == where
    assert somebody.get(reverse("account")).status_code == 302
    assert (
        somebody.post(reverse("account_login"), {"login": "worker", "password": "wrong"}).status_code == 200
    )
    page = somebody.get(where)
    assert REASON in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert (
        somebody.get(reverse("linked_statement", args=[sanction_token(made.pk)])).content.decode()
        == made.statement
    )
    assert where in made.statement
    assert where not in as_person(operator).get(reverse("sanction", args=[made.pk])).content.decode()
    assert somebody.head(where).status_code == 200
    file = SimpleUploadedFile("proof.txt", b"I was abroad")
    sent = somebody.post(where, {"words": "It was not me.", "attachments": file})
    assert sent.status_code == 302, sent.context["answering"].errors
    assert somebody.post(where, {"words": ""}).status_code == 422
    refused = somebody.post(where, {"words": "y", "attachments": SimpleUploadedFile("x.exe", b"MZ\x90\0")})
    assert refused.status_code == 422
    assert not Review.objects.exists()
    assert somebody.post(where, {"what": "ask", "words": ""}).status_code == 302
    assert Review.objects.get().sanction_id == made.pk
    answers = list(made.answers.values_list("words", flat=True))
    assert answers == ["It was not me."]
    # And when another person lets it stand, peers hear it; they let it fall, and the account is open
    assert somebody.post(where, {"what": "appeal", "words": "Too early."}).status_code == 422
    says = {"outcome": "stands", "reason": WHY}
    as_person(other).post(reverse("review_sanction", args=[made.pk]), says)
    for _click in range(2):
        assert somebody.post(where, {"what": "appeal", "words": "Hear me."}).status_code == 302
    case = Case.objects.get()
    assert (case.kind, case.party_id, case.words) == ("sanction", worker.pk, "Hear me.")
    subject = SUBJECTS[case.kind]
    assert {operator.pk, other.pk, worker.pk} <= set(subject.excluded(made.pk, at=clock.now()))
    told = " ".join(passage.text for passage in subject.shown(made.pk).passages)
    assert REASON in told
    assert "It was not me." in told
    assert not {"Worker", "Odile", "Oscar"} & set(told.split())
    decide_case(case_id=case.pk, outcome=CaseState.FALLS, by=CaseBy.JURY, reason="Not shown.", at=clock.now())
    made.refresh_from_db()
    assert (made.ended_how, made.end_reason) == ("overturned", "Not shown.")
    assert "Not shown." in somebody.get(where).content.decode()
    assert bars_of(worker.pk) == {}
    answer = somebody.post(reverse("account_login"), {"login": "worker", "password": "correct horse"})
    assert answer.headers["Location"] == reverse("home")


def test_what_a_program_proposes_is_weighed_by_a_person(worker, operator):
    facts = {"heard": 6, "fell": 5, "days": 90}
    proposed = propose_sanction(
        person_id=worker.pk,
        pattern=Pattern.OVERTURNED_REJECTIONS,
        kind=Kind.WARN,
        ground=Ground.REJECTIONS,
        facts=facts,
        at=clock.now(),
    )
    browser = as_person(operator)
    assert "5 of them" in browser.get(reverse("sanction_proposals")).content.decode()
    address = reverse("sanction_proposal", args=[proposed.pk])
    assert browser.get(address).status_code == 200
    filled = browser.get(reverse("decide_sanction") + f"?proposal={proposed.pk}")
    assert filled.context["form"].initial["screen_name"] == "Worker"
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "They had one bad week."}).status_code == 302
    assert "They had one bad week." in browser.get(address).content.decode()
    assert browser.get(reverse("sanction_proposal", args=[2**63])).status_code == 404
    assert Sanction.objects.count() == 0


def test_long_lists_go_on(operator):
    for _number in range(26):
        a_sanction(a_worker(), "warn", by=operator)
    browser = as_person(operator)
    first = browser.get(reverse("all_sanctions"))
    following = re.search(r"before=(\d+)", first.content.decode())[1]
    assert len(first.context["sanctions"]) == 25
    assert len(browser.get(reverse("all_sanctions") + f"?before={following}").context["sanctions"]) == 1
