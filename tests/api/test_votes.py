"""A ballot cast by a program: changed under one receipt, and written down in one place alone."""

import pytest
from django.db import connection
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.votes import casting, vote
from tests.web.pages import browser_of

from canut.governance.ballots.usecases.close_vote import close_vote

pytestmark = pytest.mark.django_db


def holding(words: str) -> set[str]:
    """Return the tables in which these words stand anywhere."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{words}%"])
            if cursor.fetchone() == (True,):
                found.add(table)
    return found


def test_a_ballot_is_changed_under_one_receipt_and_no_other_table_has_it(cast: Cast) -> None:
    opened = vote(cast)
    asking = cast.get(cast.worker, f"/votes/{opened.pk}/ballot")
    before = asking.answered().json
    assert (before["choice"], before["receipt"], before["voted_at"]) == (None, None, None)
    call = casting(cast, opened.pk).but(headers={"Idempotency-Key": "once"})
    first = call.answered().json
    second = call.but(body={"choice": "no"}).answered().json
    assert second == first | {"choice": "no", "voted_at": second["voted_at"]}
    assert asking.answered().json == second
    browser_of(cast.worker).post(f"/votes/{opened.pk}/ballot/", {"choice": "abstain"}, follow=True)
    assert asking.answered().json["receipt"] == first["receipt"]
    # Then neither events, jobs, sessions nor stored answers hold it, whichever door it came through
    assert holding(first["receipt"]) == {"governance_ballots_ballot"}
    close_vote(vote_id=opened.pk, at=opened.closes_at)
    assert holding(first["receipt"]) == {"governance_ballots_countedballot"}
    after = asking.answered().json
    assert (after["choice"], after["receipt"]) == (None, None)
    assert after["voted_at"]
