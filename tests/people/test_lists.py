"""Block and allow lists: at once in both directions, and never of oneself."""

import pytest
from tests.builders import NOON

from canut.people.access import NotListed, PersonNotFound
from canut.people.models import Listing
from canut.people.queries import is_blocked, listings_of, person_named
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.found_body import found_body
from canut.people.usecases.put_on_list import NotOneself
from canut.people.usecases.unlist_person import unlist_person


def test_blocking_and_taking_off_take_effect_at_once(requester, worker):
    block_person(person_id=worker.pk, by=requester, reason="rude", at=NOON)
    assert is_blocked(owner_id=requester.pk, person_id=worker.pk)
    unlist_person(person_id=worker.pk, by=requester, at=NOON)
    assert not is_blocked(owner_id=requester.pk, person_id=worker.pk)


def test_nobody_is_on_both_lists(requester, worker):
    block_person(person_id=worker.pk, by=requester, at=NOON)
    allow_person(person_id=worker.pk, by=requester, reason="we talked", at=NOON)
    assert listings_of(requester.pk, "block") == []
    assert [one.reason for one in listings_of(requester.pk, "allow")] == ["we talked"]


def test_listing_twice_is_safe(requester, worker):
    for _click in range(2):
        block_person(person_id=worker.pk, by=requester, at=NOON)
    assert Listing.objects.count() == 1


def test_a_list_is_its_owner_s_alone(requester, stranger, worker):
    block_person(person_id=worker.pk, by=requester, at=NOON)
    assert not is_blocked(owner_id=stranger.pk, person_id=worker.pk)
    with pytest.raises(NotListed):
        unlist_person(person_id=worker.pk, by=stranger, at=NOON)
    assert is_blocked(owner_id=requester.pk, person_id=worker.pk)


@pytest.mark.parametrize("verb", [block_person, allow_person])
def test_nobody_lists_themselves(verb, requester):
    with pytest.raises(NotOneself):
        verb(person_id=requester.pk, by=requester, at=NOON)


def test_only_people_are_listed(requester):
    body = found_body(name="A guild", screen_name="A guild", by=None, at=NOON)
    for number in (body.pk, 2**60):
        with pytest.raises(PersonNotFound):
            block_person(person_id=number, by=requester, at=NOON)


def test_people_are_found_by_screen_name_whatever_the_capitals(worker):
    assert person_named(f" {worker.screen_name.upper()} ").id == worker.pk
    assert person_named("nobody at all") is None
