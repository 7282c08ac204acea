"""Names, ages and tokens: plain values in, plain values out."""

import hashlib

import pytest

from canut.people import places, rules


@pytest.mark.parametrize(
    "name",
    ["Ana", "Wanda W.", "Atelier René", "Jean-Luc", "O'Neill", "Łukasz 2", "李小龍", "علي حسن", "x_y.z"],
)
def test_ordinary_names_of_every_script_are_usable(name):
    assert rules.screen_name_is_usable(rules.tidy_screen_name(name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "x" * 31,
        " Ana",
        "Ana ",
        "A  na",
        "a@b.c",
        "<b>x",
        "1234",
        ".dot",
        "Admin",
        "CANUT",
        "former-1",
        "a\u200bb",
    ],
)
def test_names_that_mislead_or_break_pages_are_not(name):
    assert not rules.screen_name_is_usable(name)


def test_look_alike_letters_become_the_ordinary_ones():
    assert rules.tidy_screen_name("Ａｎａ  ﬁn") == "Ana fin"


@pytest.mark.parametrize(
    ("username", "usable"), [("ana", True), ("a.b_c+d-1", True), ("Ana", False), ("é-a", False)]
)
def test_names_to_sign_in_with_are_plain_lower_case(username, usable):
    assert rules.username_is_usable(username) is usable


def test_the_age_is_18_unless_the_country_asks_for_more():
    assert (rules.smallest_age("FR"), rules.smallest_age("SG"), rules.smallest_age("??")) == (18, 21, 18)
    assert all(places.is_country(country) for country in rules.ADULT_AT_BY_COUNTRY)


def test_a_token_s_hash_is_its_sha256():
    assert rules.token_hash("cnt_abc") == hashlib.sha256(b"cnt_abc").hexdigest()


@pytest.mark.parametrize(
    ("languages", "usable"),
    [(["fr"], True), (["pt-BR", "zh-Hans"], True), ([], False), (["FR"], False), (["fr", "fr"], False)],
)
def test_languages_are_codes_each_once(languages, usable):
    assert rules.languages_are_usable(languages) is usable
