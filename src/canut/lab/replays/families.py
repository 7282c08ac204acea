"""Which rules go by a parameter, and so how it is replayed. Every parameter has an answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from django.conf import settings

from canut.charter.parameters import PARAMETERS, SECTIONS
from canut.charter.queries import in_force
from canut.charter.rules import Scope, to_json
from canut.lab.replays import deciding, feed, levels, money, opening, reserve, settling
from canut.lab.replays.asked import Asked, Found, Tell, note
from canut.lab.replays.charters import Setting, as_it_was, as_tried
from canut.lab.replays.report import Note, Report

Family: TypeAlias = Callable[[Asked], Found]


def nothing(asked: Asked) -> Found:
    """Return that neither books nor openings go by this parameter, and by what it is read instead."""
    return Found(family="nothing", unknown=[note(why_nothing(asked.name))])


FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(
        (
            "pay.floor_hourly_minor",
            "pay.risk_break_share",
            "pay.worker_reports_divisor",
            "pay.session_least_seconds",
            *sorted(money.CHARGES),
            *money.REVIEWS,
        ),
        money.replay,
    ),
    **dict.fromkeys(
        (
            "pay.settlement_hours",
            "pay.settlement_least_assignments",
            "pay.settlement_least_workers",
            "pay.top_up_notice_hours",
        ),
        settling.replay,
    ),
    **dict.fromkeys((reserve.ROUND, reserve.REST), reserve.replay),
    **dict.fromkeys(deciding.COUNTS, deciding.replay),
    **dict.fromkeys(levels.LEVELS, levels.replay),
    levels.DRAW: levels.draws,
    **dict.fromkeys(
        ("feed.others_factor", "feed.neutral_rating", "feed.unrated_rating", "moratorium.feed_order"),
        feed.replay,
    ),
    **dict.fromkeys(
        (
            "cascade.default_policy",
            "cascade.beat_seconds",
            "cascade.first_threshold",
            "cascade.last_threshold",
            "cascade.ladder_thresholds",
            "cascade.throughput_thresholds",
            "cascade.throughput_hold_share",
            "newcomers.place_share",
            "newcomers.first_beat",
            "newcomers.most_places",
            "moratorium.cascade",
            "rating.weights",
            "standing.project_group_factor",
            "standing.requester_factor",
            "standing.platform_factor",
            "standing.platform_least_requesters",
            "standing.unrated",
            "standing.decimals",
        ),
        opening.replay,
    ),
}
"""How each parameter is replayed that something on record goes by; `nothing` for all others."""

NOTHING: Mapping[str, str] = {
    "pay.idle_seconds": "signs_not_kept",
    "pay.session_idle_seconds": "signs_not_kept",
    "pay.session_break_seconds": "signs_not_kept",
    "pay.risk_break_after_seconds": "signs_not_kept",
    "pay.report_step_seconds": "how_it_is_asked",
    "pay.short_task_seconds": "how_it_is_asked",
    "pay.short_report_step_seconds": "how_it_is_asked",
    "pay.search_gap_seconds": "what_is_shown",
    "pay.whole_time_days": "what_is_shown",
    "pay.whole_time_least_workers": "what_is_shown",
    "explanation.least_raters": "what_is_shown",
    "guild.earnings_days": "what_is_shown",
    "prototype.comment_most_characters": "how_it_is_asked",
    "guild.comment_least_characters": "how_it_is_asked",
    "cascade.active_days": "who_was_there_not_kept",
    "moratorium.neutral_rule": "only_in_a_moratorium",
    "moratorium.sampling": "which_work_is_drawn",
    "broken.least_seconds": "how_work_is_decided",
    "broken.most_a_day": "how_work_is_decided",
    "broken.most_share": "how_work_is_decided",
    "broken.free_reports": "how_work_is_decided",
    "broken.share_days": "how_work_is_decided",
    "broken.notice_hours": "how_work_is_decided",
}
"""Why nothing can be replayed, where the section alone does not say it."""

BY_SECTION: Mapping[str, str] = {
    "pay": "what_is_shown",
    "money": "smallest_amounts",
    "deciding": "how_work_is_decided",
    "ratings": "what_is_shown",
    "cascade": "who_was_there_not_kept",
    "prototypes": "how_designs_are_tried",
    "guilds": "who_reviews",
    "justice": "how_disputes_are_heard",
    "governance": "how_members_decide",
}

_SECTION_OF = {parameter.name: section.key for section in SECTIONS for parameter in section.parameters}


def why_nothing(name: str) -> str:
    """Return the code of what goes by a parameter that neither books nor openings go by."""
    return NOTHING.get(name) or BY_SECTION.get(_SECTION_OF[name], "how_members_decide")


def replay_setting(setting: Setting, *, at: datetime, tell: Tell, beside: Sequence[Setting] = ()) -> Report:
    """Return what the site's last months would have been under the setting, as far as that is on record.

    The settings `beside` it, which the same proposal would make, are tried with it: two of them may do
    together what neither does alone. What is run again is what goes by `setting`. Reads only. `tell` is
    told how far it is.

    Raises:
        UnknownParameter: there is none of this name.
        ValueRefused: it cannot have this value.
    """
    since = at - timedelta(days=in_force("replay.window_days", at=at))
    was, tried = as_it_was(), as_tried(setting, *beside, since=since)
    old = was.value(setting.parameter, at=at, scope=Scope.of(setting.scope_kind, setting.scope_key))
    asked = Asked(
        setting=setting,
        beside=beside,
        old=old,
        since=since,
        until=at,
        was=was,
        tried=tried,
        least_people=in_force("replay.least_people", at=at),
        using=settings.DATABASE_FOR_LONG_READS,
        tell=tell,
    )
    found = FAMILIES.get(setting.parameter, nothing)(asked)
    tell(1.0)
    return Report(
        parameter=setting.parameter,
        scope_kind=setting.scope_kind,
        scope_key=setting.scope_key,
        old=to_json(old),
        new=to_json(setting.value),
        since=since,
        until=at,
        beside=tuple(one.parameter for one in beside),
        family=found.family,
        least_people=asked.least_people,
        currency=found.currency,
        workers=found.workers,
        requesters=found.requesters,
        funds=tuple(found.funds),
        figures=tuple(found.figures),
        checks=tuple(found.checks),
        taken_for_granted=(*_together(asked, found), *found.taken_for_granted),
        unknown=tuple(found.unknown),
    )


def _together(asked: Asked, found: Found) -> Sequence[Note]:
    if found.family == "nothing" or not asked.beside:
        return ()
    return (note("together_with", names=", ".join(one.parameter for one in asked.beside)),)


def is_replayed(name: str) -> bool:
    """Tell whether something on record goes by a parameter.

    Raises:
        KeyError: there is none of this name.
    """
    return PARAMETERS[name].name in FAMILIES
