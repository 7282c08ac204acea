"""Patterns: the same meaning as everybody's regular expressions, and no text that makes them slow."""

import re
import time

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from canut.work.designs.patterns import Pattern, PatternRefused


def small_patterns():
    atoms = st.sampled_from(
        ["a", "b", "-", r"\d", r"\w", r"\.", ".", "[ab]", "[^a]", "[a-c0]", r"[\d-]", "é"]
    )
    repeats = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}", "{0}"])
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, repeats).map(lambda t: f"(?:{t[0]}){t[1]}"),
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
        ),
        max_leaves=6,
    )


def pattern_or_reject(source):
    """Pass over the few generated patterns that are larger than ours may be."""
    try:
        return Pattern(source)
    except PatternRefused as refused:
        if refused.code != "pattern_too_complicated":
            raise
        reject()


@given(small_patterns(), st.lists(st.text(alphabet="ab-0.é\nc_", max_size=8), max_size=10))
def test_a_pattern_means_what_pythons_own_engine_says(source, texts):
    pattern = pattern_or_reject(source)
    theirs = re.compile(source, re.ASCII)
    for text in texts:
        assert pattern.matches(text) is (theirs.fullmatch(text) is not None), text


@given(small_patterns(), st.text(alphabet="ab-0.é", max_size=6))
def test_what_the_browser_gets_means_the_same(source, text):
    pattern = pattern_or_reject(source)
    # JavaScript's \u{2D} is \U0000002d here; nothing else of what is written differs.
    html = re.sub(r"\\u\{([0-9A-F]+)\}", lambda found: f"\\U{int(found[1], 16):08x}", pattern.html)
    assert pattern.matches(text) is (re.compile(html).fullmatch(text) is not None)


@pytest.mark.parametrize(
    ("source", "matching", "others"),
    [
        (r"^\d{5}$", ["69001"], ["6900", "690011", "６９００１"]),
        (r"a\$", ["a$"], ["a"]),
        (r"\p{Lu}\p{Ll}+(-\p{Lu}\p{Ll}+)?", ["Élodie", "Jean-Éric"], ["élodie", "Jean-"]),
        (r"[^\s@]+@[^\s@]+", ["a@b.fr"], ["a b@c", "a@b@c"]),
        (r"\S+", ["a"], ["a\u00a0b", ""]),
        ("yes|no|", ["yes", "no", ""], ["maybe", "yesno"]),
        (r"[\]\\^-]+", ["]\\^-"], ["a"]),
    ],
)
def test_everyday_patterns(source, matching, others):
    pattern = Pattern(source)
    assert all(pattern.matches(text) for text in matching)
    assert not any(pattern.matches(text) for text in others)


@pytest.mark.parametrize(
    "source",
    [
        "(",
        ")",
        "a)",
        "[",
        "[]",
        "[z-a]",
        "a**",
        "a*?",
        "*",
        "a{2",
        "a{3,2}",
        "(?=a)",
        r"\1",
        r"\b",
        r"\p{Xx}",
        "a$b",
        "\\",
    ],
)
def test_what_is_not_of_the_language_is_refused_with_its_place(source):
    with pytest.raises(PatternRefused) as refused:
        Pattern(source)
    assert refused.value.code == "not_a_pattern"
    assert 0 < refused.value.at <= len(source)


@pytest.mark.parametrize(
    "source", ["(a{90}){90}", "((){9999}){9999}", "((((a?){99}){99}){99}){99}", "a" * 201]
)
def test_a_pattern_that_would_grow_too_large_is_refused_at_once(source):
    started = time.process_time()
    with pytest.raises(PatternRefused) as refused:
        Pattern(source)
    assert refused.value.code == "pattern_too_complicated"
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(a*)*b", "a" * 1000),
        ("(a|aa)+", "a" * 999 + "b"),
        (".*.*.*.*=.*", "x" * 1000),
        ("(.{0,400})a", "é" * 1000),
    ],
)
def test_no_text_makes_a_pattern_slow(source, text):
    pattern = Pattern(source)
    started = time.process_time()
    assert not pattern.matches(text)
    assert time.process_time() - started < 0.5


def test_a_pattern_remembers_only_so_much():
    pattern = Pattern(".{0,400}")
    for start in range(0x4E00, 0x9E00, 400):
        assert pattern.matches("".join(map(chr, range(start, start + 400))))
    assert len(pattern._kinds) <= 20_000
    assert len(pattern._steps) * 400 <= 20_000
