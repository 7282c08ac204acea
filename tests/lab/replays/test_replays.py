"""What a setting would have changed, run on a site with some weeks behind it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker
from tests.lab.replays.history import DAY, History, a_history
from tests.work.duties import a_duty, a_duty_task, fill_fund

from canut.charter.parameters import PARAMETERS, Parameter, Value
from canut.charter.queries import in_force
from canut.charter.rules import ValueRefused, check_value
from canut.lab.replays import wording
from canut.lab.replays.charters import Setting
from canut.lab.replays.families import FAMILIES, replay_setting
from canut.lab.replays.report import Report, from_plain, to_plain
from canut.lab.replays.wording import ReportSaid, say
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.people.models import Party
from canut.work.models import Assignment, TopUp
from canut.work.usecases.approve_submission import approve_by_silence
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task


@pytest.fixture(scope="module")
def history(django_db_setup: None, django_db_blocker: Any) -> Iterator[History]:
    """Make the site once: the tests of this file only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_history()
        transaction.set_rollback(True)


def replayed(name: str, value: Value) -> Report:
    return replay_setting(Setting(name, value), at=NOON, tell=lambda _share: None)


def flow(report: Report, kind: Kind) -> tuple[int, int]:
    return next((one.in_before, one.in_after) for one in report.funds if one.fund == kind)


def figure(report: Report, code: str) -> tuple[float | None, float | None]:
    return next((one.before, one.after) for one in report.figures if one.code == code)


def test_the_books_come_out_again_and_change_by_what_the_rules_say(history: History) -> None:
    # Given some weeks of work, paid and settled
    # When a higher fee is tried
    fee = replayed("fee.service_share", Decimal("0.08"))
    # Then the run under the fee as it was is what the books say
    assert [one.code for one in fee.checks if not one.agrees] == []
    assert {one.code for one in fee.checks} == {
        "booked_rewards",
        "booked_reworks",
        "booked_sessions",
        "booked_charges",
        "announced_top_ups",
    }
    # And the income is each project's pay times the new fee, rounded project by project
    pay: dict[int, int] = defaultdict(int)
    paid = LedgerEntry.objects.filter(reason__in=[Reason.REWARD, Reason.SESSION])
    for entry in paid.select_related("debit"):
        assert entry.debit.project_id is not None
        pay[entry.debit.project_id] += entry.amount_minor
    rounded = [(minor * Decimal("0.08")).quantize(Decimal(1), ROUND_HALF_UP) for minor in pay.values()]
    booked = LedgerEntry.objects.filter(credit__kind=Kind.INCOME)
    assert flow(fee, Kind.INCOME) == (sum(one.amount_minor for one in booked), sum(rounded))
    # And nobody's earnings change, but what requesters pay does
    assert fee.workers is not None
    assert [one.before for one in fee.workers.groups] == [one.after for one in fee.workers.groups]
    assert [one.people for one in fee.workers.groups] == [11, 11]
    assert fee.requesters is not None
    (requesters,) = fee.requesters.groups
    assert requesters.people == 11
    assert requesters.after > requesters.before

    # When a higher floor is tried
    floor = replayed("pay.floor_hourly_minor", 1650)
    # Then prices under it are raised to the least for the two minutes that were expected: 55 cents (and the
    # project by the hour, which paid 16.00, is the sixth)
    rewards = Assignment.objects.filter(project__in=history.projects, state="approved")
    new = {one.pk: max(55, one.reward_minor) for one in rewards}
    assert figure(floor, "prices_refused") == (0, 6)
    # And the typical time of those that were settled is paid at the new floor, rounded up once a worker
    lacks: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for project in history.projects:
        settlement = project.settlements.get()
        for assignment, _task, worker, _stated, _measured in settlement.inputs["reports"]:
            owed = settlement.typical_seconds * 1650 / 3600 - new[assignment]
            lacks[settlement.pk, worker] += max(Decimal(0), owed)
    expected = sum(ceil(amount) for amount in lacks.values())
    before = sum(TopUp.objects.values_list("amount_minor", flat=True))
    assert before > 0
    assert figure(floor, "top_ups") == (before, expected)
    # And a session by the hour that was under it is paid by it: a quarter of an hour at least
    assert floor.workers is not None
    earned = sum(one.amount_minor for one in LedgerEntry.objects.filter(credit__kind=Kind.EARNINGS))
    assert sum(one.before * one.people for one in floor.workers.groups) == pytest.approx(
        earned + before, abs=1
    )
    rework = 5  # of two minutes at the floor: 50 cents became 55
    hour = -(-1650 * 900 // 3600) - 400
    more = sum(new.values()) - sum(one.reward_minor for one in rewards) + expected - before + rework + hour
    assert sum(one.after * one.people for one in floor.workers.groups) == pytest.approx(
        earned + before + more, abs=1
    )
    # And a lower one takes away what it paid above, and no price
    lower = replayed("pay.floor_hourly_minor", 1300)
    assert lower.workers is not None
    assert figure(lower, "top_ups")[1] < before
    assert all(one.after <= one.before for one in lower.workers.groups)
    # And what was tried is not in the charter
    assert in_force("pay.floor_hourly_minor", at=NOON) == 1500


def test_what_one_proposal_sets_is_tried_together(history: History) -> None:
    """A floor and a charge on pay: the charge is on the pay that the floor brings, not on what was."""
    floor, fee = Setting("pay.floor_hourly_minor", 2400), Setting("fee.service_share", Decimal("0.08"))

    def of(setting: Setting, *beside: Setting) -> Report:
        return replay_setting(setting, at=NOON, tell=lambda _share: None, beside=beside)

    alone, raised, both = of(fee), of(floor), of(fee, floor)
    was, with_fee = flow(alone, Kind.INCOME)
    _was, with_floor = flow(raised, Kind.INCOME)
    assert flow(both, Kind.INCOME)[0] == was
    assert flow(both, Kind.INCOME)[1] > max(with_fee, with_floor)
    assert figure(both, "paid_to_workers") == figure(raised, "paid_to_workers")
    assert flow(of(floor, fee), Kind.INCOME) == flow(both, Kind.INCOME)  # whichever is named first
    assert both.beside == ("pay.floor_hourly_minor",)
    assert "pay.floor_hourly_minor" in say(both).taken_for_granted[0]
    assert say(both).is_together
    assert list(from_plain(to_plain(both)).beside) == ["pay.floor_hourly_minor"]
    # What nothing goes by stays so, and says nothing of the others
    voting = of(Setting("governance.vote_days", 21), fee)
    assert (voting.family, voting.taken_for_granted) == ("nothing", ())


def test_every_parameter_has_an_answer_in_both_languages_that_names_nobody(
    history: History,
) -> None:
    names = [*Party.objects.exclude(screen_name="").values_list("screen_name", flat=True)]
    assert len(names) >= len(history.workers) + len(history.requesters)
    families = set()
    for name, parameter in PARAMETERS.items():
        for value in others(parameter, in_force(name, at=NOON)):
            report = replayed(name, value)
            plain = json.dumps(to_plain(report))
            assert to_plain(from_plain(json.loads(plain))) == json.loads(plain)
            families.add(report.family)
            assert (report.family == "nothing") == (name not in FAMILIES)
            # (No votes were given in the rounds that projects here are said to have had)
            faults = [one for one in report.checks if not one.agrees and one.code != "rounds_decided"]
            assert faults == [], name
            for language in ("en", "fr"):
                with translation.override(language):
                    said = say(report)
                everything = plain + words_of(said)
                assert [one for one in names if one in everything] == []
                assert said.is_run or said.unknown, name
            assert_masked(report)
    assert families == {"nothing", *(family_of(name) for name in FAMILIES)}


@pytest.mark.django_db
def test_duties_wait_for_nobody_and_are_not_called_silence() -> None:
    # Given work that nobody decided on for three days, and a duty, which was approved as it came in
    fill_fund(1_000)
    worker, duty, began = a_worker(), a_duty(), NOON - 5 * DAY
    a_duty_task(duty, offered_to=[worker.pk], at=began)
    project = a_project(owner=a_requester(), at=began)
    for one in (duty, project):
        held = take_task(by=worker, project_id=one.pk, at=began)
        submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=200, at=began)
    in_time = began + 3 * DAY
    assert approve_by_silence(project_id=project.pk, before=began, at=in_time) == 1
    # When two days are tried
    report = replayed("deciding.silence_hours", 48)
    # Then the one is approved a day earlier, and the other is not counted
    assert figure(report, "approved_by_silence") == (1, 1)
    assert figure(report, "time_until_decided") == (72 * 3600, 48 * 3600)


