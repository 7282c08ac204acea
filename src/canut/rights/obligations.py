"""What must end before somebody can leave: money and work, asked from the rooms that keep them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.money import format_money
from canut.ledger.queries import party_balances
from canut.work.queries.open_matters import open_matters


def what_is_open(party_id: int, *, at: datetime) -> Sequence[str]:
    """Return a sentence for each thing that keeps a party's account from being closed at `at`."""
    sentences = list(what_runs(party_id, at=at))
    if money := money_left(party_id):
        sentences.append(
            _("Spend the %(money)s on your account, or say that you give it up.") % {"money": money}
        )
    return sentences


def money_left(party_id: int) -> str:
    """Return what a party owns in words, such as "12.00 EUR, 3.00 USD"; nothing if it owns nothing."""
    left = party_balances(party_id).items()
    return ", ".join(format_money(minor, currency) for currency, minor in left)


def what_runs(party_id: int, *, at: datetime) -> Sequence[str]:
    """Return a sentence for each thing between a party and others that must end first, money apart."""
    matters = open_matters(party_id, at=at)
    sentences = []
    if matters.projects:
        sentences.append(
            ngettext(
                "Close your %(count)s project that is still running.",
                "Close your %(count)s projects that are still running.",
                matters.projects,
            )
            % {"count": matters.projects}
        )
    if matters.in_hand:
        sentences.append(
            ngettext(
                "Hand in or give back the %(count)s task you hold.",
                "Hand in or give back the %(count)s tasks you hold.",
                matters.in_hand,
            )
            % {"count": matters.in_hand}
        )
    if matters.undecided:
        sentences.append(
            ngettext(
                "Wait until the %(count)s piece of work you handed in is decided.",
                "Wait until the %(count)s pieces of work you handed in are decided.",
                matters.undecided,
            )
            % {"count": matters.undecided}
        )
    if matters.to_come:
        sentences.append(
            ngettext(
                "Wait until the %(count)s top-up or report of a broken task announced to you is paid.",
                "Wait until the %(count)s top-ups and reports of broken tasks announced to you are paid.",
                matters.to_come,
            )
            % {"count": matters.to_come}
        )
    if matters.to_pay:
        sentences.append(
            ngettext(
                "Wait until your projects have paid the %(count)s top-up or report of a broken task.",
                "Wait until your projects have paid the %(count)s top-ups and reports of broken tasks.",
                matters.to_pay,
            )
            % {"count": matters.to_pay}
        )
    return sentences
