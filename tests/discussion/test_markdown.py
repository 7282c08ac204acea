"""What people write can do no harm, however it is written."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories import examples

from canut.discussion.limits import LONGEST_TEXT
from canut.discussion.markdown import SCHEMES, TAGS, as_html, excerpt
from canut.discussion.rules import tidy

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
    # Schemes that only look like others, or are hidden in what a browser passes over
    "[x](java\u200bscript:alert(1))",
    "[x](\u202ejavascript:alert(1))",
    "[x](\uff4aavascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java\nscript:alert(1)>)",
    "[x](feed:javascript:alert(1))",
    "[x](view-source:javascript:alert(1))",
    "[x](blob:https://a.example/1)",
    "[x](intent://a#Intent;end)",
    "[x](tel:+33)",
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "[x](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)",
    "<data:text/html,<script>alert(1)</script>>",
    "<javascript&colon;alert(1)>",
    "<vbscript:x>",
    "<https://a.example/'onmouseover='alert(1)>",
    '<https://a.example/"onmouseover="alert(1)>',
    "<a@b.example>",
    '[x](https://a.example "<script>alert(1)</script>")',
    "[<script>alert(1)</script>](https://a.example)",
    "[x][&#106;]\n\n[&#106;]: javascript:alert(1)",
    "[x]: <javascript:alert(1)> 'x'\n\n[x] ![x]",
    # One thing inside another
    "> - > - 1. > **<script>** ~~[x](javascript:alert(1))~~",
    "[a [b](javascript:b) c](javascript:c)",
    "***[`<script>`](javascript:alert(1))***",
    "- ```\n  <script>\n  ```\n  <img src=x onerror=alert(1)>",
    "# <script>\n===\n<script>\n---",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &#x3c;img src=x onerror=alert(1)&#x3e;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>script>alert(1)<</script>/script>",
    "<script\u2028>alert(1)</script>",
    "<\u200bscript>alert(1)<\u200b/script>",
    "@ada](javascript:alert(1)) [@ada](javascript:alert(1))",
    "[@ada](https://a.example) `@ada` <https://a.example/@ada>",
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
    "calls of somebody": "@ada " * 2000,
    "calls that are links": "[@ada](https://a) " * 555,
    "signs of a call": "@" * LONGEST_TEXT,
    "quotes in lists": "".join("> " * number + "- " * number + "a\n" for number in range(40)),
    "emphasis in emphasis": "**a " * 1_250 + "a** " * 1_250,
    "brackets in brackets": "[" * 5_000 + "]" * 5_000,
    "links in links": "[" * 3_000 + "a" + "](b)" * 1_700,
    "many references": "".join(f"[{number}]: b\n" for number in range(900)) + "[1][2][3]" * 100,
    "automatic links": "<a@b.example>" * 769,
    "one long link": "<https://a.example/" + "a" * 9_980 + ">",
    "signs by their numbers": "&#x1F469;" * 1_111,
    "marks on one letter": "a" + "\u0301" * 9_999,
    "directions": "\u202e\u2066\u202d" * 3_333,
    "faces": "\U0001f469\u200d\U0001f33e" * 3_333,
    "lines": "\n" * LONGEST_TEXT,
    "tables": "|a" * 5_000,
    "fences": "```\n~~~\n" * 1_250,
    "backslashes": "\\" * LONGEST_TEXT,
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


@given(st.text(max_size=300))
@settings(max_examples=examples(30, 500))
def test_any_text_that_is_kept_can_be_drawn(text):
    kept = tidy(text)
    assert is_harmless(as_html(kept, called={"ada"}))
    assert "\n" not in excerpt(kept)


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
