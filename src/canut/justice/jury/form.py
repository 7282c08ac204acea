"""What a juror is asked, and reading what they said: the task of a seat, in the juror's language."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from canut.justice.jury.models import LONGEST_REASON
from canut.justice.models import LONGEST_REASON as LONGEST_REASONS
from canut.justice.models import Case
from canut.justice.states import CaseKind, CaseState
from canut.justice.subjects.subject import Shown
from canut.people.models import Party

VOTE, REASON, TITLE, PASSAGE, FILES = "vote", "reason", "title", "passage", "files"
SHORTEST_NAME_HIDDEN = 4
"""Names as short as this may be words; shorter ones are left as they are written."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a juror says: whether what was decided stands or falls, and why."""

    vote: CaseState
    reason: str


@dataclass(frozen=True, slots=True)
class SeatTask:
    """What a seat's task consists of: the title and design of its project, and its own row."""

    title: str
    description: str
    design: dict[str, Any]
    row: dict[str, str]


def form_of(case: Case, shown: Shown, *, peers: int, names: Collection[str], files: int) -> SeatTask:
    """Return the task by which jurors hear a case, in the active language, with `names` taken out of texts.

    What the two sides wrote stands in the row; the rest is ours, and stands in the design.
    """
    row = {TITLE: str(CaseKind(case.kind).label)}
    if not shown.works:  # a project's title would lead to its requester; the work tells what it is about
        row[TITLE] = without_names(shown.title, names)
    items: list[dict[str, Any]] = [{"type": "text", "heading": _("What it is about"), "text": _place(TITLE)}]
    items += [
        {"type": "work", "number": number, "heading": _heading(case, number, len(shown.works))}
        for number, _work in enumerate(shown.works, start=1)
    ]
    for number, passage in enumerate(shown.passages, start=1):
        row[f"{PASSAGE}_{number}"] = without_names(passage.text, names)
        items.append({"type": "text", "heading": passage.heading, "text": _place(f"{PASSAGE}_{number}")})
    if files:
        row[FILES] = str(files)
        words = _("Files that who appealed added: %(count)s. You find them on the page of your seats.")
        items.append({"type": "text", "heading": _("Files"), "text": words % {"count": _place(FILES)}})
    items += [
        {
            "type": "single_choice",
            "name": VOTE,
            "label": shown.question,
            "options": [
                {"value": str(CaseState.STANDS), "label": shown.stands},
                {"value": str(CaseState.FALLS), "label": shown.falls},
            ],
        },
        {
            "type": "long_text",
            "name": REASON,
            "label": _("Why?"),
            "help": _("Both sides read this. Say what you saw, not who you are, and do not sign."),
            "min_length": 1,
            "max_length": min(LONGEST_REASON, LONGEST_REASONS // peers - len(BETWEEN)),
        },
    ]
    return SeatTask(
        title=_("Hear an appeal: %(about)s") % {"about": CaseKind(case.kind).label},
        description=_(
            "You were drawn by lot to decide, with others, on an appeal. It is paid from the justice fund."
        ),
        design={"version": 1, "instructions": _instructions(), "items": items},
        row=row,
    )


BETWEEN = "\n\n* * *\n\n"
"""Stands between the reasons of two jurors."""


def said_in(answer: Mapping[str, Any]) -> Said:
    """Read the answer to such a task."""
    return Said(CaseState(answer[VOTE]), str(answer[REASON]).strip())


def names_in(case: Case, others: Collection[int]) -> list[str]:
    """Return the screen names of the two sides of a case, which jurors are not to read."""
    sides = Party.objects.filter(pk__in=[case.party_id, *others]).order_by("pk")
    return list(sides.values_list("screen_name", flat=True))


def without_names(text: str, names: Collection[str]) -> str:
    """Return a text with each of the names in it, as a word of its own, replaced by “(name)”."""
    long_enough = [re.escape(name) for name in names if len(name) >= SHORTEST_NAME_HIDDEN]
    if not long_enough:
        return text
    found = rf"(?<!\w)@?(?:{'|'.join(sorted(long_enough, key=len, reverse=True))})(?!\w)"
    return re.sub(found, _("(name)"), text, flags=re.IGNORECASE)


def _place(column: str) -> str:
    return "{{" + column + "}}"


def _heading(case: Case, number: int, works: int) -> str:
    if works == 1:
        return _("The work")
    if case.kind != CaseKind.REJECTION:
        return _("Work %(number)s") % {"number": number}
    return _("The work as it was first handed in") if number == 1 else _("The work as it was handed in again")


def _instructions() -> str:
    heard = _(
        "Somebody contests what was decided about them. You and other peers decide; what most of you say"
        " holds, and is carried out at once. Look at what is here and at nothing else."
    )
    blind = _(
        "You are not told who the two sides are, and they are not told who you are. If you guess it and it"
        " would sway you, give the task back: another peer is drawn. Nobody asks why."
    )
    return f"{heard}\n\n{blind}"
