"""What people look back on: every line once, narrowed as asked, and sums that are the ledger's."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, taken
from tests.work.a_life import END, a_life
from tests.work.by_the_hour import an_hourly_project, later, opened

from canut.api.shapes.history import Narrowing
from canut.kernel.refusals import BadInput
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import party_total_minor, verify
from canut.people.models import Person
from canut.work.history.asked import (
    LARGEST_ID,
    OUTCOMES,
    PAID_IN,
    Asked,
    LineKind,
    Role,
    as_address,
    asked_from,
)
from canut.work.history.files import FORMATS, columns_of, history_file
from canut.work.history.lines import Line
from canut.work.history.merging import merged, place_read, place_said
from canut.work.history.pages import history_page, is_place, projects_offered, totals
from canut.work.models import Project, Round, TopUp
from canut.work.queries.sessions import hours_of_project
from canut.work.states import AssignmentState
from canut.work.usecases.close_session import close_session

# --- What is asked, and how lists are read as one: no database ---


def test_every_state_of_a_task_and_every_kind_of_pay_can_be_asked_for():
    assert sorted(state for states in OUTCOMES.values() for state in states) == sorted(AssignmentState)
    none_of_it = {
        *(Reason.DEPOSIT, Reason.WITHDRAWAL, Reason.PUBLICATION, Reason.REFUND, Reason.APPEAL),
        *(Reason.SERVICE_FEE, Reason.LEVY, Reason.GIFT, Reason.ADVANCE, Reason.REPAYMENT),
    }
    assert set(PAID_IN) == set(Reason) - none_of_it
    said = Narrowing.model_json_schema()["properties"]
    for name, known in (("outcome", OUTCOMES), ("pay", PAID_IN)):
        assert set(said[name]["anyOf"][0]["enum"]) == set(known)


@given(
    since=st.none() | st.dates(date(1990, 1, 1), date(2500, 1, 1)),
    days=st.integers(0, 400),
    project=st.none() | st.integers(1, LARGEST_ID),
    outcome=st.sampled_from(["", *OUTCOMES]),
    paid=st.sampled_from(["", "yes", "no"]),
    pay=st.sampled_from(["", *PAID_IN]),
    order=st.sampled_from(["newest", "oldest"]),
)
def test_what_is_asked_stands_in_the_address_and_is_read_back(
    since, days, project, outcome, paid, pay, order
):
    until = since and since + timedelta(days=days)
    asked = Asked(since, until, project, outcome, paid, str(pay), order)
    assert asked_from(as_address(asked)) == asked


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"since": "30.11.2026"}, "since"),
        ({"until": "0001-01-01"}, "until"),
        ({"since": "2026-11-30\0"}, "since"),
        ({"since": "2026-12-01", "until": "2026-11-30"}, "until"),
        ({"project": "-1"}, "project"),
        ({"project": "١"}, "project"),
        ({"outcome": "lost"}, "outcome"),
        ({"paid": "perhaps"}, "paid"),
        ({"pay": "deposit"}, "pay"),
        ({"order": "best"}, "order"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(given_, field):
    with pytest.raises(BadInput) as refused:
        asked_from(given_)
    assert list(refused.value.facts["errors"]) == [field]


MOMENTS = st.lists(st.integers(0, 5), max_size=8)


@given(lists=st.lists(MOMENTS, min_size=1, max_size=4), most=st.integers(1, 5), newest_first=st.booleans())
def test_several_lists_read_in_pages_give_every_row_once_each_list_in_its_own_order(
    lists: list[list[int]], most: int, newest_first: bool
) -> None:
    # Rows of a list are in the order of their ids; their moments need not agree with it
    rows = [
        [(number + 1, datetime(2026, 1, 1 + day, tzinfo=UTC)) for number, day in enumerate(one)]
        for one in lists
    ]
    ordered = [one[::-1] if newest_first else one for one in rows]
    place: Any = (None,) * len(lists)
    read = []
    while place is not None:
        place = place_read(place_said(place), lists=len(lists))
        beyond = [
            [row for row in one if after is None or (row[0] < after if newest_first else row[0] > after)]
            for one, after in zip(ordered, place, strict=True)
        ]
        heads, place = merged(
            [one[: most + 1] for one in beyond], place=place, most=most, newest_first=newest_first
        )
        assert len(heads) == most or place is None
        read += heads
    for number, one in enumerate(ordered):
        assert [(head.id, head.at) for head in read if head.number == number] == one
    if all(days == sorted(days) for days in lists):  # where they agree, so does the whole
        moments = [head.at for head in read]
        assert moments == sorted(moments, reverse=newest_first)


@pytest.mark.parametrize(
    "spoilt", ["1", "1..", "a...", "1.2.3.4.5", "-1...", "1" * 30 + "...", "\0...", "٣..."]
)
def test_a_spoilt_place_is_known_as_one(spoilt):
    assert not is_place(spoilt, role=Role.WORKER)


# --- The life of a worker and a requester ---


@pytest.fixture
def life(db, requester, worker):
    a_life(worker, requester)
    return worker, requester


def every_line(asked: Asked, *, by: Person, role: Role, most: int = 3) -> Sequence[Line]:
    found, cursor = [], ""
    while True:
        page = history_page(asked, by=by, role=role, at=END, cursor=cursor, most=most)
        found += page.lines
        cursor = page.next_cursor
        if not cursor:
            return found


def booked_to(worker: Person) -> int:
    """Return what ever came into somebody's earnings."""
    rows = LedgerEntry.objects.filter(credit__kind=Kind.EARNINGS, credit__party_id=worker.pk)
    return sum(rows.values_list("amount_minor", flat=True))


