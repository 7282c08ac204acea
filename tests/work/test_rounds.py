"""A prototype round from its opening to the launch of the rest, or to a revision, and the money with it."""

from datetime import timedelta

import pytest
from tests.builders import (
    ANSWER,
    CHOICE_DESIGN,
    NOON,
    a_draft,
    a_project,
    a_requester,
    a_submission,
    a_worker,
    as_if_tried,
    taken,
)
from tests.told import told_by_jobs
from tests.work.rounds import PUBLISH, REVISE, a_crowd, fill_round, round_of

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor
from canut.people.models import Person
from canut.work.access import latest_revision
from canut.work.models import Assignment, Place, Project, Revision, Round, RoundFeedback, Task
from canut.work.queries.gates import gate_of
from canut.work.queries.price import price_of
from canut.work.refusals import NoneLeft, RevisionUnfinished, RoundNotRejected, RoundShareUsed
from canut.work.states import PlaceState, ProjectState, RoundState
from canut.work.usecases.add_tasks import NothingToAdd, add_tasks
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.decide_round import decide_what_stalls
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.give_feedback import Feedback, FeedbackMissing
from canut.work.usecases.launch_project import NotTried, launch_by_itself, launch_project
from canut.work.usecases.open_round import DesignNotRevised, RoundRunning
from canut.work.usecases.pause_project import resume_project
from canut.work.usecases.publish_project import RewardUnderFloor, publish_project
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

LATER = NOON + timedelta(hours=1)
OTHER_DESIGN = CHOICE_DESIGN | {"instructions": "A cat has whiskers. Say what the picture shows."}


def untried(owner: Person, **details: object) -> Project:
    """A project of 16 tasks that begins with a round of 4."""
    return a_project(owner=owner, untried=True, **({"rows": 16} | details))


def money(project: Project) -> dict[str, int]:
    kinds = {"escrow": Kind.ESCROW, "dues": Kind.DUES, "reserve": Kind.RESERVE}
    return {name: project_total_minor(project.pk, kind) for name, kind in kinds.items()}


def of_owner(project: Project) -> int:
    return party_total_minor(project.owner_id, Kind.BALANCE, "EUR")


def open_places_of(project: Project) -> int:
    return Place.objects.filter(project=project, state=PlaceState.OPEN).count()


# --- The round opens --------------------------------------------------------------------------------


def test_an_untried_project_opens_only_a_round_and_takes_only_its_money(requester: Person) -> None:
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    project = untried(requester)
    found = round_of(project)
    assert (found.tasks, found.workers_a_task, found.places, found.most_per_worker) == (4, 1, 4, 2)
    assert (found.covers_tasks, found.state) == (64, RoundState.RUNNING)
    project.refresh_from_db()
    assert (project.round_id, project.round_most, project.state) == (found.pk, 2, ProjectState.LIVE)
    assert (open_places_of(project), Place.objects.filter(round=found).count()) == (4, 4)
    # Four times 0.60, its charges, and a reserve of half the pay
    assert money(project) == {"escrow": 240, "dues": 16 + 5 + 2 + 2 + 1, "reserve": 120}
    assert before - of_owner(project) == 240 + 26 + 120


def test_nine_places_need_no_round_and_the_next_of_the_same_design_counts_with_them(
    requester: Person,
) -> None:
    small = untried(requester, rows=9)
    assert (open_places_of(small), Round.objects.count()) == (9, 0)
    more = untried(requester, rows=5, design=CHOICE_DESIGN | {"instructions": "Say what the PICTURE, shows"})
    assert round_of(more).places == 3
    other = untried(requester, rows=5, design=OTHER_DESIGN)
    assert not Round.objects.filter(project=other).exists()
    assert not Round.objects.filter(project=untried(a_requester(), rows=9)).exists()


def test_what_was_tried_before_opens_whole(requester: Person) -> None:
    draft = a_draft(owner=requester, rows=16)
    as_if_tried(draft)
    assert open_places_of(publish_project(project_id=draft.pk, by=requester, at=NOON)) == 16


def test_volunteers_try_a_design_first_too(requester: Person) -> None:
    project = untried(requester, kind="volunteer")
    fill_round(project, a_crowd(3))
    launch_project(project_id=project.pk, by=requester, at=LATER)
    assert open_places_of(project) == 12


