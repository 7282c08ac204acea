"""The words of the reference on its page: what stands between backticks as code, shapes as links."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from canut.api import reference

register = template.Library()


@register.filter
def words(text: str) -> SafeString:
    """Return plain text with `code` in it as HTML; everything else is escaped."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped before


@register.filter
def shapes(text: str) -> SafeString:
    """Return the name of a type with the shapes in it linked to where they are explained."""
    known = {shape.name for shape in reference.shapes()}

    def linked(found: re.Match[str]) -> str:
        return f'<a href="#shape-{found[0]}">{found[0]}</a>' if found[0] in known else found[0]

    return mark_safe(re.sub(r"\b[A-Z]\w+\b", linked, escape(text)))  # noqa: S308 - escaped before
