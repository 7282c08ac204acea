"""What a replay found, in the reader's words: sentences, tables and drawings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.charter.pages import scope_name
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import ValueRefused, from_json
from canut.charter.wording import say_value
from canut.kernel.money import format_money
from canut.kernel.spans import span
from canut.lab.replays.drawing import Row, before_and_after, signed
from canut.lab.replays.report import Check, Figure, Note, Report, Table
from canut.ledger.models import Kind
from canut.work.results.drawing import Chart, Words

FIGURES: Mapping[str, Any] = {
    "paid_to_workers": gettext_lazy("Paid to workers in all"),
    "charged_on_top": gettext_lazy("Fee and levies on top, in all"),
    "top_ups": gettext_lazy("Top-ups in all"),
    "top_ups_count": gettext_lazy("Top-ups announced"),
    "prices_refused": gettext_lazy("Projects whose price would have been refused as under the floor"),
    "requesters_short": gettext_lazy("Requesters whose money would not have lasted"),
    "settlements": gettext_lazy("Settlements"),
    "set_aside": gettext_lazy("Set aside in reserve, in all"),
    "reserve_short": gettext_lazy("Times that a reserve did not cover what it is for"),
    "drawn_from_balance": gettext_lazy("Paid from requesters' balances, because the reserve lacked it"),
    "time_until_top_up": gettext_lazy("Median time from approval until a top-up is due"),
    "approved_by_silence": gettext_lazy("Work approved because nobody decided in time"),
    "decided_too_late": gettext_lazy("Returns and rejections that would have come too late"),
    "time_until_decided": gettext_lazy("Median time until work is decided on"),
    "taken": gettext_lazy("Tasks taken"),
    "taken_over_the_cap": gettext_lazy("Tasks taken with too many in hand already"),
    "handed_in_by_rule": gettext_lazy("Answers handed in under a lease by this rule"),
    "handed_in_late": gettext_lazy("Answers handed in after that lease"),
    "lease": gettext_lazy("Median lease"),
    "contests_lapsed": gettext_lazy("Contests of top-ups that nobody decided in time"),
    "times_marked": gettext_lazy("Times of a worker marked for a person to look at"),
    "deposits": gettext_lazy("Deposits"),
    "deposits_too_small": gettext_lazy("Deposits that would have been too small"),
    "cascades_restarted": gettext_lazy("Cascades that began anew with added tasks"),
    "projects_withdrawn": gettext_lazy("Projects withdrawn by their workers' refusals"),
    "rounds_passed": gettext_lazy("Prototype rounds that pass"),
    "rounds_stopped": gettext_lazy("Prototype rounds that their workers stop"),
    "rounds_refunded": gettext_lazy("Prototype rounds that end with too few votes"),
    "tasks_covered": gettext_lazy("Tasks that passed rounds cover"),
    "feeds_ordered": gettext_lazy("Feeds ordered again, each when somebody took a task"),
    "place_taken": gettext_lazy("Median place in the feed of what was taken"),
    "another_first": gettext_lazy("Feeds in which another project would have come first"),
    "levels_risen": gettext_lazy("Times that a level rises"),
    "levels_fallen": gettext_lazy("Times that a level falls"),
    "items_completed": gettext_lazy("Pieces of work that may be drawn for review"),
    "reviews_drawn": gettext_lazy("Reviews drawn"),
    "reviews_cost": gettext_lazy("What the guild fund pays for them"),
    "openings": gettext_lazy("Projects that opened"),
    "time_until_open": gettext_lazy("Median time until a project is open to everybody"),
    "wait_to_come_in": gettext_lazy("Median time from the opening until who took a task could come in"),
    "takings_too_early": gettext_lazy("Tasks taken sooner than would have been allowed"),
    "newcomers_early": gettext_lazy("Tasks that newcomers could take from places kept for them"),
}
"""What each figure is of."""

CHECKS: Mapping[str, Any] = {
    "booked_rewards": gettext_lazy("Rewards in the books"),
    "booked_reworks": gettext_lazy("Rework in the books"),
    "booked_sessions": gettext_lazy("Work by the hour in the books"),
    "booked_charges": gettext_lazy("Fee and levies in the books"),
    "announced_top_ups": gettext_lazy("Top-ups announced"),
    "settlements": gettext_lazy("Settlements made"),
    "booked_reserve": gettext_lazy("Set aside in reserve, in the books"),
    "booked_drawn": gettext_lazy("Paid from balances, in the books"),
    "projects_withdrawn": gettext_lazy("Projects withdrawn"),
    "rounds_decided": gettext_lazy("Prototype rounds decided as they were"),
    "levels_kept": gettext_lazy("Members at the level that they have"),
    "blocks_drawn": gettext_lazy("Reviews drawn"),
    "openings_ended": gettext_lazy("Openings that ended at the moment on record"),
    "standings_kept": gettext_lazy("Standings by which workers were let in"),
    "takings_possible": gettext_lazy("Tasks taken when the run lets them be taken"),
}
"""What each check compares."""

NOTES: Mapping[str, Any] = {
    "together_with": gettext_lazy(
        "What the same proposal sets besides holds as well, so this is what they do together: %(names)s."
    ),
    "nobody_acts_otherwise": gettext_lazy(
        "Everybody does the same work at the same moments, and requesters publish the same projects."
    ),
    "rate_of_publication": gettext_lazy(
        "A project keeps the rates of the day it was published. Work for %(minor)s was for projects from "
        "before this time, and stays as it was."
    ),
    "price_raised_to_the_least": gettext_lazy(
        "Where a price would have been refused, the requester pays the smallest price that is allowed."
    ),
    "country_of_today": gettext_lazy(
        "Each worker has the country and the working status that they have today."
    ),
    "looked_every_ten_minutes": gettext_lazy(
        "The site looks every ten minutes for what is to be settled, as it does."
    ),
    "pay_is_the_same": gettext_lazy(
        "What workers are paid is the same: what a reserve lacks comes from the requester's balance."
    ),
    "money_to_set_aside": gettext_lazy(
        "Whether a requester would have had more to set aside, or would have published more with less of it."
    ),
    "same_people_came": gettext_lazy(
        "The same people want the same tasks at the same moments; what changes is when they could have "
        "had them."
    ),
    "policy_was_the_default": gettext_lazy(
        "Projects that open by the rule that is now set had it because their requester chose nothing else."
    ),
    "ratings_in_proportion": gettext_lazy(
        "A rating that was given in bulk, between two of the weights, moves in proportion with them."
    ),
    "last_takings": gettext_lazy(
        "Only the last %(most)s tasks taken by people with the default order are looked at, and a project "
        "counts as in the feed while something of it was still taken."
    ),
    "what_they_would_take": gettext_lazy("Whether somebody would have taken another task in another order."),
    "reviews_are_the_same": gettext_lazy("The same reviews come at the same moments, and say the same."),
    "blocks_begin_anew": gettext_lazy(
        "Each member's work is counted from the beginning of the time; a review is drawn whenever there is "
        "enough of it."
    ),
    "reviews_cost_the_mean": gettext_lazy("A review costs what the reviews of the time cost in the mean."),
    "who_would_review": gettext_lazy(
        "Who would have reviewed whose work, and what other reviews would have said."
    ),
    "who_would_have_hurried": gettext_lazy(
        "Whether people would have been faster, or more careful, had they known that this holds."
    ),
    "how_much_work": gettext_lazy(
        "Whether there would have been more or less work, or other people to do it, because of this."
    ),
    "prices_lowered": gettext_lazy("Whether requesters would have paid less where a lower floor lets them."),
    "reviews_at_other_pay": gettext_lazy(
        "Whether the fund would have lasted: an empty one pauses the draws until there is money again."
    ),
    "other_currencies": gettext_lazy(
        "Projects in other currencies (%(currencies)s) are not in these figures."
    ),
    "who_did_not_come": gettext_lazy(
        "Who would have taken a task had it been open to them, and who was there at a threshold and took "
        "none."
    ),
    "clock_stood_still": gettext_lazy(
        "When a cascade stood still because its project was paused: the run lets its beats go on."
    ),
    "who_was_qualified": gettext_lazy(
        "Who was blocked, or lacked a qualification, at moments when they took no task."
    ),
    "signs_not_kept": gettext_lazy(
        "Nothing can be run again here. This number is compared with the signs of activity while somebody "
        "works, and of these only the sums of time are kept."
    ),
    "how_it_is_asked": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. It is about how a "
        "question is asked, and what people would have answered cannot be worked out."
    ),
    "what_is_shown": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. What goes by it is what "
        "pages show, to whom, and over how many days it is counted."
    ),
    "who_was_there_not_kept": gettext_lazy(
        "Nothing can be run again here. What goes by this number is who is counted as there at one moment, "
        "and that is looked up and not kept."
    ),
    "only_in_a_moratorium": gettext_lazy(
        "Nothing that happened goes by this. It counts only while the members have stopped an algorithm."
    ),
    "which_work_is_drawn": gettext_lazy(
        "Nothing that is booked for work, and no opening of a project, goes by this. It is about which "
        "work a guild reviews: other lots would have been drawn, and who would have reviewed what "
        "cannot be worked out."
    ),
    "smallest_amounts": gettext_lazy(
        "Nothing that is booked for work goes by this number. What goes by it is the smallest sum that can "
        "be paid in or out at once."
    ),
    "how_work_is_decided": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. What goes by it is how "
        "work is decided on."
    ),
    "how_designs_are_tried": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. What goes by it is how "
        "designs are tried before they are paid for."
    ),
    "who_reviews": gettext_lazy(
        "Nothing can be run again here. What goes by this number is who reviews whose work in a guild, and "
        "when; who would have been asked instead cannot be worked out."
    ),
    "how_disputes_are_heard": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. What goes by it is how "
        "disputes are heard."
    ),
    "how_members_decide": gettext_lazy(
        "Nothing that is booked, and no opening of a project, goes by this number. What goes by it is who "
        "is a member, how members decide, and how the site keeps to that."
    ),
}
"""What is taken for granted, and what cannot be known."""


@dataclass(frozen=True, slots=True)
class FigureSaid:
    """One line of before and after."""

    name: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class CheckSaid:
    """What is on record, what the run comes to, and whether that is the same."""

    name: str
    on_record: str
    again: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class ChartSaid:
    """A drawing with its table, or the sentence that says why there is none."""

    title: str
    chart: Chart | None
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """A report in the reader's words. `lead` says what it comes to in a sentence."""

    parameter: str
    meaning: str
    scope: str
    old: str
    new: str
    since: datetime
    until: datetime
    lead: str
    is_run: bool
    charts: Sequence[ChartSaid]
    figures: Sequence[FigureSaid]
    checks: Sequence[CheckSaid]
    taken_for_granted: Sequence[str]
    unknown: Sequence[str]
    is_together: bool = False

    @property
    def is_faithful(self) -> bool:
        """Whether the run under the rules as they were comes to what is on record."""
        return all(check.agrees for check in self.checks)


