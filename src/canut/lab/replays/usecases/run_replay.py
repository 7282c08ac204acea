"""A replay is run by a job: read, worked out, kept, and attached to its proposal."""

import json
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from canut.charter.parameters import PARAMETERS
from canut.charter.rules import from_json
from canut.governance.models import ProposalVersion
from canut.governance.refusals import ReplayOutdated
from canut.governance.usecases.attach_replay import attach_replay
from canut.lab.replays.asked import Tell
from canut.lab.replays.charters import Setting
from canut.lab.replays.families import replay_setting
from canut.lab.replays.models import Replay
from canut.lab.replays.report import to_plain

PROGRESS_EVERY_SECONDS = 0.5


def run_replay(*, replay_id: int, at: datetime) -> None:
    """Work out a replay and keep it; one of a proposal's version is attached to it. Safe to run twice."""
    replay = Replay.objects.filter(pk=replay_id, finished_at__isnull=True).first()
    if replay is None:
        return
    try:
        reports = _worked_out(replay, at=at)
    except Exception:
        Replay.objects.filter(pk=replay_id, finished_at__isnull=True).update(problem=True)
        raise
    text = json.dumps({"reports": reports}, ensure_ascii=False, indent=1).encode()
    stored_as = default_storage.save(f"replays/{uuid4().hex}.json", ContentFile(text))
    try:
        kept = _keep(replay_id, reports, stored_as, at=at)
    except BaseException:
        default_storage.delete(stored_as)
        raise
    if not kept:
        default_storage.delete(stored_as)


@transaction.atomic
def _keep(replay_id: int, reports: list[dict[str, Any]], stored_as: str, *, at: datetime) -> bool:
    """Keep what came out, once; return whether it was not kept before."""
    replay = Replay.objects.select_for_update().get(pk=replay_id)
    if replay.finished_at is not None:
        return False
    replay.reports, replay.stored_as = reports, stored_as
    replay.done_share, replay.problem, replay.finished_at = 1, False, max(at, replay.asked_at)
    replay.save(update_fields=["reports", "stored_as", "done_share", "problem", "finished_at"])
    if replay.version_id is not None:
        version = ProposalVersion.objects.get(pk=replay.version_id)
        try:
            attach_replay(
                proposal_id=version.proposal_id,
                version=version.number,
                summary={"reports": reports},
                stored_as=stored_as,
                at=at,
            )
        except ReplayOutdated:  # amended meanwhile: the new version has a replay of its own
            return True
    return True


def _worked_out(replay: Replay, *, at: datetime) -> list[dict[str, Any]]:
    settings = [_setting(one) for one in replay.settings]
    reports = []
    for number, setting in enumerate(settings):
        tell = _telling(replay, done=number, of=len(settings))
        beside = [one for one in settings if one is not setting]
        reports.append(to_plain(replay_setting(setting, at=at, tell=tell, beside=beside)))
    return reports


def _setting(kept: dict[str, Any]) -> Setting:
    return Setting(
        parameter=kept["parameter"],
        value=from_json(PARAMETERS[kept["parameter"]], kept["value"]),
        scope_kind=kept["scope_kind"],
        scope_key=kept["scope_key"],
    )


def _telling(replay: Replay, *, done: int, of: int) -> Tell:
    """Return what notes how far a replay is, twice a second at most."""
    said_at = monotonic()

    def tell(share: float) -> None:
        nonlocal said_at
        if monotonic() - said_at >= PROGRESS_EVERY_SECONDS:
            said_at = monotonic()
            whole = min(1.0, max(0.0, (done + share) / of))
            Replay.objects.filter(pk=replay.pk, finished_at__isnull=True).update(done_share=whole)

    return tell
