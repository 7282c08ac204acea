"""What votes and decisions about a moratorium are called, in both languages of the log."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import override

from canut.charter.moratoria import NAMES, Algorithm


def stop_titles(algorithm: str) -> tuple[str, str]:
    """Return what a college is asked: "Stop the order of the feed"."""
    return _both(lambda name: _("Stop at once: %(what)s") % {"what": name}, algorithm)


def keep_titles(algorithm: str) -> tuple[str, str]:
    """Return what all are asked afterwards."""
    return _both(lambda name: _("Keep stopped: %(what)s") % {"what": name}, algorithm)


def again_titles(algorithm: str) -> tuple[str, str]:
    """Return what the decision is called by which it runs again."""
    return _both(lambda name: _("Runs again: %(what)s") % {"what": name}, algorithm)


def _both(said: Callable[[str], str], algorithm: str) -> tuple[str, str]:
    found = []
    for language in ("en", "fr"):
        with override(language):
            found.append(said(str(NAMES[Algorithm(algorithm)])))
    return found[0], found[1]
