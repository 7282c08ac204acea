"""The register of algorithms: every rule by which something is decided about people or money.

A rule's entry is its docstring, the charter's parameters it goes by, and where it comes from. A test finds
every public function of a room's rules that is neither in `REGISTER` nor among `HELPERS` with a reason.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

CANUT = Path(__file__).resolve().parents[1]

_STANDING = (
    "standing.project_group_factor",
    "standing.requester_factor",
    "standing.platform_factor",
    "standing.platform_least_requesters",
    "standing.unrated",
    "standing.decimals",
)
_CASCADE = (
    "cascade.first_threshold",
    "cascade.last_threshold",
    "cascade.ladder_thresholds",
    "cascade.throughput_thresholds",
    "cascade.throughput_hold_share",
)
_SCORE = ("feed.others_factor", "feed.neutral_rating", "feed.unrated_rating")
_FLOOR = ("pay.floor_hourly_minor",)
_DUES = (
    "fee.service_share",
    "levy.guarantee_share",
    "levy.training_share",
    "levy.guild_share",
    "levy.justice_share",
)
_LEVELS = (
    "guild.window_reviews",
    "guild.rise_two_review",
    "guild.rise_one_review",
    "guild.fall_review",
    "guild.highest_level",
)
_REVIEWERS = ("guild.reviewer_levels_above", "guild.neighbour_levels_above", "guild.scarce_members")
_SESSION = ("pay.session_least_seconds", "pay.session_break_seconds", "pay.session_idle_seconds")

REGISTER: Mapping[str, Mapping[str, Sequence[str]]] = {
    "reputation.rules_ratings": {
        "weighted_mean": (*_STANDING[:3], "standing.decimals"),
        "standing_toward": _STANDING,
        "requester_score": _SCORE,
        "stretched": ("rating.weights",),
        "band_of": ("rating.weights",),
    },
    "reputation.rules_cascade": {
        "next_threshold": ("cascade.default_policy", "cascade.beat_seconds", *_CASCADE),
        "shares_of": (),
        "fallen": ("cascade.active_days", "cascade.last_threshold"),
        "has_ended": ("cascade.last_threshold",),
        "may_restart": ("cascade.restart_hours",),
        "newcomer_places": ("newcomers.place_share",),
        "is_newcomer_place": ("newcomers.place_share",),
        "newcomer_may_enter": ("newcomers.first_beat",),
    },
    "reputation.rules": {"record_of": ()},
    "justice.jury.rules": {
        "nearest_peers": ("jury.appeal_peers",),
        "peers_to_draw_among": ("jury.appeal_peers", "jury.rest_days"),
        "reads_language": (),
        "time_to_decide": ("jury.appeal_days", "pay.contest_days"),
        "seats_to_fill": ("jury.appeal_peers", "jury.appeal_days"),
        "verdict": ("jury.appeal_peers", "jury.appeal_votes"),
        "counts_before": ("jury.appeal_days",),
        "no_peers_in_time": ("jury.lapse_days",),
        "seconds_to_hear": ("jury.appeal_least_seconds", "jury.appeal_time_share"),
    },
    "work.rules": {
        "may_take": ("work.cap_in_hand", "moratorium.cascade"),
        "suffices": (),
        "way_in": (),
        "levels_below": (),
        "feed_key": (*_SCORE, "moratorium.feed_order"),
        "newcomer_place_is_open": ("newcomers.first_beat", "newcomers.most_places"),
        "least_reward_minor": _FLOOR,
        "paid_seconds": ("pay.risk_break_share",),
        "longest_seconds": _FLOOR,
        "hourly_minor": (),
        "lease_seconds": ("lease.factor", "lease.least_seconds"),
        "quote": (*_FLOOR, *_DUES, "pay.reserve_share", "pay.reserve_round_share", "pay.risk_break_share"),
        "payable_at": ("deciding.payable_days",),
    },
    "work.rules_neutral": {"random_key": ("moratorium.feed_order", "moratorium.neutral_rule")},
    "work.rules_hours": {
        "hours_minor": (),
        "spent": _SESSION,
        "ends_at": _SESSION,
        "paid_break_left_seconds": ("pay.session_break_seconds",),
        "ending": _SESSION,
        "reserved_seconds": ("pay.session_least_seconds",),
        "round_hours_seconds": (),
        "hours_quote": (*_FLOOR, *_DUES, "pay.reserve_share"),
    },
    "work.rules_pay": {
        "typical_seconds": ("pay.worker_reports_divisor",),
        "weighted_median": (),
        "shares_of_workers": ("pay.worker_reports_divisor",),
        "medians_of_workers": (),
        "is_outlying": ("pay.outlier_factor",),
        "shortfall_minor": _FLOOR,
        "top_up_minor": ("pay.settlement_least_assignments", "pay.settlement_least_workers"),
        "search_seconds": ("pay.search_gap_seconds",),
    },
    "work.rules_broken": {
        "report_pay": (
            *_FLOOR,
            "broken.least_seconds",
            "broken.most_a_day",
            "broken.most_share",
            "broken.free_reports",
            "broken.share_days",
        ),
    },
    "work.rules_rounds": {
        "round_size": ("prototype.least_workers", "prototype.worker_places_divisor"),
        "covers_tasks": ("prototype.coverage_factor",),
        "needs_round": ("prototype.least_places",),
        "counted": (),
        "verdict_of": ("prototype.publish_share",),
        "decided": ("prototype.publish_share", "prototype.stall_hours", "prototype.stall_least_votes"),
        "suggested_reward_minor": _FLOOR,
        "is_same_design": (),
        "helped": (),
    },
    "work.rules_refusal": {
        "refusals_needed": (
            "refusal.least_workers",
            "refusal.opened_share",
            "refusal.most_workers",
            "refusal.few_opened_workers",
        ),
    },
    "work.designs.rules_effort": {"effort_of": (), "expected_seconds_of": ()},
    "work.mends": {"mends": ()},
    "work.results.majority": {"majority": ()},
    "work.results.dawid_skene": {"dawid_skene": ()},
    "work.results.bradley_terry": {"bradley_terry": (), "chance_against_average": ()},
    "work.results.agreement": {"krippendorff_alpha": ()},
    "work.results.accuracy": {"accuracy": ()},
    "ledger.rules": {"due_now_minor": _DUES, "dues_minor": _DUES},
    "charter.rules": {"entry_in_force": (), "is_more_favourable": ()},
    "charter.rules_changes": {"check_setting": ()},
    "charter.constitution.rules": {
        "version_in_force": (),
        "check_wording": (),
        "check_change": ("governance.article_notice_days",),
    },
    "people.rules": {"smallest_age": ()},
    "people.notices.rules": {
        "ways_of": (),
        "room_left": (),
        "in_letters": (),
        "stops_mails": (),
        "stops_everything": (),
    },
    "people.notices.rules_faults": {"fault_of": ()},
    "guilds.rules_levels": {
        "window_mean": ("guild.window_reviews",),
        "level_after": _LEVELS[1:],
        "decided": ("guild.first_level", *_LEVELS),
        "progress": _LEVELS,
    },
    "guilds.rules_draws": {
        "commitment": (),
        "drawn_number": ("guild.draw_items",),
        "checks": ("guild.draw_items",),
    },
    "guilds.rules_reviewers": {
        "reviewer_levels": _REVIEWERS,
        "eligible": (*_REVIEWERS, "guild.reciprocity_days", "guild.reciprocity_least_members"),
        "is_barred": (),
        "first_offers": ("guild.first_offer_members", "cascade.active_days"),
        "stage_begins_after": ("guild.offer_all_hours", "guild.offer_neighbours_hours"),
        "stage_at": ("guild.offer_all_hours", "guild.offer_neighbours_hours"),
        "has_lapsed": ("guild.review_lapse_days",),
    },
    "guilds.comparisons.rules": {
        "closest_pairs": (),
        "qualities_of": ("comparison.draw_share",),
        "ranks_of": (),
        "expected_seconds": ("comparison.time_share", "comparison.least_seconds"),
    },
    "membership.rules": {
        "colleges_open": ("college.least_share", "college.window_days"),
        "college_of": ("college.least_share", "college.window_days"),
        "is_active": (
            "activity.least_days",
            "activity.window_days",
            "activity.requester_window_days",
        ),
    },
    "membership.rules_lot": {
        "commitment_of": (),
        "code_of": (),
        "hash_of_candidates": (),
        "order_of": ("jury.rest_days",),
        "serves_again_from": ("jury.rest_days",),
        "lot_checks": (),
    },
    "justice.rules_statistics": {
        "told_together": ("jury.statistics_least_cases",),
        "safe_table": ("jury.statistics_least_cases",),
        "so_far": ("jury.statistics_least_cases",),
        "typical_days": ("jury.statistics_least_cases",),
    },
    "justice.mediation.rules": {
        "last_moment_to_complain": (
            "mediation.direct_days",
            "mediation.complaint_days",
            "mediation.reply_days",
        ),
        "next_mediator": ("mediation.apart_days", "mediation.mediator_days"),
        "may_be_published": ("mediation.object_days",),
        "names_in": (),
    },
    "governance.rules": {
        "supporters_needed": ("governance.support_least_members", "governance.support_share"),
        "class_of": (),
        "what_lacks": (),
        "may_begin_at": (
            "governance.most_open_proposals",
            "governance.most_new_ideas",
            "governance.new_ideas_window_days",
        ),
        "comes_back_at": ("governance.comeback_days",),
        "lapses_at": ("governance.idea_days", "governance.draft_days"),
        "in_the_order_of": (),
    },
    "governance.ballots.rules": {
        "asked_colleges": ("governance.college_least_members",),
        "college_outcome": (
            "governance.quorum_ordinary_share",
            "governance.quorum_pay_share",
            "governance.quorum_constitutional_share",
            "governance.constitutional_yes_per_no",
        ),
        "is_adopted": (),
        "is_certain": ("governance.early_end",),
        "published_list": ("ballot.detail_least_votes",),
        "list_hash": (),
    },
    "justice.flags.rules_flags": {
        "most_untied": (),
        "hides": ("flag.hide_members", "flag.hide_hours", "flag.tie_days"),
        "cries_wolf": ("flag.wolf_least_flags", "flag.wolf_share", "flag.wolf_days"),
    },
    "governance.resolution.rules": {
        "understood_all": (),
        "vote_of_college": (
            "jury.resolution_workers",
            "jury.resolution_requesters",
            "jury.resolution_team_members",
        ),
        "decided": ("jury.resolution_colleges",),
    },
    "governance.board.rules_stv": {
        "elect": ("board.seats_workers", "board.seats_requesters", "board.seats_team"),
        "droop_quota": (),
        "lot_order": (),
    },
    "governance.board.rules": {
        "is_due": ("board.term_days", "board.nomination_days", "governance.vote_days"),
        "is_worth_filling": ("board.nomination_days", "governance.vote_days"),
        "people_of_share": ("board.recall_share", "board.quorum_share"),
        "motion_count": ("board.quorum_share",),
    },
    "justice.sanctions.rules": {
        "what_is_wrong": ("sanction.most_days",),
        "effect_of": ("sanction.notice_hours",),
        "link_ends_at": ("sanction.link_days",),
        "overturned_too_often": ("sanction.pattern_cases", "sanction.pattern_share", "sanction.pattern_days"),
    },
    "discussion.facilitated.rules": {
        "what_follows": ("facilitated.least_people",),
        "ends_at": (
            "facilitated.round_days",
            "facilitated.waiting_days",
            "facilitated.objection_days",
        ),
        "can_be_filled": ("facilitated.waiting_days",),
    },
}
"""Every rule, by its module and name, with the charter's parameters that it goes by."""

