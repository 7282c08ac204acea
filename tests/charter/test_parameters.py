"""The registry says of every number what it is, and says it consistently."""

import re
import typing
from decimal import Decimal
from pathlib import Path

import pytest

import canut
from canut.charter import names
from canut.charter.parameters import PARAMETERS, SECTIONS, Class, Parameter, ScopeKind, Unit
from canut.charter.rules import ValueRefused, check_value, from_json, to_json

EVERY = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
UNIT_AT_THE_END = {
    Unit.SHARE: "_share",
    Unit.MINOR: "_minor",
    Unit.MINOR_AN_HOUR: "_hourly_minor",
    Unit.SECONDS: "_seconds",
    Unit.HOURS: "_hours",
    Unit.DAYS: "_days",
    Unit.WORKING_DAYS: "_working_days",
    Unit.CHARACTERS: "_characters",
}


def test_no_name_is_used_twice():
    assert len(PARAMETERS) == sum(len(section.parameters) for section in SECTIONS)


@EVERY
def test_a_name_is_dotted_lower_case_and_ends_with_its_unit(parameter: Parameter):
    assert re.fullmatch(r"[a-z]+(\.[a-z]+(_[a-z]+)*)", parameter.name)
    assert parameter.name.endswith(UNIT_AT_THE_END.get(parameter.unit, ""))
    for unit, ending in UNIT_AT_THE_END.items():
        if parameter.name.endswith(ending) and unit != Unit.DAYS:  # working days are days too
            assert parameter.unit in (unit, Unit.MINOR_AN_HOUR)


@EVERY
def test_a_default_is_a_value_that_the_parameter_may_have(parameter: Parameter):
    check_value(parameter, parameter.default)


@EVERY
def test_a_value_comes_back_from_the_log_as_it_went_in(parameter: Parameter):
    assert from_json(parameter, to_json(parameter.default)) == parameter.default
    assert type(from_json(parameter, to_json(parameter.default))) is type(parameter.default)


@EVERY
def test_every_parameter_says_what_its_type_needs(parameter: Parameter):
    assert (parameter.bounds is not None) == (parameter.type in ("int", "decimal", "decimals"))
    assert bool(parameter.choices) == (parameter.type == "choice")
    assert (parameter.lengths is not None) == (parameter.type == "decimals")
    assert (parameter.largest_step is not None) == (parameter.type in ("int", "decimal"))
    assert parameter.largest_step is None or parameter.largest_step > 0
    assert str(parameter.meaning).endswith(".")
    assert str(parameter.meaning).count(". ") <= 1
    assert parameter.scopes[0] == ScopeKind.SITE
    assert parameter.notice_days >= 0


@EVERY
def test_what_is_about_pay_says_what_is_better_for_workers(parameter: Parameter):
    if parameter.class_ == Class.PAY:
        assert parameter.favours in ("higher", "lower")
    if parameter.favours is not None:
        assert parameter.type in ("int", "decimal")


def test_names_by_type_are_those_of_the_registry():
    of_type = {
        "int": names.IntName,
        "decimal": names.DecimalName,
        "bool": names.YesNoName,
        "choice": names.ChoiceName,
        "decimals": names.DecimalsName,
    }
    for type_, literal in of_type.items():
        assert list(typing.get_args(literal)) == sorted(
            p.name for p in PARAMETERS.values() if p.type == type_
        )


@pytest.mark.parametrize(
    ("name", "default"),
    [
        # The numbers as MECHANISMS 9 gives them, so that a slip in the registry shows.
        ("pay.floor_hourly_minor", 1500),
        ("fee.service_share", Decimal("0.065")),
        ("levy.guarantee_share", Decimal("0.02")),
        ("levy.training_share", Decimal("0.01")),
        ("levy.guild_share", Decimal("0.01")),
        ("levy.justice_share", Decimal("0.005")),
        ("pay.reserve_share", Decimal("0.25")),
        ("pay.reserve_round_share", Decimal("0.5")),
        ("lease.factor", Decimal(3)),
        ("lease.least_seconds", 600),
        ("deposit.least_minor", 500),
        ("withdrawal.least_minor", 100),
        ("work.cap_in_hand", 8),
        ("deciding.silence_hours", 72),
        ("deciding.rework_working_days", 2),
        ("deciding.payable_days", 7),
        ("deciding.rejection_hold_days", 7),
        ("pay.idle_seconds", 30),
        ("explanation.least_raters", 5),
        ("newcomers.place_share", Decimal("0.1")),
        ("prototype.publish_share", Decimal("0.66")),
        ("cascade.ladder_thresholds", (Decimal(2), Decimal("1.99"), Decimal(1))),
    ],
)
def test_a_new_site_starts_with_these(name, default):
    assert PARAMETERS[name].default == default


