"""The real browser that pages are tried in."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from canut.cli.test import CHROMIUM_NAMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_open: dict[str, Any] = {}
"""What is open in this process: the browser, how it was started, and how all of it is closed."""


@contextmanager
def launched(*flags: str) -> Iterator["Browser"]:
    """Yield a Chromium without a window; the test is skipped where there is none.

    The next file that wants one started the same way has the same one, if none without comes between: to
    start it takes longer than many a test. See `close`.
    """
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not program:
        pytest.skip("there is no Chromium on this machine")
    if _open and (_open["flags"] != flags or not _open["browser"].is_connected()):
        close()
    if not _open:
        _start(program, flags)
    yield _open["browser"]
    for left in list(_open["browser"].contexts):
        left.close()


def _start(program: str, flags: tuple[str, ...]) -> None:
    """Start a browser and its driver.

    The driver keeps a loop in this thread, which Django takes for asynchronous code as long as it runs; the
    tests question the database from the same thread.
    """
    from playwright.sync_api import sync_playwright

    with ExitStack() as opening:
        patched = opening.enter_context(pytest.MonkeyPatch.context())
        playwright = opening.enter_context(sync_playwright())
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *flags])
        opening.callback(browser.close)
        _open.update(browser=browser, flags=flags, closing=opening.pop_all())


def close() -> None:
    """Close the browser, if one is open: what is asynchronous itself cannot run beside its driver."""
    if _open:
        closing = _open["closing"]
        _open.clear()
        closing.close()
