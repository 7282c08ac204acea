"""What a history is narrowed to, as it stands in an address, a form and the API."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput
from canut.ledger.models import Reason
from canut.work.states import AssignmentState

LARGEST_ID = 2**63 - 1
YEARS = range(1990, 3000)


class Role(StrEnum):
    """As what one looks back: on what one did, or on what was done for one's projects."""

    WORKER = "worked"
    REQUESTER = "requested"


class LineKind(StrEnum):
    """What a line is about: a task, a paid session, a top-up, or other pay such as for sitting on a jury."""

    TASK = "task"
    SESSION = "session"
    TOP_UP = "top_up"
    OTHER = "other"


OUTCOMES: Mapping[str, Collection[str]] = {
    "in_hand": (AssignmentState.HELD, AssignmentState.RETURNED),
    "waiting": (AssignmentState.SUBMITTED,),
    "approved": (AssignmentState.APPROVED,),
    "not_approved": (AssignmentState.REJECTED, AssignmentState.CLOSED),
    "put_back": (AssignmentState.GIVEN_BACK, AssignmentState.SKIPPED, AssignmentState.EXPIRED),
    "broken": (AssignmentState.BROKEN,),
}
"""What became of a task, and the states that each stands for: every state in exactly one."""

PAID_IN: Mapping[str, LineKind] = {
    Reason.REWARD: LineKind.TASK,
    Reason.REWORK: LineKind.TASK,
    Reason.BONUS: LineKind.TASK,
    Reason.BROKEN: LineKind.TASK,
    Reason.TOP_UP: LineKind.TOP_UP,
    Reason.SESSION: LineKind.SESSION,
    Reason.BREAK: LineKind.SESSION,
    Reason.JURY: LineKind.OTHER,
    Reason.CORRECTION: LineKind.OTHER,
}
"""Each kind of pay, and what the line that it stands in is about."""

ORDERS = ("newest", "oldest")
PAID = ("", "yes", "no")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to show; as it stands without arguments, everything, newest first.

    `since` and `until` are whole days, both included, by when a task was taken, a session opened, a top-up
    settled. `outcome` is a key of OUTCOMES, `paid` "yes" or "no" (whether anything was paid for it so far),
    and `pay` a key of PAID_IN: what was paid for that reason.
    """

    since: date | None = None
    until: date | None = None
    project_id: int | None = None
    outcome: str = ""
    paid: str = ""
    pay: str = ""
    order: str = "newest"

    @property
    def is_narrowed(self) -> bool:
        return Asked(order=self.order) != self

    @property
    def newest_first(self) -> bool:
        return self.order != "oldest"

    def begins_at(self, zone: ZoneInfo) -> datetime | None:
        """Return the moment from which to show, for somebody whose days are those of `zone`."""
        return None if self.since is None else datetime.combine(self.since, time(), zone)

    def ends_at(self, zone: ZoneInfo) -> datetime | None:
        """Return the moment before which to show: the end of the last day asked for."""
        return None if self.until is None else datetime.combine(self.until + timedelta(days=1), time(), zone)


def asked_from(given: Mapping[str, Any]) -> Asked:
    """Read what to show from an address, a form or the API. What is empty or missing asks nothing.

    Raises:
        BadInput: a value cannot be read, or the days are the wrong way round; `errors` names each.
    """
    errors: dict[str, Any] = {}
    asked = Asked(
        since=_day(given, "since", errors),
        until=_day(given, "until", errors),
        project_id=_id(given, "project", errors),
        outcome=_one_of(given, "outcome", tuple(OUTCOMES), errors),
        paid=_one_of(given, "paid", PAID, errors),
        pay=_one_of(given, "pay", tuple(PAID_IN), errors),
        order=_one_of(given, "order", ORDERS, errors) or "newest",
    )
    if asked.since and asked.until and asked.until < asked.since:
        errors["until"] = _("The last day lies before the first.")
    if errors:
        raise BadInput(_("The history cannot be narrowed like this. See each field."), errors=errors)
    return asked


def as_address(asked: Asked) -> dict[str, str]:
    """Return what was asked as it stands in the page's address; `asked_from` reads it back."""
    names = {"since": asked.since, "until": asked.until, "project": asked.project_id}
    said = {**names, "outcome": asked.outcome, "paid": asked.paid, "pay": asked.pay}
    if not asked.newest_first:
        said["order"] = asked.order
    return {name: str(value) for name, value in said.items() if value}


def _day(given: Mapping[str, Any], name: str, errors: dict[str, Any]) -> date | None:
    value = given.get(name)
    if value in (None, ""):
        return None
    try:
        read = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        read = None
    if read is None or read.year not in YEARS:
        errors[name] = _("Write a day as year, month and day, such as 2026-11-30.")
        return None
    return read


def _id(given: Mapping[str, Any], name: str, errors: dict[str, Any]) -> int | None:
    written = str(given.get(name) or "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 20):
        errors[name] = _("Name a project by its number.")
        return None
    return min(int(written), LARGEST_ID)


def _one_of(given: Mapping[str, Any], name: str, known: Collection[str], errors: dict[str, Any]) -> str:
    value = given.get(name)
    if value in (None, ""):
        return ""
    if value not in known:
        errors[name] = _("Choose one of the values on the page.")
        return ""
    return str(value)
