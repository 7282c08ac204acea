"""What the database promises about the log, broken one promise at a time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import JSONField, Value
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, a_line

from canut.charter.models import CharterEntry

pytestmark = pytest.mark.django_db

FIRST = {"kind": "genesis", "parameter": "new.number", "old_value": None, "cites": ""}


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("charter_entry_kind_known", {"kind": "whim"}),
        ("charter_entry_parameter_shape", {"parameter": "Pay.Floor"}),
        ("charter_entry_parameter_shape", {"parameter": "pay"}),
        ("charter_entry_scope_known", {"scope_kind": "planet", "scope_key": "Mars"}),
        ("charter_entry_scope_has_key", {"scope_key": "FR"}),
        ("charter_entry_scope_has_key", {"scope_kind": "status"}),
        ("charter_entry_country_code", {"scope_kind": "country", "scope_key": "France"}),
        ("charter_entry_guild_id", {"parameter": DRAWS, "scope_kind": "guild", "scope_key": "3a"}),
        ("charter_entry_guild_id", {"parameter": DRAWS, "scope_kind": "guild", "scope_key": "0"}),
        ("charter_entry_first_is_for_everybody", FIRST | {"scope_kind": "country", "scope_key": "FR"}),
        ("charter_entry_old_value_fits", {"old_value": None}),
        ("charter_entry_old_value_fits", FIRST | {"old_value": 1}),
        ("charter_entry_cites", {"cites": ""}),
        ("charter_entry_cites", {"kind": "law", "cites": " \n"}),
        ("charter_entry_not_backdated", {"effective_at": NOON - timedelta(microseconds=1)}),
        ("charter_entry_not_backdated", {"kind": "law", "effective_at": NOON - timedelta(days=1)}),
        ("charter_entry_has_value", {"new_value": {"low": 1}}),
        ("charter_entry_begins_once", FIRST | {"parameter": DRAWS}),
        ("charter_entry_begins_once", FIRST | {"parameter": DRAWS, "kind": "release"}),
    ],
)
def test_the_database_refuses_a_line_that_cannot_be(promise, said):
    with pytest.raises(IntegrityError, match=promise):
        a_line(**said)


@pytest.mark.parametrize("column", ["old_value", "new_value"])
def test_a_null_of_json_is_no_value(column):
    with pytest.raises(IntegrityError, match="charter_entry_has_value"):
        a_line(**{column: Value(None, JSONField())})


def test_a_line_has_a_value():
    with pytest.raises(IntegrityError, match="new_value"):
        a_line(new_value=None)


def test_lines_that_may_be_are_taken():
    a_line()
    a_line(kind="law", scope_kind="country", scope_key="FR", effective_at=NOON + timedelta(days=9))
    a_line(parameter=DRAWS, scope_kind="guild", scope_key="12")
    a_line(**FIRST | {"effective_at": NOON - timedelta(days=300)})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE charter_charterentry SET new_value = '1400' WHERE parameter = 'pay.floor_hourly_minor'",
        "DELETE FROM charter_charterentry WHERE parameter = 'pay.floor_hourly_minor'",
        "TRUNCATE charter_charterentry",
    ],
)
def test_a_line_is_written_once_and_stays(statement):
    with (
        pytest.raises(IntegrityError, match="charter_charterentry_written_once"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_bare_save_cannot_change_a_line_either():
    line = CharterEntry.objects.get(parameter=DRAWS)
    line.new_value = 100
    with pytest.raises(IntegrityError, match="charter_charterentry_written_once"):
        line.save()