_EXPLAINS = "It repeats a rule step by step for an explanation, and decides nothing."
_FORM = "It reads, writes or checks the form of a value."

HELPERS: Mapping[str, Mapping[str, str]] = {
    "webhooks.rules": {
        "signature": "how a program tells our messages from others; nothing is decided by it",
        "written_secret": "how a secret is written down",
        "again_after": "when a message is sent again; nobody's work or money hangs on it",
        "may_be_told": "which addresses a program may have; nobody's work or money hangs on it",
    },
    "justice.jury.rules": {
        "time_to_remind": "when a mail reminds a juror; nothing is decided by it",
    },
    "charter.rules": {
        "check_value": _FORM,
        "to_json": _FORM,
        "from_json": _FORM,
        "value_in_force": "It is the value of `entry_in_force`.",
        "timeline": "It is `entry_in_force` at every moment.",
    },
    "charter.rules_changes": {"is_within_step": "It is a part of `check_setting`."},
    "charter.constitution.rules": {
        "wording_of": _FORM,
        "key_for": _FORM,
    },
    "people.rules": {
        "tidy_screen_name": _FORM,
        "screen_name_is_usable": _FORM,
        "username_is_usable": _FORM,
        "languages_are_usable": _FORM,
        "former_name": "It is the name that stays of a closed account.",
        "hidden_name": "It is what stands in the place of a name that flags or a person have hidden.",
        "token_hash": _FORM,
        "shown_of_token": _FORM,
    },
    "discussion.facilitated.rules": {
        "reminds_at": "when a notice reminds people; nothing is decided by it",
        "tally": "It counts marks, which decide nothing: the record says how many there are.",
        "names_in": "It finds names in a record; nobody is named who has not agreed.",
    },
    "discussion.rules": {
        "tidy": _FORM,
        "shows_something": "It tells whether a text has a sign that can be seen.",
        "names_to_look_up": "It finds what is written after an @.",
        "calls_in": "It finds whom a post calls by a name they have; nothing is decided by it.",
    },
    "people.notices.rules": {
        "with_domain_as_sent": "It writes an address as mail servers want it.",
        "room_again": "It is when `room_left` next says that there is some.",
        "sent_again_after": "It says when a mail is sent again that no server took.",
    },
    "people.notices.rules_faults": {"enhanced_code": "It finds a code in what a mail server said."},
    "people.rules_quiet": {
        "is_quiet": "It goes by the hours that the person chose for themselves.",
        "quiet_until": "It goes by the hours that the person chose for themselves.",
        "quiet_from": "It goes by the hours that the person chose for themselves.",
        "next_time": "It finds a moment that a clock shows.",
    },
    "reputation.rules_ratings": {
        "score_from_mean": "It is `requester_score` of a mean instead of single ratings.",
    },
    "reputation.rules_qualifications": {
        "value_of": _FORM,
        "rows_of": _FORM,
        "number_of": _FORM,
        "plain": _FORM,
        "kept_text": _FORM,
        "kept_line": _FORM,
    },
    "guilds.rules_reviewers": {
        "next_change_after": "It is when `stage_at` or `has_lapsed` next says something else.",
    },
    "governance.rules": {
        "sense_of": "It adds up who said what; it decides nothing.",
    },
    "membership.rules": {"first_day": "It counts days back."},
    "justice.rules_statistics": {"per_thousand": "It is a share, told by the thousand."},
    "justice.sanctions.rules": {"bars_for": "It says in other words what the person who decided has said."},
    "justice.mediation.rules": {"whats_due": "It says whom a mail reminds; nothing is decided by it."},
    "governance.ballots.rules": {
        "list_text": _FORM,
        "counted": "It counts what is the same.",
    },
    "governance.ballots.rules_receipts": {
        "new_receipt": "It draws signs at random, and decides nothing by them.",
        "read_receipt": _FORM,
        "written": _FORM,
    },
    "governance.board.rules_stv": {
        "sheet_to_json": _FORM,
        "sheet_from_json": _FORM,
    },
    "governance.board.rules": {
        "pseudonym": "It gives a candidate a name that nobody can tie to them without the salt.",
        "published_lines": _FORM,
        "list_hash": _FORM,
    },
    "reputation.rules_explained": {
        "explain_standing": _EXPLAINS,
        "steps_of": _EXPLAINS,
        "explain_score": _EXPLAINS,
    },
    "work.rules_explained": {
        "conditions_of": _EXPLAINS,
        "opening_of": _EXPLAINS,
        "steps_around": "It says how much of a threshold is shown.",
    },
    "work.rules_opening": {
        "in_fives": "It says how much of a number of people is shown.",
        "without_anybody": "It is `next_threshold` where no standing of a worker lies in between.",
        "held_from": "It is the count from which on `next_threshold` leaves a threshold where it is.",
    },
    "work.rules_hours": {"seconds_for": "It is `hours_minor` the other way round."},
    "work.rules_pay": {"report_step_seconds": "It says in which steps a form offers times."},
    "work.rules_rounds": {
        "design_hash": "It gives equal designs an equal mark, for `is_same_design` to be looked up.",
        "words_hash": "It gives equal wordings an equal mark.",
    },
    "work.rules_searches": {
        "next_look": "It goes by the hours that the person chose for themselves.",
        "may_tell_from": "It goes by the hours that the person chose for themselves.",
    },
}
"""Public functions of rules that decide nothing about anybody, each with the reason."""

