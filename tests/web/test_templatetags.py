"""Money, shares and spans of time as pages write them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from canut.web.templatetags.amounts import duration, exact_money, money, percent

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (95, "1 min 35 s"),
        (3600, "1 h"),
        (3605, "1 h"),
        (3900, "1 h 5 min"),
        (90000, "1 day 1 h"),
        (timedelta(days=3), "3 days"),
        (Decimal("59.6"), "1 min"),
    ],
)
def test_a_span_of_time_is_written_by_its_two_largest_units(seconds, written):
    with translation.override("en"):
        assert duration(seconds) == written.replace(" ", SPACE)


def test_what_is_not_known_is_a_dash():
    assert duration(None) == percent(None) == "–"


@pytest.mark.parametrize(
    ("share", "written"), [("0.5", "50 %"), ("0.714", "71.4 %"), ("0.065", "6.5 %"), ("1", "100 %")]
)
def test_a_share_is_written_as_a_percentage_with_at_most_one_decimal(share, written):
    with translation.override("en"):
        assert percent(Decimal(share)) == written


def test_parts_of_a_cent_are_written_whole():
    with translation.override("en"):
        assert exact_money(Decimal("3.9"), "EUR") == f"0.039{SPACE}EUR"
        assert exact_money(Decimal("60"), "EUR") == f"0.60{SPACE}EUR"
        assert exact_money(Decimal("7"), "JPY") == f"7{SPACE}JPY"
    with translation.override("fr"):
        assert exact_money(Decimal("3.9"), "EUR") == f"0,039{SPACE}EUR"
        assert money(60, "EUR") == f"0,60{SPACE}€"