def say(report: Report, *, key: str = "replay") -> ReportSaid:
    """Return a report in the active language; `key` begins the ids of its drawings.

    Raises:
        ValueError: it is about a parameter that this release does not have.
    """
    parameter = PARAMETERS.get(report.parameter)
    if parameter is None:
        raise ValueError(f"the charter has no parameter {report.parameter!r}")
    return ReportSaid(
        parameter=report.parameter,
        meaning=str(parameter.meaning),
        scope=scope_name(report.scope_kind, report.scope_key),
        old=say_value(parameter, _value(report, report.old)),
        new=say_value(parameter, _value(report, report.new)),
        since=report.since,
        until=report.until,
        lead=_lead(report),
        is_run=report.family != "nothing",
        charts=_charts(report, key),
        figures=[_figure(one, report) for one in report.figures],
        checks=[_check(one, report) for one in report.checks],
        taken_for_granted=[_note(one, report) for one in report.taken_for_granted],
        unknown=[_note(one, report) for one in report.unknown],
        is_together=bool(report.beside),
    )


def _value(report: Report, stored: Any) -> Any:
    try:
        return from_json(PARAMETERS[report.parameter], stored)
    except ValueRefused as error:
        raise ValueError(f"{stored!r} is no value of {report.parameter}") from error