# --- Working in it ----------------------------------------------------------------------------------


def test_the_first_task_of_a_round_needs_a_vote_and_words_and_the_next_may_leave_them_out(
    requester: Person, worker: Person
) -> None:
    project = untried(requester)
    first = taken(worker=worker, project=project)

    def hand_in(assignment: Assignment, feedback: Feedback | None) -> None:
        submit_answer(
            assignment_id=assignment.pk,
            by=worker,
            answer=ANSWER,
            active_seconds=60,
            at=LATER - timedelta(minutes=59),
            feedback=feedback,
        )

    for lacking in (None, Feedback("", "Unclear."), Feedback("publish", "  ")):
        with pytest.raises(FeedbackMissing) as refused:
            hand_in(first, lacking)
        assert (refused.value.code, refused.value.status) == ("feedback_missing", 422)
    for wrong in (Feedback("perhaps", "x"), Feedback("publish", "x" * 1025)):
        with pytest.raises(BadInput):
            hand_in(first, wrong)
    first.refresh_from_db()
    assert first.state == "held"
    hand_in(first, REVISE)
    second = taken(worker=worker, project=project, at=NOON + timedelta(minutes=1))
    hand_in(second, None)
    said = RoundFeedback.objects.get()
    assert (said.verdict, said.unclear) == ("revise", REVISE.unclear)
    with pytest.raises(RoundShareUsed):
        taken(worker=worker, project=project, at=LATER)


def test_a_vote_can_be_changed_until_the_round_is_decided(requester: Person, worker: Person) -> None:
    project = untried(requester)
    fill_round(project, [worker], says=REVISE, most=1)
    fill_round(project, [worker], says=PUBLISH, most=1)
    said = RoundFeedback.objects.get()
    assert said.verdict == "publish"


def test_work_of_a_round_is_neither_sent_back_nor_rejected(requester: Person, worker: Person) -> None:
    project = untried(requester)
    fill_round(project, [worker], most=1)
    submission = Assignment.objects.get(project=project).submissions.get()
    with pytest.raises(RoundNotRejected) as refused:
        return_submission(submission_id=submission.pk, by=requester, reason="Again.", at=LATER)
    assert refused.value.code == "round_not_rejected"
    with pytest.raises(RoundNotRejected):
        reject_submission(
            submission_id=submission.pk,
            by=requester,
            ground="wrong_answer",
            evidence="It is a dog.",
            reason="No.",
            at=LATER,
        )
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60


# --- It is decided ----------------------------------------------------------------------------------


def test_a_round_that_two_of_three_pass_waits_for_its_owner_who_launches_the_rest_once(
    requester: Person,
) -> None:
    project = untried(requester)
    crowd = a_crowd(3)
    fill_round(project, crowd[:1], says=REVISE, most=1)
    fill_round(project, crowd[1:])
    assert (round_of(project).state, open_places_of(project)) == (RoundState.PASSED, 0)
    with pytest.raises(NoneLeft):
        taken(worker=a_worker(), project=project, at=LATER)
    project.refresh_from_db()
    shown = price_of(project, latest_revision(project), at=LATER).now
    assert (shown.places, shown.pay_minor, shown.reserve_minor) == (12, 720, 180)
    before = of_owner(project)
    for _click in range(2):
        launch_project(project_id=project.pk, by=requester, at=LATER, agreed_minor=shown.total_minor)
    assert before - of_owner(project) == shown.total_minor
    assert money(project) == {"escrow": 960, "dues": 62 + 19 + 10 + 10 + 5, "reserve": 120 + 180}
    assert (open_places_of(project), Place.objects.filter(project=project).count()) == (12, 16)
    assert a_submission(worker=crowd[0], project=project, at=LATER)  # no feedback asked any more
    with pytest.raises(NothingToAdd):
        add_tasks(project_id=project.pk, by=requester, at=LATER)


def test_a_stopped_round_gives_back_what_was_not_used_and_nothing_goes_round_it(requester: Person) -> None:
    project = untried(requester)
    before = of_owner(project)
    fill_round(project, a_crowd(3), says=REVISE)
    assert (round_of(project).state, open_places_of(project)) == (RoundState.STOPPED, 0)
    assert of_owner(project) == before  # all four places were used
    for launch in (launch_project, add_tasks):
        with pytest.raises(DesignNotRevised):
            launch(project_id=project.pk, by=requester, at=LATER)
    publish_project(project_id=project.pk, by=requester, at=LATER)  # of a live project: changes nothing
    assert open_places_of(project) == 0
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    with pytest.raises(DesignNotRevised):
        publish_project(project_id=project.pk, by=requester, at=LATER)


