"""A requester's HTML: where its columns stand, how values are escaped there, and where its forms go."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.frames import check_page_answer, fill_address, page_address
from canut.work.designs.own_html import columns_in_html, is_safe_address, read_page
from canut.work.designs.problems import DesignRefused, Wrong
from canut.work.designs.renaming import with_columns_renamed
from canut.work.designs.schema import columns_in_order, read_design

TO = "http://frames.example/frame/p/answer"


def filled(html, **row):
    return read_page(html).filled(row, address=TO, button="Send")


def a_design(**item):
    own = {"type": "own_html", "name": "own", "label": "Fill in.", **item}
    return {"version": 1, "instructions": "", "items": [own]}


# --- Columns --------------------------------------------------------------------------------------


def test_both_ways_of_writing_a_column_are_known():
    html = "<p>{{ first }} ${second} ${two words} ${no.column} ${1 + 1}</p><script>`${third}`</script>"
    assert list(columns_in_html(html)) == ["first", "second", "two words", "third"]
    assert columns_in_order(read_design(a_design(html=html))) == ("first", "second", "two words", "third")


def test_a_missing_column_is_empty_but_javascripts_own_dollars_stay():
    assert "<p></p>" in filled("<p>{{gone}}</p>")
    assert "`${gone}`" in filled("<script>x = `${gone}`</script>")
    assert "<p></p>" in filled("<p>${empty}</p>", empty=None)


def test_a_value_that_looks_like_a_column_stays_as_it_is():
    assert "secret" not in filled("<p>{{a}}</p>", a="{{b}} ${b}", b="secret")


# --- Escaping -------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """Every element and attribute that a page has."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]

    def handle_data(self, data):
        self.texts.append(data)


PLACES = [
    "<p>{{x}}</p>",
    '<p title="{{x}}">a</p>',
    "<p title='{{x}}'>a</p>",
    "<p title={{x}}>a</p>",
    "<p data-a=1{{x}}2 lang=en>a</p>",
    "<textarea>{{x}}</textarea>",
    "<title>{{x}}</title>",
    "<!-- {{x}} --><p>a</p>",
    "<script>const x = '{{x}}';</script>",
    "<script>const x = `{{x}}`;</script>",
    "<style>p::after { content: '{{x}}' }</style>",
    '<p style="color: {{x}}" onclick="f(\'{{x}}\')">a</p>',
    '<a href="{{x}}">a</a>',
    "<p {{x}}>a</p>",
    "<b>< {{x}}</b>",
]
NASTY = st.text(st.sampled_from("<>\"'`&;=/\\ \n\t-!(){}$a1\u2028\ufffd"), max_size=20) | st.text(max_size=20)


@given(st.sampled_from(PLACES), NASTY)
def test_no_value_adds_an_element_or_an_attribute_that_runs(place, value):
    plain, seen = Seen(filled(place, x="")), Seen(filled(place, x=value))
    assert seen.tags == plain.tags
    assert not {name for name in seen.attributes if name.startswith("on")} - set(plain.attributes)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30))
def test_a_text_is_read_as_it_was_written(value):
    written = "".join(Seen(filled("<p>{{x}}</p>", x=value)).texts)
    assert written.strip().removesuffix("Send").strip() == value.strip()


@given(NASTY)
def test_no_value_ends_a_string_of_a_script(value):
    written = filled("<script>const x = '{{x}}';</script>", x=f"a{value}").partition("'")[2].partition("'")[0]
    assert not set(written) & set("'\"`<>&\n\r\u2028\u2029")
    assert "\\u005c" in written or "\\" not in value


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://example.org/a:b", True),
        ("//example.org/x", True),
        ("pictures/1.png", True),
        ("?a=b:c", True),
        ("mailto:a@b.org", True),
        ("data:image/png;base64,AAAA", True),
        ("javascript:alert(1)", False),
        (" \x01JaVaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
    ],
)
def test_an_address_that_runs_a_script_is_none(address, is_safe):
    assert is_safe_address(address) == is_safe
    assert ("invalid" in filled('<a href="{{x}}">a</a>', x=address)) == (not is_safe)


def test_numbers_stand_alone_in_scripts_and_lengths_and_colours_in_styles():
    page = filled("<script>f({{n}})</script><p style='width:{{w}};color:{{c}}'>", n=-2.5, w="40px", c="#0a0")
    assert "f(-2.5)" in page
    assert "width:40px;color:&#35;0a0" in page