def _lead(report: Report) -> str:
    if report.family == "nothing":
        return _("There is nothing to run again for this number.")
    if report.changes_nothing:
        return _("Run again under the new value, the time looked at comes out just as it was.")
    return _("Run again under the new value, the time looked at comes out differently.")


def _charts(report: Report, key: str) -> list[ChartSaid]:
    found = []
    for table, kind in ((report.workers, "workers"), (report.requesters, "requesters")):
        if table is not None:
            found.append(_people(table, report, kind=kind, key=f"{key}-{kind}"))
    if any(flow.in_before or flow.in_after or flow.out_before or flow.out_after for flow in report.funds):
        found.append(_funds(report, key=f"{key}-funds"))
    return found


def _people(table: Table, report: Report, *, kind: str, key: str) -> ChartSaid:
    title = _TITLES[kind, table.measure]() if (kind, table.measure) in _TITLES else table.measure
    if not table.groups:
        few = _("Fewer than %(least)s people had a part in this, so their figures are not shown.")
        return ChartSaid(title, None, few % {"least": report.least_people})
    count = len(table.groups)
    names = [_group(number, count, kind) for number in range(1, count + 1)]
    words = Words(
        title=title,
        description=_(
            "For each group an empty ring for what was, and a full dot for what would have been; groups "
            "are from the least to the most."
        ),
        headings=(_("Group"), _("People"), _("Mean before"), _("Mean after"), _("Difference")),
        empty="",
    )
    written = _written(table.unit, report)
    rows = [
        Row(name, group.before, group.after, (_count(group.people),))
        for name, group in zip(names, table.groups, strict=True)
    ]
    chart = before_and_after(
        rows, key=key, words=words, written=written, before=_("as it was"), after=_("as it would have been")
    )
    return ChartSaid(title, chart)


