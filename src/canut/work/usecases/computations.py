"""What results and exports have in common: asking for one, its progress, its file, its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.later import later
from canut.people.models import Person
from canut.work.models import Computation, Project
from canut.work.queries.answers import stand_of

LOST_AFTER = timedelta(hours=1)
"""A job that has not ended by then is not waited for: the next one who asks gets another."""

KEPT_DAYS = 7
"""After so many days a file is forgotten; whoever wants it again asks again."""

PROGRESS_EVERY_SECONDS = 0.5
FORGET_AT_ONCE = 500

Tell = Callable[[float], None]
"""Is told the share that is done, from 0 to 1, as often as one likes."""


def ask_for(
    project: Project, asked: dict[str, Any], *, by: Person, ending: str, at: datetime
) -> tuple[Computation, bool]:
    """Return the computation of exactly `asked`, and whether it was made just now.

    One that is being worked on is shared, and one that is done is given again while nothing has come
    in that it does not know. The caller holds the project's row, so that two who ask get one.
    """
    stand = stand_of(project.pk)
    same = Computation.objects.filter(project=project, asked__contains=asked).order_by("-pk")
    kept_since = at - timedelta(days=KEPT_DAYS)
    newest = same.filter(asked_at__gte=kept_since).first()
    if newest is not None:
        is_under_way = newest.finished_at is None and newest.asked_at > at - LOST_AFTER
        if is_under_way or (newest.finished_at is not None and newest.asked["as_of"] == stand):
            return newest, False
    made = Computation.objects.create(
        project=project,
        asked_by=by,
        asked={**asked, "as_of": stand},
        stored_as=f"results/{project.pk}/{uuid4().hex}.{ending}",
        asked_at=at,
    )
    return made, True


def begin(computation_id: int) -> Computation | None:
    """Return a computation for a job to work on, as of now; None if it is done or forgotten."""
    found = Computation.objects.select_related("project", "asked_by").filter(pk=computation_id).first()
    if found is None or found.finished_at is not None:
        return None
    found.asked["as_of"] = stand_of(found.project_id, alias=settings.DATABASE_FOR_LONG_READS)
    found.problem, found.done_share = "", 0.0
    found.save(update_fields=["asked", "problem", "done_share"])
    return found


def progress_of(computation: Computation) -> Tell:
    """Return what notes how far a computation is, twice a second at most."""
    said_at = monotonic()

    def tell(share: float) -> None:
        nonlocal said_at
        if monotonic() - said_at >= PROGRESS_EVERY_SECONDS:
            said_at = monotonic()
            Computation.objects.filter(pk=computation.pk).update(done_share=min(1.0, max(0.0, share)))

    return tell


def finish(computation: Computation, file: IO[bytes], result: dict[str, Any], *, at: datetime) -> None:
    """Keep the file and the figures. What an earlier try of the same job has left is replaced."""
    size = file.seek(0, 2)
    file.seek(0)
    default_storage.delete(computation.stored_as)
    stored_as = default_storage.save(computation.stored_as, File(file))
    changed = Computation.objects.filter(pk=computation.pk).update(
        result={**result, "size_bytes": size}, stored_as=stored_as, done_share=1, problem="", finished_at=at
    )
    if not changed:  # forgotten meanwhile
        default_storage.delete(stored_as)


def note_fault(computation: Computation) -> None:
    """Note that a job broke off, for those who wait; it is tried again by itself."""
    Computation.objects.filter(pk=computation.pk, finished_at=None).update(
        problem=_("This broke off by a fault of the site. It is tried again by itself in a while.")
    )


def forget_old_computations(*, at: datetime) -> int:
    """Forget results and exports asked for more than a week ago, and their files; return how many."""
    forgotten = 0
    while True:
        with transaction.atomic():
            old = Computation.objects.select_for_update(skip_locked=True).filter(
                asked_at__lt=at - timedelta(days=KEPT_DAYS)
            )
            batch = list(old.order_by("pk")[:FORGET_AT_ONCE])
            for computation in batch:
                later("work.forget_file", stored_as=computation.stored_as)
            Computation.objects.filter(pk__in=[computation.pk for computation in batch]).delete()
        forgotten += len(batch)
        if len(batch) < FORGET_AT_ONCE:
            return forgotten
