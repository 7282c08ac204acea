"""What is told of a sanction in sentences: its short name, and the whole statement of reasons."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.justice.sanctions.models import Sanction
from canut.justice.sanctions.states import EFFECTS, GROUNDS, Ground, Kind
from canut.kernel.money import format_money
from canut.people.models import Bar
from canut.people.notices.words import address, moment


def name_of(
    kind: Kind, *, bars: Sequence[Bar], days: int | None, currency: str, amount_minor: int | None
) -> str:
    """Return in a few words what a sanction is, in the language that is active."""
    if kind == Kind.RESTRICT:
        barred = ", ".join(str(Bar(bar).label) for bar in bars)
        return ngettext(
            "A restriction for %(days)s day: no right to %(barred)s",
            "A restriction for %(days)s days: no right to %(barred)s",
            days or 0,
        ) % {"days": days, "barred": barred}
    if kind == Kind.SUSPEND:
        return ngettext("A suspension for %(days)s day", "A suspension for %(days)s days", days or 0) % {
            "days": days
        }
    if kind == Kind.REFUSE_PAYMENT:
        if amount_minor is None:
            return _("A refusal to pay out all earnings in %(currency)s") % {"currency": currency}
        return _("A refusal to pay out %(money)s of the earnings") % {
            "money": format_money(amount_minor, currency)
        }
    return _("The closing of the account") if kind == Kind.CLOSE else _("A warning")


def name_of_sanction(sanction: Sanction) -> str:
    return name_of(
        Kind(sanction.kind),
        bars=[Bar(bar) for bar in sanction.bars],
        days=sanction.days,
        currency=sanction.currency,
        amount_minor=sanction.amount_minor,
    )


def statement_of(
    sanction: Sanction, *, link: str, begins: datetime, ends: datetime | None, review_days: int
) -> str:
    """Return the statement of reasons as plain text, in the language and time zone that are active.

    It is what the mail holds, what the page shows and what one can keep.
    """
    ground = Ground(sanction.ground)
    told = [
        _("%(what)s was decided about your account %(name)s.")
        % {"what": name_of_sanction(sanction), "name": sanction.person.screen_name},
        str(EFFECTS[Kind(sanction.kind)]),
        _("It takes effect on %(time)s, not before.") % {"time": moment(begins)},
    ]
    if ends is not None:
        told.append(_("It ends by itself on %(time)s.") % {"time": moment(ends)})
    told += [
        _("Ground, from the list that this site publishes: %(ground)s. %(meaning)s")
        % {"ground": ground.label, "meaning": GROUNDS[ground].sentence},
        _("Reason:") + "\n" + sanction.reason,
        _("Evidence:") + "\n" + sanction.evidence,
        _("Decided by %(name)s, a person who runs this site, on %(time)s. No program decided it.")
        % {"name": sanction.decided_by.screen_name, "time": moment(sanction.decided_at)},
        ngettext(
            "You can answer, and you can ask that another person look at it again. They have %(days)s day; "
            "if nobody has answered you by then, the sanction lapses. You need not sign in for this:",
            "You can answer, and you can ask that another person look at it again. They have %(days)s days; "
            "if nobody has answered you by then, the sanction lapses. You need not sign in for this:",
            review_days,
        )
        % {"days": review_days},
        address(link),
        _("Whoever has this address can read and do the same, so keep it to yourself. Keep this text too."),
        _("Beside this way, courts and the authorities for labour and data protection are open to you."),
    ]
    return "\n\n".join(told) + "\n"
