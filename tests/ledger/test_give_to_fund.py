"""Giving to a fund: once, from what one has, for good."""

import pytest
from tests.builders import NOON, a_requester, a_worker
from tests.people.at_once import at_once

from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor, party_total_minor, verify
from canut.ledger.usecases.give_to_fund import GiftTooSmall, give_to_fund
from canut.ledger.usecases.post_entries import EntryKeyReused, InsufficientFunds
from canut.people.access import RequesterRoleMissing


def give(by, amount_minor, key="k", fund=Kind.GUILD_FUND):
    return give_to_fund(by=by, fund=fund, amount_minor=amount_minor, currency="EUR", key=key, at=NOON)


@pytest.mark.django_db
def test_a_gift_moves_once_and_never_more_than_there_is():
    giver = a_requester(money_minor=1_000)
    assert give(giver, 300).total_minor == 300
    assert give(giver, 300).total_minor == 300
    with pytest.raises(EntryKeyReused):
        give(giver, 301)
    with pytest.raises(InsufficientFunds):
        give(giver, 701, key="more")
    for nothing in (0, -5):
        with pytest.raises(GiftTooSmall):
            give(giver, nothing, key="nothing")
    with pytest.raises(RequesterRoleMissing):
        give(a_worker(), 1)
    with pytest.raises(ValueError, match="nobody gives to"):
        give(giver, 1, fund=Kind.INCOME)
    assert (fund_minor(Kind.GUILD_FUND, "EUR"), party_total_minor(giver.pk, Kind.BALANCE, "EUR")) == (
        300,
        700,
    )
    assert verify() == []


@pytest.mark.usefixtures("committed")
def test_two_gifts_at_once_with_money_for_one():
    giver = a_requester(money_minor=1_000)

    def given(key):
        try:
            return give(giver, 600, key=key).total_minor
        except InsufficientFunds:
            return "refused"

    assert sorted(at_once(given, "a", "b"), key=str) == [600, "refused"]
    assert fund_minor(Kind.GUILD_FUND, "EUR") == 600
    assert verify() == []
