"""The rules of disputes, by themselves: how long, who mediates, what is told, which names there are."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON
from tests.justice.mediation.disputing import BEGUN, Quarrel
from tests.promises import run

from canut.cli import justice
from canut.cli.failure import Failure
from canut.justice.mediation import rules
from canut.justice.mediation.models import Dispute
from canut.justice.mediation.queries.report import as_data, as_lines, yearly_report
from canut.kernel import clock

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def test_a_complaint_can_be_made_to_the_end_of_the_last_day_and_after_a_late_attempt() -> None:
    given = {"complaint_days": 180, "reply_days": 14, "zone": PARIS}
    early = rules.last_moment_to_complain(
        happened_on=date(2026, 1, 1), direct_until=datetime(2026, 1, 20, tzinfo=UTC), **given
    )
    assert early == datetime(2026, 7, 1, tzinfo=PARIS)
    late = datetime(2026, 6, 28, 12, tzinfo=UTC)
    assert (
        rules.last_moment_to_complain(happened_on=date(2026, 1, 1), direct_until=late, **given)
        == late + 14 * DAY
    )


@given(st.dictionaries(st.integers(1, 20), st.integers(0, 5)), st.sets(st.integers(1, 20)))
def test_who_mediates_has_the_fewest_in_hand_and_is_not_apart(in_hand, apart) -> None:
    chosen = rules.next_mediator(in_hand, apart=apart)
    those = {person: count for person, count in in_hand.items() if person not in apart}
    if chosen is None:
        assert not those
    else:
        assert all((those[chosen], chosen) <= (count, person) for person, count in those.items())


def test_each_is_reminded_of_what_is_theirs() -> None:
    given = {
        "direct_until": NOON,
        "complain_by": NOON + 10 * DAY,
        "reply_by": NOON + 5 * DAY,
        "mediator_due_at": NOON + 5 * DAY,
        "remind_days": 3,
    }

    def due(state: str, days: int) -> list[tuple[str, str]]:
        return [(one.kind, one.side) for one in rules.whats_due(state=state, at=NOON + days * DAY, **given)]

    assert due("direct", -1) == []
    assert due("direct", 0) == [("may", "complainant")]
    assert due("direct", 8) == [("may", "complainant"), ("complain", "complainant")]
    assert due("direct", 10) == []
    assert due("reply", 1) == []
    assert due("reply", 2) == [("reply", "other")]
    assert due("reply", 5) == []
    assert due("mediation", 2) == [("mediate", "mediator")]
    assert due("mediation", 5) == [("slow", "complainant"), ("slow_too", "other")]
    assert due("settled", 5) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was Willa's task.", ["Willa"]),
        ("It was WILLA.", ["Willa"]),
        ("Ｗｉｌｌａ said so", ["Willa"]),
        ("Willamette is a river.", []),
        ("With j.d (the other)", ["J.D"]),
        ("jxd", []),
    ],
)
def test_names_are_found_as_words(text: str, found: list[str]) -> None:
    assert rules.names_in(text, ["Willa", "J.D", " "]) == found


def test_a_summary_waits_for_both_or_for_its_time() -> None:
    def may(objections: int, agreed: int, days: int) -> bool:
        return rules.may_be_published(
            objections=objections, agreed=agreed, object_by=NOON, at=NOON + days * DAY
        )

    assert may(0, 2, -1)
    assert not may(0, 1, -1)
    assert may(0, 0, 0)
    assert not may(1, 1, 20)


@pytest.mark.django_db
def test_a_report_tells_what_many_cases_tell_and_nothing_by_subtraction(monkeypatch, capsys) -> None:
    quarrel = Quarrel()
    counts = {("pay", "settled"): 12, ("pay", "recommended"): 11, ("pay", "withdrawn"): 10}
    counts |= {("conduct", "settled"): 3, ("data", "lapsed"): 9, ("tasks", "settled"): 20}
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    rows = [
        Dispute(
            complainant=quarrel.worker,
            other=quarrel.requester.party,
            topic=topic,
            happened_on=NOON.date(),
            words="x",
            wish="x",
            begun_at=BEGUN,
            direct_until=BEGUN,
            complain_by=BEGUN + DAY,
            complained_at=BEGUN if state == "recommended" else None,
            complaint="x" if state == "recommended" else "",
            reply_by=BEGUN + DAY if state == "recommended" else None,
            mediation_at=BEGUN if state == "recommended" else None,
            recommendation="x" if state == "recommended" else "",
            state=state,
            ended_at=at,
        )
        for (topic, state), count in counts.items()
        for _number in range(count)
    ]
    run("ALTER TABLE justice_mediation_dispute DISABLE TRIGGER dispute_begins")
    Dispute.objects.bulk_create(rows)
    over = yearly_report(2027, at=datetime(2028, 1, 2, tzinfo=UTC))
    said = as_data(over)
    assert (said["ended"], said["outcomes"]) == (65, {"settled": 35, "recommended": 11, "neither": 19})
    assert said["began"] is None  # they began the year before
    assert {tuple(line["topics"]): line["ended"] for line in said["topics"]} == {
        ("pay",): 33,
        ("tasks",): 20,
        ("conduct", "data"): 12,
    }
    assert all(line["outcomes"] is None or min(line["outcomes"].values()) >= 10 for line in said["topics"])
    assert as_lines(over)[1] == ["all", "65", "35", "11", "19"]
    # While the year runs, one more case shows to nobody
    running = as_data(yearly_report(2027, at=at))
    assert (running["is_over"], running["ended"]) == (False, 60)
    monkeypatch.setattr(clock, "now", lambda: at)
    justice.print_report(2027)
    assert json.loads(capsys.readouterr().out) == running
    justice.print_report(2027, as_csv=True)
    assert capsys.readouterr().out.startswith("topics,ended,settled,recommended,neither\nall,60,")
    with pytest.raises(Failure):
        justice.print_report(1999)
