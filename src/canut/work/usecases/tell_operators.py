"""Telling those who run the site what needs them: books that do not add up, an empty fund."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.money import format_money
from canut.ledger.queries import Disagreement
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.queries import operators
from canut.work.models import Project


@transaction.atomic
def tell_operators_of_mismatch(found: Sequence[Disagreement], *, at: datetime) -> int:
    """Tell every operator what in the books does not add up; return how many were told."""

    def said() -> Sequence[str]:
        return (
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

    return tell_each(operators(), NoticeKind.ALARM, said, path="/", at=at)


@transaction.atomic
def tell_operators_fund_lacks(project: Project, *, owed_minor: int, at: datetime) -> int:
    """Tell every operator what a fund owes to workers and cannot pay; return how many were told."""

    def said() -> Sequence[str]:
        facts = {"title": project.title, "amount": format_money(owed_minor, project.currency)}
        return (
            _("A fund cannot pay what it owes"),
            _(
                "The work on “%(title)s” took longer than its pay. Its workers are owed %(amount)s more, "
                "and the fund that pays it holds less."
            )
            % facts,
            _("They are paid, and the work goes on, as soon as levies have brought the money in."),
        )

    return tell_each(operators(), NoticeKind.RUNNING, said, path="/justice/fund/", at=at)
