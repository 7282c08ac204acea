"""What lies in the database is of no use without the installation's secret."""

import pytest
from pytest_django import Settings

from canut.kernel.sealing import SealedWithAnotherSecret, seal, unseal


def test_what_was_sealed_opens_again_and_tells_nothing_before() -> None:
    sealed = seal(b"a private key", purpose="tests")
    assert unseal(sealed, purpose="tests") == b"a private key"
    assert b"private" not in sealed
    assert seal(b"a private key", purpose="tests") != sealed


def test_it_opens_for_its_purpose_only_and_only_whole() -> None:
    sealed = seal(b"a private key", purpose="tests")
    for given, purpose in (
        (sealed, "other tests"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "tests"),
        (sealed[:40], "tests"),
        (b"", "tests"),
    ):
        with pytest.raises(SealedWithAnotherSecret):
            unseal(given, purpose=purpose)


def test_an_earlier_secret_opens_what_it_sealed_while_it_is_a_fallback(settings: Settings) -> None:
    sealed = seal(b"a private key", purpose="tests")
    before, settings.SECRET_KEY = settings.SECRET_KEY, "the next one"
    with pytest.raises(SealedWithAnotherSecret):
        unseal(sealed, purpose="tests")
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed, purpose="tests") == b"a private key"
    anew = seal(b"a private key", purpose="tests")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(anew, purpose="tests") == b"a private key"