_HEADINGS: Mapping[str, Any] = {
    "reputation": _("Ratings, standings and the cascade"),
    "work": _("Work, pay and results"),
    "ledger": _("Money"),
    "charter": _("The charter"),
    "people": _("People"),
    "discussion": _("Talk"),
    "guilds": _("Guilds"),
    "membership": _("Membership and drawing by lot"),
    "justice": _("Justice"),
    "governance": _("Governance"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: where it stands, what it decides in a sentence, all it says of itself, and its parameters.

    `text` is the rest of its docstring with errors left out, `sources` where the method comes from.
    """

    module: str
    name: str
    decides: str
    text: str
    sources: str
    raises: Sequence[str]
    parameters: Sequence[str]
    path: str

    @property
    def paragraphs(self) -> Sequence[str]:
        """The text as paragraphs and the points of lists, each in one line."""
        parts = [part for block in self.text.split("\n\n") for part in re.split(r"\n(?=- )", block)]
        return [_joined(part) for part in parts if part.strip()]

    @property
    def anchor(self) -> str:
        return f"{self.module}.{self.name}".replace(".", "-").replace("_", "-")


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules of one module, with what the module says of them together."""

    room: str
    heading: Any
    module: str
    about: str
    entries: Sequence[Entry]


def chapters() -> Sequence[Chapter]:
    """Return the whole register, rooms and modules in the order of the register."""
    return [
        Chapter(
            room=name.split(".")[0],
            heading=_HEADINGS[name.split(".")[0]],
            module=name,
            about=_joined((inspect.getdoc(_module(name)) or "").partition("\n\n")[0]),
            entries=[_entry(name, rule, parameters) for rule, parameters in rules.items()],
        )
        for name, rules in REGISTER.items()
    ]


def unlisted() -> list[str]:
    """Return the public functions of modules of rules that the register says nothing of."""
    return [
        f"{name}.{function}"
        for name in _rule_modules()
        for function in _public_functions(name)
        if function not in REGISTER.get(name, {}) and function not in HELPERS.get(name, {})
    ]


def missing() -> list[str]:
    """Return what the register speaks of and no longer exists."""
    spoken_of = [(name, rule) for name, rules in (*REGISTER.items(), *HELPERS.items()) for rule in rules]
    return [f"{name}.{rule}" for name, rule in spoken_of if rule not in _public_functions(name)]


def _entry(module: str, name: str, parameters: Sequence[str]) -> Entry:
    function: Callable[..., Any] = getattr(_module(module), name)
    doc = inspect.getdoc(function) or ""
    decides, _blank, rest = doc.partition("\n\n")
    rest, _mark, source = rest.partition("Source:")
    body, _mark, errors = rest.partition("Raises:\n")
    file = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    return Entry(
        module=module,
        name=name,
        decides=_joined(decides),
        text=body.strip(),
        sources=_joined(source),
        raises=[_joined(line) for line in re.split(r"\n(?= {4}\w)", errors.rstrip()) if line.strip()],
        parameters=tuple(parameters),
        path=file.relative_to(CANUT.parents[1]).as_posix() if file.is_relative_to(CANUT) else "",
    )


def _joined(text: str) -> str:
    return " ".join(text.split())


def _module(name: str) -> Any:
    return importlib.import_module(f"canut.{name}")


def _public_functions(name: str) -> Sequence[str]:
    module = _module(name)
    return [
        function
        for function, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not function.startswith("_")
    ]


def _rule_modules() -> Iterator[str]:
    """Give every module of rules: files that are named `rules.py` or `rules_*.py`."""
    for path in sorted(CANUT.rglob("rules*.py")):
        if path.stem == "rules" or path.stem.startswith("rules_"):
            yield ".".join(path.relative_to(CANUT).with_suffix("").parts)
