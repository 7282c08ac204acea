"""Rows of prototype rounds, and how their promises are broken."""

from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.promises import run
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import Place, Round, RoundFeedback

PASSED = {"number": "9", "state": "'passed'", "decided_at": "now()"}

WAYS: list[Way] = [
    # A round has a size, which never changes; one runs at a time; it is decided and launched once
    adding("round_number_once", "round", state="'passed'", decided_at="now()"),
    adding("round_with_project", "round", without=("work_round_pkey",), id="id", **PASSED),
    adding("round_one_running_per_project", "round", number="9"),
    adding("round_state_known", "round", **(PASSED | {"state": "'lost'"})),
    adding("round_has_places", "round", **PASSED, tasks="0"),
    adding("round_has_places", "round", **PASSED, workers_a_task="0"),
    adding("round_has_places", "round", **PASSED, most_per_worker="0"),
    adding("round_has_places", "round", **PASSED, places="0", without=("round_worker_takes_a_part",)),
    adding("round_worker_takes_a_part", "round", **PASSED, most_per_worker="places + 1"),
    changing("round_decided_has_time", "round", decided_at="now()"),
    changing("round_decided_has_time", "round", state="'passed'"),
    changing("round_launched_only_if_passed", "round", launched_at="now()"),
    adding("round_revision_of_project", "round", **PASSED, revision_id="{other_revision}"),
    changing("round_frozen", "round", places="places - 1"),
    changing("round_frozen", "round", covers_tasks="1000"),
    changing("round_frozen", "round", most_per_worker="1"),
    changing("round_frozen", "round", opened_at="opened_at - interval '3 days'"),
    changing("round_decided_once", "decided_round", state="'stopped'"),
    changing("round_decided_once", "decided_round", decided_at="now()"),
    changing("round_launched_once", "decided_round", launched_at="NULL"),
    # The project knows the round that runs, and no other
    changing("project_round_has_limit", "tried", round_id="NULL"),
    changing("project_round_has_limit", "live", round_most="1"),
    changing("project_round_is_running", "tried", round_id="{decided_round}"),
    changing("project_round_is_running", "other", round_id="{round}", round_most="1"),
    adding("revision_one_unpublished", "draft_revision", number="9"),
    # Places and work of a round stay its own, and nothing of it is sent back or rejected
    changing("place_round_of_project", "open_place", round_id="{round}"),
    changing("assignment_promise_kept", "held", round_id="{round}"),
    adding("assignment_round_of_place", "held", worker_id="{peer}", round_id="{round}"),
    changing("assignment_round_never_rejected", "of_round", state="'returned'"),
    # Who handed in something there has one vote, with words
    adding("round_feedback_once", "feedback"),
    changing("round_feedback_verdict_known", "feedback", verdict="'perhaps'"),
    changing("round_feedback_has_words", "feedback", unclear="''"),
    changing("round_feedback_of_its_worker", "feedback", worker_id="{peer}"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add a project with a round that runs and one that has passed. No verb made them."""
    project = a_project(owner=a_requester(), rows=4, answers=2, untried=True)  # too small for a round
    worker = a_worker()

    def a_round(number: int, **more: object) -> Round:
        return Round.objects.create(
            project=project,
            revision=project.revisions.get(),
            number=number,
            tasks=2,
            workers_a_task=2,
            places=4,
            most_per_worker=2,
            covers_tasks=16,
            opened_at=NOON,
            **more,
        )

    decided = a_round(1, state="passed", decided_at=NOON, launched_at=NOON)
    running = a_round(2)
    Place.objects.filter(project=project).update(round=running)
    project.round, project.round_most = running, 2
    project.save(update_fields=["round", "round_most"])
    assignment = taken(worker=worker, project=project)
    run(
        "UPDATE work_assignment SET state = 'submitted', submitted_at = taken_at WHERE id = %s",
        assignment.pk,
    )
    said = RoundFeedback.objects.create(
        round=running,
        worker=worker,
        verdict="revise",
        unclear="All of it.",
        given_at=NOON,
        changed_at=NOON,
    )
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return {
        "tried": ("work_project", project.pk),
        "round": ("work_round", running.pk),
        "decided_round": ("work_round", decided.pk),
        "feedback": ("work_roundfeedback", said.pk),
        "of_round": ("work_assignment", assignment.pk),
    }
