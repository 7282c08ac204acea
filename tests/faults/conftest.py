from collections.abc import Iterator
from typing import Any

import pytest
from tests.faults.site import Site


@pytest.fixture(scope="module")
def site(django_db_blocker: Any) -> Iterator[Site]:
    """A site that all the tests of faults kill, one after the other: it has to stand all of it."""
    site = Site()
    try:
        with django_db_blocker.unblock():
            site.wait_until_whole()
            with site.opened():
                yield site
    finally:
        site.ending.set()
        site.stop()
