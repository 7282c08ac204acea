"""The browser in which a task's page is tried, and the page."""

import shutil
import threading

import pytest
from tests.work.designs.in_browser import QUICKLY_SECONDS, Site, TaskPage

from canut.cli.test import CHROMIUM_NAMES


@pytest.fixture(scope="module")
def chromium():
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not program:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site():
    with Site() as served:
        threading.Thread(target=served.serve_forever, args=[QUICKLY_SECONDS], daemon=True).start()
        yield served
        served.shutdown()


@pytest.fixture
def task(chromium, site):
    context = chromium.new_context()
    yield TaskPage(context.new_page(), site)
    context.close()
