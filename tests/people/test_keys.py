"""Keys for programs: shown once, kept as a hash, rotated, revoked, ended, each at once."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.builders import NOON, a_person
from tests.people.at_once import at_once

from canut.kernel.refusals import BadInput, Refusal
from canut.people import rules
from canut.people.access import KeyNotFound, NotActivated
from canut.people.models import ApiKey, Person, Scope
from canut.people.queries import keys_of
from canut.people.usecases.authenticate_key import KeyNotUsable, ScopeMissing, authenticate_key
from canut.people.usecases.create_key import MOST_KEYS, TooManyKeys, create_key
from canut.people.usecases.revoke_key import revoke_key
from canut.people.usecases.rotate_key import KeyHasEnded, rotate_key

LATER = NOON + timedelta(hours=1)


def view_says_usable(token: str, at) -> bool:
    """Ask the view that the claim's SQL reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT usable_until > %s FROM people_key_v WHERE hash = %s", [at, rules.token_hash(token)]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def works(token: str, at=LATER) -> bool:
    """Say whether a token opens anything; the Python rule and the view must agree."""
    try:
        authenticate_key(token=token, at=at)
    except KeyNotUsable:
        assert not view_says_usable(token, at)
        return False
    assert view_says_usable(token, at)
    return True


def test_the_token_is_256_random_bits_and_is_not_kept(stranger):
    issued = create_key(by=stranger, name="R script", scopes=["results"], at=NOON)
    assert issued.token.startswith("cnt_")
    assert len(issued.token) == 4 + 43  # 32 bytes in base64
    row = ApiKey.objects.filter(pk=issued.key.pk).values().get()
    assert issued.token not in [str(value) for value in row.values()]
    assert issued.token.startswith(row["prefix"])


def test_a_key_tells_who_acts_and_what_it_may(stranger):
    token = create_key(by=stranger, name="R script", scopes=["results", "work", "work"], at=NOON).token
    holder = authenticate_key(token=token, at=LATER)
    assert (holder.party.pk, holder.scopes) == (stranger.pk, {"results", "work"})
    assert holder.party.person == stranger
    holder.ensure_scope("work")
    with pytest.raises(ScopeMissing) as refused:
        holder.ensure_scope(Scope.MONEY)
    assert refused.value.facts == {"scope": "money"}


def test_an_unknown_token_opens_nothing(stranger):
    create_key(by=stranger, name="k", scopes=["work"], at=NOON)
    for token in ("", "cnt_", "cnt_" + "A" * 43, ApiKey.objects.get().hash):
        assert not works(token)


def test_rotating_stops_the_old_key_at_once(stranger):
    ends = NOON + timedelta(days=30)
    old = create_key(by=stranger, name="k", scopes=["work", "results"], expires_at=ends, at=NOON)
    new = rotate_key(key_id=old.key.pk, by=stranger, at=NOON)
    assert (works(old.token), works(new.token)) == (False, True)
    assert (new.key.name, new.key.scopes, new.key.expires_at) == ("k", ["results", "work"], ends)


def test_of_two_who_rotate_one_key_at_once_one_gets_the_new_one(committed):
    def rotate(who: tuple[Person, int]) -> str:
        try:
            return rotate_key(key_id=who[1], by=who[0], at=NOON).token
        except Refusal as refusal:
            return refusal.code

    person = a_person("rotates_twice")
    key = create_key(by=person, name="k", scopes=["work"], at=NOON).key
    answers = at_once(rotate, (person, key.pk), (person, key.pk))
    assert sorted(answers, key=len)[0] == "key_has_ended"
    assert sum(1 for key in keys_of(person.pk) if key.is_usable(NOON)) == 1


def test_a_revoked_key_opens_nothing_and_stays_so(stranger):
    issued = create_key(by=stranger, name="k", scopes=["work"], at=NOON)
    for _click in range(2):
        revoke_key(key_id=issued.key.pk, by=stranger, at=NOON)
    assert not works(issued.token)
    with pytest.raises(KeyHasEnded):
        rotate_key(key_id=issued.key.pk, by=stranger, at=LATER)


def test_a_key_ends_at_its_time(stranger):
    token = create_key(by=stranger, name="k", scopes=["work"], expires_at=LATER, at=NOON).token
    assert works(token, at=LATER - timedelta(seconds=1))
    assert not works(token, at=LATER)


def test_an_ended_key_cannot_be_renewed(stranger):
    key = create_key(by=stranger, name="k", scopes=["work"], expires_at=LATER, at=NOON).key
    with pytest.raises(KeyHasEnded):
        rotate_key(key_id=key.pk, by=stranger, at=LATER)


@pytest.mark.parametrize("verb", [rotate_key, revoke_key])
def test_somebody_else_s_key_is_not_found(verb, stranger, peer):
    issued = create_key(by=peer, name="k", scopes=["work"], at=NOON)
    with pytest.raises(KeyNotFound):
        verb(key_id=issued.key.pk, by=stranger, at=LATER)
    assert works(issued.token)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"expires_at": NOON}, "expires_at"),
    ],
)
def test_a_key_of_the_wrong_shape_is_refused(said, field, stranger):
    with pytest.raises(BadInput) as refused:
        create_key(by=stranger, at=NOON, **{"name": "k", "scopes": ["work"]} | said)
    assert list(refused.value.facts["errors"]) == [field]


def test_nobody_holds_more_keys_than_can_be_looked_after(stranger):
    for number in range(MOST_KEYS):
        last = create_key(by=stranger, name=f"k{number}", scopes=["work"], at=NOON).key
    with pytest.raises(TooManyKeys):
        create_key(by=stranger, name="one more", scopes=["work"], at=NOON)
    revoke_key(key_id=last.pk, by=stranger, at=NOON)
    create_key(by=stranger, name="one more", scopes=["work"], at=NOON)


@pytest.mark.django_db
def test_before_activation_there_are_no_keys():
    person = a_person("early")
    Person.objects.filter(pk=person.pk).update(activated_at=None)
    with pytest.raises(NotActivated):
        create_key(by=person, name="k", scopes=["work"], at=NOON)
