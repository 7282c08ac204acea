"""Rows of sessions, refusals, files and frames, and how their promises are broken."""

from datetime import timedelta

from tests.builders import NOON
from tests.promises import run
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import (
    AnswerFile,
    DesignVersion,
    FramePermit,
    ProjectOpening,
    ProjectRefusal,
    Withdrawal,
    WorkBreak,
    WorkSession,
)

DAY = "interval '1 day'"

WAYS: list[Way] = [
    # Projects, revisions, versions of a design
    changing("project_risks_known", "draft", risks="'{{boredom}}'"),
    changing(
        "revision_hours_not_overdrawn", "draft_revision", hours_reserved_seconds="hours_paid_seconds + 1"
    ),
    changing("revision_hours_paid_as_asked", "draft_revision", hours_paid_seconds="hours_seconds + 1"),
    changing("revision_frozen", "revision", hourly_minor="hourly_minor + 1"),
    changing("revision_frozen", "revision", session_most_seconds="9"),
    changing("revision_frozen", "revision", design_hash="'another'"),
    changing("revision_reward_fits_kind", "volunteer_revision", hourly_minor="5", published_at="now()"),
    adding("design_version_once", "version"),
    changing("design_version_step_known", "version", step="'dreamt'"),
    changing("worker_choice_risks_known", "choice", accepted_risks="'{{boredom}}'"),
    changing("assignment_promise_kept", "held", session_id="{session}"),
    # Sessions
    adding("session_one_open_per_worker", "session"),
    changing(
        "session_end_known",
        "session",
        ended_by="'storm'",
        closed_at="now()",
        paid_seconds="900",
        paid_minor="5",
    ),
    changing("session_closed_is_paid", "session", closed_at="now()"),
    changing("session_closed_is_paid", "session", paid_seconds="900"),
    changing("session_closed_is_paid", "session", ended_by="'worker'"),
    changing(
        "session_paid_within_reserve",
        "session",
        closed_at="now()",
        ended_by="'worker'",
        paid_minor="5",
        paid_seconds="reserved_seconds + 1",
    ),
    changing("session_ends_later", "session", ends_at="opened_at"),
    adding("break_one_at_a_time", "break"),
    changing("break_ends_later", "break", ended_at=f"began_at - {DAY}"),
    # Collective refusal
    adding("opening_once", "opening"),
    adding("refusal_once", "refusal"),
    adding("refusal_ground_known", "refusal", worker_id="{peer}", ground="'dull'"),
    adding("refusal_other_has_words", "refusal", worker_id="{peer}", ground="'other'"),
    changing("work_projectrefusal_written_once", "refusal", words="'On second thoughts.'"),
    changing(
        "withdrawal_appeal_known",
        "withdrawal",
        appeal="'lost'",
        decided_at="now()",
        without=("withdrawal_decided_by_somebody",),
    ),
    changing("withdrawal_ended_has_time", "withdrawal", decided_at="now()"),
    changing(
        "withdrawal_ended_has_time",
        "withdrawal",
        appeal="'upheld'",
        without=("withdrawal_decided_by_somebody",),
    ),
    changing("withdrawal_decided_by_somebody", "withdrawal", appeal="'upheld'", decided_at="now()"),
    changing("withdrawal_decided_by_somebody", "withdrawal", heard_by_id="{peer}"),
    changing(
        "withdrawal_decided_by_somebody",
        "withdrawal",
        appeal="'overturned'",
        decided_at="now()",
        ended_by="'jury'",
    ),
    changing(
        "withdrawal_decided_by_somebody",
        "withdrawal",
        appeal="'upheld'",
        decided_at="now()",
        ended_by="'no_peers'",
    ),
    # Files and frames
    changing("answer_file_not_empty", "file", size_bytes="0"),
    changing("answer_file_has_name", "file", filename="''"),
    adding("work_answerfile_stored_as_key", "file", id="gen_random_uuid()"),
    changing("frame_permit_ends_later", "permit", expires_at="made_at"),
    changing("frame_permit_used_has_answer", "permit", used_at="now()"),
    changing("frame_permit_used_has_answer", "permit", answer="'{{}}'"),
    adding("work_framepermit_hash_key", "permit"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add a row to each of these tables. No verb made them: what is tried here is the database alone."""
    ids = {name: int(key) for name, (_table, key) in world.items()}
    project, worker, held = ids["live"], ids["choice"], ids["held"]
    later = NOON + timedelta(days=1)
    within = {"project_id": project, "revision_id": ids["revision"]}
    version = DesignVersion.objects.create(
        revision_id=ids["draft_revision"],
        number=1,
        design={},
        is_sound=False,
        step="begun",
        made_by_id=worker,
        made_at=NOON,
    )
    session = WorkSession.objects.create(
        **within,
        worker_id=worker,
        hourly_minor=1500,
        least_seconds=900,
        reserved_seconds=3600,
        opened_at=NOON,
        ends_at=later,
        last_seen_at=NOON,
    )
    pause = WorkBreak.objects.create(session=session, began_at=NOON, is_paid=True)
    opening = ProjectOpening.objects.get(project_id=project, worker_id=worker)  # by taking a task of it
    refusal = ProjectRefusal.objects.create(
        project_id=project, worker_id=worker, ground="unsafe", refused_at=NOON
    )
    Withdrawal.objects.create(
        project_id=project, opened_by_workers=5, refused_by_workers=3, needed_workers=3, withdrawn_at=NOON
    )
    file = AnswerFile.objects.create(
        project_id=project,
        assignment_id=held,
        worker_id=worker,
        item="photo",
        stored_as="answers/1",
        filename="photo.png",
        media_type="image/png",
        size_bytes=9,
        sha256="0" * 64,
        uploaded_at=NOON,
    )
    permit = FramePermit.objects.create(
        assignment_id=held, item="page", hash="0" * 64, made_at=NOON, expires_at=later
    )
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return {
        "version": ("work_designversion", version.pk),
        "session": ("work_worksession", session.pk),
        "break": ("work_workbreak", pause.pk),
        "opening": ("work_projectopening", opening.pk),
        "refusal": ("work_projectrefusal", refusal.pk),
        "withdrawal": ("work_withdrawal", project),
        "file": ("work_answerfile", f"'{file.pk}'"),
        "permit": ("work_framepermit", permit.pk),
    }
