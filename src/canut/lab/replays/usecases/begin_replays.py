"""Every draft that would set something is replayed, as soon as it is written."""

from datetime import datetime

from django.db import transaction

from canut.governance.models import ProposalVersion
from canut.governance.queries.awaiting import proposals_awaiting_replay
from canut.kernel.later import later
from canut.lab.replays.models import Replay


def begin_replays(*, at: datetime) -> int:
    """Begin the replay of every version that waits for one and has none under way; return how many."""
    return sum(_begin(one.proposal_id, one.version, at=at) for one in proposals_awaiting_replay(at))


@transaction.atomic
def _begin(proposal_id: int, number: int, *, at: datetime) -> bool:
    version = ProposalVersion.objects.select_for_update(no_key=True).get(proposal=proposal_id, number=number)
    if Replay.objects.filter(version=version).exists():
        return False
    settings = [
        {
            "parameter": one.parameter,
            "scope_kind": one.scope_kind,
            "scope_key": one.scope_key,
            "value": one.new_value,
        }
        for one in version.settings.order_by("position")
    ]
    replay = Replay.objects.create(version=version, settings=settings, asked_at=at)
    later("lab.run_replay", replay_id=replay.pk)
    return True
