"""What the database refuses, sentence by sentence, and by name."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from tests.builders import NOON, a_person

from canut.people.models import ApiKey, Body, Consent, Listing, Party, Person, PushSubscription, QuietHours
from canut.people.promises import broken_promise
from canut.people.usecases.close_account import close_account
from canut.people.usecases.create_key import create_key
from canut.people.usecases.rotate_key import rotate_key

pytestmark = pytest.mark.django_db

ZEROS = "0" * 64


def a_party(**details: Any) -> Party:
    return Party.objects.create(
        **{"kind": "person", "screen_name": "Somebody", "created_at": NOON, **details}
    )


def the_row(person: Person, **changes: Any) -> None:
    Person.objects.filter(pk=person.pk).update(**changes)


def a_key(owner: Person, **details: Any) -> ApiKey:
    given = {"owner_id": owner.pk, "name": "k", "prefix": "cnt_x", "hash": ZEROS, "scopes": ["work"]}
    return ApiKey.objects.create(**{**given, "created_at": NOON, **details})


def a_listing(owner: Person, person: Person, **details: Any) -> Listing:
    given = {"owner_id": owner.pk, "person_id": person.pk, "kind": "block", "created_at": NOON}
    return Listing.objects.create(**{**given, **details})


def a_consent(person: Person, **details: Any) -> Consent:
    given = {"person": person, "document": "terms", "version": "1", "given_at": NOON}
    return Consent.objects.create(**{**given, **details})


def a_browser(person: Person, **details: Any) -> PushSubscription:
    given = {"person": person, "endpoint": "https://push.example.net/1", "public_key": "B" * 87}
    given |= {"shared_key": "a" * 22, "site_key": "B" * 87, "created_at": NOON}
    return PushSubscription.objects.create(**{**given, **details})


BREAKS: dict[str, Callable[[Person, Person], Any]] = {
    "party_screen_name_unique": lambda one, two: a_party(screen_name=one.screen_name.upper()),
    "party_hidden_name_has_stand_in": lambda one, two: a_party(hidden_name="Casino"),
    "party_hidden_name_unique": lambda one, two: [
        a_party(screen_name=f"name-hidden-{number}", hidden_name=name)
        for number, name in enumerate(("Casino", "CASINO"))
    ],
    "party_kind_known": lambda one, two: a_party(kind="ghost"),
    "party_screen_name_shape": lambda one, two: a_party(screen_name="an@address"),
    "party_closed_after_creation": lambda one, two: a_party(closed_at=NOON - timedelta(days=1)),
    "person_id_is_party_id": lambda one, two: the_row(one, id=two.pk + 999),
    "person_username_unique": lambda one, two: the_row(one, username=two.username),
    "person_email_unique": lambda one, two: the_row(one, email=two.email.upper()),
    "person_username_shape": lambda one, two: the_row(one, username="Has Capitals"),
    "person_working_status_known": lambda one, two: the_row(one, working_status="pirate"),
    "person_locale_known": lambda one, two: the_row(one, locale="de"),
    "person_country_shape": lambda one, two: the_row(one, country="fr"),
    "person_has_a_language": lambda one, two: the_row(one, languages=[]),
    "person_languages_shape": lambda one, two: the_row(one, languages=["fr", "not a code"]),
    "person_activated_after_joining": lambda one, two: the_row(one, activated_at=NOON - timedelta(days=1)),
    "person_active_has_email": lambda one, two: the_row(one, email=None),
    "person_closed_keeps_nothing_personal": lambda one, two: the_row(one, is_active=False),
    "person_is_of_kind_person": lambda one, two: Person.objects.create(
        id=(body := a_party(kind="body")).pk,
        party=body,
        username="thing",
        email="thing@example.org",
        country="FR",
        working_status="other",
        languages=["fr"],
        age_confirmed_at=NOON,
        date_joined=NOON,
    ),
    "body_is_of_kind_body": lambda one, two: Body.objects.create(party=a_party(), name="Silk"),
    "body_has_a_name": lambda one, two: Body.objects.create(party=a_party(kind="body"), name=""),
    "key_hash_shape": lambda one, two: a_key(one, hash="cnt_the_token_itself"),
    "key_scopes_known": lambda one, two: a_key(one, scopes=["work", "everything"]),
    "key_expires_after_creation": lambda one, two: a_key(one, expires_at=NOON),
    "key_revoked_after_creation": lambda one, two: a_key(one, revoked_at=NOON - timedelta(seconds=1)),
    "key_replaced_is_revoked": lambda one, two: a_key(
        one, replaced_by=create_key(by=one, name="new", scopes=["work"], at=NOON).key
    ),
    "key_replaced_by_another": lambda one, two: ApiKey.objects.filter(
        pk=a_key(one, revoked_at=NOON).pk
    ).update(replaced_by=models.F("id")),
    "listing_once_a_person": lambda one, two: [a_listing(one, two), a_listing(one, two, kind="allow")],
    "listing_not_oneself": lambda one, two: a_listing(one, one),
    "listing_kind_known": lambda one, two: a_listing(one, two, kind="curse"),
    "consent_given_once": lambda one, two: [a_consent(one), a_consent(one)],
    "consent_document_known": lambda one, two: a_consent(one, document="menu"),
    "quiet_hours_last": lambda one, two: QuietHours.objects.create(
        person=one, starts=time(22), ends=time(22)
    ),
    "push_endpoint_once": lambda one, two: [a_browser(one), a_browser(two)],
    "push_endpoint_shape": lambda one, two: a_browser(one, endpoint="file:///etc/passwd"),
    "push_public_key_shape": lambda one, two: a_browser(one, public_key="short"),
    "push_shared_key_shape": lambda one, two: a_browser(one, shared_key="=" * 22),
    "push_site_key_shape": lambda one, two: a_browser(one, site_key=""),
    # Written once, and what a row is never changes.
    "consent_written_once": lambda one, two: Consent.objects.filter(person=one).update(given_at=NOON),
    "party_never_deleted": lambda one, two: Party.objects.filter(pk=a_party().pk)._raw_delete("default"),
    "party_is_what_it_is": lambda one, two: Party.objects.filter(pk=one.pk).update(simulated=True),
    "key_never_deleted": lambda one, two: ApiKey.objects.filter(pk=a_key(one).pk)._raw_delete("default"),
    "key_only_ends": lambda one, two: ApiKey.objects.filter(pk=a_key(one).pk).update(hash="f" * 64),
}

# Held so that others can build on it; nothing can break it alone.
SUPPORTING = {"party_id_and_kind"}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_by_name(name: str) -> None:
    one, two = a_person("one"), a_person("two")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        BREAKS[name](one, two)
    assert broken_promise(caught.value) == name


def test_every_constraint_has_a_test_that_breaks_it() -> None:
    declared = {
        constraint.name
        for model in (Party, Person, Body, Consent, ApiKey, Listing, QuietHours, PushSubscription)
        for constraint in model._meta.constraints
    }
    assert declared - SUPPORTING <= set(BREAKS)


def test_a_consent_cannot_be_deleted_nor_the_table_emptied() -> None:
    person = a_person("one")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in ("DELETE FROM people_consent", "TRUNCATE people_consent"):
        with (
            pytest.raises(IntegrityError, match="written once"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Consent.objects.filter(person=person).count() == 2


def test_a_key_ends_once_and_for_all() -> None:
    # Given a key that was rotated
    owner = a_person("one")
    first = create_key(by=owner, name="k", scopes=["work"], at=NOON).key
    rotate_key(key_id=first.pk, by=owner, at=NOON)
    # Then neither its end nor its heir can be taken back
    for changes in ({"revoked_at": None, "replaced_by": None}, {"replaced_by": None}):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            ApiKey.objects.filter(pk=first.pk).update(**changes)
        assert broken_promise(caught.value) in ("key_only_ends", "key_replaced_is_revoked")


def test_a_closed_party_stays_closed() -> None:
    party = close_account(by=a_person("one"), what_is_open=lambda _party: [], at=NOON)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Party.objects.filter(pk=party.pk).update(closed_at=None)
    assert broken_promise(caught.value) == "party_is_what_it_is"


@transaction.atomic
def and_at_the_end(change: Callable[..., Any], *args: Any, **changes: Any) -> None:
    """Make a change, and check what the database checks when a transaction ends."""
    change(*args, **changes)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_person_is_active_exactly_while_their_party_is_open() -> None:
    person = a_person("one")
    with pytest.raises(IntegrityError) as caught:
        and_at_the_end(Party.objects.filter(pk=person.pk).update, closed_at=NOON)
    assert broken_promise(caught.value) == "person_active_while_party_open"


def test_both_directions_of_that_promise_are_watched() -> None:
    person = a_person("one")
    with pytest.raises(IntegrityError) as caught:
        and_at_the_end(the_row, person, is_active=False, email=None)
    assert broken_promise(caught.value) == "person_active_while_party_open"