# --- Forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<form action='https://mturk.com/externalSubmit' method=get target=_top><input name=a></form>",
        "<FORM ACTION=https://evil.example/><input name=a>",
        '<form\naction = "x"\nenctype="multipart/x" ><button formaction=//evil>Go</button></form>',
        "<input name=a>",
        "<html><head><title>t</title></head><body><input name=a></body></html>",
    ],
)
def test_every_form_goes_to_its_own_permit(html):
    page = filled(html)
    assert page.count("<form") + page.count("<FORM") == 1
    assert f'method="post" target="_self" action="{TO}"' in page
    assert not any(part in page for part in ("evil", "mturk", "formaction", "multipart", "_top"))
    assert page.count("<button") == 1


def test_a_button_of_a_page_without_a_form_sends_nothing_by_itself():
    page = filled("<button onclick=more()>More</button><input name=a>")
    assert '<button onclick=more() type="button">More</button>' in page
    assert '<button type="submit">Send</button>' in page


def test_a_pages_own_way_to_send_is_left_to_it():
    page = filled("<form id=f><input name=a><input type=submit value=Go></form>")
    assert "Send" not in page


def test_a_form_in_a_comment_or_a_script_is_none():
    page = filled("<!-- <form action=x> --><script>'<form action=x>'</script><input name=a>")
    assert page.startswith(f'<form method="post" target="_self" action="{TO}"><!--')


@given(st.text(st.sampled_from("<>/=\"' abdefimnoprst!-\n{}$x"), max_size=60))
def test_any_text_at_all_is_read(html):
    filled(html, x="1")


@pytest.mark.parametrize("html", ["<a " + " " * 60_000, "<" * 60_000, "<a x='" * 15_000, "<!--" * 20_000])
def test_reading_a_page_takes_no_longer_for_being_made_to(html):
    filled(html)


# --- The design -----------------------------------------------------------------------------------


def test_a_page_that_is_too_long_or_missing_is_refused():
    for html in ("", "x" * 100_001):
        with pytest.raises(DesignRefused):
            read_design(a_design(html=html))


def test_columns_are_renamed_in_both_ways_of_writing_them():
    renamed = with_columns_renamed(a_design(html="<p>{{old}} ${old} ${other}</p>"), {"old": "new"})
    assert renamed["items"][0]["html"] == "<p>{{new}} ${new} ${other}</p>"


@pytest.mark.parametrize(
    ("template", "row", "address"),
    [
        (
            "https://example.org/{{a}}?q={{b}}",
            {"a": "x y/z", "b": "1&c=2#d"},
            "https://example.org/x%20y/z?q=1%26c%3D2%23d",
        ),
        ("{{a}}", {"a": "https://example.org/x?y=1"}, "https://example.org/x?y=1"),
        ("{{a}}", {"a": "javascript:alert(1)"}, ""),
        ("{{a}}", {"a": "data:text/html,x"}, ""),
        ("{{a}}", {}, ""),
        ("https://user:word@example.org/", {}, ""),
    ],
)
def test_an_address_is_filled_for_a_row(template, row, address):
    assert fill_address(template, row) == address


def test_a_page_over_http_is_for_trying_out_on_this_machine_only(settings):
    assert page_address("http://127.0.0.1:9000/x") == "http://127.0.0.1:9000/x"
    assert page_address("http://example.org/") == ""
    settings.SITE_IS_HTTPS = True
    assert page_address("http://127.0.0.1:9000/x") == ""


# --- The answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("text", "not_a_page_answer"),
        ({"a": {"b": "c"}}, "not_a_page_answer"),
        ({"a": [["b"]]}, "not_a_page_answer"),
        ({"": "a"}, "not_a_page_answer"),
        ({"a" * 101: "a"}, "not_a_page_answer"),
        ({"a": ["b"] * 201}, "not_a_page_answer"),
        ({str(n): "a" for n in range(201)}, "too_many_fields"),
        ({"a": "b" * 33_000}, "page_answer_too_large"),
        ({"a": "b\0c"}, "unstorable"),
        ({"a": float("nan")}, "not_a_page_answer"),
    ],
)
def test_what_is_no_answer_is_refused(sent, code):
    with pytest.raises(Wrong) as refused:
        check_page_answer(sent)
    assert refused.value.problem.code == code


def test_an_answer_is_cleaned_and_cleaning_it_again_changes_nothing():
    cleaned = check_page_answer({"a": " x\r\ny ", "b": ["", "z"], "c": "", "d": [], "e": 3, "f": True})
    assert cleaned == {"a": "x\ny", "b": ["z"], "e": "3", "f": "true"}
    assert check_page_answer(cleaned) == cleaned
    assert check_page_answer({"a": " "}) is None
