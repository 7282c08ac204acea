"""How a project opens: chosen by its requester, watched by them, and told to the worker who waits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker, taken
from tests.work.opening import BEAT, LATER, a_cascade, rated_workers

from canut.charter.queries import in_force
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Listing, Person
from canut.reputation.rules_cascade import Ladders
from canut.work.models import CascadeBeat, Place, Project
from canut.work.queries.cascade_seen import EVERYBODY, cascade_seen
from canut.work.queries.explanations import explain_access
from canut.work.queries.feed import feed_page
from canut.work.queries.opening import opening_seen, opening_soon
from canut.work.refusals import NotOpenToYouYet
from canut.work.rules_opening import held_from, in_fives, without_anybody
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.close_project import close_project
from canut.work.usecases.create_project import create_project
from canut.work.usecases.pause_project import pause_project
from canut.work.usecases.publish_project import ProjectNotDraft
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db

D = Decimal
STEPS = Ladders(
    first=D(3), last=D(1), ladder=(D(2), D("1.99"), D(1)), throughput=(D(2), D("1.99")), hold_share=D("0.6")
)


def code_of(call) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


def chosen(project: Project, policy: str, *, by: Person, at=LATER) -> Project:
    return choose_cascade(project_id=project.pk, by=by, at=at, policy=policy)


# --- The rules ---


@given(st.integers(0, 10_000))
def test_people_are_told_in_steps_of_five_and_never_more_than_there_are(people: int) -> None:
    told = in_fives(people).at_least
    assert told % 5 == 0
    assert told <= people < told + 5


@pytest.mark.parametrize(("reference", "least"), [(0, 1), (1, 1), (2, 2), (5, 3), (10, 6), (11, 7)])
def test_throughput_holds_from_six_tenths_of_the_busiest_beat_and_never_at_none(
    reference: int, least: int
) -> None:
    assert held_from(reference, hold_share=D("0.6")) == least


def test_the_next_step_by_the_charter_alone() -> None:
    assert without_anybody("ladder", D(3), STEPS) == D(2)
    assert without_anybody("ladder", D("2.5"), STEPS) == D(2)
    assert without_anybody("ladder", D("1.99"), STEPS) is None
    assert without_anybody("throughput", D("1.99"), STEPS) is None
    assert without_anybody("open", D(3), STEPS) is None


# --- Choosing ---


def test_a_new_project_opens_as_the_charter_says_unless_its_requester_chooses() -> None:
    requester = a_requester()
    draft = {"by": requester, "title": "Cats", "design": a_draft(owner=requester).revisions.get().design}
    assert create_project(**draft, at=NOON).cascade_policy == in_force("cascade.default_policy", at=NOON)
    own = create_project(**draft, at=NOON, cascade_policy="share")
    assert own.cascade_policy == "share"
    change_draft(project_id=own.pk, by=requester, at=NOON, cascade_policy="throughput")
    own.refresh_from_db()
    assert own.cascade_policy == "throughput"
    change_draft(project_id=own.pk, by=requester, at=NOON, cascade_policy="")
    own.refresh_from_db()
    assert own.cascade_policy == in_force("cascade.default_policy", at=NOON)
    with pytest.raises(BadInput):
        change_draft(project_id=own.pk, by=requester, at=NOON, cascade_policy="lottery")


def test_a_running_cascade_goes_on_by_the_new_policy_and_its_threshold_stays() -> None:
    requester = a_requester()
    rated_workers(requester, [3])
    project = a_cascade(requester)
    before = (project.threshold, project.cascade_beat, project.cascade_next_at)
    chosen(project, "throughput", by=requester)
    project.refresh_from_db()
    assert project.cascade_policy == "throughput"
    assert (project.threshold, project.cascade_beat, project.cascade_next_at) == before
    assert Event.objects.filter(name="cascade.chosen").count() == 1
    chosen(project, "throughput", by=requester)
    assert Event.objects.filter(name="cascade.chosen").count() == 1


def test_open_opens_it_at_once_and_nothing_closes_it_again() -> None:
    requester, stranger = a_requester(), a_worker()
    rated_workers(requester, [3])
    project = a_cascade(requester)
    assert code_of(lambda: taken(worker=stranger, project=project, at=LATER)) == "not_open_to_you_yet"
    assert Place.objects.filter(project=project, rank__lt=0).count() == 2
    chosen(project, "open", by=requester)
    project.refresh_from_db()
    assert (project.threshold, project.cascade_next_at) == (None, None)
    assert not Place.objects.filter(project=project, rank__lt=0).exists()
    last = CascadeBeat.objects.filter(project=project).latest("pk")
    assert (last.why, last.threshold_before, last.threshold) == ("chosen", D(3), None)
    assert Event.objects.filter(name="cascade.ended").count() == 1
    chosen(project, "open", by=requester)
    assert CascadeBeat.objects.filter(project=project, why="chosen").count() == 1
    assert taken(worker=stranger, project=project, at=LATER)
    for policy in ("ladder", "throughput", "share"):
        assert code_of(lambda: chosen(project, policy, by=requester)) == "open_already"  # noqa: B023


def test_a_revision_that_is_made_may_open_in_another_way() -> None:
    requester = a_requester()
    project = a_cascade(requester, policy="open")
    assert code_of(lambda: chosen(project, "ladder", by=requester)) == "open_already"
    begin_revision(project_id=project.pk, by=requester, at=LATER)
    assert chosen(project, "ladder", by=requester).cascade_policy == "ladder"
    with pytest.raises(ProjectNotDraft):
        change_draft(project_id=project.pk, by=requester, at=LATER, cascade_policy="share")


def test_who_may_not_choose_is_told_why() -> None:
    requester, stranger = a_requester(), a_requester()
    project = a_cascade(requester)
    assert code_of(lambda: chosen(project, "open", by=stranger)) == "project_not_found"
    assert code_of(lambda: chosen(project, "open", by=a_worker())) == "requester_role_missing"
    assert code_of(lambda: chosen(project, "lottery", by=requester)) == "bad_input"
    assert code_of(lambda: chosen(project, "", by=requester)) == "bad_input"
    close_project(project_id=project.pk, by=requester, at=LATER)
    assert code_of(lambda: chosen(project, "share", by=requester)) == "project_closed"


def test_a_prototype_round_and_a_draft_may_still_choose() -> None:
    requester = a_requester()
    draft = a_draft(owner=requester)
    chosen(draft, "share", by=requester)
    draft.refresh_from_db()
    assert (draft.cascade_policy, draft.changed_at) == ("share", LATER)
    tried = a_project(owner=requester, rows=20, answers=2, untried=True, cascade_policy="ladder")
    assert chosen(tried, "open", by=requester).cascade_policy == "open"
    assert chosen(tried, "share", by=requester).cascade_policy == "share"


# --- What its requester sees ---


def test_the_requester_sees_the_threshold_and_where_the_next_beat_leads() -> None:
    requester = a_requester()
    rated_workers(requester, [3] * 6 + [2] * 5 + [1])
    project = a_cascade(requester)
    seen = cascade_seen(project.pk, by=requester, at=LATER)
    assert (seen.state, seen.policy, seen.beat) == ("running", "ladder", 1)
    assert (seen.level.low, seen.level.high) == (D(3), D(3))
    assert seen.next_beat is not None
    assert seen.next_beat.at == LATER + BEAT
    assert seen.next_beat.level is not None
    assert seen.next_beat.level.low == D(2)
    assert seen.crowd is not None
    assert seen.crowd.following is not None
    told = (seen.crowd.now.at_least, seen.crowd.following.at_least, seen.crowd.everybody.at_least)
    assert told == (5, 10, 10)
    assert (seen.newcomers_kept, seen.newcomers_left, seen.newcomers_open) == (2, 2, False)
    assert [move.why for move in seen.moves] == ["started"]


def test_a_threshold_that_fell_to_somebodys_standing_does_not_tell_it() -> None:
    requester, others = a_requester(), [a_requester() for _ in range(2)]
    only = a_worker()
    for other, value in zip(others, ("2.4", "2.8"), strict=True):
        done = a_submission(worker=only, project=a_project(owner=other, rows=1))
        rate_worker(submission_id=done.pk, by=other, value=D(value), at=NOON)
    Listing.objects.create(owner_id=requester.pk, person_id=only.pk, kind="allow", created_at=NOON)
    project = a_cascade(requester, allowed_only=True)
    assert project.threshold not in (D(3), D(2), None)
    seen = cascade_seen(project.pk, by=requester, at=LATER)
    assert (seen.level.low, seen.level.high) == (D(2), D(3))
    assert str(project.threshold) not in repr(seen)
    assert seen.crowd is not None
    assert seen.crowd.everybody.at_least == 0  # which says "fewer than five", of one as of none


def test_each_state_is_told() -> None:
    requester = a_requester()
    rated_workers(requester, [3])

    def state(project: Project) -> str:
        return cascade_seen(project.pk, by=requester, at=LATER).state

    assert state(a_draft(owner=requester)) == "draft"
    tried = a_project(owner=requester, rows=20, answers=2, untried=True, cascade_policy="ladder")
    assert state(tried) == "round"
    assert state(a_cascade(requester, policy="open")) == "open"
    running = a_cascade(requester)
    assert state(running) == "running"
    pause_project(project_id=running.pk, by=requester, at=LATER)
    paused = cascade_seen(running.pk, by=requester, at=LATER)
    assert (paused.state, paused.next_beat.at if paused.next_beat else 0) == ("paused", None)
    chosen(running, "open", by=requester)
    assert state(running) == "chosen"
    close_project(project_id=running.pk, by=requester, at=LATER)
    assert state(running) == "closed"
    nobody = a_requester()
    alone = a_cascade(nobody, allowed_only=True)  # whose list is empty
    ended = cascade_seen(alone.pk, by=nobody, at=LATER)
    assert (ended.state, ended.level, ended.can_choose) == ("ended", EVERYBODY, False)
    with pytest.raises(Refusal):
        cascade_seen(alone.pk, by=requester, at=LATER)


def test_by_throughput_the_count_of_the_beat_is_told_against_what_holds() -> None:
    requester = a_requester()
    (best,) = rated_workers(requester, [3])
    project = a_cascade(requester, policy="throughput")
    assert taken(worker=best, project=project, at=LATER + timedelta(minutes=1))
    Project.objects.filter(pk=project.pk).update(cascade_reference=5)
    seen = cascade_seen(project.pk, by=requester, at=LATER + timedelta(minutes=2))
    assert seen.next_beat is not None
    assert (seen.next_beat.count, seen.next_beat.count_to_hold) == (1, 3)
    assert seen.came_in.by_standing.at_least == 0


# --- What a worker sees ---


@pytest.mark.parametrize(("value", "beats", "band"), [(2, 1, "normal"), ("1.5", 3, "normal"), (1, 3, "last")])
def test_on_a_ladder_the_worker_is_told_exactly_when_it_opens(value: str, beats: int, band: str) -> None:
    requester = a_requester()
    _best, worker = rated_workers(requester, [3, value])
    project = a_cascade(requester)
    seen = opening_seen(project.pk, by=worker, at=LATER)
    assert seen is not None
    assert (seen.is_open, seen.opens, seen.opens_at) == (False, "at", LATER + beats * BEAT)
    assert (seen.scope, seen.ratings, seen.band) == ("requester", 1, band)
    assert seen.next_beat_at == LATER + BEAT


def test_a_worker_it_is_open_to_is_told_why() -> None:
    requester = a_requester()
    best, _other = rated_workers(requester, [3, 2])
    project = a_cascade(requester)
    seen = opening_seen(project.pk, by=best, at=LATER)
    assert seen is not None
    assert (seen.is_open, seen.way, seen.opens_at, seen.band) == (True, "standing", None, "early")


def test_a_newcomer_is_told_when_their_place_opens() -> None:
    requester, newcomer = a_requester(), a_worker()
    rated_workers(requester, [3])
    project = a_cascade(requester)
    seen = opening_seen(project.pk, by=newcomer, at=LATER)
    assert seen is not None
    assert (seen.newcomers.state, seen.newcomers.opens_at) == ("later", LATER + BEAT)
    assert (seen.opens, seen.opens_at, seen.scope, seen.ratings) == ("at", LATER + 2 * BEAT, "unrated", 0)
    Project.objects.filter(pk=project.pk).update(cascade_beat=2)
    seen = opening_seen(project.pk, by=newcomer, at=LATER)
    assert seen is not None
    assert (seen.newcomers.state, seen.way) == ("open", "newcomer")
    assert taken(worker=newcomer, project=project, at=LATER).admission.way == "newcomer"
    seen = opening_seen(project.pk, by=newcomer, at=LATER)
    assert seen is not None
    assert seen.newcomers.state == "used"


def test_by_another_policy_only_the_next_beat_is_told_and_nothing_while_the_clock_stands() -> None:
    requester = a_requester()
    _best, worker = rated_workers(requester, [3, 2])
    project = a_cascade(requester, policy="share")
    seen = opening_seen(project.pk, by=worker, at=LATER)
    assert seen is not None
    assert (seen.opens, seen.opens_at) == ("not_before", LATER + BEAT)
    pause_project(project_id=project.pk, by=requester, at=LATER)
    seen = opening_seen(project.pk, by=worker, at=LATER)
    assert seen is not None
    assert (seen.opens, seen.opens_at, seen.next_beat_at) == ("paused", None, None)


def test_nothing_is_told_where_no_cascade_stands_between() -> None:
    requester, worker = a_requester(worker=True), a_worker()
    best, blocked = rated_workers(requester, [3, 1])
    Listing.objects.create(owner_id=requester.pk, person_id=blocked.pk, kind="block", created_at=NOON)
    project = a_cascade(requester)
    assert opening_seen(project.pk, by=requester, at=LATER) is None
    assert opening_seen(project.pk, by=blocked, at=LATER) is None
    assert opening_seen(project.pk, by=a_requester(), at=LATER) is None
    assert opening_seen(a_cascade(requester, policy="open").pk, by=best, at=LATER) is None
    listed = a_cascade(requester, allowed_only=True)
    assert opening_seen(listed.pk, by=worker, at=LATER) is None


def test_no_moment_is_promised_after_the_deadline() -> None:
    requester = a_requester()
    _best, good, poor = rated_workers(requester, [3, 2, 1])
    project = a_cascade(requester)
    deadline = LATER + BEAT + timedelta(minutes=1)
    Project.objects.filter(pk=project.pk).update(deadline_at=deadline)
    in_time = opening_seen(project.pk, by=good, at=LATER)
    assert in_time is not None
    assert (in_time.opens, in_time.opens_at) == ("at", LATER + BEAT)
    too_late = opening_seen(project.pk, by=poor, at=LATER)
    assert too_late is not None
    assert (too_late.opens, too_late.opens_at) == ("too_late", None)
    whole = explain_access(project=Project.objects.get(pk=project.pk), worker_id=poor.pk, at=LATER, live=True)
    assert whole.opening.kind == "too_late"
    soon = [[line.project_id for line in opening_soon(by=who, at=LATER).lines] for who in (good, poor)]
    assert soon == [[project.pk], []]


def test_of_what_is_closed_to_everybody_nothing_is_said_to_be_open() -> None:
    requester = a_requester()
    (best,) = rated_workers(requester, [3])
    project = a_cascade(requester)
    assert opening_seen(project.pk, by=best, at=LATER) is not None
    Project.objects.filter(pk=project.pk).update(deadline_at=LATER + timedelta(minutes=1))
    assert opening_seen(project.pk, by=best, at=LATER + timedelta(minutes=2)) is None


def test_who_comes_too_early_is_told_when_the_next_beat_is() -> None:
    requester = a_requester()
    _best, worker = rated_workers(requester, [3, 1])
    project = a_cascade(requester)
    with pytest.raises(NotOpenToYouYet) as refusal:
        take_task(by=worker, project_id=project.pk, at=LATER)
    assert refusal.value.facts == {"next_beat_at": (LATER + BEAT).isoformat()}
    assert "14:05" in str(refusal.value)  # in the site's zone


# --- What opens soon ---


def test_what_opens_soon_is_what_only_the_cascade_keeps_from_the_worker() -> None:
    requester = a_requester()
    best, worker = rated_workers(requester, [3, 2])
    first = a_cascade(requester)
    second = a_cascade(requester, at=LATER + timedelta(minutes=1))
    at = LATER + timedelta(minutes=2)
    page = opening_soon(by=worker, at=at)
    assert [line.project_id for line in page.lines] == [first.pk, second.pk]
    assert [line.opens_at for line in page.lines] == [LATER + BEAT, second.cascade_started_at + BEAT]
    assert first.pk not in [card.project_id for card in feed_page(by=worker, at=at).cards]
    assert opening_soon(by=best, at=at).lines == []
    Listing.objects.create(owner_id=requester.pk, person_id=worker.pk, kind="block", created_at=NOON)
    assert opening_soon(by=worker, at=at).lines == []


def test_what_opens_soon_comes_in_pages_and_says_each_moment_as_the_rule_does() -> None:
    requester = a_requester()
    workers = [*rated_workers(requester, [3, 2, "1.5", 1]), a_worker()]
    policies = ["ladder", "throughput", "share", "ladder", "ladder"]
    projects = [
        a_cascade(requester, policy=policy, at=LATER + timedelta(seconds=number))
        for number, policy in enumerate(policies)
    ]
    Project.objects.filter(pk=projects[3].pk).update(threshold=D(2), cascade_beat=2)
    at = LATER + timedelta(minutes=1)
    for worker in workers:
        lines, cursor = [], ""
        while True:
            page = opening_soon(by=worker, at=at, cursor=cursor, most=2)
            lines += page.lines
            if not (cursor := page.next_cursor):
                break
        assert len({line.project_id for line in lines}) == len(lines)
        assert lines == list(opening_soon(by=worker, at=at).lines)
        moments = [line.opens_at for line in lines]
        assert moments == sorted(moments)
        in_feed = {card.project_id for card in feed_page(by=worker, at=at).cards}
        assert in_feed.isdisjoint(line.project_id for line in lines)
        for project in projects:
            seen = opening_seen(project.pk, by=worker, at=at)
            assert seen is not None
            line = next((one for one in lines if one.project_id == project.pk), None)
            assert (line is None) == seen.is_open
            if line is not None:
                assert (line.opens, line.opens_at) == (seen.opens, seen.opens_at)
                assert line.newcomers_at == seen.newcomers.opens_at
    for spoilt in ("x", "bnVsbA", "W10", "Ww", "\x00", "WzEsMl0"):
        assert opening_soon(by=workers[3], at=at, cursor=spoilt) is not None


def test_counts_of_people_are_half_a_minute_old_at_most() -> None:
    requester = a_requester()
    rated_workers(requester, [3] * 5)
    project = a_cascade(requester)

    def everybody() -> int:
        crowd = cascade_seen(project.pk, by=requester, at=LATER).crowd
        assert crowd is not None
        return crowd.everybody.at_least

    assert everybody() == 5
    rated_workers(requester, [2] * 5, at=LATER)
    assert everybody() == 5
    cache.clear()
    assert everybody() == 10
