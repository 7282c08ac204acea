import os
import shutil
import subprocess
from pathlib import Path

import pytest

from canut import __version__
from canut.cli import environment

ROOT = environment.CHECKOUT


def run(script: Path, *words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(script), *words],
        cwd=cwd,
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def bare(tmp_path):
    """The script in a clone where nothing was set up, in a folder with a space."""
    clone = tmp_path / "my clone"
    clone.mkdir()
    for name in ("canut", "pyproject.toml", "package.json", "package-lock.json", "requirements"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, clone / name)
    (clone / "clients" / "python").mkdir(parents=True)
    shutil.copy(ROOT / "clients" / "python" / "pyproject.toml", clone / "clients" / "python")
    return clone


def a_python(folder: Path, *, refuses: str) -> str:
    """A stand-in for a Python that fails at what it is asked if `refuses` is in it."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\ncase "$*" in *"{refuses}"*) exit 1 ;; esac\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("refuses", "said"),
    [
        ("version_info", "is too old and no other Python was found; install Python 3.11 or newer"),
        ("ensurepip", "has no venv module; install it (on Debian and Ubuntu: apt-get install python3-venv)"),
    ],
)
def test_an_unfit_python_is_said_in_one_sentence_with_the_way_out(bare, refuses, said):
    done = run(bare / "canut", "demo", cwd=bare, CANUT_PYTHON=a_python(bare, refuses=refuses))
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (bare / ".canut" / "setup.lock").exists()


def test_a_missing_python_is_said_in_one_sentence_with_the_way_out(bare):
    done = run(bare / "canut", "demo", cwd=bare, CANUT_PYTHON="no-such-python")
    assert done.returncode == 1
    assert "Python was not found; install Python 3.11 or newer" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_extra_is_said_before_anything_is_installed(bare):
    done = run(bare / "canut", "demo", cwd=bare, CANUT_EXTRAS="everything")
    assert done.returncode == 1
    assert "CANUT_EXTRAS names everything; it may name s3 and aggregation" in done.stderr
    assert not (bare / ".canut" / "venv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_clone_of_somebody_else_is_said_with_the_way_out(bare):
    bare.chmod(0o555)
    done = run(bare / "canut", "demo", cwd=bare)
    assert done.returncode == 1
    assert "cannot be written to; run this as the owner" in done.stderr


@pytest.mark.skipif(
    not (ROOT / ".canut" / "stamp").exists(), reason="this environment was not made by ./canut"
)
def test_it_runs_from_any_folder_and_through_a_link(tmp_path):
    elsewhere = tmp_path / "some where"
    elsewhere.mkdir()
    link = elsewhere / "canut"
    link.symlink_to(ROOT / "canut")
    for script in (ROOT / "canut", link):
        done = run(script, "--version", cwd=elsewhere)
        assert done.stdout.strip() == f"canut {__version__}", done.stderr


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_shell_scripts_are_clean():
    scripts = [ROOT / "canut", ROOT / ".ci" / "run", ROOT / "requirements" / "compile"]
    done = subprocess.run(["shellcheck", *map(str, scripts)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_pin_holds_an_address():
    pins = [*ROOT.glob("requirements/*.txt"), ROOT / "package-lock.json"]
    assert len(pins) >= 6
    for path in pins:
        assert "://" not in path.read_text(), path
