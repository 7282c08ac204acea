"""Files made to hurt whoever reads them, and the smallest change to a genuine one."""

import copy
import json
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib import baking
from tests.guilds.credentials.badges import NOON, Site, no_list, written
from tests.guilds.credentials.test_verifying import SHAPES, checked, code, drawn

from canut.guilds.credentials import images, reading
from canut.guilds.credentials.refused import CredentialRefused
from canut.guilds.credentials.verifying import verify

SITE = Site()
ISSUER = SITE.issuer
BADGE = SITE.badge()
TOKEN = SITE.token(SITE.says())
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">{}</svg>'


def refused(content: bytes) -> str:
    """Return the code with which this is refused, where being believed fails the test."""
    with pytest.raises(CredentialRefused) as found:
        verify(content, issuer=ISSUER, status_list_at=no_list, at=NOON)
    return found.value.code


# --- The smallest change ----------------------------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every text, number and name of a member in a document."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*path, name, None)  # the name itself
            yield from places(part, (*path, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from places(part, (*path, number))
    else:
        yield path


def changed(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    """Return a copy in which the text (or the name of a member) at a path is what `change` makes of it."""
    copied = copy.deepcopy(document)
    node = copied
    renames = path[-1] is None
    steps = path[:-1] if renames else path
    for step in steps[:-1]:
        node = node[step]
    if renames:
        kept = list(node.items())
        node.clear()
        node.update((change(name) if name == steps[-1] else name, part) for name, part in kept)
    else:
        node[steps[-1]] = change(node[steps[-1]])
    return copied


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(list(places(BADGE))), data=st.data())
def test_no_character_of_a_badge_can_be_changed(path: tuple[Any, ...], data: st.DataObject) -> None:
    def another(text: str) -> str:
        at = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from(LETTERS + " /:#.éß\u200b").filter(lambda one: one != text[at]))
        return text[:at] + letter + text[at + 1 :]

    assert refused(written(changed(BADGE, path, another))).startswith(("credential_", "not_a_badge"))


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(list(places(BADGE))), data=st.data())
def test_nothing_can_be_added_to_a_text_or_taken_from_it(path: tuple[Any, ...], data: st.DataObject) -> None:
    more = data.draw(st.sampled_from([" ", "\n", "x", "\u0000", "é"]))
    ways = [lambda text: text + more, lambda text: more + text, lambda text: text[1:], lambda text: text[:-1]]
    refused(written(changed(BADGE, path, data.draw(st.sampled_from(ways)))))


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from([path for path in places(BADGE) if path[-1] is None]))
def test_no_member_of_a_badge_can_be_left_out(path: tuple[Any, ...]) -> None:
    copied = copy.deepcopy(BADGE)
    node: Any = copied
    for step in path[:-2]:
        node = node[step]
    del node[path[-2]]
    refused(written(copied))


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(list(places(BADGE))), kind=st.sampled_from([None, 1, True, 2.5, [], {}, [[]]]))
def test_nothing_can_be_made_another_kind_of_value(path: tuple[Any, ...], kind: Any) -> None:
    if path[-1] is not None:
        refused(written(changed(BADGE, path, lambda _text: kind)))


@settings(max_examples=40, deadline=None)
@given(
    path=st.sampled_from([path[:-2] for path in places(BADGE) if path[-1] is None]),
    name=st.sampled_from(
        ["id", "name", "type", "level", "@id", "@type", "@graph", "@reverse", "image", "proof"]
    ),
    value=st.sampled_from(["urn:x", {"id": "urn:x"}, ["urn:x"], {"@value": "x"}, 1]),
)
def test_nothing_can_be_put_beside_what_was_signed(path: tuple[Any, ...], name: str, value: Any) -> None:
    copied = copy.deepcopy(BADGE)
    node: Any = copied
    for step in path:
        node = node[step]
    if name not in node:
        refused(written({**copied, name: value} if not path else (node.update({name: value}), copied)[1]))


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(TOKEN) - 1), letter=st.sampled_from(LETTERS + ".=+/ \n"))
def test_no_character_of_a_token_can_be_changed(at: int, letter: str) -> None:
    """Not even the bits that the last letter of the signature leaves over."""
    if TOKEN[at] != letter:
        refused(
            (TOKEN[:at] + letter + TOKEN[at + 1 :]).encode()
            + b"x" * (letter in " \n" and at + 1 == len(TOKEN))
        )


