"""What reviews, decisions and what may come next are called in sentences."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.guilds.queries.own_record import OwnDecision, OwnRecord


def why(decision: OwnDecision) -> str:
    """Say what a full window did to the level."""
    count = len(decision.items)
    said = ngettext(
        "The mean of %(count)s review was %(mean)s.", "The mean of %(count)s reviews was %(mean)s.", count
    ) % {"count": count, "mean": number_format(decision.mean)}
    levels = {"before": decision.before, "after": decision.after}
    if decision.after > decision.before:
        return said + " " + _("So the level rose from %(before)s to %(after)s.") % levels
    if decision.after < decision.before:
        return said + " " + _("So the level fell from %(before)s to %(after)s.") % levels
    if decision.why in ("rise_two", "rise_one"):
        return said + " " + _("That is enough to rise, but there is no level above %(before)s.") % levels
    if decision.why == "fall":
        return (
            said
            + " "
            + _("That is so little that one falls, but there is no level under %(before)s.") % levels
        )
    return said + " " + _("So the level stayed at %(before)s.") % levels


def steps(decision: OwnDecision) -> str:
    """Say how the mean was worked out, and what it was compared with."""
    rule = decision.rule
    return _(
        "The reviews said %(verdicts)s: together %(total)s, divided by %(count)s that is %(mean)s. Over "
        "%(two)s lifts by two levels, over %(one)s by one, under %(fall)s lowers by one."
    ) % {
        "verdicts": ", ".join(str(verdict) for verdict in decision.verdicts),
        "total": decision.total,
        "count": len(decision.verdicts),
        "mean": number_format(decision.mean),
        "two": number_format(rule.rise_two.normalize()),
        "one": number_format(rule.rise_one.normalize()),
        "fall": number_format(rule.fall.normalize()),
    }


def outlook(record: OwnRecord) -> Iterator[str]:
    """Give a sentence for each level that the open window can still lead to."""
    missing = record.progress.missing
    for change in record.progress.changes:
        named = {"level": change.after, "count": missing, "mean": number_format(change.mean)}
        if change.is_certain and change.after > record.level:
            yield _("You will rise to level %(level)s at least, whatever the missing reviews say.") % named
        elif change.is_certain:
            yield _("You will fall to level %(level)s, whatever the missing reviews say.") % named
        elif change.after > record.level:
            yield (
                ngettext(
                    "To reach level %(level)s, the %(count)s missing review must say %(mean)s or more.",
                    "To reach level %(level)s, the %(count)s missing reviews must average %(mean)s or more.",
                    missing,
                )
                % named
            )
        else:
            yield (
                ngettext(
                    "You fall to level %(level)s if the %(count)s missing review says %(mean)s or less.",
                    "You fall to level %(level)s if the %(count)s missing reviews average %(mean)s or less.",
                    missing,
                )
                % named
            )
    if not record.progress.changes:
        yield _("Whatever the missing reviews say, you stay at level %(level)s.") % {"level": record.level}
