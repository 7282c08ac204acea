"""Rows that a program sends become tasks at once, paid for first if the project is published."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import lock_owner, own_project
from canut.work.models import Task, Upload
from canut.work.rules import Quote
from canut.work.states import ProjectState, UploadState
from canut.work.uploads.objects import row_json
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.read_upload import READ_AT_ONCE_BYTES, choose_columns
from canut.work.usecases.receive_upload import FileTooLarge, receive_upload

MOST_ROWS = 1_000
"""How many rows one call adds; more come as a file."""


@dataclass(frozen=True, slots=True)
class GivenRows:
    """The tasks that the rows became, and what was charged for them; None in a draft."""

    upload: Upload
    tasks: Sequence[Task]
    charged: Quote | None


@transaction.atomic
def add_given_rows(
    *,
    project_id: int,
    by: Person,
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
    key: str = "",
    answers: str = "",
    agreed_minor: int | None = None,
) -> GivenRows:
    """Make a task of every row, or of none. They are kept as a file like any other, and read by its rules.

    `key` names the column of the rows' ids, `answers` the one that says how many answers a row needs;
    "" for none. In a published project every row that waits is paid for and opened, as `add_tasks`
    does; `agreed_minor` is then the total that was agreed to.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to fill. ProjectClosed: it takes no more work.
        BadInput: no row, more than a thousand, or a column that no row has. FileTooLarge: over 5 MB.
        RowsAreBad: a row cannot be used.
        UploadWaiting: a file is waiting, or still becoming tasks.
        RewardUnderFloor, ProjectDeadlinePassed, TotalChanged, InsufficientFunds: as `add_tasks`; nothing
            is added.
    """
    lock_owner(by)
    if not 1 <= len(rows) <= MOST_ROWS:
        sentence = _("Send 1 to 1,000 rows at once; send more as a file.")
        raise BadInput(sentence, errors={"rows": sentence})
    written = "".join(f"{row_json(row)}\n" for row in rows).encode()
    if len(written) > READ_AT_ONCE_BYTES:
        raise FileTooLarge(
            _("Rows sent at once may weigh %(limit)s MB together. Send more as a file.")
            % {"limit": READ_AT_ONCE_BYTES // 1_000_000},
            limit_bytes=READ_AT_ONCE_BYTES,
        )
    filename = f"rows-{at:%Y%m%d-%H%M%S}.jsonl"
    upload = receive_upload(
        project_id=project_id, by=by, file=File(io.BytesIO(written), filename), filename=filename, at=at
    )
    try:
        if upload.state == UploadState.REFUSED:
            raise BadInput(upload.problem, errors={"rows": upload.problem})
        choose_columns(upload_id=upload.pk, by=by, key=key, answers=answers, at=at)
        upload = add_rows(upload_id=upload.pk, by=by, skip_bad=False, at=at)
        charged = None
        if own_project(project_id, by=by).state != ProjectState.DRAFT:
            charged = add_tasks(project_id=project_id, by=by, at=at, agreed_minor=agreed_minor)
    except BaseException:
        default_storage.delete(upload.stored_as)
        raise
    return GivenRows(
        upload,
        list(Task.objects.filter(upload=upload).select_related("revision").order_by("position")),
        charged,
    )
