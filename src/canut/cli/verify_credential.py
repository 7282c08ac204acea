"""`canut verify-credential FILE`: is this badge genuine and in force? Nothing is fetched."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from canut.cli.failure import Failure
from canut.cli.sites import site
from canut.guilds.credentials.refused import CredentialRefused, IssuerDocumentMalformed, StatusListRefused
from canut.kernel.refusals import Refusal

if TYPE_CHECKING:
    from canut.guilds.credentials.verifying import Verified

MOST_BYTES = 4 * 1024 * 1024
REFUSED = 1
CANNOT_TELL = 2

EPILOG = """\
Against whom: the keys in the issuer's did.json, which you give with --issuer, having had it from where you
trust (a did:web keeps it under https://HOST/.well-known/did.json); without it, this site's own keys.

Offline means: the signature, the issuer and the dates are checked in full, but whether the badge was revoked
since is known only from the issuer's status list. Save it from the address that is printed and give it
with --status-list; it says itself until when it may be relied upon. This site knows of its own badges.

Exit codes: 0 genuine and in force (read the line on revocation), 1 refused, 2 it could not be checked.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="The badge: a JSON, JWT, SVG or PNG file.")
    parser.add_argument(
        "--issuer", type=Path, metavar="DID_JSON", help="The issuer's did.json; else this site's own keys."
    )
    parser.add_argument(
        "--status-list",
        type=Path,
        metavar="LIST",
        action="append",
        default=[],
        help="A saved status list of the issuer.",
    )
    parser.add_argument(
        "--require-status", action="store_true", help="Refuse a badge that may have been revoked."
    )
    parser.add_argument("--json", action="store_true", help="Answer with one JSON object.")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG


def run(options: argparse.Namespace) -> int:
    try:
        content = _content(options.file)
        found = _by_given_keys(options, content) if options.issuer else _by_own_keys(options, content)
    except Failure as failure:
        return _refuse(options, CANNOT_TELL, "cannot_be_checked", str(failure))
    except (IssuerDocumentMalformed, StatusListRefused) as refusal:
        return _refuse(options, CANNOT_TELL, refusal.code, str(refusal))
    except CredentialRefused as refusal:
        return _refuse(options, REFUSED, refusal.code, str(refusal))
    except Refusal as refusal:
        return _refuse(options, CANNOT_TELL, refusal.code, str(refusal))
    _tell(options, found)
    return 0


def _by_given_keys(options: argparse.Namespace, content: bytes) -> "Verified":
    """Check with files alone: no site, no database, no network."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from canut.guilds.credentials.issuers import read_did_document
    from canut.guilds.credentials.status_lists import read_status_list
    from canut.guilds.credentials.verifying import verify

    now = datetime.now(UTC)
    issuer = read_did_document(_content(options.issuer))
    read = [read_status_list(_content(path), issuer=issuer, at=now) for path in options.status_list]
    lists = {status_list.address: status_list for status_list in read}
    return verify(
        content, issuer=issuer, status_list_at=lists.get, at=now, status_needed=options.require_status
    )


def _by_own_keys(options: argparse.Namespace, content: bytes) -> "Verified":
    if options.status_list:
        raise Failure("--status-list goes with --issuer; this site knows which of its own badges it revoked.")
    with site():
        from canut.guilds.credentials.queries import verify_here
        from canut.kernel import clock

        return verify_here(content, at=clock.now())


def _content(path: Path) -> bytes:
    """Return what is in a file, up to a byte more than any badge has: the reader then says so."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Failure(f"{path} cannot be read ({error.strerror}).") from error


def _tell(options: argparse.Namespace, found: "Verified") -> None:
    if options.json:
        print(json.dumps({"genuine": True, **asdict(found)}, default=_plain, ensure_ascii=False, indent=1))
        return
    signed = {"jwt": "a token (VC-JWT)", "data_integrity": "Data Integrity (eddsa-rdfc-2022)"}[found.form]
    until = f" until {found.valid_until:%Y-%m-%d}" if found.valid_until else ", without an end"
    lines = [
        ("Genuine", _printable(found.name)),
        ("Issued by", f"{found.issuer_did} ({_printable(found.issuer_name)})"),
        ("Made out to", found.subject_did),
        ("Good", f"from {found.valid_from:%Y-%m-%d}{until}"),
        ("Signed as", f"{signed}, key {found.key}"),
        ("Revocation", _on_revocation(found)),
    ]
    print("\n".join(f"{name + ':':<12} {text}" for name, text in lines))


def _on_revocation(found: "Verified") -> str:
    if found.status == "not_revoked":
        return f"not revoked, by a list that is good until {found.known_until:%Y-%m-%d %H:%M} UTC"
    if found.status == "not_revocable":
        return "its issuer keeps no list for it, so it cannot be revoked"
    return f"NOT CHECKED, so it may have been revoked. The list is at {found.status_list}"


def _refuse(options: argparse.Namespace, exit_code: int, code: str, sentence: str) -> int:
    if options.json:
        print(
            json.dumps({"genuine": False, "code": code, "sentence": sentence}, ensure_ascii=False, indent=1)
        )
    else:
        print(f"canut: {code}: {sentence}", file=sys.stderr)
    return exit_code


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _printable(text: str) -> str:
    """Return a text without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
