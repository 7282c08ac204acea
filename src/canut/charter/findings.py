"""What is wrong with a log, or between it and the charter: a stable code, facts, and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Any] = {
    # The log in itself
    "file_malformed": _("Line %(line)s of the file is none that an exported log has: %(why)s."),
    "leaf_malformed": _("Entry %(number)s is not written as the log writes (RFC 8785, with its members)."),
    "leaf_misplaced": _("Where entry %(expected)s should be, there is one that calls itself %(number)s."),
    "entries_too_many": _(
        "The copy says that it has %(size)s entries, and there are %(found)s: some were put in."
    ),
    "entries_missing": _(
        "A head was signed over %(size)s entries, and there are %(found)s: entries are missing."
    ),
    "root_differs": _(
        "The first %(size)s entries are not those that the head over %(size)s was signed for: something "
        "in them was changed, left out or put in another place."
    ),
    "head_malformed": _("The head over %(size)s entries cannot be read as a signed note."),
    "head_not_signed": _("The head over %(size)s entries is signed by no key that is trusted here."),
    "signature_wrong": _("The signature under the head over %(size)s entries is not genuine."),
    "cosignature_wrong": _("A witness's signature under the head over %(size)s entries is not genuine."),
    "no_head": _("The log has no signed head, so nothing shows that it was not changed."),
    "key_not_in_log": _("The key %(key)s signs this log, and the log does not say that it may."),
    "origin_differs": _("The head over %(size)s entries is one of another log: %(origin)s."),
    # A copy against an older one
    "older_differs": _("Entry %(number)s is not what it was in the older copy."),
    "older_is_longer": _("The older copy has %(older)s entries and this one %(found)s: entries are missing."),
    "older_head_gone": _("The older copy's head over %(size)s entries does not fit this log."),
    # The log against the heads that are kept outside the database
    "kept_entries_missing": _(
        "A head over %(size)s entries is kept outside the database, and the log has %(found)s: entries were "
        "taken away together with their heads."
    ),
    "kept_head_differs": _(
        "A head over %(size)s entries is kept outside the database, and it is not one of this log: entries "
        "were changed together with their heads."
    ),
    "kept_head_gone": _(
        "A head over %(size)s entries is kept outside the database, and the database does not have it."
    ),
    # What the leaves say, one after the other
    "leaf_says_nothing": _("Entry %(number)s says nothing that an entry of its kind (%(kind)s) can say."),
    "entry_impossible": _("Entry %(number)s sets %(parameter)s to what it cannot be."),
    "entry_out_of_turn": _(
        "Entry %(number)s says that %(parameter)s was %(said)s before, and it was %(was)s."
    ),
    "entry_begins_twice": _("Entry %(number)s begins %(parameter)s, which had begun before."),
    "entry_without_beginning": _("Entry %(number)s changes %(parameter)s, which had not begun."),
    "entry_not_decided": _("Entry %(number)s cites decision %(decision)s, which decided no such thing."),
    "decision_not_executed": _("Decision %(decision)s set %(parameter)s, and no entry after it says so."),
    "decision_out_of_turn": _("Entry %(number)s is decision %(decision)s, where %(expected)s was the next."),
    "article_not_decided": _(
        "Entry %(number)s changes the article %(key)s and cites decision %(decision)s, which did not."
    ),
    "article_out_of_turn": _(
        "Entry %(number)s is version %(version)s of %(key)s, where %(expected)s was due."
    ),
    # The tables against the leaves
    "row_without_leaf": _("The charter's line %(row)s (%(what)s) is in the database and not in the log."),
    "row_differs": _("The charter's line %(row)s (%(what)s) says something else than entry %(number)s."),
    "leaf_without_row": _("Entry %(number)s (%(what)s) is in the log and not in the database's charter."),
    "rows_out_of_order": _("The charter's line %(row)s (%(what)s) stands in another order than in the log."),
    "entry_differs_from_leaf": _("The database keeps entry %(number)s under another kind, number or time."),
    "head_differs": _("The head over %(size)s entries was changed in the database."),
}
"""What each code means. Facts that a sentence names are never about a person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    code: str
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.facts


def finding(code: str, **facts: Any) -> Finding:
    """Return a finding of a code that has a sentence."""
    assert code in SENTENCES, code
    return Finding(code, facts)


def say_finding(kept: Mapping[str, Any]) -> str:
    """Return the sentence of a finding that an alarm keeps, in the active language."""
    sentence = SENTENCES.get(kept["code"])
    return kept["code"] if sentence is None else str(sentence) % kept["facts"]
