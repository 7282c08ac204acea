"""The members have decided: it is written into the public log, and what was adopted executes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from canut.charter import log, rules
from canut.charter.changes import ArticleChange, SettingChange, moment
from canut.charter.log_keys import LogKeyCannotBeOpened
from canut.charter.models import ArticleVersion, CharterEntry, Decision, EntryKind, LogKind
from canut.charter.parameters import Value
from canut.charter.usecases.append_to_log import append_to_log
from canut.charter.usecases.check_change import check_change
from canut.charter.usecases.sign_tree_head import LogContradictsHead, sign_tree_head
from canut.charter.usecases.write_article import check_article, write_article
from canut.charter.usecases.write_entries import write_entries
from canut.kernel.events import record
from canut.kernel.refusals import Refusal

MOST_TITLE_CHARACTERS = 200


class ChangeRepeated(Refusal):
    """One decision changes one thing twice, by which it could go further than a step."""

    code = "change_repeated"
    status = 422


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A change that was adopted and no longer fits: `code` is the refusal's, `why` says it to people."""

    change: SettingChange | ArticleChange
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a decision; `number` is the site's own count of decisions, adopted or not."""

    number: int
    decision: Decision
    executed: tuple[CharterEntry, ...]
    articles: tuple[ArticleVersion, ...]
    lapsed: tuple[Lapsed, ...]


@dataclass(slots=True)
class _Fitting:
    """Which changes still fit, with what held before them, and which lapse."""

    settings: list[tuple[SettingChange, Value]] = field(default_factory=list)
    articles: list[ArticleChange] = field(default_factory=list)
    lapsed: list[Lapsed] = field(default_factory=list)


@transaction.atomic
def record_decision(
    *,
    title_en: str,
    title_fr: str,
    question_kind: str,
    rule: Mapping[str, Any],
    colleges: Sequence[Mapping[str, Any]],
    ballots_hash: str,
    adopted: bool,
    settings: Sequence[SettingChange] = (),
    articles: Sequence[ArticleChange] = (),
    about: Mapping[str, Any] | None = None,
    at: datetime,
) -> Recorded:
    """Write the decision into the log; if it was adopted, each setting and article that still fits.

    `question_kind` is a word for what was asked, `rule` the quorum and majority that were applied,
    `colleges` what each was asked and answered (its turnout, or its outcome alone), `ballots_hash` the
    SHA-256 of the published list, empty if there is none. `about` says what it was about: ids of public
    things, and under "address" the path of the page. All of it becomes one leaf, so it must be of text,
    whole numbers, yes or no, lists and objects, and tell of no person.

    Bounds, law, step and notice are checked again, against what holds at the moment of effect as far as it
    was decided before (MECHANISMS 7.6). A change that no longer fits lapses, with its reason in the log; the
    decision and its other changes stand. Of two decisions on one parameter the later one counts.
    The log is signed then; if it cannot be, the decision stands, and those who run the site are told by
    `canut check`. Not safe to repeat: whoever calls locks the vote, and calls once.

    Raises:
        ValueError: something given cannot stand in a leaf.
    """
    log.lock()
    number = (Decision.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    about = dict(about or {})
    looked_at = _look_through(settings, articles, at=at) if adopted else _Fitting()
    logged = append_to_log(
        LogKind.DECISION,
        {
            "decision": number,
            "title_en": title_en[:MOST_TITLE_CHARACTERS],
            "title_fr": title_fr[:MOST_TITLE_CHARACTERS],
            "question_kind": question_kind,
            "rule": rule,
            "colleges": list(colleges),
            "ballots_hash": ballots_hash,
            "adopted": adopted,
            "settings": [_setting_said(change, looked_at, adopted) for change in settings],
            "articles": [_article_said(change, looked_at, adopted) for change in articles],
            "about": about,
        },
        at=at,
    )
    decision = Decision.objects.create(
        number=number,
        logged=logged,
        title_en=title_en[:MOST_TITLE_CHARACTERS],
        title_fr=title_fr[:MOST_TITLE_CHARACTERS],
        question_kind=question_kind,
        address=about.get("address", ""),
        adopted=adopted,
        recorded_at=at,
    )
    executed = write_entries([_entry(change, old, decision) for change, old in looked_at.settings])
    written = [write_article(change, decision_number=number, at=at) for change in looked_at.articles]
    record(None, "charter.decision_recorded", decision, at=at, adopted=adopted, lapsed=len(looked_at.lapsed))
    with suppress(LogKeyCannotBeOpened, LogContradictsHead):
        sign_tree_head(at=at)
    return Recorded(number, decision, tuple(executed), tuple(written), tuple(looked_at.lapsed))


def _look_through(
    settings: Sequence[SettingChange], articles: Sequence[ArticleChange], *, at: datetime
) -> _Fitting:
    found = _Fitting()
    taken: set[tuple[str, ...]] = set()
    for change in settings:
        what = (change.parameter, change.scope_kind, change.scope_key)
        try:
            _demand_once(what, taken)
            found.settings.append((change, check_change(change, decided_at=at)))
        except Refusal as refusal:
            found.lapsed.append(Lapsed(change, refusal.code, str(refusal)))
    for article in articles:
        try:
            if article.based_on is not None:
                _demand_once((article.key,), taken)
            check_article(article, decided_at=at)
            found.articles.append(article)
        except Refusal as refusal:
            found.lapsed.append(Lapsed(article, refusal.code, str(refusal)))
    return found


def _demand_once(what: tuple[str, ...], taken: set[tuple[str, ...]]) -> None:
    if what in taken:
        raise ChangeRepeated(_("One decision changes one thing once. Propose the rest on its own."))
    taken.add(what)


def _setting_said(change: SettingChange, found: _Fitting, adopted: bool) -> dict[str, Any]:
    old = next((old for fitting, old in found.settings if fitting is change), None)
    return {
        "parameter": change.parameter,
        "scope_kind": str(change.scope_kind),
        "scope_key": change.scope_key,
        "old_value": None if old is None else rules.to_json(old),
        "new_value": rules.to_json(change.new),
        "effective_at": moment(change.effective_at),
        **_outcome(change, found, adopted),
    }


def _article_said(change: ArticleChange, found: _Fitting, adopted: bool) -> dict[str, Any]:
    return {
        "key": change.key,
        "based_on": change.based_on,
        "repeals": change.repeals,
        "effective_at": moment(change.effective_at),
        **_outcome(change, found, adopted),
    }


def _outcome(change: SettingChange | ArticleChange, found: _Fitting, adopted: bool) -> dict[str, Any]:
    code = next((lapsed.code for lapsed in found.lapsed if lapsed.change is change), None)
    return {"outcome": "rejected" if not adopted else "lapsed" if code else "executed", "reason": code}


def _entry(change: SettingChange, old: Value, decision: Decision) -> CharterEntry:
    return CharterEntry(
        kind=EntryKind.DECISION,
        parameter=change.parameter,
        scope_kind=change.scope_kind,
        scope_key=change.scope_key,
        old_value=rules.to_json(old),
        new_value=rules.to_json(change.new),
        effective_at=change.effective_at,
        recorded_at=decision.recorded_at,
        cites=f"Decision {decision.number}: {decision.title_en}",
        decision=decision,
    )
