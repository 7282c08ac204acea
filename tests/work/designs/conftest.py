"""The browser in which a task's page is tried, and the page."""

import threading

import pytest
from tests.chromium import launched
from tests.work.designs.in_browser import QUICKLY_SECONDS, Site, TaskPage


@pytest.fixture(scope="module")
def chromium():
    with launched() as browser:
        yield browser


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
