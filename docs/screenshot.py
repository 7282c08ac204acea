"""Take the pictures of the documentation, in docs/images, from a demo.

    .canut/venv/bin/python docs/screenshot.py [ADDRESS]

Without an address a fresh demo is started in a temporary folder and stopped afterwards. With one, such
as http://127.0.0.1:8000, a demo that runs there is used; one small project is published in it.
Needs Chromium and what `./canut test` installs.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from canut.cli.sites import set_up_django
from canut.cli.test import CHROMIUM_NAMES

IMAGES = Path(__file__).resolve().parent / "images"
MOST_BYTES = 200_000
SIZE = {"width": 1120, "height": 800}
DEMO_STARTS_WITHIN_SECONDS = 600
PROJECT = "Is Canut's French right?"
PAIR = {
    "prompt": "Who were the canuts?",
    "a": "The canuts were the silk weavers of Lyon. They worked at home on looms of their own, were paid by "
    "the piece by merchants, and rose in 1831 when a minimum tariff that had been agreed was not kept. They "
    "founded some of the first mutual societies of France.",
    "b": "Canuts was a word for people who worked in silk in the old days. Their hill is the Croix-Rousse.",
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("address", nargs="?", help="A demo that runs (default: one is started).")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        print("Chromium was not found; install it (on Debian and Ubuntu: apt-get install chromium).")
        return 1
    os.environ["CANUT_MODE"] = "demo"
    set_up_django()
    IMAGES.mkdir(exist_ok=True)
    with _demo(options.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, take in PICTURES.items():
            take(browser, address, IMAGES / f"{name}.png")
        browser.close()
    sizes = {path: path.stat().st_size for path in (IMAGES / f"{name}.png" for name in PICTURES)}
    for path, size in sizes.items():
        print(f"docs/images/{path.name}: {size / 1000:.0f} kB")
    return 1 if max(sizes.values()) > MOST_BYTES else 0


def task(browser: Browser, address: str, target: Path) -> None:
    """A worker's page of one task: two texts side by side."""
    page = _signed_in(browser, address, "requester")
    page.goto(f"{address}/studio/new/")
    page.get_by_role("radio", name="Compare two texts").check()
    page.get_by_label("Title").fill("Which answer is better?")
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_label("File of rows").set_input_files(
        {"name": "pairs.jsonl", "mimeType": "application/jsonl", "buffer": json.dumps(PAIR).encode()}
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Add 1 row").click()
    page.get_by_role("link", name="Price and publish").first.click()
    page.get_by_label("Reward for one answer").fill("0.60")
    page.get_by_label("Expected minutes").fill("2")
    page.get_by_role("button", name="Save and see the quote").click()
    page.get_by_role("button", name="Publish and set").click()
    page.get_by_text("Published.").wait_for()
    number = page.url.rstrip("/").rpartition("/")[2]
    page.close()
    page = _signed_in(browser, address, "worker")
    page.goto(f"{address}/projects/{number}/")
    page.get_by_role("button", name="Take a task").click()
    page.get_by_text("Instructions").click()  # closes them
    page.get_by_role("radio", name="A is better").check()
    page.wait_for_timeout(500)
    main = page.locator("main").bounding_box()
    assert main, "the page has a main part"
    page.screenshot(
        path=target,
        full_page=True,
        clip={"x": 0, "y": 0, "width": SIZE["width"], "height": main["y"] + main["height"]},
    )
    page.get_by_role("button", name="Give back").click()
    page.close()


def results(browser: Browser, address: str, target: Path) -> None:
    """A requester's page of results."""
    page = _signed_in(browser, address, "requester")
    page.get_by_role("link", name=PROJECT).click()
    page.get_by_role("link", name="Results").click()
    page.get_by_role("heading", name="Agreement").wait_for()
    page.screenshot(path=target)
    page.close()


PICTURES: dict[str, Callable[[Browser, str, Path], None]] = {"task": task, "results": results}


def _signed_in(browser: Browser, address: str, name: str) -> Page:
    from canut.lab.demo import PASSWORD

    page = browser.new_page(viewport=SIZE, locale="en-GB", color_scheme="light")  # type: ignore[arg-type]
    page.goto(f"{address}/account/login/")
    page.get_by_label("Name or e-mail address").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login/" not in url)
    return page


@contextmanager
def _demo(address: str | None) -> Iterator[str]:
    """Yield the address of a demo: the one given, or a fresh one for the length of the block."""
    if address:
        yield address.rstrip("/")
        return
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="canut-pictures-") as home:
        command = [sys.executable, "-m", "canut.cli", "demo", "--port", str(port)]
        demo = subprocess.Popen(command, env={**os.environ, "CANUT_HOME": home}, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port, demo)
            yield f"http://127.0.0.1:{port}"
        finally:
            demo.terminate()
            demo.wait(timeout=60)


def _wait_for(port: int, demo: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + DEMO_STARTS_WITHIN_SECONDS
    while time.monotonic() < until and demo.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise SystemExit("The demo did not start; start it with `./canut demo` and give its address.")


if __name__ == "__main__":
    sys.exit(main())
