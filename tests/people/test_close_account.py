"""Leaving: the person's details go, the books stay, and nobody leaves in the middle of something."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse
from tests.builders import NOON, a_person

from canut.kernel.models import Event
from canut.people.access import AccountIsClosed, ensure_member
from canut.people.models import ApiKey, Consent, Listing, Person
from canut.people.queries import who_are
from canut.people.usecases.authenticate_key import KeyNotUsable, authenticate_key
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import AccountHasObligations, LastOperatorStays, close_account
from canut.people.usecases.create_key import create_key


def nothing(_party_id):
    return []


def test_what_is_personal_goes_and_what_explains_the_books_stays(worker, requester):
    Person.objects.filter(pk=worker.pk).update(legal_given_name="Jeanne", legal_family_name="Canut")
    block_person(person_id=worker.pk, by=requester, at=NOON)
    close_account(by=worker, what_is_open=nothing, at=NOON)
    row = Person.objects.filter(pk=worker.pk).values().get()
    assert row["email"] is None
    assert (row["username"], row["legal_given_name"], row["legal_family_name"]) == (
        f"former-{worker.pk}",
        "",
        "",
    )
    assert row["languages"] == ["und"]
    assert not any(row[role] for role in ("is_active", "is_worker", "is_requester", "is_operator"))
    assert (row["country"], row["working_status"]) == ("FR", "self_employed")
    assert Consent.objects.filter(person=worker).count() == 2
    assert Event.objects.filter(name="person.registered", by_id=worker.pk).exists()
    assert not EmailAddress.objects.filter(user_id=worker.pk).exists()
    assert not Listing.objects.filter(person_id=worker.pk).exists()
    shown = who_are([worker.pk])[worker.pk]
    assert (shown.screen_name, shown.is_closed) == (f"former-{worker.pk}", True)


def test_no_table_of_this_room_still_holds_the_name_or_the_address(worker):
    close_account(by=worker, what_is_open=nothing, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(people|account|mfa|usersessions)_|^kernel_event$'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert "people_person" in tables
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', ["%worker@example%"])
            assert cursor.fetchone() == (0,), table


def test_keys_and_sessions_end_at_once(worker, client):
    token = create_key(by=worker, name="k", scopes=["work"], at=NOON).token
    client.post(reverse("account_login"), {"login": "worker", "password": "correct horse"})
    assert client.get(reverse("account")).status_code == 200
    close_account(by=worker, what_is_open=nothing, at=NOON)
    with pytest.raises(KeyNotUsable):
        authenticate_key(token=token, at=NOON)
    assert ApiKey.objects.get().revoked_at == NOON
    assert client.get(reverse("account")).status_code == 302


def test_while_something_is_open_nobody_leaves(worker):
    with pytest.raises(AccountHasObligations) as refused:
        close_account(by=worker, what_is_open=lambda party: [f"Party {party} is owed 2.50."], at=NOON)
    assert refused.value.facts["obligations"] == [f"Party {worker.pk} is owed 2.50."]
    assert Person.objects.get(pk=worker.pk).is_active


def test_whoever_left_is_no_member_whatever_their_row_still_says(worker):
    close_account(by=worker, what_is_open=nothing, at=NOON)
    with pytest.raises(AccountIsClosed):
        ensure_member(Person.objects.get(pk=worker.pk))


def test_closing_twice_is_safe(worker):
    for _click in range(2):
        party = close_account(by=worker, what_is_open=nothing, at=NOON)
    assert party.closed_at == NOON
    assert Event.objects.filter(name="account.closed").count() == 1


def test_the_last_operator_stays(operator):
    with pytest.raises(LastOperatorStays):
        close_account(by=operator, what_is_open=nothing, at=NOON)


def test_the_address_and_the_name_are_free_for_a_new_beginning(worker):
    close_account(by=worker, what_is_open=nothing, at=NOON)
    again = a_person("worker")
    assert again.pk != worker.pk


def test_a_request_that_began_before_finds_the_account_closed(worker):
    stale = Person.objects.get(pk=worker.pk)
    close_account(by=worker, what_is_open=nothing, at=NOON)
    with pytest.raises(AccountIsClosed):
        create_key(by=stale, name="k", scopes=["work"], at=NOON)
