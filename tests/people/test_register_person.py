"""Joining: what is asked, what is refused, and that two people cannot take one name."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from tests.builders import NOON, a_person
from tests.people.at_once import at_once

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput, Refusal
from canut.people import documents
from canut.people.access import AccountIsClosed, PersonNotFound
from canut.people.models import Consent, Person
from canut.people.queries import worker
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.close_account import close_account
from canut.people.usecases.register_person import (
    ConsentMissing,
    EmailTaken,
    ScreenNameTaken,
    TooYoung,
    UsernameTaken,
    register_person,
)


def joins(**said: Any) -> Person:
    given = {
        "username": "ines",
        "email": "ines@example.org",
        "password": "correct horse",
        "screen_name": "Inès",
        "country": "FR",
        "working_status": "student",
        "languages": ["fr", "pt-BR"],
        "age_stated": 18,
        "consents": documents.IN_FORCE,
        "at": NOON,
    }
    return register_person(**{**given, **said})


@pytest.mark.django_db
def test_a_person_and_their_party_have_one_number():
    person = joins(worker=True)
    assert person.pk == person.party_id == person.party.pk
    assert person.check_password("correct horse")
    assert Event.objects.filter(name="person.registered", by_id=person.pk).count() == 1


@pytest.mark.django_db
def test_names_and_addresses_are_kept_in_one_spelling():
    person = joins(username=" INES ", email="Ines@Example.ORG", screen_name="  Ine\u0300s   de\tLyon ")
    assert (person.username, person.email) == ("ines", "ines@example.org")
    assert person.screen_name == "In\u00e8s de Lyon"


@pytest.mark.django_db
def test_consent_to_both_documents_in_force_is_written_down():
    given = Consent.objects.filter(person=joins()).values_list("document", "version")
    assert dict(given) == documents.IN_FORCE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "consents", [{}, {"terms": documents.IN_FORCE["terms"]}, {"terms": "1", "privacy": "1"}]
)
def test_without_consent_to_what_is_in_force_nobody_joins(consents):
    with pytest.raises(ConsentMissing):
        joins(consents=consents)
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "age", "joined"), [("FR", 17, False), ("FR", 18, True), ("KR", 18, False), ("KR", 19, True)]
)
def test_the_age_asked_for_is_the_country_s(country, age, joined):
    if joined:
        assert joins(country=country, age_stated=age).age_confirmed_at == NOON
        return
    with pytest.raises(TooYoung) as refused:
        joins(country=country, age_stated=age)
    assert refused.value.facts["smallest_age"] == age + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "no spaces"),
        ("username", "ab"),
        ("username", "former-3"),
        ("screen_name", "a@b.example"),
        ("screen_name", "Operator"),
        ("screen_name", "former-3"),
        ("screen_name", "12345"),
        ("screen_name", "x" * 31),
        ("screen_name", "tab\u202ename"),
        ("country", "XX"),
        ("working_status", "pirate"),
        ("languages", []),
        ("languages", ["fr", "fr"]),
        ("languages", ["not a code"]),
        ("time_zone", "Mars/Olympus"),
        ("locale", "de"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(field, value):
    with pytest.raises(BadInput) as refused:
        joins(**{field: value})
    assert list(refused.value.facts["errors"]) == [field]
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("same", "refusal"),
    [
        ({"screen_name": "INÈS"}, ScreenNameTaken),
        ({"username": "INES"}, UsernameTaken),
        ({"email": "INES@example.org"}, EmailTaken),
    ],
)
def test_what_somebody_has_nobody_else_gets_whatever_the_capitals(same, refusal):
    joins()
    with pytest.raises(refusal):
        joins(**{"screen_name": "Other", "username": "other", "email": "other@example.org"} | same)
    assert Person.objects.count() == 1


def test_of_two_people_who_want_one_screen_name_at_once_one_gets_it(committed):
    def join(number: int) -> str:
        try:
            joins(username=f"twin{number}", email=f"twin{number}@example.org", screen_name="The Twin")
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "joined"

    assert sorted(at_once(join, 1, 2)) == ["joined", "screen_name_taken"]
    assert Person.objects.filter(party__screen_name="The Twin").count() == 1


@pytest.mark.django_db
def test_before_activation_nobody_may_work_and_after_it_they_may():
    person = joins(worker=True)
    assert worker(person.pk).may_work is False
    activated = activate_person(person_id=person.pk, at=NOON)
    assert activated.activated_at == NOON
    assert worker(person.pk).may_work is True
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.django_db
def test_activating_twice_is_safe():
    person = joins()
    for _click in range(2):
        activate_person(person_id=person.pk, at=NOON)
    assert Event.objects.filter(name="person.activated", subject_id=person.pk).count() == 1


@pytest.mark.django_db
def test_nobody_and_the_departed_are_not_activated():
    with pytest.raises(PersonNotFound):
        activate_person(person_id=2**60, at=NOON)
    person = a_person("leaves")
    close_account(by=person, what_is_open=lambda _party: [], at=NOON)
    with pytest.raises(AccountIsClosed):
        activate_person(person_id=person.pk, at=NOON)
