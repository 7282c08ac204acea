"""Results whose job breaks off: what is said meanwhile, and that the next try makes them whole."""

import pytest
from django.db import transaction
from tests.builders import NOON, a_requester
from tests.work.test_results import compared

from canut.work.usecases.compute_results import compute_results, work_out_results

pytestmark = pytest.mark.usefixtures("committed", "uploads")


def test_a_fault_is_said_to_those_who_wait_and_goes_away_with_the_next_try(uploads):
    requester = a_requester("requester")
    with transaction.atomic():
        project = compared(requester)
    computation = compute_results(project_id=project.pk, by=requester, at=NOON)
    # Given a store that cannot be written to
    uploads.write_bytes(b"no folder")
    with pytest.raises(OSError, match=str(uploads)):
        work_out_results(computation_id=computation.pk, at=NOON)
    computation.refresh_from_db()
    assert computation.problem.startswith("This broke off by a fault of the site")
    assert computation.finished_at is None
    # When it is mended and the job tried again
    uploads.unlink()
    work_out_results(computation_id=computation.pk, at=NOON)
    computation.refresh_from_db()
    assert (computation.problem, computation.finished_at) == ("", NOON)