_TITLES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("workers", "income"): lambda: _("Workers, by what they earned"),
    ("requesters", "cost"): lambda: _("Requesters, by what they paid"),
    ("requesters", "set_aside"): lambda: _("Requesters, by what they set aside in reserve"),
    ("workers", "place"): lambda: _("Workers, by what they earned: place in the feed of what they took"),
    ("requesters", "place"): lambda: _("Requesters, by what they paid: place of their projects in feeds"),
    ("workers", "level"): lambda: _("Members of guilds, by what they earned: their level"),
    ("workers", "wait_to_come_in"): lambda: _(
        "Workers, by what they earned: time until they could take what they took"
    ),
    ("requesters", "time_until_open"): lambda: _(
        "Requesters, by what they paid: time until their projects were open to everybody"
    ),
}


def _group(number: int, count: int, kind: str) -> str:
    if count == 1:
        return _("all of them")
    if kind == "requesters" and count == 3:
        return [_("small"), _("middling"), _("large")][number - 1]
    if count == 10:
        return _("tenth %(number)s") % {"number": number}
    return _("part %(number)s of %(count)s") % {"number": number, "count": count}


def _funds(report: Report, *, key: str) -> ChartSaid:
    title = _("The funds, and the operator's income")
    rows = []
    for flow in report.funds:
        name = str(_FUNDS.get(flow.fund, flow.fund))
        if flow.in_before or flow.in_after:
            rows.append(Row(_("%(fund)s: came in") % {"fund": name}, flow.in_before, flow.in_after))
        if flow.out_before or flow.out_after:
            rows.append(Row(_("%(fund)s: paid") % {"fund": name}, flow.out_before, flow.out_after))
    words = Words(
        title=title,
        description=_("An empty ring for what was, and a full dot for what would have been, of each fund."),
        headings=(_("Fund"), _("Before"), _("After"), _("Difference")),
        empty="",
    )
    chart = before_and_after(
        rows,
        key=key,
        words=words,
        written=_written("minor", report),
        before=_("as it was"),
        after=_("as it would have been"),
    )
    return ChartSaid(title, chart)


_FUNDS: Mapping[str, Any] = {
    Kind.INCOME: gettext_lazy("Operator"),
    Kind.GUARANTEE_FUND: gettext_lazy("Guarantee fund"),
    Kind.TRAINING_FUND: gettext_lazy("Training fund"),
    Kind.GUILD_FUND: gettext_lazy("Guild fund"),
    Kind.JUSTICE_FUND: gettext_lazy("Justice fund"),
}


def _figure(figure: Figure, report: Report) -> FigureSaid:
    written = _written(figure.unit, report)
    is_known = figure.before is not None and figure.after is not None
    none = (
        _("fewer than %(least)s people") % {"least": report.least_people}
        if figure.unit in ("people", "minor")
        else "–"
    )
    return FigureSaid(
        name=str(FIGURES.get(figure.code, figure.code)),
        before=none if figure.before is None else written(figure.before),
        after=none if figure.after is None else written(figure.after),
        difference=signed((figure.after or 0) - (figure.before or 0), written) if is_known else "–",
    )


def _check(check: Check, report: Report) -> CheckSaid:
    written = _written(check.unit, report)
    return CheckSaid(
        name=str(CHECKS.get(check.code, check.code)),
        on_record=written(check.on_record),
        again=written(check.again),
        agrees=check.agrees,
    )


def _note(note: Note, report: Report) -> str:
    values = dict(note.values)
    if "minor" in values:
        values["minor"] = format_money(int(values["minor"]), report.currency)
    sentence = str(NOTES.get(note.code, note.code))
    return sentence % values if values else sentence


def _written(unit: str, report: Report) -> Callable[[float], str]:
    if unit == "minor":
        return lambda value: format_money(round(value), report.currency)
    if unit == "seconds":
        return span
    if unit == "share":
        return lambda value: _("%(number)s %%") % {"number": formats.number_format(round(100 * value, 1))}
    return _count


def _count(value: float) -> str:
    whole = round(value, 2)
    decimals = 0 if whole == int(whole) else 2
    return str(formats.number_format(whole, decimals, force_grouping=True))
