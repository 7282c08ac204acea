"""Rows of a running cascade, and how their promises are broken."""

from datetime import timedelta
from decimal import Decimal

from tests.builders import NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import CascadeBeat, CascadeTally, Place, Project
from canut.work.usecases.rate_worker import rate_worker

WAYS: list[Way] = [
    # A project has a threshold exactly while its clock runs
    changing("project_cascade_policy_known", "cascading", cascade_policy="'lottery'"),
    changing("project_cascade_has_clock", "cascading", cascade_next_at="NULL"),
    changing("project_cascade_has_clock", "cascading", threshold="NULL"),
    changing("project_cascade_has_clock", "cascading", cascade_started_at="NULL"),
    changing("project_cascade_has_clock", "cascading", cascade_beat_at="NULL"),
    changing("project_cascade_has_clock", "cascading", cascade_beat="0"),
    changing("project_cascade_has_clock", "live", cascade_stopped_at="now()"),
    changing("project_cascade_has_clock", "live", threshold="2"),
    changing("project_cascade_has_clock", "live", cascade_next_at="now()"),
    # Only a newcomer's place is kept back, below zero, and that only while it is open
    changing("place_ranked_while_open", "open_place", rank="-1"),
    changing("place_ranked_while_open", "kept_place", for_newcomers="false"),
    changing("place_ranked_while_open", "kept_place", state="'waiting'"),
    # What a beat did is history: it names its policy and why, and goes down
    adding("cascade_beat_policy_known", "beat", policy="'lottery'"),
    adding("cascade_beat_why_known", "beat", why="'bored'"),
    adding("cascade_beat_never_rises", "beat", threshold_before="2.99", threshold="3"),
    adding("cascade_beat_written_late", "beat", written_at="at"),
    changing("work_cascadebeat_written_once", "beat", threshold="1"),
    # No project has done more work than all of them
    changing("cascade_tally_of_the_platform", "tally", done_seconds="platform_done_seconds + 1"),
    changing("cascade_tally_of_the_platform", "tally", upto="since - interval '1 second'"),
    # How somebody came in stays as it was, and who came by standing had it
    changing("work_admission_written_once", "admission", threshold="1"),
    adding("admission_way_known", "admission", assignment_id="{held}", way="'charm'"),
    adding("admission_standing_reached", "admission", assignment_id="{held}", standing="threshold - 0.01"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add a project that is open to those rated best, one of whom has taken a task of it."""
    requester, worker = a_requester(), a_worker()
    done = a_submission(worker=worker, project=a_project(owner=requester, rows=1))
    rate_worker(submission_id=done.pk, by=requester, value=Decimal(3), at=NOON)
    later = NOON + timedelta(minutes=5)
    project = a_project(owner=requester, rows=5, answers=2, at=later, cascade_policy="ladder")
    held = taken(worker=worker, project=project, at=later)
    running = Project.objects.get(pk=project.pk, threshold=3)
    CascadeTally.objects.create(project=running, since=later, upto=later)
    return {
        "cascading": ("work_project", running.pk),
        "kept_place": ("work_place", Place.objects.get(project=running, rank__lt=0).pk),
        "beat": ("work_cascadebeat", CascadeBeat.objects.get(project=running).pk),
        "tally": ("work_cascadetally", running.pk),
        "admission": ("work_admission", held.admission.pk),
    }