def test_both_sides_read_everything_once_with_what_became_of_it_and_sums_that_the_ledger_has(life, stranger):
    worker, requester = life
    lines = every_line(Asked(), by=worker, role=Role.WORKER)
    assert sorted((str(line.kind), line.state) for line in lines) == sorted(
        [
            *[("task", "approved")] * 7,
            *[("task", state) for state in ("rejected", "skipped", "given_back", "broken", "held")],
            ("session", "closed"),
            ("top_up", "paid"),
            ("other", ""),
        ]
    )
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    oldest_first = every_line(Asked(order="oldest"), by=worker, role=Role.WORKER, most=4)
    assert {(line.kind, line.id) for line in oldest_first} == {(line.kind, line.id) for line in lines}
    assert [line.at for line in oldest_first] == sorted(line.at for line in lines)

    reworked = next(line for line in lines if "bonus" in line.pay)
    assert reworked.pay == {"reward": 60, "rework": 50, "bonus": 25}
    assert (reworked.attempt, reworked.decided_by, reworked.rating) == (2, "requester", Decimal(3))
    assert (reworked.return_reason, reworked.active_seconds) == ("Look at the ears again.", 90)
    rejected = next(line for line in lines if line.state == "rejected")
    assert (rejected.ground, rejected.reason, rejected.pay_minor) == (
        "wrong_answer",
        "It is a dog for the second time.",
        0,
    )
    assert rejected.appeal_state == "open"
    broken = next(line for line in lines if line.state == "broken")
    assert (broken.broken_kind, broken.note) == ("missing", "There is no picture.")
    assert broken.pay == {"broken": 50}  # two minutes at the floor
    free = next(line for line in lines if line.title == "Free")
    assert (free.is_volunteer, free.decided_by, free.pay) == (True, "software", {})

    found = totals(Asked(), by=worker, role=Role.WORKER, at=END)
    (sums,) = found.sums
    assert found.counts == {"task": 12, "session": 1, "top_up": 1, "other": 1}
    assert sums.pay_minor == sum(line.pay_minor for line in lines) == booked_to(worker)
    assert sums.pay_minor - 40 == party_total_minor(worker.pk, Kind.EARNINGS, "EUR")
    assert sums.pay["jury"] == 500
    assert sums.charges == {}

    theirs = every_line(Asked(), by=requester, role=Role.REQUESTER)
    assert len(theirs) == 12 + 8 + 1 + 3
    paid = totals(Asked(), by=requester, role=Role.REQUESTER, at=END)
    into = LedgerEntry.objects.filter(credit__kind=Kind.EARNINGS).exclude(reason=Reason.JURY)
    dues = LedgerEntry.objects.filter(reason__in=[Reason.SERVICE_FEE, Reason.LEVY])
    assert paid.sums[0].pay_minor == sum(into.values_list("amount_minor", flat=True))
    for name, minor in paid.sums[0].charges.items():
        assert minor == sum(dues.filter(note=name).values_list("amount_minor", flat=True))
    assert sum(paid.sums[0].charges.values()) == sum(dues.values_list("amount_minor", flat=True)) > 0
    of_project = [line for line in theirs if line.kind != LineKind.TOP_UP]
    exact = sum(line.charges.get("service_fee", Decimal(0)) for line in of_project)
    assert abs(exact - paid.sums[0].charges["service_fee"]) < Project.objects.count()

    for role in Role:  # nobody reads what is not theirs
        assert every_line(Asked(), by=stranger, role=role) == []
        assert totals(Asked(), by=stranger, role=role, at=END).sums == []
    assert every_line(Asked(), by=requester, role=Role.WORKER) == []
    assert verify() == []
    _who_worked_in_a_round_is_not_named(worker, requester, stranger)


