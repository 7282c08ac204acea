"""Statistics on justice, with made-up counts: what is told, what is not, and what a program reads."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.builders import a_person

from canut.justice.models import Case
from canut.justice.statistics import YearNotFound, year_seen, years_told
from canut.kernel import clock

pytestmark = pytest.mark.django_db

MADE_UP = {
    # kind: (fell by peers, fell without peers, stood by peers, taken back)
    "rejection": (18, 3, 14, 5),
    "time_report": (11, 0, 12, 1),
    "withdrawal": (2, 0, 1, 0),
    "level": (9, 1, 10, 0),
}
ENDS = [("falls", "jury"), ("falls", "no_peers"), ("stands", "jury"), ("dropped", "taken_back")]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> int:
    """Give last year so many cases of each kind, by so many grounds, and 4,000 decisions; return it."""
    zone = timezone.get_default_timezone()
    year = timezone.localtime(clock.now(), zone).year - 1
    party, ended = a_person().party, datetime(year, 6, 1, 12, tzinfo=zone)
    rows = []
    for kind, counts in MADE_UP.items():
        for (state, by), count in zip(ENDS, counts, strict=True):
            for _each in range(count):
                number = len(rows) + 1
                rows.append(
                    Case(
                        kind=kind,
                        subject_id=number,
                        party=party,
                        state=state,
                        decided_by=by,
                        reason="Why." if by == "jury" else "",
                        opened_at=ended - timedelta(days=number % 9),
                        decided_at=ended,
                    )
                )
    Case.objects.bulk_create(rows)
    rejected = sorted(row.subject_id for row in rows if row.kind == "rejection")
    grounds = {pk: "wrong_answer" if n < 28 else "incomplete" for n, pk in enumerate(rejected)}
    monkeypatch.setattr("canut.justice.statistics.grounds_of_rejections", lambda _ids: grounds)
    monkeypatch.setattr("canut.justice.statistics.in_force", lambda _name, at: 10)
    monkeypatch.setattr("canut.justice.statistics.decisions_between", lambda _begins, _ends: 4_000)
    return year


def test_a_year_that_is_over_tells_what_unmasks_nobody(told: int) -> None:
    seen = year_seen(told, at=clock.now())
    assert (seen.is_over, seen.least, seen.decisions) == (True, 10, 4_000)
    assert str(seen.appealed_per_thousand) == "10.0"
    kinds, grounds = seen.sections[0], seen.sections[1]
    lines = {"+".join(line.keys): (line.total, line.cells) for line in kinds.lines}
    # three withdrawn projects are told with the twenty levels, and who won those is told of the two together
    assert lines == {
        "rejection": (40, (21, 19)),
        "time_report": (24, (11, 13)),
        "withdrawal+level": (23, (12, 11)),
    }
    assert (kinds.total, kinds.cells) == (87, (44, 43))
    assert kinds.none == [
        "a contested report of a broken task",
        "a decision on membership",
        "a sanction",
    ]
    assert all(line.days is not None for line in kinds.lines)
    assert {line.keys: (line.total, line.cells) for line in grounds.lines} == {
        ("wrong_answer",): (28, None),  # with (21, 7), what is left would tell of none and 12
        ("incomplete",): (12, None),
    }
    assert grounds.cells == (21, 19)
    assert all(section.total is None for section in seen.sections[2:])


def test_a_year_that_goes_on_is_told_in_steps_and_without_shares(told: int) -> None:
    seen = year_seen(told, at=datetime(told, 12, 1, tzinfo=timezone.get_default_timezone()))
    assert (seen.is_over, seen.appealed_per_thousand) == (False, None)
    kinds = seen.sections[0]
    assert kinds.total == 80
    assert {line.total for line in kinds.lines} == {40, 20}
    assert all(line.days is None for line in kinds.lines)


def test_there_is_nothing_of_years_without_cases(told: int) -> None:
    assert list(years_told(at=clock.now())) == [told + 1, told]
    for year in (told - 1, told + 2, 0, 9999):
        with pytest.raises(YearNotFound):
            year_seen(year, at=clock.now())


def test_everybody_reads_the_page_and_the_table_and_they_say_the_same(client: Client, told: int) -> None:
    newest = client.get(reverse("justice_statistics"))
    assert newest.headers["Location"] == reverse("justice_statistics_year", args=[told + 1])
    assert (
        "Fewer than 10, or too few to tell apart." in client.get(newest.headers["Location"]).content.decode()
    )
    page = client.get(reverse("justice_statistics_year", args=[told])).content.decode()
    assert "a project withdrawn by its workers; a decision on a level in a guild" in page
    for hidden in (">3<", ">20<", ">9<", ">8<"):
        assert hidden not in page
    table = client.get(reverse("justice_statistics_csv", args=[told])).content.decode()
    rows = list(csv.DictReader(StringIO(table)))
    assert {"table": "kinds", "lines": "rejection", "column": "falls", "cases": "21"}.items() <= next(
        row for row in rows if row["lines"] == "rejection" and row["column"] == "falls"
    ).items()
    assert all(int(row["cases"]) >= 10 for row in rows)
    for year in (told - 1, 10**12):
        assert client.get(f"/justice/statistics/{year}/").status_code == 404
        assert client.get(f"/justice/statistics/{year}.csv").status_code == 404