def others(parameter: Parameter, now: Value) -> list[Value]:
    """Return a value that the parameter may have beside `now`, if there is one."""
    tried: list[Value] = []
    if isinstance(now, bool):
        tried = [not now]
    elif parameter.type == "choice":
        tried = [choice for choice in parameter.choices if choice != now]
    elif isinstance(now, tuple):
        tried = [tuple(one - Decimal("0.1") * n for n, one in enumerate(now, start=1))]
        tried = [now[:-1] if len(now) > 2 and parameter.lengths != (3, 3) else tried[0]]
    elif isinstance(now, int):
        tried = [now + max(1, now // 5), max(0, now - max(1, now // 5))]
    elif isinstance(now, Decimal):
        tried = [now + Decimal("0.05"), now - Decimal("0.05")]
    return [one for one in tried if one != now and is_allowed(parameter, one)][:1]


def is_allowed(parameter: Parameter, value: Value) -> bool:
    try:
        check_value(parameter, value)
    except ValueRefused:
        return False
    return True


def words_of(said: ReportSaid) -> str:
    """Return everything that a page says of a report; fails for a code that has no words."""
    tables = [str(one.chart.svg) + str(one.chart.table) for one in said.charts if one.chart is not None]
    return " ".join([str(said.figures), str(said.checks), *said.taken_for_granted, *said.unknown, *tables])


def assert_masked(report: Report) -> None:
    for table in (report.workers, report.requesters):
        if table is not None:
            assert all(group.people >= report.least_people for group in table.groups)
    codes = [
        *((one.code, wording.FIGURES) for one in report.figures),
        *((one.code, wording.CHECKS) for one in report.checks),
        *((one.code, wording.NOTES) for one in [*report.taken_for_granted, *report.unknown]),
    ]
    assert [code for code, known in codes if code not in known] == []


def family_of(name: str) -> str:
    module = FAMILIES[name].__module__.rsplit(".", 1)[-1]
    return {"levels": "guilds"}.get(module, module)