def _who_worked_in_a_round_is_not_named(worker: Person, requester: Person, stranger: Person) -> None:
    lines = every_line(Asked(), by=requester, role=Role.REQUESTER)
    tried, session = (line for line in lines if line.is_of_a_round)
    assert (tried.kind, session.kind) == (LineKind.TASK, LineKind.SESSION)
    for one in (tried, session):
        assert one.who.id == 0
        assert one.who.screen_name.startswith("round-")
    assert all(line.who.screen_name == worker.screen_name for line in lines if line.title == "=Pieces")
    # A top-up that pays for work of a round would name them by the way round
    paid = TopUp.objects.get(worker=worker)
    paid.pk, paid.worker = None, stranger
    paid.lines = [{**paid.lines[0], "assignments": [tried.id]}]
    paid.save(force_insert=True)
    top_ups = [
        line
        for line in every_line(Asked(), by=requester, role=Role.REQUESTER)
        if line.kind == LineKind.TOP_UP
    ]
    assert [line.who.id for line in top_ups].count(0) == 1
    written = b"".join(
        history_file(Asked(outcome="approved"), by=requester, role=Role.REQUESTER, at=END, file_format="csv")
    ).decode()
    assert f"{tried.who.screen_name}" in written


WAYS = [
    *[
        (Asked(outcome=name), lambda line, states=states: line.kind == LineKind.TASK and line.state in states)
        for name, states in OUTCOMES.items()
    ],
    (Asked(paid="yes"), lambda line: bool(line.pay)),
    (Asked(paid="no"), lambda line: not line.pay),
    *[(Asked(pay=str(reason)), lambda line, reason=reason: reason in line.pay) for reason in PAID_IN],
    (Asked(paid="no", pay="reward"), lambda line: False),
    (Asked(until=date(2026, 2, 28)), lambda line: line.at < datetime(2026, 2, 28, 23, tzinfo=UTC)),
]


