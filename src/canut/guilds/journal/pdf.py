"""A portfolio as a PDF: tagged for those who listen to it, and with the same as JSON attached.

Letters come from the fonts that matplotlib brings (DejaVu). They cover the scripts of Europe and the
Caucasus and some others that are written from left to right in letters that stand apart. What joins its
letters or runs from right to left (Arabic, Hebrew, the scripts of India), and Chinese, Japanese and Korean,
would come out wrong or empty: then there is no PDF, and the refusal names what is missing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from canut.guilds.journal.letters import missing_letters
from canut.guilds.journal.portfolio import Portfolio, as_json
from canut.kernel.refusals import Refusal

if TYPE_CHECKING:
    from canut.guilds.journal.sheet import Sheet

_SHOWN_AT_MOST = 12


class PortfolioNotInPdf(Refusal):
    """Its letters are none that our PDF can show. Facts: `characters`, some of them."""

    code = "portfolio_not_in_pdf"
    status = 422


def letters_missing_for(portfolio: Portfolio) -> str:
    """Return the letters of a portfolio that a PDF cannot show, each once, in the order of the text."""
    return missing_letters("".join(_texts(portfolio)))


def as_pdf(portfolio: Portfolio, *, at: datetime, check_at: str) -> bytes:
    """Return a portfolio as a PDF; its badges must have been asked for as "png" and as "json".

    `check_at` is the address at which badges are checked. Signs that are no letters, such as pictures of
    faces, are put as a question mark in a rhombus; the JSON that is attached has them.

    Raises:
        PortfolioNotInPdf: some of its letters cannot be shown.
    """
    if missing := letters_missing_for(portfolio):
        shown = " ".join(missing[:_SHOWN_AT_MOST])
        raise PortfolioNotInPdf(
            _(
                "A PDF of ours cannot show some of your letters: %(letters)s. Fetch the page (HTML) instead: "
                "it shows all of them, and your browser can print it into a PDF."
            )
            % {"letters": shown},
            characters=list(missing[:_SHOWN_AT_MOST]),
        )
    sheet = _sheet(portfolio, at=at)
    sheet.heading(portfolio.name, 1)
    sheet.muted(_("Portfolio of %(day)s") % {"day": date_format(portfolio.made_on, "DATE_FORMAT")})
    if portfolio.levels:
        sheet.heading(_("Levels in guilds"), 2)
        for level in portfolio.levels:
            sheet.paragraph(f"{level.guild}: {level.in_words}")
    if portfolio.badges:
        sheet.heading(_("Badges"), 2)
        for badge in portfolio.badges:
            sheet.badge(badge.files["png"], badge.name, date_format(badge.issued_on, "DATE_FORMAT"))
        sheet.muted(
            _(
                "The signed badges themselves are in the file portfolio.json that is attached to this one. "
                "Anybody can check them: %(address)s"
            )
            % {"address": check_at}
        )
    if portfolio.entries:
        sheet.heading(_("What I learnt"), 2)
        for entry in portfolio.entries:
            sheet.heading(entry.title, 3)
            sheet.muted(" · ".join(entry.facts))
            for paragraph in entry.paragraphs:
                sheet.paragraph(paragraph)
    return bytes(sheet.output())


def _texts(portfolio: Portfolio) -> Iterator[str]:
    yield portfolio.name
    yield from (level.guild for level in portfolio.levels)
    yield from (badge.name for badge in portfolio.badges)
    for entry in portfolio.entries:
        yield from (entry.title, entry.text)
        if entry.work is not None:
            yield entry.work.title


def _sheet(portfolio: Portfolio, *, at: datetime) -> "Sheet":
    """Return an empty document that says what it is, with the JSON attached."""
    from fpdf.prefs import ViewerPreferences

    from canut.guilds.journal.sheet import Sheet

    sheet = Sheet()
    sheet.set_title(_("Portfolio of %(name)s") % {"name": portfolio.name})
    sheet.set_author(portfolio.name)
    sheet.set_lang(portfolio.language)
    sheet.set_creator("Canut")
    sheet.set_creation_date(at)
    sheet.viewer_preferences = ViewerPreferences(display_doc_title=True)
    sheet.embed_file(
        bytes=as_json(portfolio),
        basename="portfolio.json",
        desc=_("The same for programs, with the signed badges"),
        mime_type="application/json",
        modification_date=at,
        compress=True,
    )
    return sheet
