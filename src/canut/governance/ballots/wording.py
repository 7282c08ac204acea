"""What a vote's rule and result mean, in sentences a voter reads."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.governance.ballots.rules import VoteRule
from canut.kernel.money import share_minor
from canut.membership.states import College


def rule_in_words(rule: VoteRule) -> Sequence[str]:
    """Say how a vote is decided, for those who vote and those who read the result."""
    if rule.deciding == (College.WORKERS, College.REQUESTERS):
        first = _(
            "It is adopted when there are more ballots for it than against it among the workers and among "
            "the requesters. Who abstains is left out; a tie fails. The ballots of the operating team are "
            "counted and shown, and decide nothing."
        )
    else:
        first = _(
            "Only one college is asked: %(college)s. It is adopted when there are more ballots for it than "
            "against it. Who abstains is left out; a tie fails."
        ) % {"college": " · ".join(str(College(name).label) for name in rule.deciding)}
    said = [first]
    if rule.yes_per_no > 1:
        said.append(
            _("It needs at least %(number)s ballots for it to each one against it.")
            % {"number": number_format(rule.yes_per_no.normalize())}
        )
    if rule.quorum_share > 0:
        said.append(
            _("At least %(share)s of each college must vote; who abstains has voted.")
            % {"share": percent(rule.quorum_share)}
        )
    said.append(
        ngettext(
            "A college with fewer than %(count)s active member when the vote opened is not asked.",
            "A college with fewer than %(count)s active members when the vote opened is not asked.",
            rule.least_members,
        )
        % {"count": rule.least_members}
    )
    said.append(
        ngettext(
            "Of a college with fewer than %(count)s ballot, only the outcome is told.",
            "Of a college with fewer than %(count)s ballots, only the outcome is told.",
            rule.detail_least_votes,
        )
        % {"count": rule.detail_least_votes}
    )
    said.append(
        _("It ends as soon as those who have not voted can no more change the outcome.")
        if rule.early_end
        else _("It does not end before its time, whatever the ballots say, and nobody sees a count before.")
    )
    return said


def percent(share: Decimal) -> str:
    """Return a share of 1 as a percentage with as many decimals as it has, at most one."""
    tenths = share_minor(1000, share)
    number = number_format(Decimal(tenths) / 10, 0 if tenths % 10 == 0 else 1)
    return _("%(number)s %%") % {"number": number}
