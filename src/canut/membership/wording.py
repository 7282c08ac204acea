"""Why somebody stands where they stand, said to them in sentences of the active language."""

from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.charter.parameters import PARAMETERS
from canut.charter.wording import say_value
from canut.membership.days import site_day
from canut.membership.states import College, Way

if TYPE_CHECKING:
    from canut.membership.queries import MemberStanding


def say_why(standing: "MemberStanding") -> tuple[str, ...]:
    """Return what makes up a standing: admission, days, college, activity, and what follows."""
    return (_admission(standing), *_college(standing), _activity(standing), _vote(standing))


def _admission(standing: "MemberStanding") -> str:
    if not standing.is_admitted or standing.admitted_at is None:
        return _("You are not a member: you were not admitted yet, or you left.")
    day = {"day": formats.date_format(site_day(standing.admitted_at), "DATE_FORMAT")}
    if standing.way == Way.INVITATION:
        return _("You have been a member since %(day)s: a member invited you.") % day
    if standing.way == Way.VOUCHERS:
        return _("You have been a member since %(day)s: members vouched for you.") % day
    if standing.way == Way.JURY:
        return _("You have been a member since %(day)s: a jury of members admitted you.") % day
    return _("You have been a member since %(day)s: the operators checked who you are.") % day


def _college(standing: "MemberStanding") -> tuple[str, ...]:
    if standing.college == College.TEAM:
        team = _("You belong to the operating team, for you run this site. It belongs to no other college.")
        return (team,)
    numbers = {
        "days": standing.rule.window_days,
        "active": standing.active_days,
        "worked": standing.worked_days,
        "requested": standing.requested_days,
        "share": say_value(PARAMETERS["college.least_share"], standing.rule.least_share),
    }
    if standing.college is None:
        return (
            _(
                "You belong to no college: in the last %(days)s days there is no day on which you "
                "handed work in, published, decided, or had work handed in to you."
            )
            % numbers,
        )
    counted = (
        _(
            "In the last %(days)s days you were active on %(active)s: on %(worked)s you handed work "
            "in, and on %(requested)s you published, decided, or had work handed in to you."
        )
        % numbers
    )
    if len(standing.could_be) > 1:
        return (counted, _both(standing) % numbers)
    if standing.college == College.WORKERS:
        belongs = _(
            "You belong to the workers, for you worked on at least %(share)s of your active days, "
            "and requested on fewer."
        )
    else:
        belongs = _(
            "You belong to the requesters, for you requested on at least %(share)s of your active "
            "days, and worked on fewer."
        )
    return (counted, belongs % numbers)


def _both(standing: "MemberStanding") -> str:
    if standing.chosen in standing.could_be:
        if standing.college == College.WORKERS:
            return _(
                "You worked and requested on at least %(share)s of your active days each, and chose "
                "to belong to the workers."
            )
        return _(
            "You worked and requested on at least %(share)s of your active days each, and chose to "
            "belong to the requesters."
        )
    if standing.college == College.WORKERS:
        return _(
            "You worked and requested on at least %(share)s of your active days each. Until you "
            "choose, you belong to the workers, for you did not request on more days than you worked."
        )
    return _(
        "You worked and requested on at least %(share)s of your active days each. Until you choose, "
        "you belong to the requesters, for you requested on more days than you worked."
    )


def _activity(standing: "MemberStanding") -> str:
    if standing.college == College.TEAM:
        return _("The operating team always counts as active.")
    rule = standing.rule
    requesting = standing.college == College.REQUESTERS
    window = rule.requester_window_days if requesting else rule.worker_window_days
    numbers = {"days": window, "active": standing.active_days_in_window, "least": rule.least_days}
    if standing.is_active:
        return (
            ngettext(
                "You count as active: you were active on %(active)s of the last %(days)s days, and "
                "%(least)s is needed.",
                "You count as active: you were active on %(active)s of the last %(days)s days, and "
                "%(least)s are needed.",
                rule.least_days,
            )
            % numbers
        )
    return (
        ngettext(
            "You do not count as active: you were active on %(active)s of the last %(days)s days, and "
            "%(least)s is needed.",
            "You do not count as active: you were active on %(active)s of the last %(days)s days, and "
            "%(least)s are needed.",
            rule.least_days,
        )
        % numbers
    )


def _vote(standing: "MemberStanding") -> str:
    if standing.may_vote:
        return _("So you vote on every question that opens while this holds.")
    return _("So you have no vote on questions that open now. Who votes is fixed when a vote opens.")
