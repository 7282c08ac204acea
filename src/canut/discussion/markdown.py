"""What people write, as HTML that can do no harm.

Two fences stand behind each other. The first reads Markdown and knows no HTML: a tag that somebody
writes is text. The second, which knows nothing of the first, lets a short list of tags through and no
attribute but where a link leads. Pictures are links: one that loads by itself would tell its owner who
reads, and when.
"""

from collections.abc import Collection, Sequence
from html import unescape
from typing import Any

import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from canut.discussion.limits import MOST_MENTIONS
from canut.discussion.rules import calls_in

TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "span", "strong", "ul")
}
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 12
"""Quotes and lists inside each other, beyond which they are text."""


def as_html(text: str, *, called: Collection[str] = ()) -> SafeString:
    """Return a text in Markdown as HTML. `called` are the names, in small letters, that it may call."""
    drawn = _markdown.render(text, {"called": frozenset(called)})
    clean = nh3.clean(
        drawn,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        allowed_classes={"span": {"mention"}},
        url_schemes=SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 let through only what TAGS names


def words_of(text: str) -> str:
    """Return a text as it is read, without the signs of Markdown; what draws only a line has no words."""
    return unescape(strip_tags(as_html(text)))


def excerpt(text: str, *, most: int = 200) -> str:
    """Return the beginning of a text on one line, as it is read: without the signs of Markdown."""
    line = " ".join(words_of(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _heading(
    self: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: dict[str, Any]
) -> str:
    """A heading inside a post is no heading of the page: it stands out, and that is all."""
    return "<p><strong>" if tokens[number].nesting == 1 else "</strong></p>"


def _text(self: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: dict[str, Any]) -> str:
    """Text with the names that it calls marked."""
    text = tokens[number].content
    pieces, at = [], 0
    for call in calls_in(text, known=env.get("called", ()), most=MOST_MENTIONS):
        if call.start < at:
            continue
        pieces += [escape(text[at : call.start]), '<span class="mention">']
        pieces += [escape(text[call.start : call.end]), "</span>"]
        at = call.end
    return "".join([*pieces, escape(text[at:])])


def _reader() -> MarkdownIt:
    options = {"html": False, "breaks": True, "maxNesting": DEEPEST}
    reader = MarkdownIt("commonmark", options).enable("strikethrough")
    reader.disable(["html_block", "html_inline", "image"])
    for name in ("heading_open", "heading_close"):
        reader.add_render_rule(name, _heading)
    reader.add_render_rule("text", _text)
    return reader


_markdown = _reader()
