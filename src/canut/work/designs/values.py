"""The one form in which a text or a number is kept, whichever door it came through."""

from unicodedata import normalize

LARGEST_NUMBER = 10**15
"""Beyond it neither a float nor a browser counts exactly."""


def storable(text: str) -> bool:
    """Tell whether PostgreSQL's jsonb can hold the text: it has no NUL and no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean_text(text: str) -> str:
    """Return the text composed (NFC), without outer blanks, with one character for each line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", text).strip()


def plain_number(number: int | float) -> int | float:
    """Return 3 for 3.0, so that one number has one form."""
    return int(number) if isinstance(number, float) and number.is_integer() else number
