"""Rows of broken tasks, their reports and contests, and how their promises are broken."""

from datetime import timedelta

from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.promises import run
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import Assignment, BrokenContest, BrokenReport, BrokenRow
from canut.work.usecases.report_broken import report_broken

OVER = {"decided_at": "opened_at"}
SAID = {"decision": "'It was whole.'"}
ELSEWHERE = {"report_id": "{uncontested_report}"}
OF_OTHER = {"assignment_id": "{unreported}", "task_id": "{unreported_task}", "row_id": "{unreported_row}"}
ENDED = {"ended_at": "paused_at", "ended_by_id": "{peer}"}

WAYS: list[Way] = [
    # A row is one of its project's, is out of the feed once at a time, and how that ended is said once
    adding("broken_row_one_off", "paused_row"),
    adding("broken_row_of_project", "whole_row", task_id="{other_task}"),
    adding("broken_row_with_task", "whole_row", id="{whole_row}", without=("work_brokenrow_pkey",)),
    changing(
        "broken_row_state_known",
        "paused_row",
        state="'lost'",
        without=("broken_row_ended_by_somebody", "broken_row_before_if_mended"),
    ),
    changing("broken_row_ended_by_somebody", "paused_row", state="'whole'"),
    changing("broken_row_ended_by_somebody", "paused_row", **ENDED),
    changing("broken_row_ended_by_somebody", "paused_row", words="'It is whole.'"),
    changing("broken_row_before_if_mended", "paused_row", **ENDED, state="'mended'"),
    changing("broken_row_before_if_mended", "paused_row", **ENDED, state="'whole'", row_before="'{{}}'"),
    changing("broken_row_ends_once", "whole_row", words="'Another word.'"),
    changing("broken_row_ends_once", "whole_row", state="'paused'"),
    changing("broken_row_ends_once", "paused_row", paused_at="now()"),
    # A report is of an assignment that ended so, about that assignment's row
    adding("broken_report_of_broken", "report", assignment_id="{held_of_broken}"),
    adding("broken_report_of_row", "report", **{**OF_OTHER, "row_id": "{whole_row}"}),
    adding("broken_report_begins_announced", "report", **OF_OTHER, pay="'paid'", paid_at="now()"),
    adding("broken_report_kind_known", "report", **OF_OTHER, kind="'ugly'"),
    adding("broken_report_has_words", "report", **OF_OTHER, words="''"),
    adding("broken_report_pay_known", "report", **OF_OTHER, pay="'lost'"),
    adding("broken_report_paid_or_says_why", "report", **OF_OTHER, amount_minor="0"),
    adding("broken_report_paid_or_says_why", "report", **OF_OTHER, unpaid_why="'too_soon'"),
    adding("broken_report_paid_or_says_why", "report", **OF_OTHER, pay="'none'"),
    adding("broken_report_pays_time_spent", "report", **OF_OTHER, paid_seconds="elapsed_seconds + 1"),
    changing("broken_report_paid_has_time", "report", pay="'paid'"),
    changing("broken_report_paid_has_time", "report", paid_at="now()"),
    # What was said stays, and pay goes only the known ways: nobody loses it but by a contest
    changing("broken_report_said_once", "report", words="'Another word.'"),
    changing("broken_report_said_once", "report", amount_minor="1"),
    changing("broken_report_pay_moves_on", "report", pay="'refused'"),
    changing("broken_report_held_by_contest", "uncontested_report", pay="'contested'"),
    changing("broken_report_held_by_contest", "contested_report", pay="'refused'"),
    # A contest has a reason and an end, keeps its words, and is decided once
    changing(
        "broken_contest_state_known",
        "broken_contest",
        state="'lost'",
        without=("broken_contest_over_has_time",),
    ),
    adding("broken_contest_has_reason", "broken_contest", **ELSEWHERE, reason="''"),
    adding("broken_contest_ends_later", "broken_contest", **ELSEWHERE, ends_at="opened_at"),
    changing("broken_contest_decided_has_words", "broken_contest", **OVER, state="'upheld'"),
    changing("broken_contest_decided_has_words", "broken_contest", **OVER, state="'refused'"),
    changing("broken_contest_over_has_time", "broken_contest", decided_at="now()"),
    changing("broken_contest_over_has_time", "broken_contest", state="'taken_back'"),
    changing("broken_contest_said_once", "broken_contest", reason="'Another reason.'"),
    changing("broken_contest_said_once", "lapsed_broken_contest", state="'open'"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add reported rows and reports in several states, and contests of these."""
    peer = int(world["peer"][1])
    project = a_project(owner=a_requester(), rows=6)
    worker = a_worker()
    reports = []
    for number in range(3):  # one after the other, for the same minutes are paid once
        began = NOON + timedelta(minutes=3 * number)
        one = taken(worker=worker, project=project, at=began)
        soon = began + timedelta(minutes=2)
        reports.append(
            report_broken(assignment_id=one.pk, kind="missing", words="No picture.", by=worker, at=soon)
        )
    report, contested, uncontested = reports
    whole = BrokenRow.objects.get(pk=uncontested.row_id)
    BrokenRow.objects.filter(pk=whole.pk).update(state="whole", ended_at=soon, ended_by=peer)
    unreported = taken(worker=worker, project=project)  # one of which nothing was said
    Assignment.objects.filter(pk=unreported.pk).update(state="broken", ended_at=soon)
    unreported_row = BrokenRow.objects.create(project=project, task_id=unreported.task_id, paused_at=soon)
    held = taken(worker=worker, project=project)

    def contest(of: BrokenReport, state: str = "open") -> None:
        BrokenContest.objects.create(
            report=of,
            opened_by_id=peer,
            reason="It loads.",
            opened_at=NOON,
            ends_at=soon,
            state=state,
            decided_at=None if state == "open" else soon,
        )

    contest(contested)
    BrokenReport.objects.filter(pk=contested.pk).update(pay="contested")
    contest(report, "lapsed")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return {
        "paused_row": ("work_brokenrow", report.row_id),
        "whole_row": ("work_brokenrow", whole.pk),
        "unreported_row": ("work_brokenrow", unreported_row.pk),
        "report": ("work_brokenreport", report.pk),
        "contested_report": ("work_brokenreport", contested.pk),
        "uncontested_report": ("work_brokenreport", uncontested.pk),
        "unreported": ("work_assignment", unreported.pk),
        "unreported_task": ("work_task", unreported.task_id),
        "held_of_broken": ("work_assignment", held.pk),
        "broken_contest": ("work_brokencontest", contested.pk),
        "lapsed_broken_contest": ("work_brokencontest", report.pk),
    }