def test_after_three_days_three_votes_decide_and_fewer_refund_and_a_further_round_may_begin(
    requester: Person,
) -> None:
    late = NOON + timedelta(hours=72)
    decided, refunded = untried(requester), untried(requester, design=OTHER_DESIGN)
    fill_round(decided, a_crowd(3), most=3)
    fill_round(refunded, a_crowd(2), most=2)
    assert decide_what_stalls(at=late - timedelta(seconds=1)) == 0
    assert decide_what_stalls(at=late) == 2
    assert decide_what_stalls(at=late) == 0
    assert (round_of(decided).state, round_of(refunded).state) == ("passed", "refunded")
    passed, few = told_by_jobs(person=requester, kind="project")
    assert (passed.path, few.path) == (f"/studio/{decided.pk}/round/", f"/studio/{refunded.pk}/round/")
    assert "has passed" in passed.subject
    assert "Too few took part" in few.subject
    # Two rewards of 0.60 are owed, with their charges and half of them in reserve; the rest came back
    assert money(refunded) == {"escrow": 120, "dues": 8 + 2 + 1 + 1 + 1, "reserve": 60}
    assert open_places_of(refunded) == 0
    add_tasks(project_id=refunded.pk, by=requester, at=late)
    assert (round_of(refunded).number, round_of(refunded).places) == (2, 3)
    launch_project(project_id=decided.pk, by=requester, at=late)
    assert open_places_of(decided) == 13


def test_while_a_round_runs_nothing_launches_and_no_row_is_added(requester: Person) -> None:
    project = untried(requester)
    for begins in (launch_project, add_tasks):
        with pytest.raises(RoundRunning) as refused:
            begins(project_id=project.pk, by=requester, at=LATER)
        assert refused.value.code == "round_running"


def test_what_should_launch_by_itself_does_or_its_owner_is_told_why(requester: Person) -> None:
    project = untried(requester)
    Project.objects.filter(pk=project.pk).update(launches_itself=True)
    fill_round(project, a_crowd(3))
    assert launch_by_itself(project_id=project.pk, at=LATER)
    assert open_places_of(project) == 12
    poor = a_requester(money_minor=500)
    short = untried(poor)
    fill_round(short, a_crowd(3))
    assert not launch_by_itself(project_id=short.pk, at=LATER)
    assert open_places_of(short) == 0


def test_a_price_under_the_floor_for_the_measured_time_is_refused_with_the_least_and_raised_by_a_revision(
    requester: Person,
) -> None:
    project = untried(requester, reward_minor=60)
    fill_round(project, a_crowd(3), seconds=180)
    with pytest.raises(RewardUnderFloor) as refused:
        launch_project(project_id=project.pk, by=requester, at=LATER)
    assert refused.value.facts["least_reward_minor"] == 75
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    change_draft(project_id=project.pk, by=requester, reward_minor=75, at=LATER)
    gate = gate_of(project, latest_revision(project), at=LATER)
    assert (gate.needs_round, gate.why) == (False, "covered")
    publish_project(project_id=project.pk, by=requester, at=LATER)
    assert (open_places_of(project), money(project)["escrow"]) == (12, 240 + 12 * 75)
    assert taken(worker=a_worker(), project=project, at=LATER).reward_minor == 75


def test_by_the_hour_a_round_pays_for_its_share_of_the_hours_and_gives_back_what_it_lacked_people_for(
    requester: Person,
) -> None:
    draft = a_draft(owner=requester, rows=16, reward_minor=0, pay_basis="hour")
    hours = {"hourly_minor": 1800, "hours_seconds": 36_000, "session_most_seconds": 7_200}
    Revision.objects.filter(project=draft).update(**hours)
    project = publish_project(project_id=draft.pk, by=requester, at=NOON)
    assert (round_of(project).places, money(project)["escrow"]) == (4, 4500)  # a quarter of ten hours
    decide_what_stalls(at=NOON + timedelta(hours=72))
    assert money(project) == {"escrow": 0, "dues": 0, "reserve": 0}


