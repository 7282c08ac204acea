"""Somebody notes what they learnt, and later says it better."""

from datetime import date, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from canut.guilds.journal.access import entries_of, journal_for_change, own_entry
from canut.guilds.journal.limits import LONGEST_TEXT, LONGEST_TITLE, MOST_ENTRIES, MOST_LINES
from canut.guilds.journal.models import JournalEntry
from canut.guilds.journal.queries import today_of
from canut.guilds.journal.wording import as_kept, as_one_line
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.queries.worked_in import worked_in

EARLIEST = date(1900, 1, 1)

Unchanged = Literal["unchanged"]


class JournalIsFull(Refusal):
    code = "journal_is_full"


class EntryChangedMeanwhile(Refusal):
    """Nothing was saved. Facts: `changed_at`, when the entry was changed after the form was opened."""

    code = "entry_changed_meanwhile"


@transaction.atomic
def write_entry(
    *,
    by: Person,
    title: str,
    text: str,
    at: datetime,
    learnt_on: date | None = None,
    project_id: int | None = None,
) -> JournalEntry:
    """Put an entry into `by`'s journal; learnt today unless another day is given.

    It concerns nobody else: no event. Writing the same once more is safe: the second call returns the
    first's entry.

    Raises:
        BadInput: something has the wrong shape, or the project is none that `by` handed work in to.
        JournalIsFull: there is no room.
    """
    title, text = _ensure_fits(title=title, text=text)
    learnt_on = learnt_on or today_of(by, at=at)
    _ensure_day(learnt_on, by=by, at=at)
    _ensure_own_work(project_id, by=by)
    journal_for_change(by)
    about = Q(project__isnull=True) if project_id is None else Q(project_id=project_id)
    same = entries_of(by).filter(about, title=title, text=text, learnt_on=learnt_on)
    if (written := same.order_by("pk").first()) is not None:
        return written
    if entries_of(by).count() >= MOST_ENTRIES:
        raise JournalIsFull(
            _("Your journal holds %(count)s entries, which is all there is room for. Delete one first.")
            % {"count": MOST_ENTRIES},
            most=MOST_ENTRIES,
        )
    return JournalEntry.objects.create(
        writer=by,
        project_id=project_id,
        title=title,
        text=text,
        learnt_on=learnt_on,
        created_at=at,
        changed_at=at,
    )


@transaction.atomic
def change_entry(
    *,
    entry_id: int,
    by: Person,
    at: datetime,
    based_on: datetime | None = None,
    title: str | None = None,
    text: str | None = None,
    learnt_on: date | None = None,
    project_id: int | Unchanged | None = "unchanged",
) -> JournalEntry:
    """Change what is given of one of `by`'s entries, and leave the rest; None takes its project away.

    `based_on` is the entry's `changed_at` as the writer saw it: of two changes at once, in two windows,
    the later is refused. Without it nothing is compared.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
        EntryChangedMeanwhile: it was changed after `based_on`.
        BadInput: as `write_entry`.
    """
    entry = own_entry(entry_id, by=by, lock=True)
    kept_title, kept_text = _ensure_fits(
        title=entry.title if title is None else title, text=entry.text if text is None else text
    )
    day = entry.learnt_on if learnt_on is None else learnt_on
    project = entry.project_id if project_id == "unchanged" else project_id
    if day != entry.learnt_on:
        _ensure_day(day, by=by, at=at)
    if project != entry.project_id:
        _ensure_own_work(project, by=by)
    before = (entry.title, entry.text, entry.learnt_on, entry.project_id)
    if before == (kept_title, kept_text, day, project):
        return entry  # a retry, or nothing that a change in another window would be lost by
    if based_on is not None and entry.changed_at != based_on:
        raise _changed_meanwhile(entry)
    entry.title, entry.text, entry.learnt_on, entry.project_id = kept_title, kept_text, day, project
    # Later than before even where clocks stand still, so that no form based on it passes for current.
    entry.changed_at = max(at, entry.changed_at + timedelta(microseconds=1))
    entry.save(update_fields=["title", "text", "learnt_on", "project", "changed_at"])
    return entry


def _ensure_fits(*, title: str, text: str) -> tuple[str, str]:
    """Return title and text as they are kept."""
    kept_title, kept_text = as_one_line(title), as_kept(text)
    errors = {}
    if not kept_title or len(kept_title) > LONGEST_TITLE:
        errors["title"] = _("Give the entry a title of at most %(count)s characters.") % {
            "count": LONGEST_TITLE
        }
    if kept_text and kept_text.count("\n") >= MOST_LINES:
        errors["text"] = _("Write it in at most %(count)s lines.") % {"count": MOST_LINES}
    if not kept_text or len(kept_text) > LONGEST_TEXT:
        errors["text"] = _(
            "Write what you learnt, in at most %(count)s characters. These are %(length)s."
        ) % {
            "count": LONGEST_TEXT,
            "length": len(kept_text or ""),
        }
    if errors or kept_title is None or kept_text is None:
        raise BadInput(_("The entry cannot be kept like this. See each field."), errors=errors)
    return kept_title, kept_text


def _ensure_day(learnt_on: date, *, by: Person, at: datetime) -> None:
    if not EARLIEST <= learnt_on <= today_of(by, at=at):
        sentence = _("Choose today or a day before.")
        raise BadInput(
            _("The entry cannot be kept like this. See each field."), errors={"learnt_on": sentence}
        )


def _ensure_own_work(project_id: int | None, *, by: Person) -> None:
    if project_id is not None and not worked_in(by.pk, project_id=project_id):
        sentence = _("Choose one of the projects that you have handed work in to, or none.")
        raise BadInput(
            _("The entry cannot be kept like this. See each field."), errors={"project_id": sentence}
        )


def _changed_meanwhile(entry: JournalEntry) -> EntryChangedMeanwhile:
    local = timezone.localtime(entry.changed_at)
    return EntryChangedMeanwhile(
        _(
            "This entry was changed at %(time)s, after you opened this form, in another window or by a "
            "program. Nothing was saved; what you typed is still here. Save again to put it in the place "
            "of that change."
        )
        % {"time": time_format(local, "H:i:s")},
        changed_at=entry.changed_at.isoformat(),
    )
