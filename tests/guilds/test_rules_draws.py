"""Draws against published values of the hash functions, and that they favour no item."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.guilds.rules_draws import SEED_BYTES, checks, commitment, drawn_number

SEED = bytes(range(SEED_BYTES))
SEEDS = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)
PUBLIC_IDS = st.binary(max_size=40)


def test_a_commitment_is_the_published_hash():
    # FIPS 180-4 of the bytes 00 01 … 1f
    assert commitment(SEED) == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"


def test_a_draw_is_the_published_keyed_hash():
    # printf block | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
    whole = 0x3C3EB72EF9BDF00990672F82D1055FD2A95C9D6A5E552FFA4FFC8E32F6DBB6BC
    sizes = (1, 2, 10, 999)
    assert [drawn_number(SEED, b"block", size) for size in sizes] == [1 + whole % size for size in sizes]


@pytest.mark.parametrize("seed", [b"", SEED[:-1], SEED + b"x"])
def test_a_seed_that_could_be_found_is_refused(seed):
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(seed)
    with pytest.raises(ValueError, match="32 bytes"):
        drawn_number(seed, b"block", 10)
    assert not checks(sha256(seed).hexdigest(), seed, b"block", 10, 1)


@pytest.mark.parametrize("size", [0, -1])
def test_of_no_items_none_is_drawn(size):
    with pytest.raises(ValueError, match="at least one"):
        drawn_number(SEED, b"block", size)
    assert not checks(commitment(SEED), SEED, b"block", size, 1)


@given(seed=SEEDS, public_id=PUBLIC_IDS, size=st.integers(1, 1000))
def test_a_draw_is_one_of_the_items_and_checks(seed, public_id, size):
    number = drawn_number(seed, public_id, size)
    assert 1 <= number <= size
    shown = commitment(seed)
    assert checks(shown, seed, public_id, size, number)
    assert checks(shown.upper(), seed, public_id, size, number)
    assert not checks(shown, seed, public_id, size, number % size + 1) or size == 1


@given(seed=SEEDS, other=SEEDS, public_id=PUBLIC_IDS)
def test_no_other_seed_checks(seed, other, public_id):
    number = drawn_number(other, public_id, 10)
    assert checks(commitment(seed), other, public_id, 10, number) == (seed == other)


@pytest.mark.parametrize("shown", ["", "é", "0" * 64, "not a hash"])
def test_a_commitment_that_is_none_does_not_check(shown):
    assert not checks(shown, SEED, b"block", 10, drawn_number(SEED, b"block", 10))


def test_every_item_is_as_likely():
    drawn = Counter(drawn_number(SEED, number.to_bytes(4), 10) for number in range(10_000))
    # 1,000 each; a chi-square of 9 degrees of freedom exceeds 27.88 once in a thousand
    assert sum((drawn[number] - 1000) ** 2 / 1000 for number in range(1, 11)) < 27.88
