"""Telling those who run the site what needs them: books that do not add up, an empty fund."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.money import format_money
from canut.ledger.queries import Disagreement
from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.mails import as_read_by, mail_to


@transaction.atomic
def tell_operators_of_mismatch(found: Sequence[Disagreement]) -> int:
    """Mail every operator what in the books does not add up; return how many were told."""
    told = 0
    for operator in _operators():
        with as_read_by(operator):
            told += mail_to(
                operator,
                _("The books do not add up"),
                _(
                    "The nightly recount of the ledger found %(count)s disagreements. "
                    "Run “canut ledger verify” and look at them now."
                )
                % {"count": len(found)},
                "\n".join(
                    f"{one.what} (account {one.account_id}): {one.kept_minor} / {one.counted_minor}"
                    for one in found[:50]
                ),
            )
    return told


@transaction.atomic
def tell_operators_fund_lacks(project: Project, *, owed_minor: int) -> int:
    """Mail every operator what a fund owes to workers and cannot pay; return how many were told."""
    told = 0
    for operator in _operators():
        with as_read_by(operator):
            facts = {"title": project.title, "amount": format_money(owed_minor, project.currency)}
            told += mail_to(
                operator,
                _("A fund cannot pay what it owes"),
                _(
                    "The work on “%(title)s” took longer than its pay. Its workers are owed %(amount)s more, "
                    "and the fund that pays it holds less."
                )
                % facts,
                _("They are paid, and the work goes on, as soon as levies have brought the money in."),
            )
    return told


def _operators(without: Sequence[int] = ()) -> Sequence[Person]:
    rows = Person.objects.filter(is_operator=True, is_active=True).exclude(pk__in=without)
    return list(rows.select_related("party").order_by("pk"))
