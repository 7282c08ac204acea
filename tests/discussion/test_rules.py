"""Who is called by name, and what of a text is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.discussion.rules import calls_in, names_to_look_up, shows_something, tidy

KNOWN = {"ada", "ada lovelace", "jean-luc", "o'neil", "n.b. smith"}


def called(text, most=10):
    return [call.name for call in calls_in(text, known=KNOWN, most=most)]


def test_a_name_ends_where_a_name_that_there_is_ends():
    assert called("@Ada, have you seen it?") == ["ada"]
    assert called("Thanks @ada lovelace!") == ["ada lovelace"]
    assert called("(@Jean-Luc) @O'Neil: @N.B. Smith.") == ["jean-luc", "o'neil", "n.b. smith"]
    assert called("@ada\nlovelace") == ["ada"]
    assert called("@adam is somebody else") == []
    assert called("write to me@ada.example or @@ada") == []


def test_only_so_many_are_called():
    assert called("@ada " * 5, most=2) == ["ada", "ada"]
    assert called("@nobody @ada", most=1) == []


def test_every_name_that_may_be_meant_is_looked_up():
    assert "ada lovelace" in names_to_look_up("@Ada Lovelace was here", most=1)
    assert names_to_look_up("nobody", most=10) == []


@given(st.text())
def test_any_text_can_be_looked_through_and_kept(text):
    kept = tidy(text)
    assert kept == tidy(kept)
    assert "\0" not in kept
    kept.encode()
    for call in calls_in("@" + text, known=set(names_to_look_up("@" + text, most=10)), most=10):
        assert ("@" + text)[call.start] == "@"


def test_what_no_page_shows_is_not_kept():
    assert tidy(" a\r\nb\rc\0\x07\ufeff\ud800 ") == "a\nb\nc"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " \n\t",
            "\u200b",
            "\u200d\u2060\ufeff",
            "\u00ad",
            "\u2800\u2800",
            "\u3164 \uffa0",
            "\u115f\u1160",
        ),
        *("\u0301\u0308", "\ufe0f", "\u202e\u2066", "\u2028\u2029", "\U000e0041\U000e0100", "\u034f\u180e"),
    ],
)
def test_what_nobody_sees_says_nothing(text: str) -> None:
    assert not shows_something(text)
    assert shows_something(text + "x")


@pytest.mark.parametrize(
    "text", ["é", "👩\u200d🌾", "ﷺ", "मा", "…", "\u202eabc", "²", "♥\ufe0f", "\U0001fae9"]
)
def test_what_can_be_seen_says_something_in_any_script(text: str) -> None:
    assert shows_something(text)