def test_the_last_letter_of_each_part_of_a_token_has_one_spelling() -> None:
    """Base64 leaves bits over there, by which a token could be written in several ways."""
    for end in [at for at in range(1, len(TOKEN) + 1) if TOKEN[at : at + 1] in (".", "")]:
        for letter in LETTERS.replace(TOKEN[end - 1], ""):
            refused((TOKEN[: end - 1] + letter + TOKEN[end:]).encode())


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7), shape=st.sampled_from(["svg", "png"]))
def test_a_flipped_bit_is_refused_or_is_no_part_of_what_was_signed(at: int, bit: int, shape: str) -> None:
    content = bytearray(IMAGES[shape])
    content[at % len(content)] ^= 1 << bit
    try:
        found = verify(bytes(content), issuer=ISSUER, status_list_at=no_list, at=NOON)
    except CredentialRefused:
        return
    assert found == verify(IMAGES[shape], issuer=ISSUER, status_list_at=no_list, at=NOON)


IMAGES = {shape: SHAPES[shape]() for shape in ("svg", "png")}


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_it_is_it_is_refused_by_code(content: bytes) -> None:
    refused(content)
    refused(b"<svg" + content)
    refused(b"{" + content)
    refused(reading.PNG_BEGINS + content)


@settings(max_examples=200, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    name=st.sampled_from([*BADGE, "@context", "proof"]),
)
def test_any_value_in_the_place_of_a_member_is_refused_by_code(name: str, value: Any) -> None:
    if value != BADGE[name]:
        refused(json.dumps({**BADGE, name: value}).encode())
        refused(json.dumps({**BADGE, "proof": [{**BADGE["proof"][0], "verificationMethod": value}]}).encode())


# --- Too much ---------------------------------------------------------------------------------------


def test_a_file_larger_than_any_badge_is_not_read() -> None:
    assert code(b"{" + b" " * reading.MOST_IMAGE_BYTES) == "credential_too_large"
    assert code(written({**BADGE, "name": "x" * reading.MOST_BYTES})) == "credential_too_large"
    svg = drawn(images.svg_badge, json.dumps({**BADGE, "name": "x" * reading.MOST_BYTES}))
    assert code(svg) == "credential_too_large"


@pytest.mark.parametrize("deep", ["[", '{"a":', '{"@context":[', '{"credentialSubject":'])
def test_nesting_beyond_any_badge_is_refused_before_it_is_followed(deep: str) -> None:
    assert code(('{"a":' + deep * 20_000).encode()) in ("credential_too_large", "credential_malformed")
    closing = {"[": "]", '{"a":': "}", '{"@context":[': "]}", '{"credentialSubject":': "}"}[deep]
    whole = '{"a":' + deep * 30 + "1" + closing * 30 + "}"
    assert code(whole.encode()) == "credential_too_large"


def test_a_member_named_twice_could_be_read_in_two_ways() -> None:
    text = json.dumps(BADGE)
    twice = text.replace('"name":', '"name": "Somebody else", "name":', 1)
    assert code(twice.encode()) == "credential_malformed"
    assert code(text.replace('"2"', "NaN", 1).encode()) == "credential_malformed"
    assert code(text.replace('"2"', "1e999", 1).encode()) == "credential_malformed"
    assert code(text.replace('"2"', '"\\ud800"', 1).encode()) == "credential_malformed"


def test_an_image_that_multiplies_its_entities_is_refused_at_once() -> None:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    began = time.process_time()
    assert code(f"<!DOCTYPE svg [{laughs}]>{SVG.format('&j;')}".encode()) == "credential_malformed"
    outside = '<!ENTITY a SYSTEM "file:///etc/hostname">'
    assert code(f"<!DOCTYPE svg [{outside}]>{SVG.format('&a;')}".encode()) == "credential_malformed"
    assert time.process_time() - began < 1


def test_an_image_nested_without_end_is_refused_at_once() -> None:
    began = time.process_time()
    assert code(SVG.format("<g>" * 200_000).encode()) == "credential_malformed"
    assert code(SVG.format("<g>" * 200_000 + "</g>" * 200_000).encode()) == "not_a_badge"
    assert time.process_time() - began < 5


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def a_png(*chunks: bytes) -> bytes:
    size = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)  # 14 GB of pixels, were they unpacked
    pixels = chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
    return reading.PNG_BEGINS + chunk(b"IHDR", size) + pixels + b"".join(chunks) + chunk(b"IEND", b"")


