"""Somebody leaves: their account is closed, and every room lets go of what it kept for them alone."""

from datetime import datetime
from functools import partial

from django.db import transaction

from canut.discussion.usecases.forget_reader import forget_reader
from canut.governance.board.usecases.forget_candidate import forget_candidate
from canut.guilds.usecases.forget_member import forget_member as forget_guild_member
from canut.kernel.idempotency import forget_replies_of
from canut.ledger.usecases.give_up_play_money import give_up_play_money
from canut.membership.usecases.end_membership import forget_member
from canut.people.models import Party, Person
from canut.people.usecases.close_account import close_account
from canut.rights.obligations import what_is_open
from canut.work.usecases.forget_worker import forget_worker


@transaction.atomic
def leave_site(*, by: Person, at: datetime, gives_up_money: bool = False) -> Party:
    """Close `by`'s account, and delete or untie in each room what nobody but they need. Twice is safe.

    Who `gives_up_money` leaves the play money that is theirs behind; without that, it must be spent first.

    What others rely on stays, under the name that is left of a closed account: work and its pay, decisions
    and their reasons, what was said to others, ballots that were cast. Rooms above this one, and what is
    written while the account closes, follow by the event `account.closed`.

    Raises:
        AccountHasObligations, LastOperatorStays: as `people.close_account`. PaymentRefused: as
        `give_up_play_money`. Then nothing is forgotten and nothing is given up.
    """
    if gives_up_money:
        give_up_play_money(by=by, at=at)
    party = close_account(by=by, what_is_open=partial(what_is_open, at=at), at=at)
    forget_replies_of(party.pk)
    forget_reader(person_id=party.pk)
    forget_worker(person_id=party.pk)
    forget_guild_member(person_id=party.pk, at=at)
    forget_member(person_id=party.pk, at=at)
    forget_candidate(party_id=party.pk)
    return party
