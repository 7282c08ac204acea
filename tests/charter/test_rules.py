"""What holds at any moment, against a replay of the log so plain that it is obviously right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.charter.log import Log
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import (
    EVERYBODY,
    NARROWING,
    Entry,
    Scope,
    entry_in_force,
    is_more_favourable,
    timeline,
    value_in_force,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
FLOOR = PARAMETERS["pay.floor_hourly_minor"]  # better when higher
SILENCE = PARAMETERS["deciding.silence_hours"]  # better when lower
DRAWS = PARAMETERS["guild.draw_items"]  # neither
SCOPES = [
    Scope(country=country, territory=territory, status=status, guild=guild)
    for country in (None, "FR", "DE")
    for territory in (None, "lyon")
    for status in (None, "student")
    for guild in (None, 3)
]
KEYS = [
    ("site", ""),
    ("country", "FR"),
    ("country", "DE"),
    ("territory", "lyon"),
    ("status", "student"),
    ("guild", "3"),
]


def an_entry(
    number: int,
    value: Any,
    *,
    day: int = 0,
    kind: str = "decision",
    scope: tuple[str, str] = KEYS[0],
    of=FLOOR,
):
    moment = START + timedelta(days=day)
    return Entry(number, kind, of.name, *scope, value, moment, moment, "article 1")


@st.composite
def logs(draw, of):
    """A founding, then anything: dates in any order, several on one day, laws only where they may be."""
    kinds = ["decision", "law"] if of.favours else ["decision"]
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(1000, 1010), st.integers(0, 6), st.sampled_from(kinds), st.sampled_from(KEYS)
            ),
            max_size=12,
        )
    )
    founding = an_entry(1, draw(st.integers(1000, 1010)), kind="genesis", of=of)
    other = an_entry(99, 7, of=PARAMETERS["work.cap_in_hand"])  # must never matter
    return [
        founding,
        other,
        *(
            an_entry(number, value, day=day, kind=kind, scope=scope, of=of)
            for number, (value, day, kind, scope) in enumerate(drawn, start=2)
        ),
    ]


def replayed(of, entries, at, scope):
    """Write every entry that is in effect over the one before it in a plain dict, then look."""
    decided: dict[tuple[str, str], int] = {}
    laws: dict[tuple[str, str], int] = {}
    for entry in sorted(entries, key=lambda e: (e.effective_at, e.id)):
        if entry.parameter == of.name and entry.effective_at <= at:
            (laws if entry.kind == "law" else decided)[entry.scope_kind, entry.scope_key] = entry.value
    mine = {
        "site": "",
        "country": scope.country,
        "territory": scope.territory,
        "status": scope.status,
        "guild": scope.guild and str(scope.guild),
    }
    keys = [(kind, mine[kind]) for kind in ("site", "country", "territory", "status", "guild")]
    if of.favours == "higher":
        return max([*(decided[k] for k in keys if k in decided), *(laws[k] for k in keys if k in laws)])
    if of.favours == "lower":
        return min([*(decided[k] for k in keys if k in decided), *(laws[k] for k in keys if k in laws)])
    return [decided[k] for k in keys if k in decided][-1]


MOMENTS = [START + timedelta(hours=hours) for hours in range(0, 24 * 7, 12)]
OF = pytest.mark.parametrize("of", [FLOOR, SILENCE, DRAWS], ids=["higher", "lower", "neither"])


@OF
@given(data=st.data())
def test_what_holds_at_any_moment_equals_the_replay_of_the_log(of, data):
    entries = data.draw(logs(of))
    scope = data.draw(st.sampled_from(SCOPES))
    log = Log(tuple(entries))
    for at in MOMENTS:
        expected = replayed(of, entries, at, scope)
        assert value_in_force(of, entries, at, scope) == expected
        assert log.held(of, at, scope).entry.value == expected


@OF
@given(data=st.data())
def test_since_is_when_the_entry_that_holds_began_to_hold_without_a_break(of, data):
    entries = data.draw(logs(of))
    scope = data.draw(st.sampled_from(SCOPES))
    for before, after in zip(timeline(of, entries, scope), timeline(of, entries, scope)[1:], strict=False):
        assert before.since < after.since
        assert before.entry != after.entry
        just_before = after.since - timedelta(microseconds=1)
        assert entry_in_force(of, entries, just_before, scope) == before.entry
        assert entry_in_force(of, entries, after.since, scope) == after.entry


@pytest.mark.parametrize("of", [FLOOR, SILENCE], ids=["higher", "lower"])
@given(data=st.data())
def test_a_narrower_scope_is_never_worse_for_the_worker(of, data):
    entries = data.draw(logs(of))
    for at in MOMENTS:
        for_everybody = value_in_force(of, entries, at)
        for scope in SCOPES:
            assert not is_more_favourable(of, for_everybody, than=value_in_force(of, entries, at, scope))


@pytest.mark.parametrize("of", [FLOOR, SILENCE], ids=["higher", "lower"])
@given(data=st.data())
def test_a_law_that_is_better_on_its_day_makes_nobody_worse_off_at_any_moment(of, data):
    entries = data.draw(logs(of))
    scope = data.draw(st.sampled_from([EVERYBODY, Scope(country="FR")]))
    law = an_entry(
        50,
        data.draw(st.integers(1000, 1010)),
        day=data.draw(st.integers(0, 6)),
        kind="law",
        scope=("country", "FR") if scope.country else ("site", ""),
        of=of,
    )
    if not is_more_favourable(of, law.value, than=value_in_force(of, entries, law.effective_at, scope)):
        return  # `record_law` refuses it
    for at in MOMENTS:
        for somebody in SCOPES:
            before = value_in_force(of, entries, at, somebody)
            after = value_in_force(of, [*entries, law], at, somebody)
            assert not is_more_favourable(of, before, than=after)


@OF
@given(data=st.data())
def test_the_order_in_which_entries_are_read_makes_no_difference(of, data):
    entries = data.draw(logs(of))
    shuffled = data.draw(st.permutations(entries))
    scope = data.draw(st.sampled_from(SCOPES))
    for at in MOMENTS:
        assert value_in_force(of, shuffled, at, scope) == value_in_force(of, entries, at, scope)


def test_a_value_holds_from_its_moment_on_and_not_before():
    entries = [an_entry(1, 1500, kind="genesis"), an_entry(2, 1600, day=3)]
    third_day = START + timedelta(days=3)
    assert value_in_force(FLOOR, entries, third_day - timedelta(microseconds=1)) == 1500
    assert value_in_force(FLOOR, entries, third_day) == 1600


def test_of_two_entries_for_one_moment_the_later_recorded_holds():
    entries = [
        an_entry(1, 5, kind="genesis", of=DRAWS),
        an_entry(2, 6, day=1, of=DRAWS),
        an_entry(3, 7, day=1, of=DRAWS),
    ]
    assert value_in_force(DRAWS, entries, START + timedelta(days=1)) == 7


def test_a_guild_may_have_less_than_the_site_where_nothing_says_what_is_better():
    entries = [an_entry(1, 10, kind="genesis", of=DRAWS), an_entry(2, 5, scope=("guild", "3"), of=DRAWS)]
    assert value_in_force(DRAWS, entries, START, Scope(guild=3)) == 5
    assert value_in_force(DRAWS, entries, START, Scope(guild=4)) == 10
    assert value_in_force(DRAWS, entries, START) == 10


def test_a_decision_cannot_go_under_a_law_whichever_came_first():
    law = an_entry(2, 1600, day=1, kind="law")
    for day in (0, 2):
        entries = [an_entry(1, 1500, kind="genesis"), law, an_entry(3, 1400, day=day)]
        assert value_in_force(FLOOR, entries, START + timedelta(days=5)) == 1600


def test_before_the_first_entry_nothing_holds():
    entries = [an_entry(1, 1500, kind="genesis")]
    with pytest.raises(LookupError, match=r"pay\.floor_hourly_minor in force at 2025-12-31"):
        value_in_force(FLOOR, entries, START - timedelta(days=1))


def test_what_is_better_is_not_known_of_a_parameter_that_does_not_say():
    with pytest.raises(ValueError, match="better for workers"):
        is_more_favourable(DRAWS, 1, than=2)
    with pytest.raises(ValueError, match="better for workers"):
        is_more_favourable(replace(PARAMETERS["moratorium.cascade"], favours="higher"), True, than=False)


def test_the_kinds_of_scope_are_those_that_the_log_may_hold():
    from canut.charter.parameters import ScopeKind

    assert tuple(ScopeKind.values) == NARROWING
