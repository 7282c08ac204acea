"""What people write can do no harm, however it is written."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.discussion.limits import LONGEST_TEXT
from canut.discussion.markdown import SCHEMES, TAGS, as_html, excerpt

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{display:none}</style><b style='position:fixed'>x</b>",
    "<!-- <p> --><?php echo 1 ?><![CDATA[x]]>",
    "<details open ontoggle=alert(1)>",
    "<form action=https://evil.example><input name=csrfmiddlewaretoken></form>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    "[x](https://a.example' onmouseover='alert(1))",
    '[x](https://a.example/"><script>alert(1)</script>)',
    "![x](https://evil.example/who-reads.png)",
    "![x](javascript:alert(1))",
    "[![x](https://evil.example/p.png)](https://evil.example)",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "@ada<script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "<p><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "\u202e<script>\u2066alert(1)",
    "\x02<script>\x03",
]

SLOW = {
    "quotes": ">" * LONGEST_TEXT,
    "brackets": "[" * LONGEST_TEXT,
    "links": "[a](b" * 2000,
    "pictures": "![" * 5000,
    "stars": "*a_ " * 2500,
    "strikes": "~~a" * 3333,
    "ticks": "".join("`" * number + " " for number in range(140)),
    "angles": "<" * LONGEST_TEXT,
    "lists": "".join("  " * number + "- a\n" for number in range(99)),
    "references": "[a]: " * 2000,
    "calls": "@ad " * 2500,
}


class Seen(HTMLParser):
    """Which tags a browser would see, and what each carries."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    allowed = {"a": {"href", "rel"}, "ol": {"start"}, "span": {"class"}}
    for tag, attributes in Seen(html).tags:
        if tag not in TAGS or not set(attributes) <= allowed.get(tag, set()):
            return False
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", attributes.get("href") or "", re.IGNORECASE)
        if scheme and scheme[1].lower() not in SCHEMES:
            return False
        if tag == "a" and attributes["rel"] != "nofollow ugc noopener noreferrer":
            return False
    return True


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_text(text):
    html = as_html(text, called={"ada"})
    assert is_harmless(html), html
    assert "<script" not in html.lower()
    assert "<img" not in html.lower()


@given(st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "1. ", "`", "*", "[", "](", "<", "@ada "])))
def test_no_mixture_of_hostile_pieces_does_harm(pieces):
    assert is_harmless(as_html("".join(pieces), called={"ada"}))


def test_ordinary_writing_looks_as_it_should():
    html = as_html(
        "# Hello\n\nIt is *fine*, **really**, ~~no~~ `x < y`.\nNext line\n\n- one\n- two\n\n> said"
    )
    for piece in (
        "<p><strong>Hello</strong></p>",
        "<em>fine</em>",
        "<strong>really</strong>",
        "<s>no</s>",
        "<code>x &lt; y</code>.<br>",
        "<li>one</li>",
        "<blockquote>",
    ):
        assert piece in html
    link = as_html("[our page](https://a.example/?a=1&b=2)")
    assert 'href="https://a.example/?a=1&amp;b=2"' in link
    assert "<img" not in as_html("![a cat](https://a.example/cat.png)")


def test_only_whom_a_post_calls_is_marked():
    html = as_html("@Ada Lovelace and @nobody, write to me@ada.example.", called={"ada lovelace", "ada"})
    assert html.count('class="mention"') == 1
    assert '<span class="mention">@Ada Lovelace</span>' in html


@pytest.mark.parametrize("name", SLOW)
def test_nothing_that_may_be_sent_takes_long_to_draw(name):
    began = time.process_time()
    assert is_harmless(as_html(SLOW[name][:LONGEST_TEXT], called={"ada"}))
    assert time.process_time() - began < 2


def test_an_excerpt_is_one_line_without_the_signs_of_markdown():
    assert excerpt("One\n\n**two**  [three](https://a.example) & <b>") == "One two three & <b>"
    assert excerpt("word " * 100, most=10) == "word word…"
