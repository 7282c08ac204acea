"""What the members adopt, executes; what no longer fits lapses; and nothing else changes a value."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, FLOOR, a_word_changed, days, decide, empty_the_log, the_key_renewed
from tests.people.at_once import at_once
from tests.promises import broken, run
from tests.stories import RollsBack, examples

from canut.charter import log
from canut.charter.changes import SettingChange, moment
from canut.charter.comparing import copy_of_log, verify_here
from canut.charter.models import (
    Alarm,
    ArticleVersion,
    CharterEntry,
    Cosignature,
    Decision,
    LogEntry,
    LogKey,
    LogKind,
    TreeHead,
    Witness,
)
from canut.charter.parameters import PARAMETERS, Parameter, Value
from canut.charter.queries import held, in_force
from canut.charter.replay import replay
from canut.charter.rules import Scope, to_json, value_in_force
from canut.charter.rules_changes import ChangeRefused, check_setting
from canut.charter.usecases.append_to_log import append_to_log, leaf_text
from canut.charter.usecases.check_change import check_change
from canut.charter.usecases.record_law import record_law
from canut.charter.usecases.record_release import record_release
from canut.charter.usecases.sign_tree_head import sign_tree_head
from canut.charter.verifying import read_leaf
from canut.kernel.refusals import Refusal

FRANCE = Scope(country="FR")
SOURCE = Path(__file__).parents[2] / "src" / "canut"


def another(parameter: Parameter) -> Value:
    """Return a value that one decision may give the parameter, as far from its default as it may."""
    old = parameter.default
    if isinstance(old, bool):
        return not old
    if isinstance(old, str):
        return next(choice for choice in parameter.choices if choice != old)
    if isinstance(old, tuple):
        return (old[0], (old[0] + old[1]) / 2, *old[2:])
    assert parameter.bounds is not None
    low, high = parameter.bounds
    far = parameter.largest_step
    if far is None:
        return high if old != high else low
    return old + far if old + far <= high else max(old - far, low)


# --- Every parameter, by a decision and by nothing else -------------------------------------------


@pytest.mark.django_db
def test_every_parameter_is_changed_by_a_decision():
    wanted = {name: another(parameter) for name, parameter in PARAMETERS.items()}
    recorded = decide(wanted, at=NOON)
    assert recorded.lapsed == ()
    assert {entry.parameter for entry in recorded.executed} == set(PARAMETERS)
    for name, value in wanted.items():
        begins = NOON + timedelta(days=PARAMETERS[name].notice_days)
        assert in_force(name, at=begins - timedelta(microseconds=1)) == PARAMETERS[name].default
        found = held(name, at=begins)
        assert (found.value, found.since, found.decision_number) == (value, begins, recorded.number)
    assert verify_here().is_sound


def test_nothing_else_writes_a_value():
    """Three use cases write entries, all by `write_entries`: the founding, the law, and a decision."""
    writers = {"record_release.py", "record_law.py", "record_decision.py", "write_entries.py"}
    found = {
        path.name
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and re.search(
            r"\bCharterEntry\(|CharterEntry\.objects\.(?:bulk_)?create|write_entries\(", path.read_text()
        )
    }
    assert found - {"models.py"} == writers  # models.py declares it


@pytest.mark.django_db
def test_the_database_takes_no_value_without_a_decision_and_its_leaf():
    old = CharterEntry.objects.get(parameter=FLOOR)
    fields: dict[str, Any] = {
        "kind": "decision",
        "parameter": FLOOR,
        "old_value": 1500,
        "new_value": 900,
        "effective_at": NOON,
        "recorded_at": NOON,
        "cites": "because",
    }
    with broken("charter_entry_decision_cited"):
        CharterEntry.objects.create(**fields, logged_id=LogEntry.objects.count())
    with broken("charter_entry_decision_cited"):
        CharterEntry.objects.create(
            **fields | {"kind": "law"}, decision_id=1, logged_id=LogEntry.objects.count()
        )
    decision = decide({}, at=NOON).decision
    with broken("charter_charterentry_logged_id_key"):
        CharterEntry.objects.create(**fields, decision=decision, logged=old.logged)
    with broken("charter_entry_is_logged"):
        CharterEntry.objects.create(**fields, decision=decision, logged=decision.logged)


# --- What fits, and what lapses -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("type", {"new": "1600"}),
        ("type", {"new": True}),
        ("type", {"new": Decimal(1600)}),
        ("low", {"new": 99}),
        ("high", {"new": 10**30}),
        ("scope", {"scope_kind": "guild", "scope_key": "1"}),
        ("scope", {"scope_kind": "country", "scope_key": ""}),
        ("scope", {"scope_kind": "site", "scope_key": "FR"}),
        ("unchanged", {"new": 1500}),
        ("step", {"new": 1801}),
        ("step", {"new": 1199}),
        ("notice", {"effective_at": days(14) - timedelta(microseconds=1)}),
        ("legal", {"legal": 1601}),
        ("wider", {"scope_kind": "country", "scope_key": "FR", "wider": 1601}),
    ],
)
def test_why_a_change_cannot_be_decided(what, change):
    asked = {
        "old": 1500,
        "new": 1600,
        "scope_kind": "site",
        "scope_key": "",
        "effective_at": days(14),
        "decided_at": NOON,
        "legal": 1600,
    }
    check_setting(PARAMETERS[FLOOR], **asked)
    with pytest.raises(ChangeRefused) as refused:
        check_setting(PARAMETERS[FLOOR], **asked | change)
    assert refused.value.what == what


@pytest.mark.django_db
def test_what_no_longer_fits_lapses_with_its_reason_and_the_rest_stands(operator):
    record_law(name=FLOOR, value=1700, scope=FRANCE, cites="Art. 1", effective_at=NOON, by=operator, at=NOON)
    later = {"effective_at": days(60)}
    for change, code in [
        (SettingChange(parameter="no.such", new=1, **later), "not_found"),
        (SettingChange(parameter=FLOOR, new=1, **later), "charter_value_refused"),
        (SettingChange(parameter=FLOOR, new="9", **later), "charter_value_refused"),
        (
            SettingChange(parameter=FLOOR, new=1600, scope_kind="country", scope_key="XX", **later),
            "charter_scope_refused",
        ),
        (
            SettingChange(parameter=FLOOR, new=1600, scope_kind="planet", scope_key="x" * 99, **later),
            "charter_scope_refused",
        ),
        (
            SettingChange(parameter=DRAWS, new=12, scope_kind="guild", scope_key="0", **later),
            "charter_scope_refused",
        ),
        (SettingChange(parameter=FLOOR, new=1500, **later), "change_changes_nothing"),
        (SettingChange(parameter=FLOOR, new=1900, **later), "change_step_too_large"),
        (SettingChange(parameter=FLOOR, new=1600, effective_at=days(13)), "change_notice_too_short"),
        (
            SettingChange(parameter=FLOOR, new=1600, scope_kind="country", scope_key="FR", **later),
            "change_under_the_law",
        ),
        (
            SettingChange(parameter=FLOOR, new=1400, scope_kind="country", scope_key="DE", **later),
            "change_not_better_for_workers",
        ),
    ]:
        with pytest.raises(Refusal) as refused:
            check_change(change, decided_at=NOON)
        assert refused.value.code == code
        assert str(refused.value)
        if change.parameter in PARAMETERS and not isinstance(change.new, str):
            effective_at = {"effective_at": change.effective_at}
            scope = {"scope_kind": change.scope_kind, "scope_key": change.scope_key}
            recorded = decide({change.parameter: change.new}, at=NOON, **effective_at, **scope)
            assert [one.code for one in recorded.lapsed] == [code]
            (said,) = json.loads(recorded.decision.logged.leaf)["body"]["settings"]
            assert (said["outcome"], said["reason"]) == ("lapsed", code)
    # The one fits, and the other does not
    recorded = decide({FLOOR: 1600, DRAWS: 10}, at=NOON, effective_at=days(60))
    assert ([e.parameter for e in recorded.executed], [one.code for one in recorded.lapsed]) == (
        [FLOOR],
        ["change_changes_nothing"],
    )
    assert in_force(FLOOR, at=days(60)) == 1600
    # Of what was rejected nothing is looked at, and nothing executes
    assert decide({FLOOR: 1700}, at=NOON, adopted=False, effective_at=days(60)).executed == ()
    assert verify_here().is_sound


@pytest.mark.django_db
def test_one_decision_takes_one_step_of_a_thing():
    change = SettingChange(parameter=FLOOR, new=1700, effective_at=days(20))
    twice = [change, SettingChange(parameter=FLOOR, new=1900, effective_at=days(40))]
    recorded = decide({}, at=NOON, settings=twice)
    assert [one.code for one in recorded.lapsed] == ["change_repeated"]
    assert in_force(FLOOR, at=days(50)) == 1700


@pytest.mark.django_db
def test_of_two_decisions_the_later_counts_and_going_back_is_one_too():
    first = decide({FLOOR: 1600}, at=NOON, effective_at=days(60))
    second = decide({FLOOR: 1400}, at=days(1), effective_at=days(60))
    assert (first.number, second.number) == (1, 2)
    assert in_force(FLOOR, at=days(60)) == 1400
    # A date before the first one's: both hold, each from its day
    decide({FLOOR: 1550}, at=days(2), effective_at=days(30))
    assert [in_force(FLOOR, at=days(day)) for day in (29, 30, 60)] == [1500, 1550, 1400]
    back = decide({FLOOR: 1500}, at=days(70))
    assert held(FLOOR, at=days(90)).decision_number == back.number
    assert CharterEntry.objects.get(decision=back.decision).old_value == 1400


@pytest.mark.django_db
def test_a_decision_whose_key_cannot_be_opened_stands_all_the_same(settings):
    before = TreeHead.objects.count()
    settings.SECRET_KEY = "another"
    assert decide({FLOOR: 1600}, at=NOON).executed
    assert TreeHead.objects.count() == before
    the_key_renewed()
    assert TreeHead.objects.latest("pk").size == LogEntry.objects.count()


# --- The log's own promises -----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("log_entry_without_gap", {"number": 10_000}),
        ("log_entry_without_gap", {"number": 0}),
        ("log_entry_kind_known", {"kind": "whim"}),
        ("log_entry_is_its_leaf", {"leaf_kind": "key"}),
        ("log_entry_is_its_leaf", {"leaf_at": days(1)}),
        ("log_entry_is_its_leaf", {"leaf": '{"body":1}'}),
        ("log_entry_takes_effect", {"kind": "parameter"}),
        ("log_entry_takes_effect", {"kind": "article"}),
        ("log_entry_takes_effect", {"kind": "decision"}),
        ("log_entry_takes_effect", {"kind": "key"}),
    ],
)
def test_a_leaf_is_the_next_says_what_its_row_says_and_takes_effect(promise, said):
    number = said.get("number", LogEntry.objects.count())
    kind = said.get("kind", "election")
    leaf = leaf_text(said.get("leaf_kind", kind), number, {}, at=said.get("leaf_at", NOON))
    with broken(promise):
        LogEntry.objects.create(number=number, kind=kind, leaf=said.get("leaf", leaf), recorded_at=NOON)


@pytest.mark.django_db
def test_decisions_articles_and_keys_are_what_the_log_says():
    entry = append_to_log(LogKind.ELECTION, {"title_en": "A board"}, at=NOON)
    about = {"title_en": "a", "title_fr": "b", "question_kind": "x", "adopted": True, "recorded_at": NOON}
    for promise, change in [
        ("decision_is_logged", {}),
        ("decision_without_gap", {"number": 2}),
        ("decision_numbered_from_one", {"number": 0}),
        ("decision_has_titles", {"title_fr": " "}),
        ("decision_question_shape", {"question_kind": "What?"}),
        ("decision_address_shape", {"address": "https://elsewhere.example"}),
    ]:
        with broken(promise):
            if promise == "decision_numbered_from_one":
                run("ALTER TABLE charter_decision DISABLE TRIGGER decision_guarded")
            Decision.objects.create(**{"number": 1, "logged": entry} | about | change)
    number = decide({}, at=NOON).number
    article = ArticleVersion.objects.earliest("pk")
    fields = {
        "key": article.key,
        "number": 2,
        "position": article.position,
        "title_en": "x",
        "title_fr": "y",
        "text_en": "x",
        "text_fr": "y",
        "effective_at": NOON,
        "recorded_at": NOON,
        "logged": entry,
    }
    with broken("article_is_logged"):
        ArticleVersion.objects.create(**fields, decision_number=number)
    with broken("article_decision_exists"):
        ArticleVersion.objects.create(**fields, decision_number=99)
    head, key = TreeHead.objects.latest("pk"), LogKey.objects.get(retired_at__isnull=True)
    for promise, do in [
        ("charter_treehead_written_once", lambda: TreeHead.objects.update(size=1)),
        ("charter_decision_written_once", lambda: Decision.objects.update(adopted=False)),
        ("charter_logentry_written_once", lambda: run("DELETE FROM charter_logentry")),
        ("log_key_only_ends", lambda: LogKey.objects.update(name="x")),
        (
            "tree_head_once_a_key",
            lambda: TreeHead.objects.create(size=head.size, key=key, root=b"0" * 32, note="", signed_at=NOON),
        ),
        (
            "tree_head_of_something",
            lambda: TreeHead.objects.create(size=0, key=key, root=b"0" * 32, note="", signed_at=NOON),
        ),
        (
            "tree_head_is_sha256",
            lambda: TreeHead.objects.create(size=1, key=key, root=b"0", note="", signed_at=NOON),
        ),
        (
            "log_key_once",
            lambda: a_key(entry, public=bytes(key.public), retired_at=NOON, sealed_private=None),
        ),
        ("log_key_one_in_use", lambda: a_key(entry)),
        ("log_key_name_shape", lambda: a_key(entry, name="a b", retired_at=NOON, sealed_private=None)),
        ("log_key_private_while_in_use", lambda: a_key(entry, retired_at=NOON)),
        ("log_key_retired_after_creation", lambda: a_key(entry, retired_at=days(-1), sealed_private=None)),
        ("log_key_is_ed25519", lambda: a_key(entry, public=b"0", retired_at=NOON, sealed_private=None)),
        (
            "charter_logkey_written_once",
            lambda: run(
                "SET CONSTRAINTS ALL IMMEDIATE; "
                "TRUNCATE charter_logkey, charter_treehead, charter_cosignature"
            ),
        ),
        ("witness_key_is_ed25519", lambda: a_witness(public=b"w")),
        ("witness_name_shape", lambda: a_witness(name="two words")),
        ("witness_ended_after_registration", lambda: a_witness(ended_at=days(-1))),
        ("witness_key_once", lambda: (a_witness(), a_witness(name="another"))),
        ("witness_name_once", lambda: (a_witness(), a_witness(public=b"v" * 32))),
        ("witness_only_ends", lambda: (a_witness(), Witness.objects.update(name="another"))),
        ("witness_only_ends", lambda: (a_witness(ended_at=NOON), Witness.objects.update(ended_at=None))),
        ("cosignature_once", lambda: [cosigned(head, witness) for witness in [a_witness()] * 2]),
        (
            "charter_cosignature_written_once",
            lambda: (cosigned(head, a_witness()), Cosignature.objects.update(line="")),
        ),
        ("alarm_one_open", lambda: [Alarm.objects.create(found_at=NOON, what=[]) for _again in range(2)]),
        ("alarm_ended_after_found", lambda: Alarm.objects.create(found_at=NOON, ended_at=days(-1), what=[])),
        (
            "alarm_only_ends",
            lambda: (Alarm.objects.create(found_at=NOON, what=[]), run("DELETE FROM charter_alarm")),
        ),
    ]:
        with broken(promise):
            do()


def a_key(logged: LogEntry, **said: Any) -> LogKey:
    fields = {
        "name": "x/log",
        "public": b"1" * 32,
        "sealed_private": b"1",
        "created_at": NOON,
        "logged": logged,
    }
    return LogKey.objects.create(**fields | said)


def a_witness(**said: Any) -> Witness:
    return Witness.objects.create(**{"name": "w.example", "public": b"w" * 32, "registered_at": NOON} | said)


def cosigned(head: TreeHead, witness: Witness) -> Cosignature:
    return Cosignature.objects.create(head=head, witness=witness, line="x", seen_at=NOON, recorded_at=NOON)


@pytest.mark.parametrize(
    "body", [{"a": 1.5}, {"a": {1.0: 2}}, {"a": [Decimal(1)]}, {"a": 2**60}, {"a": "\0"}, {"a": "\ud800"}]
)
def test_no_leaf_holds_what_reads_differently_elsewhere(body):
    with pytest.raises(ValueError):  # noqa: PT011
        leaf_text("election", 0, body, at=NOON)


def test_of_two_decisions_at_once_one_is_the_first(committed):
    """Each is checked against what the other has set: two steps cannot be taken in the place of one."""
    try:
        recorded = at_once(lambda value: decide({FLOOR: value}, at=NOON), 1600, 1590)
        assert sorted(one.number for one in recorded) == [1, 2]
        assert [len(one.executed) for one in recorded] == [1, 1]  # each is near to the other
        assert in_force(FLOOR, at=days(20)) == max(recorded, key=lambda one: one.number).executed[0].new_value
        assert verify_here().is_sound
        far = at_once(lambda value: decide({FLOOR: value}, at=days(30)), 1700, 1400)
        assert sorted(len(one.executed) for one in far) == [0, 1]
        heads = at_once(lambda at: sign_tree_head(at=at).pk, days(40), days(41), days(42))
        assert len(set(heads)) == 1
        assert verify_here().is_sound
    finally:
        empty_the_log()
        record_release(at=NOON)
        connection.close()


# --- A thousand decisions -------------------------------------------------------------------------


def random_value(chance: Random, parameter: Parameter, old: Value) -> Value:
    assert isinstance(old, int | Decimal)
    assert parameter.bounds is not None
    assert parameter.largest_step is not None
    low, high = parameter.bounds
    while True:
        step = parameter.largest_step * chance.randint(-100, 100) / 100
        value = (
            int(old + step) if parameter.type == "int" else (Decimal(old) + step).quantize(Decimal("0.0001"))
        )
        if low <= value <= high and value != old:
            return value


STEPPED = sorted(
    name for name, one in PARAMETERS.items() if one.largest_step is not None and one.favours is None
)


def test_the_replay_of_a_thousand_random_decisions_is_the_live_charter():
    """The replay knows the leaves alone; the live charter here is a plain list of what took effect when."""
    chance, live, leaves = Random(6), dict[str, list[tuple[datetime, int, Value]]](), list[dict[str, Any]]()

    def append(kind: str, body: dict[str, Any], at: datetime) -> None:
        leaf = read_leaf(leaf_text(kind, len(leaves), body, at=at))
        assert leaf is not None
        leaves.append(leaf)

    def entry(
        kind: str, name: str, old: Value | None, new: Value, effective_at: datetime, number: int | None
    ) -> dict[str, Any]:
        return {
            "entry_kind": kind,
            "parameter": name,
            "scope_kind": "site",
            "scope_key": "",
            "old_value": None if old is None else to_json(old),
            "new_value": to_json(new),
            "effective_at": moment(effective_at),
            "cites": "",
            "decision": number,
        }

    def live_value(name: str, at: datetime) -> Value:
        return max(one for one in live[name] if one[0] <= at)[2]

    for name in STEPPED:
        live[name] = [(days(-300), 0, PARAMETERS[name].default)]
        append("parameter", entry("genesis", name, None, PARAMETERS[name].default, days(-300), None), NOON)
    for number in range(1, 1001):
        at, name = days(number), chance.choice(STEPPED)
        effective_at = at + timedelta(days=chance.randint(PARAMETERS[name].notice_days, 90))
        old = live_value(name, effective_at)
        new = random_value(chance, PARAMETERS[name], old)
        adopted = chance.random() < 0.7
        body = entry("decision", name, old, new, effective_at, number)
        setting = body | {"outcome": "executed" if adopted else "rejected"}
        append("decision", {"decision": number, "adopted": adopted, "settings": [setting]}, at)
        if adopted:
            append("parameter", body, at)
            live[name].append((effective_at, number, new))
    replayed = replay(leaves)
    assert replayed.findings == []
    for _look in range(2000):
        name, at = chance.choice(STEPPED), days(chance.uniform(-200, 1200))
        assert value_in_force(PARAMETERS[name], replayed.charter()[name], at) == live_value(name, at)


@pytest.mark.django_db
def test_the_replay_of_the_database_s_log_is_the_charter_that_rules_ask():
    chance = Random(7)
    for number in range(40):
        name = chance.choice([*STEPPED, FLOOR])
        at, scope = days(number), chance.choice(["", "FR", "DE"]) if name == FLOOR else ""
        asked = Scope(country=scope) if scope else Scope()
        effective_at = at + timedelta(days=chance.randint(PARAMETERS[name].notice_days, 60))
        value = random_value(chance, PARAMETERS[name], in_force(name, at=effective_at, scope=asked))
        said = {"scope_kind": "country", "scope_key": scope} if scope else {}
        decide({name: value}, at=at, adopted=chance.random() < 0.8, effective_at=effective_at, **said)
    found = replay([json.loads(leaf) for leaf in copy_of_log().leaves])
    assert found.findings == []
    current = log.current()
    assert {
        name: [(e.value, e.effective_at, e.scope_key, e.decision_number) for e in entries]
        for name, entries in found.charter().items()
    } == {
        name: [(e.value, e.effective_at, e.scope_key, e.decision_number) for e in entries]
        for name, entries in current.by_parameter.items()
    }
    for day in range(0, 120, 7):
        for scope in (Scope(), FRANCE, Scope(country="DE")):
            assert in_force(FLOOR, at=days(day), scope=scope) == value_in_force(
                PARAMETERS[FLOOR], found.charter()[FLOOR], days(day), scope
            )
    assert verify_here().is_sound


class LogStory(RollsBack):
    """Whatever is decided, in whatever order, the charter is what its log says, and the log stays itself."""

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        self.before = copy_of_log()
        self.expected: dict[str, list[tuple[datetime, int, Value]]] = {
            name: [(days(-300), 0, PARAMETERS[name].default)] for name in STEPPED
        }

    def value(self, name: str, at: datetime) -> Value:
        return max(one for one in self.expected[name] if one[0] <= at)[2]

    @rule(
        name=st.sampled_from(STEPPED),
        share=st.integers(-130, 130),
        late=st.integers(-2, 30),
        adopted=st.booleans(),
    )
    def members_decide(self, name, share, late, adopted):
        self.day += 1
        at, parameter = days(self.day), PARAMETERS[name]
        effective_at = at + timedelta(days=parameter.notice_days + late)
        old = self.value(name, effective_at)
        step = parameter.largest_step * share / 100
        value = int(old + step) if parameter.type == "int" else (old + step).quantize(Decimal("0.0001"))
        recorded = decide({name: value}, at=at, adopted=adopted, effective_at=effective_at)
        low, high = parameter.bounds
        fits = (
            low <= value <= high and value != old and abs(value - old) <= parameter.largest_step and late >= 0
        )
        assert bool(recorded.executed) == (adopted and fits)
        assert bool(recorded.lapsed) == (adopted and not fits)
        if recorded.executed:
            self.expected[name].append((effective_at, recorded.number, value))

    @rule()
    def words_change(self):
        self.day += 1
        a_word_changed(at=days(self.day))

    @rule()
    def the_key_is_renewed(self):
        the_key_renewed()

    @rule()
    def the_hour_strikes(self):
        sign_tree_head(at=days(self.day))

    @rule()
    def the_site_starts_again(self):
        assert record_release(at=days(self.day)) == []

    @invariant()
    def the_charter_is_what_its_log_says(self):
        found = verify_here(older=self.before)
        assert [str(one) for one in found.findings] == []
        self.before = copy_of_log()
        for name, changes in self.expected.items():
            assert in_force(name, at=changes[-1][0]) == self.value(name, changes[-1][0])


@pytest.mark.django_db
def test_log_story():
    run_state_machine_as_test(
        LogStory, settings=budget(max_examples=examples(4, 20), stateful_step_count=8, deadline=None)
    )
