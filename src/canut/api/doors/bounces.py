"""Mails of the site that came back, reported by a program of those who run it."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Replays
from canut.api.shapes.bounces import BounceIn, BounceNoted, BounceReportIn, bounce_said
from canut.people.access import OperatorRoleMissing
from canut.people.models import Scope
from canut.people.notices.bounces import BounceNotOurs, NotABounce
from canut.people.notices.usecases.take_bounce import take_bounce, take_fault

doors = Doors("bounces")


@doors.post(
    "/bounces",
    scope=Scope.BOUNCES,
    answers=BounceNoted,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, BounceNotOurs),
)
def report_a_bounce(request: Asked, body: BounceIn) -> BounceNoted:
    """Note that a mail of the site did not arrive, as its mail provider says. For operators.

    Mails to an address without a mailbox end, but for what concerns safety; those to one in trouble end
    after five in 14 days.
    """
    by, at = request.auth.by, request.auth.at
    report, is_news = take_fault(reference=body.reference, code=body.status, by=by, at=at)
    return bounce_said(report, is_news=is_news)


@doors.post(
    "/bounces/reports",
    scope=Scope.BOUNCES,
    answers=BounceNoted,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, NotABounce, BounceNotOurs),
)
def report_a_bounced_mail(request: Asked, body: BounceReportIn) -> BounceNoted:
    """Note what a whole report (RFC 3464) says that came to the site's bounce address. For operators."""
    by, at = request.auth.by, request.auth.at
    report, is_news = take_bounce(message=body.message.encode(errors="replace"), by=by, at=at)
    return bounce_said(report, is_news=is_news)