# --- Revisions --------------------------------------------------------------------------------------


def test_a_revision_of_a_stopped_project_is_tried_anew_on_what_nobody_has_answered(
    requester: Person,
) -> None:
    project = untried(requester)
    crowd = a_crowd(3)
    fill_round(project, crowd, says=REVISE)
    ids = set(Task.objects.filter(project=project).values_list("pk", flat=True))
    begun = begin_revision(project_id=project.pk, by=requester, at=LATER)
    assert begin_revision(project_id=project.pk, by=requester, at=LATER) == begun
    change_draft(project_id=project.pk, by=requester, design=OTHER_DESIGN, at=LATER)
    with pytest.raises(RevisionUnfinished):
        resume_project(project_id=project.pk, by=requester, at=LATER)
    publish_project(project_id=project.pk, by=requester, at=LATER)
    assert set(Task.objects.filter(revision=begun).values_list("pk", flat=True)) == ids
    found = round_of(project)
    assert (found.revision_id, found.number, found.places, open_places_of(project)) == (begun.pk, 1, 3, 3)
    # Nobody gets a row again, and the comments and answers stay with the first revision
    fill_round(project, crowd, at=LATER)
    assert Assignment.objects.filter(revision=begun).count() == 3
    assert RoundFeedback.objects.filter(round__revision__number=1).count() == 3
    launch_project(project_id=project.pk, by=requester, at=LATER + timedelta(hours=1))
    assert open_places_of(project) == 16 - 4 - 3


def test_a_revision_of_a_live_project_gives_back_what_is_free_and_pays_what_is_in_hand(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=16)
    held = taken(worker=worker, project=project)
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    change_draft(project_id=project.pk, by=requester, design=OTHER_DESIGN, reward_minor=90, at=LATER)
    project.refresh_from_db()
    assert project.state == ProjectState.PAUSED
    shown = price_of(project, latest_revision(project), at=LATER).now
    publish_project(project_id=project.pk, by=requester, at=LATER, agreed_minor=shown.total_minor)
    # One reward of the first revision is owed, and a round of three at the new one is paid for
    assert (round_of(project).places, money(project)["escrow"]) == (3, 60 + 3 * 90)
    submission = submit_answer(
        assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=60, at=NOON + timedelta(minutes=5)
    ).submission
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60
    assert held.revision.number == 1


def test_work_of_an_earlier_revision_that_runs_out_is_paid_for_anew_with_the_rest(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=4)
    taken(worker=worker, project=project)
    begin_revision(project_id=project.pk, by=requester, at=NOON)
    change_draft(project_id=project.pk, by=requester, reward_minor=90, at=NOON)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    assert open_places_of(project) == 3
    expire_leases(at=LATER)
    assert open_places_of(project) == 3  # its 0.60 does not pay for one of 0.90
    quote = add_tasks(project_id=project.pk, by=requester, at=LATER)
    assert (quote.places, open_places_of(project)) == (1, 4)
    closed = close_project(project_id=project.pk, by=requester, at=LATER)
    assert closed.refunded_minor > 0
    assert money(project)["escrow"] == 0


def test_answers_that_are_not_kept_are_asked_anew_of_everybody(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=4)
    first = a_submission(worker=worker, project=project)
    old_task = first.assignment.task_id
    begin_revision(project_id=project.pk, by=requester, keeps_answers=False, at=LATER)
    change_draft(project_id=project.pk, by=requester, reward_minor=61, at=LATER)
    publish_project(project_id=project.pk, by=requester, at=LATER)
    renewed = Task.objects.get(renews_id=old_task)
    assert (renewed.revision.number, renewed.row, open_places_of(project)) == (
        2,
        {"text": "Picture 0"},
        4,
    ) or (renewed.revision.number == 2 and open_places_of(project) == 4)
    done = {first.assignment.task_id}
    for _again in range(4):
        done.add(a_submission(worker=worker, project=project, at=LATER).assignment.task_id)
    assert len(done) == 5


def test_a_discarded_revision_leaves_the_project_as_it_was(requester: Person) -> None:
    project = a_project(owner=requester, rows=4, risks=["hate"])
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    change_draft(project_id=project.pk, by=requester, risks=[], reward_minor=10, at=LATER)
    for _click in range(2):
        discard_revision(project_id=project.pk, by=requester, at=LATER)
    project.refresh_from_db()
    assert (project.risks, Revision.objects.filter(project=project).count()) == (["hate"], 1)
    resume_project(project_id=project.pk, by=requester, at=LATER)
    assert open_places_of(project) == 4


