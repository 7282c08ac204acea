"""Replays as pages and programs read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from canut.lab.replays.models import Replay
from canut.lab.replays.refusals import ReplayNotFound
from canut.lab.replays.report import Report, from_plain
from canut.lab.replays.wording import ReportSaid, say
from canut.people.models import Person

MOST_SHOWN = 20
State: TypeAlias = Literal["running", "broken", "done"]


@dataclass(frozen=True, slots=True)
class ReplaySeen:
    """One replay. `state` is "running", "broken" (it is tried again by itself) or "done".

    `reports` are there once it is done, `said` the same in the reader's words.
    """

    id: int
    state: State
    done_share: float
    proposal_id: int | None
    version: int | None
    parameters: Sequence[str]
    asked_at: datetime
    finished_at: datetime | None
    stored_as: str
    reports: Sequence[Report] = ()
    said: Sequence[ReportSaid] = ()

    @property
    def percent(self) -> int:
        return int(self.done_share * 100)


def replay_seen(replay_id: int, *, in_full: bool = True) -> ReplaySeen:
    """Return a replay: nothing in it is anybody's own, so whoever has its number may read it.

    Its reports come with it only `in_full`.

    Raises:
        ReplayNotFound: there is none of this number.
    """
    row = Replay.objects.select_related("version").filter(pk=replay_id).first()
    if row is None:
        raise ReplayNotFound(_("There is no such replay. It may have had another number."))
    return _seen(row, in_full=in_full)


def report_file(replay_id: int) -> bytes:
    """Return the file of a replay that is done.

    Raises:
        ReplayNotFound: there is none of this number, or it is not done.
    """
    rows = Replay.objects.filter(pk=replay_id, finished_at__isnull=False)
    stored_as = rows.values_list("stored_as", flat=True).first()
    if stored_as is None:
        raise ReplayNotFound(_("There is no such replay, or it is not done yet."))
    with default_storage.open(stored_as) as file:
        return bytes(file.read())


def replay_of_version(proposal_id: int, version: int) -> ReplaySeen | None:
    """Return the replay of a proposal's version, under way or done; None where none has begun."""
    rows = Replay.objects.select_related("version")
    row = rows.filter(version__proposal=proposal_id, version__number=version).first()
    return None if row is None else _seen(row)


def replay_of_proposal(proposal_id: int) -> ReplaySeen:
    """Return the replay of a proposal's latest version that has one.

    Raises:
        ReplayNotFound: none of its versions has one, or there is no such proposal.
    """
    rows = Replay.objects.select_related("version").filter(version__proposal=proposal_id)
    row = rows.order_by("-version__number").first()
    if row is None:
        raise ReplayNotFound(_("This proposal has no replay, or none yet."))
    return _seen(row)


def own_replays(by: Person) -> list[ReplaySeen]:
    """Return the last replays that somebody asked for, newest first, without their reports."""
    rows = Replay.objects.filter(asked_by=by).order_by("-pk")[:MOST_SHOWN]
    return [_seen(row, in_full=False) for row in rows]


def _seen(row: Replay, *, in_full: bool = True) -> ReplaySeen:
    reports = [from_plain(one) for one in row.reports or ()] if in_full else []
    version = row.version
    return ReplaySeen(
        id=row.pk,
        state="done" if row.finished_at else "broken" if row.problem else "running",
        done_share=row.done_share,
        proposal_id=None if version is None else version.proposal_id,
        version=None if version is None else version.number,
        parameters=[one["parameter"] for one in row.settings],
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        stored_as=row.stored_as,
        reports=reports,
        said=[say(report, key=f"replay-{row.pk}-{number}") for number, report in enumerate(reports, start=1)],
    )
