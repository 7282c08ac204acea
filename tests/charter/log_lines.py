"""Lines of the log, stated by what a test is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from tests.builders import NOON

from canut.charter.changes import ArticleChange, SettingChange
from canut.charter.models import ArticleVersion, CharterEntry, Decision, LogKey, LogKind
from canut.charter.parameters import PARAMETERS
from canut.charter.usecases.append_to_log import append_to_log
from canut.charter.usecases.record_decision import Recorded, record_decision
from canut.charter.usecases.sign_tree_head import rotate_log_key
from canut.charter.usecases.write_entries import body_of, write_entries

FLOOR = "pay.floor_hourly_minor"
DRAWS = "guild.draw_items"


def a_line(**said: Any) -> CharterEntry:
    """Return a decision on the pay floor, written down with its leaf, unless said otherwise."""
    fields = {
        "kind": "decision",
        "parameter": FLOOR,
        "old_value": 1500,
        "new_value": 1600,
        "effective_at": NOON,
        "recorded_at": NOON,
        "cites": "Decision 1",
    } | said
    with transaction.atomic():
        if fields["kind"] == "decision" and "decision" not in fields:
            fields["decision"] = a_decision(at=fields["recorded_at"])
        entry = CharterEntry(**fields)
        entry.logged = append_to_log(LogKind.PARAMETER, _speakable(body_of(entry)), at=entry.recorded_at)
        entry.save(force_insert=True)
    return entry


def a_decision(*, at: datetime = NOON, adopted: bool = True) -> Decision:
    """Return a decision, written down with its leaf."""
    return record_decision(
        title_en="On the pay floor",
        title_fr="Sur le plancher de paie",
        question_kind="proposal",
        rule={"class": "pay"},
        colleges=[],
        ballots_hash="",
        adopted=adopted,
        at=at,
    ).decision


def _speakable(body: dict[str, Any]) -> dict[str, Any]:
    """What a test says to break a promise of the database may be nothing that a leaf can say."""
    return {name: None if isinstance(value, Value) else value for name, value in body.items()}


def days(number: float) -> datetime:
    """Return the moment so many days after NOON."""
    return NOON + timedelta(days=number)


def empty_the_log(*, but: str = "") -> None:
    """Empty the log, as no site can; what is named in `but`, one parameter, stays."""
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith("charter_") and table != "charter_charterentry"
    ]
    kept = list(CharterEntry.objects.filter(parameter=but).order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in [*tables, "charter_charterentry"]:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("RESET session_replication_role")
    with transaction.atomic():
        for entry in kept:
            write_entries([entry])


def decide(
    values: dict[str, Any],
    *,
    at: datetime = NOON,
    adopted: bool = True,
    settings: Sequence[SettingChange] = (),
    **said: Any,
) -> Recorded:
    """Have the members set these parameters, each at the end of its notice unless `effective_at` is said."""
    effective_at = said.pop("effective_at", None)
    changes = [
        SettingChange(
            parameter=name,
            new=value,
            effective_at=effective_at or at + timedelta(days=PARAMETERS[name].notice_days),
            **said,
        )
        for name, value in values.items()
    ]
    return record_decision(
        title_en="Another number",
        title_fr="Un autre nombre",
        question_kind="proposal",
        rule={"class": "pay"},
        colleges=[{"college": "workers", "yes": 5, "no": 1, "abstain": 0}],
        ballots_hash="",
        adopted=adopted,
        settings=[*changes, *settings],
        at=at,
    )


def a_word_changed(*, at: datetime) -> Recorded:
    """Have the members change the title of an article."""
    article = ArticleVersion.objects.filter(repealed=False).earliest("position", "number")
    return record_decision(
        title_en="Other words",
        title_fr="D’autres mots",
        question_kind="proposal",
        rule={"class": "constitutional"},
        colleges=[],
        ballots_hash="",
        adopted=True,
        articles=[
            ArticleChange(
                key=article.key,
                title_en="A better title",
                title_fr="Un meilleur titre",
                text_en=article.text_en,
                text_fr=article.text_fr,
                position=article.position,
                effective_at=at + timedelta(days=100),
                based_on=article.number,
            )
        ],
        at=at,
    )


def tamper(statement: str) -> None:
    """Change the database as its superuser can, past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("RESET session_replication_role")


def the_key_renewed() -> LogKey:
    """Return the key that takes the place of the one in use, which is younger than most tests' days."""
    return rotate_log_key(
        by=None, at=max(NOON, LogKey.objects.latest("pk").created_at) + timedelta(seconds=1)
    )
