"""The real browser that pages are tried in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from canut.cli.test import CHROMIUM_NAMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@contextmanager
def launched(*flags: str) -> Iterator["Browser"]:
    """Yield a Chromium without a window; the test is skipped where there is none.

    Its driver keeps a loop in this thread, which Django takes for asynchronous code as long as it runs; the
    tests question the database from the same thread.
    """
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not program:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *flags])
        yield browser
        browser.close()
