"""A replay as plain text, for a terminal; and a value as it is typed there."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from canut.charter.parameters import Parameter, Value
from canut.lab.replays.wording import ReportSaid


def typed_value(parameter: Parameter, text: str) -> Value:
    """Return the value that `text` says: 1600, 0.065, yes, ladder, or "2 1.99 1".

    Raises:
        ValueError: it is nothing of the parameter's type.
    """
    try:
        if parameter.type == "int":
            return _whole(text)
        if parameter.type == "decimal":
            return Decimal(text)
        if parameter.type == "decimals":
            return tuple(Decimal(part) for part in text.replace(";", " ").split())
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error
    if parameter.type == "bool":
        if text not in ("yes", "no"):
            raise ValueError(f"{text!r} is neither yes nor no")
        return text == "yes"
    return text


def _whole(text: str) -> int:
    number = Decimal(text)
    if number != number.to_integral_value():
        raise ValueError(f"{text!r} is no whole number")
    return int(number)


def as_text(said: ReportSaid) -> str:
    """Return a report as text, its tables in columns."""
    return "\n".join(_lines(said)) + "\n"


def _lines(said: ReportSaid) -> Iterator[str]:
    yield f"{said.parameter} ({said.scope}): {said.old} -> {said.new}"
    yield said.meaning
    yield f"{said.since:%Y-%m-%d} to {said.until:%Y-%m-%d}. {said.lead}"
    for one in said.charts:
        yield ""
        yield one.title
        if one.chart is None:
            yield f"  {one.why_none}"
        else:
            yield from _columns([one.chart.table.headings, *one.chart.table.rows])
    if said.figures:
        yield ""
        heading = (_("What else comes out"), _("As it was"), _("As it would have been"), _("Difference"))
        yield from _columns(
            [heading, *((one.name, one.before, one.after, one.difference) for one in said.figures)]
        )
    if said.checks:
        yield ""
        heading = (_("Compared"), _("On record"), _("Run again"), _("The same?"))
        rows = (
            (one.name, one.on_record, one.again, _("yes") if one.agrees else _("no")) for one in said.checks
        )
        yield from _columns([heading, *rows])
    for title, sentences in (
        (_("What it takes for granted"), said.taken_for_granted),
        (_("What it cannot know") if said.is_run else "", said.unknown),
    ):
        if sentences:
            yield ""
            yield from [title] if title else []
            yield from (f"- {sentence}" for sentence in sentences)


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        yield f"  {'  '.join(cells)}"
