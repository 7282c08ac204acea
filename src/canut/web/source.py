"""The source of this very site, for everybody who uses it (AGPL-3.0, section 13)."""

import io
import tarfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import canut

PACKAGE = Path(canut.__file__).parent
CHECKOUT = PACKAGE.parents[1]
OF_A_CHECKOUT = (
    *(
        "src",
        "clients",
        "requirements",
        "tests",
        "docs",
        "benchmarks",
        "scripts",
        "changelog.d",
        "canut",
        ".ci",
    ),
    *("pyproject.toml", "package.json", "package-lock.json", ".npmrc", ".gitignore"),
    *("LICENSE", "README.md", "CONTRIBUTING.md"),
)
LEFT_OUT = {"__pycache__", "node_modules"}


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """Say under which licence the site runs, and where its source is."""
    return render(
        request, "source.html", {"elsewhere": settings.CANUT_SOURCE_URL, "version": canut.__version__}
    )


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Give the code that this site runs, as it is installed here, changes and all."""
    return HttpResponse(
        _archive(),
        content_type="application/gzip",
        headers={"Content-Disposition": f'attachment; filename="canut-{canut.__version__}.tar.gz"'},
    )


@lru_cache(maxsize=1)
def _archive() -> bytes:
    packed = io.BytesIO()
    is_checkout = (CHECKOUT / "pyproject.toml").exists()
    roots = [CHECKOUT / name for name in OF_A_CHECKOUT] if is_checkout else [PACKAGE]
    base = CHECKOUT if is_checkout else PACKAGE.parent
    with tarfile.open(fileobj=packed, mode="w:gz") as archived:
        for root in roots:
            if root.exists():
                archived.add(root, f"canut-{canut.__version__}/{root.relative_to(base)}", filter=_kept)
    return packed.getvalue()


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what is made from the source, and who owns the files on this machine."""
    path = Path(member.name)
    if LEFT_OUT & set(path.parts) or path.suffix in (".pyc", ".mo"):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
