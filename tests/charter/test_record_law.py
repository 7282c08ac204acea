"""The law may give workers more, by an entry that cites it; nothing else changes the charter yet."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from tests.builders import NOON
from tests.charter.log_lines import FLOOR, a_line, days

from canut.charter.models import CharterEntry
from canut.charter.parameters import PARAMETERS
from canut.charter.queries import in_force
from canut.charter.rules import EVERYBODY, Scope
from canut.charter.usecases.change_parameter import CharterNeedsDecision, change_parameter
from canut.charter.usecases.record_law import (
    LawBackdated,
    LawNotCited,
    LawWorksForWorkers,
    ScopeNotTaken,
    ValueNotPossible,
    record_law,
)
from canut.kernel.models import Event
from canut.kernel.refusals import NotAllowed, NotFound
from canut.people.models import Person

FRANCE = Scope(country="FR")


def a_law(operator, **said):
    return record_law(
        **{
            "name": FLOOR,
            "value": 1700,
            "scope": FRANCE,
            "cites": "Code du travail, article L. 3231-2",
            "effective_at": days(30),
            "by": operator,
            "at": NOON,
        }
        | said
    )


def test_a_law_holds_from_its_day_on_for_those_it_is_for(operator):
    entry = a_law(operator)
    assert (entry.kind, entry.scope_kind, entry.scope_key) == ("law", "country", "FR")
    assert (entry.old_value, entry.new_value, entry.recorded_at) == (1500, 1700, NOON)
    assert in_force(FLOOR, at=days(29), scope=FRANCE) == 1500
    assert in_force(FLOOR, at=days(30), scope=FRANCE) == 1700
    assert in_force(FLOOR, at=days(30), scope=Scope(country="DE")) == 1500
    assert Event.objects.get(name="charter.law_recorded", subject_id=entry.pk).by_id == operator.pk


def test_entering_the_same_law_twice_enters_it_once(operator):
    assert a_law(operator) == a_law(operator)
    assert CharterEntry.objects.filter(kind="law").count() == 1


def test_a_law_may_lower_what_is_better_low(operator):
    a_law(operator, name="fee.service_share", value=Decimal("0.05"), scope=EVERYBODY)
    assert in_force("fee.service_share", at=days(30)) == Decimal("0.05")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"value": 1500}, LawWorksForWorkers),  # no change
        ({"value": 1400}, LawWorksForWorkers),
        ({"name": "fee.service_share", "value": Decimal("0.07"), "scope": EVERYBODY}, LawWorksForWorkers),
        (
            {"name": "work.cap_in_hand", "value": 9, "scope": EVERYBODY},
            LawWorksForWorkers,
        ),
        ({"name": "governance.early_end", "value": True, "scope": EVERYBODY}, LawWorksForWorkers),
        ({"name": "pay.ceiling"}, NotFound),
        ({"value": 10_001}, ValueNotPossible),
        ({"value": Decimal(1700)}, ValueNotPossible),
        ({"value": Decimal("1E+999999999")}, ValueNotPossible),
        ({"scope": Scope(country="XX")}, ScopeNotTaken),
        ({"scope": Scope(status="astronaut")}, ScopeNotTaken),
        ({"scope": Scope(guild=3)}, ScopeNotTaken),
        ({"scope": Scope(country="FR", status="student")}, ScopeNotTaken),
        ({"cites": " \n "}, LawNotCited),
        ({"cites": "x" * 1001}, LawNotCited),
        ({"effective_at": days(-1)}, LawBackdated),
    ],
)
def test_what_the_law_cannot_do_is_refused_and_nothing_is_written(operator, said, refusal):
    with pytest.raises(refusal):
        a_law(operator, **said)
    assert not CharterEntry.objects.filter(kind="law").exists()


def test_a_value_out_of_bounds_names_the_bounds(operator):
    with pytest.raises(ValueNotPossible, match=r"between €1\.00 an hour and €100\.00 an hour") as refused:
        a_law(operator, value=10_001)
    assert refused.value.facts == {"parameter": FLOOR, "what": "high", "low": 100, "high": 10_000}


def test_a_law_is_held_against_what_will_hold_on_its_day(operator):
    # Given that members have decided on 18.00 from the tenth day on
    a_line(new_value=1800, effective_at=days(10))
    # Then a law of 17.00 from the thirtieth day on gives nobody more
    with pytest.raises(LawWorksForWorkers):
        a_law(operator)
    # But from the fifth on it does, and the decision still counts where it gives more
    a_law(operator, effective_at=days(5))
    assert [in_force(FLOOR, at=days(n), scope=FRANCE) for n in (4, 5, 10)] == [1500, 1700, 1800]


def test_a_decision_under_the_law_does_not_count(operator):
    a_law(operator)
    a_line(new_value=1200, effective_at=days(40))
    a_line(new_value=1300, effective_at=days(40), scope_kind="country", scope_key="FR")
    assert in_force(FLOOR, at=days(41), scope=FRANCE) == 1700
    assert in_force(FLOOR, at=days(41), scope=Scope(country="DE")) == 1200


@pytest.mark.parametrize("who", ["requester", "worker", "peer", "stranger"])
def test_only_an_operator_enters_a_law(request, who):
    with pytest.raises(NotAllowed):
        a_law(request.getfixturevalue(who))
    assert not CharterEntry.objects.filter(kind="law").exists()


@pytest.mark.parametrize("name", PARAMETERS)
def test_nobody_changes_a_parameter_without_a_decision(name):
    with pytest.raises(CharterNeedsDecision) as refused:
        change_parameter(name=name)
    assert (refused.value.code, refused.value.status) == ("charter_needs_decision", 403)


def test_a_parameter_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        change_parameter(name="pay.ceiling")


def test_of_two_clicks_at_once_one_enters_the_law(committed):
    both_ready = Barrier(2)

    def click(operator) -> int:
        try:
            connection.ensure_connection()
            both_ready.wait(timeout=10)
            return a_law(operator).pk
        finally:
            connection.close()

    operator = Person(id=1, is_operator=True)  # not kept, as what both clicks enter is not
    with ThreadPoolExecutor(2) as clicks:
        both = [clicks.submit(click, operator) for _ in range(2)]
        entered = [one.result(timeout=20) for one in both]
    assert entered[0] == entered[1]
    assert CharterEntry.objects.filter(kind="law").count() == 1
