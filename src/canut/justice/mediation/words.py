"""What people write in disputes, before it is kept."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from canut.justice.mediation.models import LONGEST_TITLE, LONGEST_WORDS
from canut.kernel.refusals import BadInput


def checked(**texts: str) -> dict[str, str]:
    """Return each of these texts without outer blanks.

    Raises:
        BadInput: one is empty, too long or cannot be kept; all of them are named.
    """
    tidy = {name: text.strip() for name, text in texts.items()}
    errors = {name: error for name, text in tidy.items() if (error := _wrong(text, LONGEST_WORDS))}
    _refuse(errors)
    return tidy


def checked_summary(titles: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a summary by language, each language whole or left out, and one at least whole.

    Raises:
        BadInput: one is missing, too long or cannot be kept.
    """
    tidy: dict[str, str] = {}
    errors: dict[str, str] = {}
    for language in ("en", "fr"):
        title, text = titles.get(language, "").strip(), texts.get(language, "").strip()
        tidy |= {f"title_{language}": title, f"text_{language}": text}
        if title or text:
            for name, words, longest in (("title", title, LONGEST_TITLE), ("text", text, LONGEST_WORDS)):
                if error := _wrong(words, longest):
                    errors[f"{name}_{language}"] = error
    if not any(tidy.values()):
        errors["title_en"] = _("Write the summary in English, in French, or in both.")
    _refuse(errors)
    return tidy


def _wrong(text: str, longest: int) -> str:
    if not text:
        return _("Write something here.")
    if len(text) > longest:
        return _("Write at most %(most)s characters here.") % {"most": longest}
    if "\0" in text:
        return _("This holds a character that cannot be kept.")
    return ""


def _refuse(errors: Mapping[str, str]) -> None:
    if errors:
        raise BadInput(
            _("Some of what you entered cannot be accepted. Nothing was kept."), errors=dict(errors)
        )
