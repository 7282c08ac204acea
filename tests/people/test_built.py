"""People whom tests make by one statement have the rows of people who joined."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.forms.models import model_to_dict
from tests.builders import NOON, a_person, somebody_at_once, somebody_registered

from canut.kernel.models import Event
from canut.people.models import Consent, Person

GIVEN = {
    "password": "correct horse",
    "country": "FR",
    "working_status": "self_employed",
    "languages": ["en", "fr"],
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "details",
    [
        {},
        {"worker": True, "locale": "fr", "time_zone": "Europe/Paris"},
        {"requester": True, "simulated": True, "languages": ["de"], "country": "DE", "password": None},
    ],
    ids=["nothing", "worker", "simulated"],
)
def test_somebody_made_at_once_has_the_rows_of_somebody_who_joined(details: dict[str, Any]) -> None:
    told = [
        somebody(
            at=NOON, username=name, email=f"{name}@Example.org", screen_name=f" {name} ", **(GIVEN | details)
        )
        for somebody, name in ((somebody_registered, "Joined"), (somebody_at_once, "Built.."))
    ]
    joined, built = (rows_of(Person.objects.select_related("party").get(pk=person.pk)) for person in told)
    assert str(built).replace("built..", "joined").replace("Built..", "Joined") == str(joined)
    assert rows_of(told[1]) == built
    assert told[1].check_password("correct horse") is told[0].check_password("correct horse")


@pytest.mark.django_db
def test_whoever_a_builder_makes_can_be_found_and_saved() -> None:
    made = a_person("ada", worker=True)
    assert Person.objects.get(username="ada") == made
    made.save_roles(worker=False, requester=True)
    assert Person.objects.get(is_requester=True).screen_name == "Ada"


def rows_of(person: Person) -> list[Any]:
    """Return all that is written of somebody, but for numbers and salt."""
    own = {**model_to_dict(person), **model_to_dict(person.party), "activated_at": person.activated_at}
    for name in ("id", "party", "password"):
        own.pop(name, None)
    addresses = EmailAddress.objects.filter(user=person).values("email", "verified", "primary")
    consents = Consent.objects.filter(person=person).order_by("pk").values("document", "version", "given_at")
    events = Event.objects.filter(by_id=person.pk).order_by("pk")
    told = events.values("at", "name", "subject_kind", "data")
    assert {event.subject_id for event in events} == {person.pk}
    return [own, list(addresses), list(consents), list(told)]
