"""What is typed into a journal, in the one form in which it is kept."""

from unicodedata import category

from canut.work.designs.values import clean_text, storable


def as_kept(typed: str) -> str | None:
    """Return a text composed, without outer blanks and control characters; None if it cannot be stored."""
    if not storable(typed):
        return None
    return clean_text("".join(one for one in typed if one in "\n\r\t" or category(one) != "Cc"))


def as_one_line(typed: str) -> str | None:
    """Return a text as `as_kept` does, in one line."""
    kept = as_kept(typed)
    return None if kept is None else " ".join(kept.split())
