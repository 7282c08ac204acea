"""The charter and its log are compared, over and over, so that no change goes unseen."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from canut.charter import log
from canut.charter.comparing import verify_here
from canut.charter.kept_heads import keep_heads
from canut.charter.models import Alarm, TreeHead
from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.models import Heartbeat

LOOKS = "charter.watch"
"""The heartbeat that says when somebody last looked."""

BETWEEN_ASKING = timedelta(seconds=5)
"""How often it is asked whether a look is due."""

LOOKING = timedelta(seconds=10)
"""What a look may take on a busy machine, from the asking to the banner on every page."""

MOST_TOLD = 100


def watch_if_due(*, at: datetime) -> Alarm | None:
    """Look if the next look would otherwise come too late (`charter.watch_seconds`); else return None."""
    last = Heartbeat.objects.filter(name=LOOKS).first()
    every = timedelta(seconds=in_force("charter.watch_seconds", at=at)) - BETWEEN_ASKING - LOOKING
    if last is not None and last.beat_at <= at < last.beat_at + every:
        return None
    return watch_log(at=at)


@transaction.atomic
def watch_log(*, at: datetime) -> Alarm | None:
    """Look once. Return the alarm that is open after it: every page shows it; None if all is well.

    Members and operators are mailed when an alarm begins. What it tells follows what is found; it ends
    when a look finds nothing wrong. Then the heads signed since are kept outside the database as well.
    """
    found = verify_here().findings[:MOST_TOLD]  # it takes the log's lock, so two looks never cross
    what = [{"code": one.code, "facts": dict(one.facts)} for one in found]
    Heartbeat.objects.update_or_create(name=LOOKS, defaults={"beat_at": at})
    open_ = Alarm.objects.filter(ended_at__isnull=True).first()
    if open_ is not None and open_.what == what:
        return open_
    if open_ is not None:
        open_.ended_at = at
        open_.save(update_fields=["ended_at"])
    transaction.on_commit(log.look_again)
    if not what:
        with suppress(OSError):  # the data folder is full, or closed to us: `canut check` tells of that
            keep_heads(TreeHead.objects.order_by("size", "pk").values_list("note", flat=True))
        if open_ is not None:
            record(None, "charter.alarm_ended", open_, at=at)
        return None
    alarm = Alarm.objects.create(found_at=at, what=what)
    record(None, "charter.alarm_raised", alarm, at=at, codes=sorted({one.code for one in found}))
    if open_ is None:
        later("charter.tell_of_alarm", alarm_id=alarm.pk)
    return alarm
