"""A refusal that no view has caught is a page a person can act on; the API's are left to its door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from canut.kernel.refusals import BadInput, Refusal
from canut.web.people.forms import KeyForm
from canut.web.refusals import RefusalPage, show_above


class TooEarly(Refusal):
    code = "too_early_for_tests"
    status = 425


class WhoAreYou(Refusal):
    code = "who_are_you_in_tests"
    status = 401


def answer_to(refusal: Exception, path: str = "/somewhere/", **headers: str):
    request = RequestFactory(headers=headers).get(path)
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)
    return RefusalPage(lambda _request: None).process_exception(request, refusal)


@pytest.mark.django_db
def test_a_refusal_is_a_page_with_its_sentence_code_and_status():
    page = answer_to(TooEarly("Come back at <b>noon</b>."))
    assert page.status_code == 425
    assert "Come back at &lt;b&gt;noon&lt;/b&gt;." in page.content.decode()
    assert "too_early_for_tests" in page.content.decode()


def test_the_api_answers_for_itself():
    assert answer_to(TooEarly("No."), path="/api/v1/tasks") is None


def test_a_bug_is_no_refusal():
    assert answer_to(RuntimeError("broken")) is None


def test_who_is_not_known_is_asked_to_sign_in_and_comes_back():
    assert answer_to(WhoAreYou("Sign in."), path="/a/b?c=d").url == "/account/login/?next=/a/b%3Fc%3Dd"


@pytest.mark.django_db
def test_in_a_part_of_a_page_the_sentence_goes_to_its_top_and_the_rest_stays():
    part = answer_to(TooEarly("Not yet."), hx_request="true")
    assert (part.status_code, part.headers["HX-Retarget"]) == (425, "#notices")
    assert "<html" not in part.content.decode()


def test_a_form_shows_a_refusal_at_the_field_it_is_about():
    form = KeyForm({}, is_operator=False)
    form.full_clean()
    show_above(
        form,
        BadInput("See each field.", errors={"expires_at": ["Too late.", "Ever."], "colour": "None such."}),
        {"expires_at": "ends_on"},
    )
    assert form.errors["ends_on"] == ["Too late.", "Ever."]
    assert form.non_field_errors() == ["None such."]
    show_above(form, TooEarly("Not yet."), {"too_early_for_tests": "name"})
    assert "Not yet." in form.errors["name"]
    show_above(form, TooEarly("Still not."))
    assert "Still not." in form.non_field_errors()
