"""How a page looks at a desk, on a phone and in the dark: one loading, three looks, no fault of any kind."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.stories import examples

AXE = settings.NODE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, tuple[dict[str, int], str, str]] = {
    # Contrast takes the longest, and what only a desk shows is looked at for it in the dark. The other rules
    # are held to on a phone, which shows the same elements; the long run holds a desk to them too
    "wide": (WIDE, "light", "{rules: {'color-contrast': {enabled: false}}}" if examples(0, 1) else ""),
    "phone": (PHONE, "light", "{}"),
    # The dark changes nothing but colours
    "dark": (WIDE, "dark", "{runOnly: ['color-contrast', 'link-in-text-block']}"),
}
ALWAYS = "iframes: false, resultTypes: ['violations']"
"""Nobody reads what was in order, and to say where it stands takes long."""
Fault = tuple[str, ...]


def faults(page: Any, state: str, *, named: str = "", looks: tuple[str, ...] = tuple(LOOKS)) -> list[Fault]:
    """Return what is wider than the screen or breaks a rule of accessibility, in each look of a page.

    With CANUT_SCREENSHOTS and a name, pictures are left in that folder for somebody to look at.
    """
    if not AXE.exists():
        pytest.skip(f"there is no axe-core in {AXE.parent}")
    found: list[Fault] = []
    page.evaluate(AXE.read_text())
    devtools = page.context.new_cdp_session(page)
    for look in looks:
        size, scheme, rules = LOOKS[look]
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # else colours take their time
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": look == "phone"})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append((state, look, "wider than the screen"))
        asked = f"axe.run(document, {{{ALWAYS}, ...{rules}}}).then((said) => said.violations)"
        broken = page.evaluate(asked) if rules else []
        found += [(state, look, one["id"], node["html"][:160]) for one in broken for node in one["nodes"][:3]]
        if (folder := os.environ.get("CANUT_SCREENSHOTS")) and named:
            page.screenshot(path=Path(folder) / f"{named}-{look}-{state}.png", full_page=True)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    devtools.detach()
    return found
