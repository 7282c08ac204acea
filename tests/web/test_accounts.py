"""From a visitor to a person who is signed in, and back in after forgetting the password."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.builders import a_person
from tests.told import mailed, told
from tests.web.letters import letters

from canut.kernel import clock
from canut.people.models import Consent, Person
from canut.people.usecases.change_password import change_password

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP, RESET = (
    reverse_name for reverse_name in ("account_login", "account_signup", "account_reset_password")
)
PASSWORD = "correct horse battery"


def joins(client: Client, **said: object):
    given = {
        "email": "ines@example.org",
        "username": "ines",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "screen_name": "Inès",
        "is_worker": "on",
        "country": "FR",
        "working_status": "student",
        "language_1": "fr",
        "language_2": "pt",
        "time_zone": "Europe/Lisbon",
        "is_old_enough": "on",
        "agrees_to_terms": "on",
        "agrees_to_privacy": "on",
    }
    return client.post(reverse(SIGNUP), {name: value for name, value in {**given, **said}.items() if value})


def signs_in(client: Client, login: str, password: str = PASSWORD):
    return client.post(reverse(LOGIN), {"login": login, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_a_visitor_joins_is_kept_out_until_activation_and_comes_in_by_name_or_address(client):
    # Given a visitor who fills in the form
    answer = joins(client)
    assert answer.status_code == 302
    assert answer.url == reverse("account_email_verification_sent")
    person = Person.objects.get(username="ines")
    assert (person.screen_name, person.is_worker, person.is_requester) == ("Inès", True, False)
    assert (person.languages, person.time_zone, person.locale) == (["fr", "pt"], "Europe/Lisbon", "en")
    assert Consent.objects.filter(person=person).count() == 2
    # Then the password alone does not let them in
    assert not is_in(client)
    signs_in(client, "ines")
    assert not is_in(client)
    # Until they follow the link in their mail; reading the page is not enough
    link = letters()[0].link("confirm-email")
    assert client.get(link).status_code == 200
    assert Person.objects.get(pk=person.pk).activated_at is None
    client.post(link)
    assert Person.objects.get(pk=person.pk).activated_at is not None
    # Then both the name and the address do, whatever the capitals
    for login in ("ines", "INES", "ines@example.org", "Ines@Example.org"):
        visitor = Client()
        signs_in(visitor, login)
        assert is_in(visitor), login


def test_an_activation_link_works_once_and_for_nobody_else(client):
    joins(client)
    link = letters()[0].link("confirm-email")
    client.post(link)
    assert "ended or was used" in client.get(link).content.decode()
    forged = link[:-6] + ("A" * 5) + "/"
    assert "ended or was used" in Client().get(forged).content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"is_old_enough": ""}, "is_old_enough"),
        ({"agrees_to_terms": ""}, "agrees_to_terms"),
        ({"agrees_to_privacy": ""}, "agrees_to_privacy"),
        ({"country": "XX"}, "country"),
        ({"language_1": ""}, "language_1"),
        ({"screen_name": "Operator"}, "screen_name"),
        ({"username": "no spaces"}, "username"),
        ({"password2": "something else"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(client, said, field):
    answer = joins(client, **said)
    assert field in answer.context["form"].errors
    assert 'value="ines@example.org"' in answer.content.decode()
    assert not Person.objects.exists()
    assert letters() == []


def test_a_taken_screen_name_is_said_at_its_field(client):
    a_person("somebody", screen_name="INÈS")
    answer = joins(client)
    assert "screen_name" in answer.context["form"].errors
    assert Person.objects.count() == 1


def test_a_visitor_cannot_learn_whose_address_is_known(client):
    a_person("known", email="ines@example.org")
    known, unknown = (
        joins(client),
        joins(Client(), email="new@example.org", username="new", screen_name="New"),
    )
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.to for letter in letters()] == ["ines@example.org", "new@example.org"]
    assert "has an account already" in letters()[0].text
    assert Person.objects.count() == 2
    reset_known = client.post(reverse(RESET), {"email": "ines@example.org"})
    reset_unknown = client.post(reverse(RESET), {"email": "nobody@example.org"})
    assert (reset_known.status_code, reset_known.url) == (reset_unknown.status_code, reset_unknown.url)


def test_an_address_taken_a_moment_ago_is_answered_like_a_known_one(client, monkeypatch):
    a_person("known", email="ines@example.org")
    form = "canut.web.people.forms.SignUpForm"
    monkeypatch.setattr(f"{form}.validate_unique_email", lambda _form, value: value)
    answer = joins(client)
    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    assert [letter.to for letter in letters()] == ["ines@example.org"]
    assert "has an account already" in letters()[0].text


def test_wrong_passwords_are_slowed_down_for_the_name_on_every_node(client):
    a_person("ines", password=PASSWORD)
    for _try in range(5):
        assert "not correct" in signs_in(client, "ines", "wrong").content.decode()
    refused = signs_in(Client(REMOTE_ADDR="203.0.113.9"), "ines", PASSWORD)
    assert "Too many failed" in refused.content.decode()
    cache.clear()  # a while later
    signs_in(client, "ines")
    assert is_in(client)


def forgets(client: Client, address: str = "ines@example.org"):
    client.post(reverse(RESET), {"email": address})
    return letters()[-1]


def sets_password(client: Client, link: str, password: str):
    form = client.get(link, follow=True)
    if "form" not in form.context:
        return form
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


@pytest.fixture
def forgetful(db: None) -> Person:
    for number in range(12):  # so that the number in the link has two digits in base 36
        a_person(f"other{number}")
    return a_person("ines", password=PASSWORD)


def test_a_reset_link_works_once(client, forgetful):
    link = forgets(client).link("reset/key")
    sets_password(client, link, "a new password")
    assert Person.objects.get(pk=forgetful.pk).check_password("a new password")
    again = sets_password(Client(), link, "a third password")
    assert "does not work" in again.content.decode()
    assert Person.objects.get(pk=forgetful.pk).check_password("a new password")


def test_a_reset_link_ends_after_a_day_of_the_site_s_clock(client, forgetful):
    link = forgets(client).link("reset/key")
    clock.advance(by=timedelta(hours=23))
    assert b"password1" in client.get(link, follow=True).content
    clock.advance(by=timedelta(hours=2))
    assert "does not work" in Client().get(link, follow=True).content.decode()


def test_a_discarded_reset_link_is_dead(client, forgetful):
    letter = forgets(client)
    discard, link = letter.link("discard"), letter.link("reset/key")
    # Reading the page, as mail scanners do, kills nothing; its button does.
    assert client.get(discard).status_code == 200
    assert b"password1" in Client().get(link, follow=True).content
    client.post(discard)
    assert "does not work" in Client().get(link, follow=True).content.decode()
    assert client.get(discard).status_code == 410
    assert Person.objects.get(pk=forgetful.pk).check_password(PASSWORD)


def test_a_forged_discard_does_nothing(client, forgetful):
    letter = forgets(client)
    uid, _dash, token = letter.link("discard").strip("/").split("/")[-1].partition("-")
    for forged in (f"{uid}-{token[:-1]}x", f"1-{token}", "zzzzzzzzzzzzz-abc", "0-0"):
        assert client.post(f"/account/password/reset/discard/{forged}/").status_code == 410
    assert Person.objects.get(pk=forgetful.pk).reset_serial == 0


def test_a_half_used_reset_dies_when_it_is_discarded_meanwhile(client, forgetful):
    letter = forgets(client)
    form = client.get(letter.link("reset/key"), follow=True)
    Client().post(letter.link("discard"))
    client.post(form.request["PATH_INFO"], {"password1": "a new password", "password2": "a new password"})
    assert Person.objects.get(pk=forgetful.pk).check_password(PASSWORD)


def test_a_new_password_ends_every_session_opened_with_the_old_one(client, forgetful):
    signs_in(client, "ines")
    other = Client()
    signs_in(other, "ines")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "a new password", "password2": "a new password"},
    )
    assert (is_in(client), is_in(other)) == (True, False)


def test_the_use_case_keeps_who_is_signed_in_signed_in(forgetful):
    changed = change_password(by=forgetful, password="a new password", at=clock.now())
    assert forgetful.password == changed.password


def test_changing_the_address_needs_the_new_one_to_be_shown_first(client, forgetful):
    signs_in(client, "ines")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert Person.objects.get(pk=forgetful.pk).email == "ines@example.org"
    client.post(letters()[-1].link("confirm-email"))
    assert Person.objects.get(pk=forgetful.pk).email == "new@example.org"
    assert list(EmailAddress.objects.filter(user=forgetful).values_list("email", "verified")) == [
        ("new@example.org", True)
    ]
    # The address that was left learns of it by mail, and its owner on the site and at the new one
    assert letters()[-1].to == "ines@example.org"
    assert [(one.kind, one.mail) for one in told(forgetful)] == [("account", "wanted")]
    assert "new@example.org" in told(forgetful)[0].text


def test_mails_speak_the_language_of_who_reads_them(client, forgetful):
    Person.objects.filter(pk=forgetful.pk).update(locale="fr")
    person = Person.objects.get(pk=forgetful.pk)
    signs_in(client, "ines")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "a new password", "password2": "a new password"},
    )
    assert person.locale == "fr"
    (notice,) = mailed(person)
    assert (notice.kind, notice.path) == ("account", "/account/")
    assert "dresse IP" in notice.text
    assert "Bonjour" not in notice.text
    assert not letters()


def test_nobody_is_sent_away_from_the_site_after_signing_in(client, forgetful):
    answer = client.post(
        reverse(LOGIN), {"login": "ines", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer.url == reverse("home")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Welcome, Ines!"]


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now for a secret."""
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_with_a_second_step_the_password_alone_lets_nobody_in(client, forgetful):
    # Given somebody who set up an authenticator app
    signs_in(client, "ines")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    # When another browser has the password
    other = Client()
    asked = signs_in(other, "ines")
    # Then it is asked for the code, and is in only with it
    assert (asked.url, is_in(other)) == (reverse("mfa_authenticate"), False)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(other)
    cache.clear()  # a code works once, and this minute's was used to set the app up
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(other)
