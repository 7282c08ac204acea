"""What the settings are told from outside, read and checked in one place."""

import os
import re
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CHECKOUT = Path(__file__).resolve().parents[3]
MODES = ("production", "demo", "test")
INSECURE_TEST_KEY = "not a secret: for tests only, which keep nothing"


def mode() -> str:
    """Return production (also when nothing is said), demo or test."""
    named = os.environ.get("CANUT_MODE", "production")
    if named not in MODES:
        raise ImproperlyConfigured(f"CANUT_MODE is {named!r}; it may be {', '.join(MODES)}.")
    return named


def installed_folder() -> Path:
    """Return where `./canut` installs what it brings: .canut in a checkout."""
    if (CHECKOUT / "canut").exists() and (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".canut"
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(share) / "canut"


def machine_folder() -> Path:
    """Return the folder that holds this machine's sites and test databases: CANUT_HOME, else as above."""
    named = os.environ.get("CANUT_HOME")
    return Path(named).absolute() if named else installed_folder()


def data_folder() -> Path:
    """Return where this site keeps what is not in the database: uploads, mail, secret key."""
    named = os.environ.get("CANUT_DATA_DIR")
    if named:
        return Path(named).absolute()
    return machine_folder() / {"production": "site", "demo": "demo", "test": "test"}[mode()]


def test_database() -> dict[str, Any]:
    """Return how Django makes a test run's database: named after the process, copied from a migrated one."""
    made: dict[str, Any] = {"NAME": f"test_canut_{os.getpid()}"}
    template = os.environ.get("CANUT_TEST_TEMPLATE")
    return made | {"TEMPLATE": template, "MIGRATE": False} if template else made


def flag(name: str) -> bool:
    """Return whether the variable `name` says yes (1, true, yes, on)."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def whole_number(name: str, default: int) -> int:
    """Return the variable `name` as a whole number that is not negative."""
    said = os.environ.get(name)
    if said is None:
        return default
    if not said.isdecimal():
        raise ImproperlyConfigured(f"{name} is {said!r}; it must be a whole number.")
    return int(said)


def words(name: str) -> list[str]:
    """Return the variable `name` split at commas, without empty parts."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def mail_address(name: str) -> str:
    """Return the variable `name` as a plain mail address; "" if it says nothing."""
    said = os.environ.get(name, "").strip()
    if said and not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", said):
        raise ImproperlyConfigured(
            f"{name} is {said!r}; it must be a plain address such as bounces@example.org, with 20 characters"
            " at most before the @ and no +."
        )
    return said


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the variable `name` as networks, such as 10.1.2.0/24, split at commas."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; name networks such as 10.1.2.0/24.") from error


def secret_key(folder: Path, mode: str) -> str:
    """Return the key that signs sessions and links: CANUT_SECRET_KEY, else a file made once.

    Several nodes must be given the same CANUT_SECRET_KEY.
    """
    given = os.environ.get("CANUT_SECRET_KEY")
    if given:
        return given
    if mode == "test":
        return INSECURE_TEST_KEY
    path = folder / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written beside and linked, so that all who start at once read one whole key.
    beside = folder / f"secret_key.{secrets.token_hex(8)}"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_text().strip()


def frame_url(site_url: str) -> str:
    """Return the origin of pages that are not ours, nothing if CANUT_FRAME_URL names none.

    It needs a host name of its own: cookies do not tell ports of one host apart.
    """
    said = os.environ.get("CANUT_FRAME_URL", "").rstrip("/")
    if not said:
        return ""
    frames, site = urlsplit(said), urlsplit(site_url)
    if frames.scheme not in ("http", "https") or not frames.hostname or frames.path or frames.query:
        raise ImproperlyConfigured(
            f"CANUT_FRAME_URL is {said!r}; it must be an origin, such as https://frames.example.org."
        )
    if frames.hostname == site.hostname:
        raise ImproperlyConfigured(
            f"CANUT_FRAME_URL has the site's own host, {site.hostname}; pages that are not ours need another."
        )
    if site.scheme == "https" and frames.scheme != "https":
        raise ImproperlyConfigured(
            "CANUT_FRAME_URL must begin with https://, as the site does; browsers would not show the frames."
        )
    return f"{frames.scheme}://{frames.netloc}"


PREPARED_ON_REQUEST_ALONE = 1_000_000_000
"""How often a statement must have run before psycopg prepares it unasked: never."""


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL database at `url` (postgresql://user:password@host/name)."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"A database URL starts with postgresql://, and this one with {parts.scheme}://; "
            "Canut runs on PostgreSQL only."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    port = options.pop("port", parts.port or "")
    # Only the hot statement is prepared, and planning it costs as much as running it: plan it once.
    options.setdefault("options", "-c plan_cache_mode=force_generic_plan")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "canut",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": host,
        "PORT": str(port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Django's "never prepare" would make psycopg ignore the hot statement's own wish to be prepared.
        "OPTIONS": options | {"prepare_threshold": PREPARED_ON_REQUEST_ALONE},
    }


@dataclass(frozen=True)
class Mail:
    """How mail leaves the site."""

    backend: str = "django.core.mail.backends.filebased.EmailBackend"
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail(url: str | None) -> Mail:
    """Return how mail leaves: smtp:// (with STARTTLS), smtps://, smtp+plain://; without a URL into files."""
    if not url:
        return Mail()
    parts = urlsplit(url)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in ports:
        raise ImproperlyConfigured(
            f"CANUT_MAIL_URL starts with {parts.scheme}://; it may start with {', '.join(ports)}, as in "
            "smtp://user:password@mail.example.org:587."
        )
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "localhost",
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp",
        is_tls=parts.scheme == "smtps",
    )
