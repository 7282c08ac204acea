"""What an hour of all time pays: searching, leaving and unpaid work counted."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_project, a_submission, a_worker, taken
from tests.work.test_top_ups import done

from canut.work.queries.whole_time import site_figure, stating, whole_time_of
from canut.work.rules_pay import search_seconds
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task

MINUTE = timedelta(minutes=1)
SPELLS = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 500)), max_size=12)


def test_gaps_between_pieces_of_work_are_searching_and_long_ones_are_rests():
    spells = [(0, 60), (100, 160), (150, 200), (5_000, 5_060)]
    assert search_seconds(spells, most_gap_seconds=600) == 40


@given(spells=SPELLS, gap=st.integers(0, 2_000))
def test_search_time_is_never_more_than_the_time_that_passed(spells, gap):
    spans = [(began, began + took) for began, took in spells]
    found = search_seconds(spans, most_gap_seconds=gap)
    assert found == search_seconds(list(reversed(spans)), most_gap_seconds=gap)
    if spans:
        busy = max(ended - began for began, ended in spans)
        assert 0 <= found <= max(e for _b, e in spans) - min(b for b, _e in spans) - busy


def test_time_that_is_not_paid_lowers_pay_per_hour_of_all_time(requester, worker):
    project = a_project(owner=requester, rows=4, reward_minor=60, expected_seconds=120, lease_seconds=900)
    done(project, worker, requester, seconds=60)  # a minute from taking to handing in
    # Four minutes later they take a task and give it back after three; then let one run out
    left = taken(worker=worker, project=project, at=NOON + 5 * MINUTE)
    give_back_task(assignment_id=left.pk, by=worker, at=NOON + 8 * MINUTE)
    taken(worker=worker, project=project, at=NOON + 8 * MINUTE)
    expire_leases(at=NOON + 60 * MINUTE)
    # And one is handed in and not decided: it counts once it is
    a_submission(worker=worker, project=project, at=NOON + 3 * 60 * MINUTE)
    whole = whole_time_of(worker.pk, currency="EUR", at=NOON + timedelta(hours=6))
    assert whole.paid_minor == 60
    assert (whole.worked_seconds, whole.left_seconds, whole.search_seconds) == (60, 180 + 900, 240)
    assert whole.hourly_minor == round(60 * 3600 / (60 + 180 + 900 + 240))


def test_the_site_publishes_its_figure_only_of_enough_workers(requester, worker):
    project = a_project(owner=requester, rows=9, reward_minor=60, expected_seconds=120)
    crowd = [worker, *(a_worker() for _each in range(3))]
    for one in crowd:
        done(project, one, requester, seconds=120)
    at = NOON + timedelta(hours=1)
    assert site_figure(currency="EUR", at=at).whole is None
    done(project, a_worker(), requester, seconds=240)
    figure = site_figure(currency="EUR", at=at)
    assert figure.workers == 5
    assert figure.median_hourly_minor == 1800
    assert figure.whole.hourly_minor == 1500


def test_time_is_stated_in_the_charters_steps(db):
    assert (stating(119, at=NOON).step_seconds, stating(119, at=NOON).is_short) == (1, True)
    assert (stating(120, at=NOON).step_seconds, stating(120, at=NOON).is_short) == (30, False)
    assert stating(120, at=NOON).idle_seconds == 30