def itxt(text: bytes, *, packed: bool = False) -> bytes:
    flag = b"\x01\x00" if packed else b"\x00\x00"
    return chunk(b"iTXt", baking.ITXT_KEYWORD_OB3 + b"\0" + flag + b"\0\0" + text)


def test_the_pixels_of_an_image_are_never_unpacked() -> None:
    began = time.process_time()
    assert checked(a_png(itxt(TOKEN.encode()))).level == 2
    assert code(a_png()) == "not_a_badge"
    assert time.process_time() - began < 2


def test_a_credential_that_is_packed_in_an_image_is_unpacked_so_far_and_no_further() -> None:
    assert checked(a_png(itxt(zlib.compress(TOKEN.encode()), packed=True))).level == 2
    bomb = zlib.compress(b" " * 500_000_000)
    assert code(a_png(itxt(bomb, packed=True))) == "credential_too_large"


def test_an_image_with_two_credentials_could_be_read_in_two_ways() -> None:
    token = TOKEN.encode()
    assert code(a_png(itxt(token), itxt(token))) == "credential_malformed"
    one = f'<openbadges:credential verify="{TOKEN}"/>'
    assert checked(SVG.format(one).encode()).level == 2
    assert code(SVG.format(one * 2).encode()) == "credential_malformed"
    assert (
        code(SVG.format(one.replace("/>", ">{}</openbadges:credential>")).encode()) == "credential_malformed"
    )
    within = one.replace("/>", "><b/></openbadges:credential>")
    assert code(SVG.format(within).encode()) == "credential_malformed"


def test_only_the_standards_own_element_holds_a_credential() -> None:
    one = f'<openbadges:credential verify="{TOKEN}"/>'
    elsewhere = SVG.replace("https://purl.imsglobal.org/ob/v3p0", "https://evil.example")
    assert code(elsewhere.format(one).encode()) == "not_a_badge"
    renamed = SVG.replace("xmlns:openbadges", "xmlns:ob").format(one.replace("openbadges:", "ob:"))
    assert checked(renamed.encode()).level == 2
    assert code(f"<html>{SVG.format(one)}</html>".encode()) == "not_a_badge"


def test_damaged_images_are_told_from_images_without_a_badge() -> None:
    png = IMAGES["png"]
    assert code(png[: len(png) // 2]) == "credential_malformed"
    assert code(png.replace(b"openbadgecredential", b"openbadgecredentiaX")) == "credential_malformed"
    assert code(reading.PNG_BEGINS) == "credential_malformed"
    assert code(IMAGES["svg"][:-10]) == "credential_malformed"
    assert code(b"") == "not_a_badge"
    assert code(b"GIF89a") == "not_a_badge"
    assert code(b"\xff\xfe\x00") == "not_a_badge"


def test_a_graph_made_to_be_canonicalised_for_ever_is_given_up() -> None:
    """Blank nodes that cannot be told apart cost more than any machine has, were they all compared."""
    badge = copy.deepcopy(BADGE)
    names = [f"_:n{n}" for n in range(9)]
    badge["credentialSubject"]["achievement"]["related"] = [
        {"id": name, "type": ["Achievement"], "related": [{"id": other} for other in names if other != name]}
        for name in names
    ]
    began = time.process_time()
    assert code(written(badge)) == "credential_tampered"
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alignment", [{"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x"}] * 900),
        ("tag", [f"t{n}" for n in range(6000)]),
        ("type", ["Achievement"] * 4000),
    ],
)
def test_the_costliest_badges_that_are_read_at_all_are_given_up_in_seconds(name: str, value: Any) -> None:
    badge = copy.deepcopy(BADGE)
    badge["credentialSubject"]["achievement"][name] = value
    began = time.process_time()
    assert code(json.dumps(badge, separators=(",", ":")).encode()) == "credential_tampered"
    assert time.process_time() - began < 10


def test_a_picture_that_shows_more_than_its_credential_says_fools_nobody_who_asks() -> None:
    """The picture is not signed; what is told of the file comes from the credential alone."""
    painted = IMAGES["svg"].replace(b'font-weight="700">2<', b'font-weight="700">4<')
    assert painted != IMAGES["svg"]
    assert checked(painted).level == 2