def test_narrowing_gives_just_what_was_asked_for_on_pages_in_sums_and_in_files(
    life, django_assert_max_num_queries
):
    worker, requester = life
    ways = [*WAYS]
    for project in Project.objects.all():
        ways.append((Asked(project_id=project.pk), lambda line, pk=project.pk: line.project_id == pk))
    day = NOON.astimezone(UTC).date()
    ways.append((Asked(since=day, until=day), lambda line: abs(line.at - NOON) < timedelta(hours=12)))
    ways.append((Asked(since=day + timedelta(days=1)), lambda line: line.at - NOON > timedelta(hours=12)))
    for by, role in ((worker, Role.WORKER), (requester, Role.REQUESTER)):
        everything = every_line(Asked(), by=by, role=role, most=50)
        for asked, wanted in ways:
            right = [(line.kind, line.id) for line in everything if wanted(line)]
            lines = every_line(asked, by=by, role=role, most=50)
            assert [(line.kind, line.id) for line in lines] == right, asked
            found = totals(asked, by=by, role=role, at=END)
            assert found.count == len(right), asked
            assert sum(sums.pay_minor for sums in found.sums) == sum(line.pay_minor for line in lines), asked
    for by, role in zip(life, Role, strict=True):  # many lines are read by as many queries as few
        counts = []
        for most in (9, 50):
            with django_assert_max_num_queries(100) as queries:
                history_page(Asked(), by=by, role=role, at=END, most=most)
            counts.append(len(queries))
        assert counts[1] <= counts[0] + 6  # for kinds of lines and projects that come in
    worker.time_zone = "Pacific/Kiritimati"  # where it is tomorrow already
    tomorrow = Asked(since=day + timedelta(days=1), until=day + timedelta(days=1))
    assert len(every_line(tomorrow, by=worker, role=Role.WORKER)) == 14
    assert [one.title for one in projects_offered(Asked(), by=worker, role=Role.WORKER)][-1] == "=Pieces"
    assert projects_offered(Asked(), by=requester, role=Role.WORKER) == []


def test_a_file_holds_every_line_with_its_pay_by_part_in_the_readers_zone_and_no_formula(life, monkeypatch):
    monkeypatch.setattr("canut.work.history.pages.LINES_AT_ONCE", 4)
    for by, role in zip(life, Role, strict=True):
        by.time_zone = "Europe/Paris"
        _compare_files(by, role)


def _compare_files(by: Person, role: Role) -> None:
    lines = every_line(Asked(), by=by, role=role, most=50)
    columns = [column.name for column in columns_of(role)]
    pieces = list(history_file(Asked(), by=by, role=role, at=END, file_format="csv"))
    assert len(pieces) == 1 + -(-len(lines) // 4)
    rows = list(csv.DictReader(io.StringIO(b"".join(pieces).decode(), newline="")))
    assert [row["id"] for row in rows] == [str(line.id) for line in lines]
    assert list(rows[0]) == columns
    assert {row["project"] for row in rows if "Pieces" in row["project"]} == {"'=Pieces"}
    for row, line in zip(rows, lines, strict=True):
        parts = sum(int(row[f"{reason}_minor"]) for reason in PAID_IN)
        assert parts == int(row["pay_minor"]) == line.pay_minor
        assert datetime.fromisoformat(row["at"]) == line.at.replace(microsecond=0)
        assert row["at"].endswith("+01:00")
    written = b"".join(history_file(Asked(), by=by, role=role, at=END, file_format="jsonl")).decode()
    assert [json.loads(line)["id"] for line in written.splitlines()] == [line.id for line in lines]
    nothing = replace(Asked(), project_id=LARGEST_ID)
    for file_format in FORMATS:
        empty = b"".join(history_file(nothing, by=by, role=role, at=END, file_format=file_format))
        assert empty.decode().strip() == (",".join(columns) if file_format == "csv" else "")


@pytest.mark.django_db
def test_who_comes_to_a_round_by_the_hour_is_named_to_its_requester_neither_before_a_task_nor_after(
    requester, worker
):
    project = an_hourly_project(owner=requester, rows=16, hours=8)
    session = opened(worker=worker, project=project)

    def named() -> Any:
        lines = history_page(Asked(), by=requester, role=Role.REQUESTER, at=NOON).lines
        (line,) = (one for one in lines if one.kind is LineKind.SESSION)
        return line.is_of_a_round, line.who, hours_of_project(project.pk, by=requester).lines[0].worker

    before = named()
    taken(worker=worker, project=project)
    assert before == named()
    assert (before[0], before[2]) == (True, None)
    assert before[1].screen_name != worker.screen_name
    # In one that is opened when the round is over, they are named
    Round.objects.update(decided_at=NOON, state="passed")
    Project.objects.update(round=None, round_most=None)
    close_session(session_id=session.pk, by=worker, at=later(9))
    opened(worker=worker, project=project, at=later(10))
    assert hours_of_project(project.pk, by=requester).lines[0].worker.screen_name == worker.screen_name
