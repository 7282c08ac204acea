"""Somebody begins a project: a draft that nobody else sees until it is published."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import require_requester
from canut.work.designs.schema import read_design, read_design_by_hand, to_json
from canut.work.models import Project, ProjectGroup, Revision
from canut.work.rules import lease_seconds
from canut.work.states import CascadePolicy, Device, PayBasis, ProjectKind, Risk
from canut.work.usecases.blank_task import put_blank_task

CURRENCIES = ("EUR",)
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 2_000
MOST_ANSWERS_PER_TASK = 1_000
LONGEST_EXPECTED_SECONDS = 8 * 3600
LONGEST_SESSION_SECONDS = 12 * 3600
MOST_HOURS_SECONDS = 1_000_000 * 3600
MOST_REWARD_MINOR = 100_000_000
"""A million euros: beyond it somebody mistyped."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


@transaction.atomic
def create_project(
    *,
    by: Person,
    title: str,
    design: Mapping[str, Any],
    at: datetime,
    description: str = "",
    kind: str = ProjectKind.PAID,
    currency: str = "EUR",
    language: str = "",
    reward_minor: int = 0,
    expected_seconds: int = 60,
    answers_per_task: int = 1,
    allowed_only: bool = False,
    device: str = Device.ANY,
    risks: Sequence[str] = (),
    launches_itself: bool = False,
    pay_basis: str = PayBasis.PIECE,
    hourly_minor: int = 0,
    hours_seconds: int = 0,
    session_most_seconds: int = 0,
    cascade_policy: str = "",
    may_show_work: bool = False,
) -> Project:
    """Make a draft with its first revision and one blank task, which rows of a file replace.

    `design` is its JSON. A reward of zero on a paid project means that it has no price yet. `risks` say
    what the work may show that can harm. By the hour, `hourly_minor` is what an hour pays,
    `hours_seconds` for how much time in all, `session_most_seconds` the longest session.
    `cascade_policy` says how it opens to workers; without one, as the charter says. `may_show_work` is for
    verbs whose design shows work of others to be judged; nobody puts such a thing in by hand.

    Raises:
        RequesterRoleMissing: `by` is no requester.
        BadInput: a field has the wrong shape; `errors` names each.
        DesignRefused: the design cannot be used.
    """
    require_requester(by)
    title, description = " ".join(title.split()), description.strip()
    refuse_misshapen(
        title=title,
        description=description,
        kind=kind,
        language=language,
        device=device,
        reward_minor=reward_minor,
        expected_seconds=expected_seconds,
        answers_per_task=answers_per_task,
        risks=risks,
        pay_basis=pay_basis,
        hourly_minor=hourly_minor,
        hours_seconds=hours_seconds,
        session_most_seconds=session_most_seconds,
        cascade_policy=cascade_policy,
    )
    if currency not in CURRENCIES:
        raise BadInput(_("This site keeps projects in euros only."), errors={"currency": _("Choose EUR.")})
    read = read_design(design) if may_show_work else read_design_by_hand(design)
    project = Project.objects.create(
        owner_id=by.pk,
        group=ProjectGroup.objects.create(),
        title=title,
        description=description,
        kind=kind,
        currency=currency,
        language=language,
        allowed_only=allowed_only,
        device=device,
        risks=in_order(risks),
        launches_itself=launches_itself,
        pay_basis=pay_basis,
        cascade_policy=cascade_policy or in_force("cascade.default_policy", at=at),
        created_at=at,
        changed_at=at,
    )
    by_the_hour = kind == ProjectKind.PAID and pay_basis == PayBasis.HOUR
    by_the_piece = kind == ProjectKind.PAID and pay_basis == PayBasis.PIECE
    revision = Revision.objects.create(
        project=project,
        number=1,
        design=to_json(read),
        reward_minor=reward_minor if by_the_piece else 0,
        hourly_minor=hourly_minor if by_the_hour else 0,
        hours_seconds=hours_seconds if by_the_hour else 0,
        session_most_seconds=session_most_seconds if by_the_hour else 0,
        expected_seconds=expected_seconds,
        lease_seconds=lease_by_charter(expected_seconds, at=at),
        answers_per_task=answers_per_task,
        created_at=at,
    )
    put_blank_task(revision)
    record(by, "project.created", project, at=at, kind=kind)
    return project


def lease_by_charter(expected_seconds: int, *, at: datetime) -> int:
    """Return how long a worker may keep a task of this expected time, by the charter at `at`."""
    return lease_seconds(
        expected_seconds=expected_seconds,
        factor=in_force("lease.factor", at=at),
        least_seconds=in_force("lease.least_seconds", at=at),
    )


def in_order(risks: Sequence[str]) -> list[str]:
    """Return each of the risks once, in the order in which they are always listed."""
    return [risk for risk in Risk.values if risk in risks]


def refuse_misshapen(**fields: Any) -> None:
    """Raise BadInput, naming each of the given fields whose value no project can have."""
    errors = {name: sentence for name, value in fields.items() if (sentence := _fault(name, value))}
    if errors:
        raise BadInput(
            _("Some of the project's fields cannot be accepted. Nothing was changed."), errors=errors
        )


def _fault(name: str, value: Any) -> Any:
    """Return what is wrong with one field, or None."""
    bounds = {
        "reward_minor": (0, MOST_REWARD_MINOR, _("The reward must lie between nothing and a million.")),
        "expected_seconds": (
            1,
            LONGEST_EXPECTED_SECONDS,
            _("The expected time must lie between one second and eight hours."),
        ),
        "answers_per_task": (
            1,
            MOST_ANSWERS_PER_TASK,
            _("Ask for 1 to 1,000 answers to each task; every one comes from another worker."),
        ),
        "hourly_minor": (
            0,
            MOST_REWARD_MINOR,
            _("The pay for an hour must lie between nothing and a million."),
        ),
        "hours_seconds": (
            0,
            MOST_HOURS_SECONDS,
            _("The hours in all must lie between none and a million."),
        ),
        "session_most_seconds": (
            0,
            LONGEST_SESSION_SECONDS,
            _("The longest session must lie between nothing and twelve hours."),
        ),
    }
    if name in bounds:
        low, high, sentence = bounds[name]
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole and low <= value <= high else sentence
    if isinstance(value, bool):
        return None
    if name == "risks":
        known = all(isinstance(risk, str) and risk in Risk.values for risk in value)
        return None if known else _("One of these is no risk that Canut knows.")
    if "\0" in value:
        return _("This holds a character that cannot be stored.")
    return _fault_in_text(name, value)


def _fault_in_text(name: str, value: str) -> Any:
    match name:
        case "title" if not value:
            return _("Give the project a title; workers see it in their feed.")
        case "title" if len(value) > LONGEST_TITLE:
            return _("A title has at most 120 characters.")
        case "description" if len(value) > LONGEST_DESCRIPTION:
            return _("A description has at most 2,000 characters.")
        case "kind" if value not in ProjectKind.values:
            return _("A project is paid or volunteer.")
        case "device" if value not in Device.values:
            return _("Say whether the work is best done with a computer, a phone, or either.")
        case "pay_basis" if value not in PayBasis.values:
            return _("Work is paid by the piece or by the hour.")
        case "cascade_policy" if value and value not in CascadePolicy.values:
            return _("A project opens by ladder, throughput or share, or it is open at once.")
        case "language" if value and not _LANGUAGE.fullmatch(value):
            return _("Give the language as a code, such as en or fr.")
    return None