FLOOR, FEE = PARAMETERS["pay.floor_hourly_minor"], PARAMETERS["fee.service_share"]
LADDER, WEIGHTS = PARAMETERS["cascade.ladder_thresholds"], PARAMETERS["rating.weights"]
POLICY, EARLY_END = PARAMETERS["cascade.default_policy"], PARAMETERS["governance.early_end"]


@pytest.mark.parametrize(
    ("parameter", "value", "what"),
    [
        (FLOOR, 99, "low"),
        (FLOOR, 10_001, "high"),
        (FLOOR, Decimal(1500), "type"),
        (FLOOR, "1500", "type"),
        (FLOOR, True, "type"),
        (FLOOR, None, "type"),
        (FEE, 0.065, "type"),
        (FEE, 0, "type"),
        (FEE, Decimal("-0.01"), "low"),
        (FEE, Decimal("0.300001"), "high"),
        (FEE, Decimal("1E+1000000"), "high"),
        (FEE, Decimal("1E-1000000"), "decimals"),
        (FEE, Decimal("0.0650001"), "decimals"),
        (FEE, Decimal("NaN"), "type"),
        (FEE, Decimal("sNaN"), "type"),
        (FEE, Decimal("Infinity"), "type"),
        (LADDER, (), "length"),
        (LADDER, tuple(Decimal(n) / 10 for n in range(21, 0, -1)), "length"),
        (LADDER, [Decimal(2)], "type"),
        (LADDER, (Decimal(2), Decimal(2)), "falling"),
        (LADDER, (Decimal(1), Decimal(2)), "falling"),
        (LADDER, (Decimal(11), Decimal(2)), "high"),
        (LADDER, (Decimal(2), 1), "type"),
        (WEIGHTS, (Decimal(3), Decimal(1)), "length"),
        (POLICY, "staircase", "choice"),
        (POLICY, 1, "type"),
        (EARLY_END, 1, "type"),
        (EARLY_END, None, "type"),
    ],
)
def test_a_value_that_cannot_be_is_refused_for_the_reason_given(parameter, value, what):
    with pytest.raises(ValueRefused) as refused:
        check_value(parameter, value)
    assert refused.value.what == what


@pytest.mark.parametrize("bound", [100, 10_000])
def test_bounds_are_inclusive(bound):
    check_value(FLOOR, bound)


@pytest.mark.parametrize(
    ("parameter", "stored"),
    [
        (FLOOR, "1500"),
        (FLOOR, 15.5),
        (FLOOR, True),
        (FEE, 0.065),
        (FEE, "a little"),
        (LADDER, "2"),
        (LADDER, [2, {}]),
        (EARLY_END, 0),
        (POLICY, None),
    ],
)
def test_what_the_log_could_not_have_stored_is_refused(parameter, stored):
    with pytest.raises(ValueRefused):
        from_json(parameter, stored)


def test_equal_decimals_are_stored_as_equal_text():
    assert to_json(Decimal("0.0650")) == to_json(Decimal("0.065")) == "0.065"
    assert to_json(Decimal("3.00")) == to_json(Decimal("3")) == to_json(Decimal("0.3E1")) == "3"
    assert to_json(Decimal("1E+1")) == "10"


def test_every_name_that_the_code_asks_for_is_in_the_registry():
    question = re.compile(r"""\b(?:in_force|held)\(\s*["']([^"']+)["']""")
    asked = {
        (name, path.name)
        for path in Path(canut.__file__).parent.rglob("*.py")
        for name in question.findall(path.read_text(encoding="utf-8"))
    }
    assert asked
    assert {(name, file) for name, file in asked if name not in PARAMETERS} == set()
