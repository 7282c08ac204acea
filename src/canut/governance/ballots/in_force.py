"""The charter's numbers for votes at one moment, as the rules take them."""

from datetime import datetime
from decimal import Decimal

from canut.charter.parameters import Class
from canut.charter.queries import in_force
from canut.governance.ballots.rules import VoteRule
from canut.membership.states import College

ONE = Decimal(1)
BOTH_SIDES = (College.WORKERS, College.REQUESTERS)
"""Whose majorities decide; the operating team votes too, and decides nothing (MECHANISMS 7.3)."""


def vote_rule(class_: Class, *, only_college: College | None, at: datetime) -> VoteRule:
    """Return by which rule a question of this class is decided if its vote opens at `at`."""
    constitutional = class_ == Class.CONSTITUTIONAL
    quorum = {
        Class.ORDINARY: in_force("governance.quorum_ordinary_share", at=at),
        Class.PAY: in_force("governance.quorum_pay_share", at=at),
        Class.CONSTITUTIONAL: in_force("governance.quorum_constitutional_share", at=at),
    }
    return VoteRule(
        class_=class_.value,
        deciding=tuple(one.value for one in (BOTH_SIDES if only_college is None else (only_college,))),
        quorum_share=quorum[class_],
        yes_per_no=in_force("governance.constitutional_yes_per_no", at=at) if constitutional else ONE,
        least_members=in_force("governance.college_least_members", at=at),
        detail_least_votes=in_force("ballot.detail_least_votes", at=at),
        early_end=in_force("governance.early_end", at=at),
    )