def test_a_revision_published_while_a_round_runs_ends_that_round(requester: Person) -> None:
    project = untried(requester)
    fill_round(project, a_crowd(1), most=1)
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    change_draft(project_id=project.pk, by=requester, design=OTHER_DESIGN, at=LATER)
    publish_project(project_id=project.pk, by=requester, at=LATER)
    states = Round.objects.filter(project=project).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refunded", "running"]
    assert money(project)["escrow"] == 60 + round_of(project).places * 60


def test_it_is_told_how_often_a_requesters_revisions_helped(requester: Person) -> None:
    project, crowd = untried(requester), a_crowd(3)
    for words, says in (("", REVISE), ("A cat purrs.", PUBLISH), ("A cat meows.", REVISE)):
        if words:
            begin_revision(project_id=project.pk, by=requester, at=LATER)
            change_draft(
                project_id=project.pk, by=requester, design=CHOICE_DESIGN | {"instructions": words}, at=LATER
            )
            publish_project(project_id=project.pk, by=requester, at=LATER)
        fill_round(project, crowd, says=says, at=LATER)
    ended = Event.objects.filter(name__in=["round.passed", "round.stopped"]).order_by("pk")
    assert [event.data["helped"] for event in ended] == [None, True, False]


# --- Further rounds ---------------------------------------------------------------------------------


def more_rows(project: Project, rows: int) -> None:
    """Add rows that wait, as a file would."""
    revision = latest_revision(project)
    last = Task.objects.filter(revision=revision).latest("position").position
    Task.objects.bulk_create(
        Task(
            project=project,
            revision=revision,
            position=last + n,
            key=str(last + n),
            row={"text": "More"},
            shown={"text": "More"},
            answers_wanted=1,
        )
        for n in range(1, rows + 1)
    )


def test_more_tasks_than_a_round_covers_begin_with_a_further_round_while_the_others_wait(
    requester: Person,
) -> None:
    draft = a_draft(owner=requester, rows=16)
    as_if_tried(draft, covers_tasks=20)
    project = publish_project(project_id=draft.pk, by=requester, at=NOON)
    more_rows(project, 4)
    add_tasks(project_id=project.pk, by=requester, at=NOON)
    assert open_places_of(project) == 20
    more_rows(project, 10)
    escrow = money(project)["escrow"]
    add_tasks(project_id=project.pk, by=requester, at=NOON)
    assert (round_of(project).places, open_places_of(project)) == (3, 3)
    assert Place.objects.filter(project=project, state=PlaceState.WAITING).count() == 20
    assert money(project)["escrow"] == escrow + 3 * 60
    fill_round(project, a_crowd(3))
    assert open_places_of(project) == 20
    launch_project(project_id=project.pk, by=requester, at=LATER)
    assert (open_places_of(project), money(project)["escrow"]) == (27, 30 * 60)


def test_a_launch_opens_what_is_covered_and_leaves_later_rows_waiting(requester: Person) -> None:
    project = untried(requester)  # its round of 4 covers 64
    more_rows(project, 70)
    fill_round(project, a_crowd(3))
    launch_project(project_id=project.pk, by=requester, at=LATER)
    assert Place.objects.filter(project=project).count() == 64
    assert latest_revision(project).paid_upto < 86
    add_tasks(project_id=project.pk, by=requester, at=LATER)
    assert round_of(project).state == RoundState.RUNNING


def test_closing_a_project_ends_its_round_and_gives_the_rest_back(requester: Person) -> None:
    project = untried(requester)
    fill_round(project, a_crowd(1), most=1)
    close_project(project_id=project.pk, by=requester, at=LATER)
    project.refresh_from_db()
    assert (project.round_id, round_of(project).state) == (None, "refunded")
    assert money(project)["escrow"] == 60


def test_without_a_passed_round_nothing_launches(requester: Person) -> None:
    project = untried(requester, rows=5)
    more_rows(project, 3)
    with pytest.raises(NotTried):
        launch_project(project_id=project.pk, by=requester, at=LATER)
