"""Situations of a journal and its portfolio."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several

from canut.guilds.journal.limits import MOST_CHOSEN, MOST_ENTRIES
from canut.guilds.journal.models import JournalEntry
from canut.guilds.journal.usecases.place_entry import place_entry
from canut.guilds.journal.usecases.write_entry import change_entry, write_entry

BODY = {"title": "Cats", "text": "They have whiskers.", "learnt_on": "2026-01-02"}


def entry(cast: Cast, title: str = "Dogs") -> JournalEntry:
    return write_entry(by=cast.worker, title=title, text="Tails.", at=cast.at)


def many(cast: Cast, count: int, **details: object) -> None:
    day = cast.at.date()
    JournalEntry.objects.bulk_create(
        JournalEntry(
            writer=cast.worker,
            title=f"Entry {number}",
            text="Tails.",
            learnt_on=day,
            created_at=cast.at,
            changed_at=cast.at,
            **dict.fromkeys(details, number),
        )
        for number in range(1, count + 1)
    )


def writing(cast: Cast, **changes: object) -> Call:
    project = cast.handed_in().project_id
    return cast.post(cast.worker, "/journal", {**BODY, "project_id": project, **changes})


ABOUT_ONE = {
    "get_entry": lambda cast, pk: cast.get(cast.worker, f"/journal/{pk}"),
    "change_an_entry": lambda cast, pk: Call(cast.worker, "PATCH", f"/journal/{pk}", {"title": "Another"}),
    "place_an_entry": lambda cast, pk: cast.put(cast.worker, f"/journal/{pk}/position", {"position": 1}),
    "delete_an_entry": lambda cast, pk: Call(cast.worker, "DELETE", f"/journal/{pk}"),
}
for _operation, _call in ABOUT_ONE.items():
    _status = "204" if _operation == "delete_an_entry" else "200"
    says(_operation, _status)(lambda cast, call=_call: call(cast, entry(cast).pk))  # type: ignore[misc]
several(ABOUT_ONE, "entry_not_found", lambda cast: entry(cast).pk + 1)


@says("list_journal", "200")
def _(cast: Cast) -> Call:
    entry(cast)
    return cast.get(cast.worker, "/journal?words=tails")


says("write_an_entry", "201")(writing)


@says("write_an_entry", "journal_is_full")
def _(cast: Cast) -> Call:
    many(cast, MOST_ENTRIES)
    return writing(cast)


@says("change_an_entry", "entry_changed_meanwhile")
def _(cast: Cast) -> Call:
    written = entry(cast)
    based_on = written.changed_at.isoformat()
    change_entry(entry_id=written.pk, by=cast.worker, at=cast.at, title="In another window")
    body = {"title": "Another", "based_on": based_on}
    return Call(cast.worker, "PATCH", f"/journal/{written.pk}", body)


@says("place_an_entry", "portfolio_is_full")
def _(cast: Cast) -> Call:
    many(cast, MOST_CHOSEN, position=True)
    return ABOUT_ONE["place_an_entry"](cast, entry(cast).pk)


@says("get_portfolio", "200")
def _(cast: Cast) -> Call:
    chosen = entry(cast)
    place_entry(entry_id=chosen.pk, by=cast.worker, position=1)
    return cast.get(cast.worker, "/portfolio")
