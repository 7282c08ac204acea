"""`canut check`: tell whether this installation is sound, line by line, with the way out."""

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

from canut.cli.failure import Failure
from canut.cli.sites import choose_site, set_up_django

NOTHING_HERE = "Nothing is here.\n"
"""What the frames' host says to every address but a frame's."""

CLOCKS_MAY_DIFFER_SECONDS = 5
RUNNER_SEEN_WITHIN_SECONDS = 60
JOB_MAY_WAIT_SECONDS = 600
SWEPT_WITHIN_SECONDS = 120
OLDEST_POSTGRES = 150_000
REFUSED_AT_LEAST, REFUSED_ONE_OF = 3, 10
"""From how many mails that were refused for what the site is on, and from which share, something is wrong."""

# How many seconds ago a runner was seen, something ran by itself, and the longest waiting job fell due; how
# many jobs have failed.
JOBS_SQL = """
SELECT (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers),
       (SELECT extract(epoch FROM kernel_now() - max(beat_at)) FROM kernel_heartbeat),
       (SELECT extract(epoch FROM clock_timestamp() - min(coalesce(scheduled_at, deferred.at)))
          FROM procrastinate_jobs AS job
          LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events
                              WHERE job_id = job.id AND type = 'deferred') AS deferred ON true
         WHERE status = 'todo' AND coalesce(scheduled_at, deferred.at) < clock_timestamp()),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and what to know or do about it."""

    what: str
    ok: bool
    says: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="Print the findings as JSON.")


def run(options: argparse.Namespace) -> int:
    # The database is looked for as the site looks for it: starting one here would hide that it is down.
    choose_site()
    set_up_django()
    findings = look()
    if options.json:
        print(
            json.dumps(
                {"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]}, indent=2
            )
        )
    else:
        for finding in findings:
            print(f"{'ok    ' if finding.ok else 'FAILED'}  {finding.what}: {finding.says}")
    return 0 if all(finding.ok for finding in findings) else 1


def look() -> list[Finding]:
    """Look at everything, and go on after a failure: one fault is seldom the only one."""
    database = _finding("database", _database)
    findings = [database]
    for what, look_at in (
        ("migrations", _migrations),
        ("clock", _clock),
        ("jobs", _jobs),
        ("browsers", _browsers),
        ("bounces", _bounces),
        ("badges", _badges),
        ("charter", _charter),
    ):
        if database.ok:
            findings.append(_finding(what, look_at))
        else:
            findings.append(Finding(what, ok=False, says="not looked at, for the database does not answer."))
    findings += [
        _finding(what, look_at)
        for what, look_at in (("mail", _mail), ("uploads", _uploads), ("frames", _frames))
    ]
    return findings


def _finding(what: str, look_at: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, says=look_at())
    except Failure as failure:
        return Finding(what, ok=False, says=str(failure))


def _database() -> str:
    from django.db import OperationalError, connection

    from canut.cli.sites import is_embedded

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
            )
            number, version = cursor.fetchone()
    except OperationalError as error:
        start = (
            "start the site (`canut demo` or `canut serve`)"
            if is_embedded()
            else "see to DATABASE_URL and the server"
        )
        raise Failure(f"it does not answer ({str(error).strip().splitlines()[0]}); {start}.") from error
    if number < OLDEST_POSTGRES:
        raise Failure(f"it is PostgreSQL {version}, and Canut needs 15 or newer; update the server.")
    return f"PostgreSQL {version} answers."


def _migrations() -> str:
    from canut.cli.prepare import unapplied_migrations

    missing = unapplied_migrations()
    if missing:
        raise Failure(f"{len(missing)} are missing ({', '.join(missing[:3])} ...); run `canut migrate`.")
    return "the database is of this version."


def _clock() -> str:
    from django.db import connection

    from canut.kernel import clock

    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
        after = datetime.now(UTC)
    apart_seconds = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if apart_seconds > CLOCKS_MAY_DIFFER_SECONDS:
        raise Failure(
            f"this machine and the database are {apart_seconds:.0f} seconds apart; set both by the network "
            "(NTP). Canut itself goes by the database's clock."
        )
    ahead = clock.offset()
    return f"the site is {ahead} ahead of the world." if ahead else "this machine and the database agree."


def _jobs() -> str:
    from django.db import connection

    from canut.kernel import clock

    with connection.cursor() as cursor:
        cursor.execute(JOBS_SQL)
        seen_seconds, swept_seconds, waiting_seconds, failed = cursor.fetchone()
    start = "start one with `canut work` (or `canut serve --with-jobs`)"
    if seen_seconds is None:
        raise Failure(f"no job runner is at work; {start}.")
    if seen_seconds > RUNNER_SEEN_WITHIN_SECONDS:
        raise Failure(f"the last sign of a job runner is {seen_seconds:.0f} seconds old; {start}.")
    # Right after a demo's clock was advanced, what ran a second ago looks days old.
    if not clock.offset() and (swept_seconds is None or swept_seconds > SWEPT_WITHIN_SECONDS):
        since = "never" if swept_seconds is None else f"not for {swept_seconds:.0f} seconds"
        raise Failure(f"a job runner is at work, but what runs by itself has {since} done so; see its log.")
    if waiting_seconds is not None and waiting_seconds > JOB_MAY_WAIT_SECONDS:
        raise Failure(
            f"a job has been waiting for {waiting_seconds / 60:.0f} minutes; run more of `canut work`."
        )
    return f"a job runner was seen {seen_seconds:.0f} seconds ago; {failed} jobs have failed so far."


def _browsers() -> str:
    from django.conf import settings

    from canut.people.push import site_key
    from canut.people.queries_notices import browsers_by_site_key

    if settings.CANUT_MODE == "production" and not settings.SITE_IS_HTTPS:
        return "they show messages only of a site with https; CANUT_SITE_URL begins with http."
    by_key = browsers_by_site_key()
    ours = by_key.get(site_key(), 0)
    others = sum(by_key.values()) - ours
    older = f" {others} more were set up under another CANUT_SECRET_KEY." if others else ""
    return f"{ours} that show messages of this site.{older}"


def _bounces() -> str:
    from django.conf import settings

    from canut.kernel import clock
    from canut.people.notices.queries_mails import mails_lately

    mails = mails_lately(at=clock.now())
    if mails.refused >= REFUSED_AT_LEAST and mails.refused * REFUSED_ONE_OF >= mails.left:
        raise Failure(
            f"{mails.refused} mails of this week were refused for what they or this site are "
            f"({', '.join(mails.codes)}), {mails.left} left; see to SPF, DKIM, DMARC and lists of senders."
        )
    said = f"came back this week: {mails.came_back}; addresses that are sent none: {mails.addresses_stopped}."
    if settings.CANUT_BOUNCE_ADDRESS or settings.CANUT_MODE != "production":
        return said
    return f"{said} Set CANUT_BOUNCE_ADDRESS to have reports of mails that come back read."


def _charter() -> str:
    from canut.charter.comparing import verify_here
    from canut.charter.log_keys import private_key
    from canut.charter.models import LogKey
    from canut.kernel.refusals import Refusal

    found = verify_here()
    if not found.is_sound:
        raise Failure(
            f"{found.findings[0]} (The first of {len(found.findings)}; run `canut verify-log` for all, and "
            "tell the members.)"
        )
    key = LogKey.objects.filter(retired_at__isnull=True).first()
    if key is None:
        raise Failure("nobody has signed its log yet; run `canut log sign`.")
    try:
        private_key(key)
    except Refusal as refusal:
        raise Failure(str(refusal)) from refusal
    return f"it is what its log of {found.leaves} entries says; {found.signed} of them are signed."


def _badges() -> str:
    from canut.guilds.credentials import site
    from canut.guilds.credentials.issuers import SiteHasNoDid
    from canut.guilds.credentials.queries import keys_of_site
    from canut.kernel.refusals import Refusal

    try:
        did = site.signer().did
    except SiteHasNoDid as refusal:
        return f"none can be issued or checked here. {refusal}"
    in_use = next((key for key in keys_of_site() if key.retired_at is None), None)
    if in_use is None:
        return f"{did} has signed none yet; its key is made with the first."
    try:
        site.key_in_use()
    except Refusal as refusal:
        raise Failure(f"{did} has a key that does not open. {refusal}") from refusal
    return f"{did} signs them with its key of {in_use.created_at:%Y-%m-%d}, which opens."


def _mail() -> str:
    from django.conf import settings
    from django.core.mail import get_connection

    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        _write_and_remove(settings.MAIL_DIR, "name another with CANUT_DATA_DIR, or set CANUT_MAIL_URL")
        to_send = " Set CANUT_MAIL_URL to send it." if settings.CANUT_MODE == "production" else ""
        return f"none leaves this site: it is put into {settings.MAIL_DIR}.{to_send}"
    try:
        backend = get_connection()
        backend.open()
        backend.close()
    except OSError as error:  # smtplib's errors are among them
        raise Failure(
            f"{settings.EMAIL_HOST} does not take our mail ({error}); see to CANUT_MAIL_URL."
        ) from error
    return f"{settings.EMAIL_HOST} takes our mail."


def _uploads() -> str:
    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    if not settings.UPLOADS_ARE_LOCAL:
        try:
            name = default_storage.save(f"check-{uuid4()}", ContentFile(b"canut"))
            default_storage.delete(name)
        except Exception as error:  # whatever the store's library raises is the finding
            raise Failure(f"the store refuses a file ({error}); see to the CANUT_S3_ settings.") from error
        return "the store takes and removes a file."
    _write_and_remove(settings.UPLOADS_DIR, "name another with CANUT_DATA_DIR")
    return f"{settings.UPLOADS_DIR} can be written to."


def _frames() -> str:
    from django.conf import settings

    from canut.work.frame_host import frame_origin, has_frames, is_local

    if not has_frames():
        return (
            "there is no other origin for requesters' own pages, so projects with such pages cannot be "
            "published. Set CANUT_FRAME_URL to offer them."
        )
    if is_local():
        return f"requesters' own pages run on this machine's other name, {frame_origin()}."
    _ask_for_a_frame(f"{settings.FRAME_URL}/frame/")
    site, frames = (str(urlsplit(url).hostname) for url in (settings.SITE_URL, settings.FRAME_URL))
    related = site.split(".")[-2:] == frames.split(".")[-2:]
    advice = (
        " A name under another domain keeps browsers from running them beside the site." if related else ""
    )
    return f"requesters' own pages run on {settings.FRAME_URL}.{advice}"


def _ask_for_a_frame(address: str) -> None:
    """See that the frames' host leads to this site: there, an address without a permit is nothing."""
    try:
        with closing(urlopen(address, timeout=5)) as answer:  # noqa: S310 - the operator's own setting
            status, said = answer.status, answer.read(100)
    except HTTPError as error:
        status, said = error.code, error.read(100)
    except OSError as error:
        raise Failure(f"{address} does not answer ({error}); see to CANUT_FRAME_URL and its host.") from error
    if status != HTTPStatus.NOT_FOUND or said != NOTHING_HERE.encode():
        raise Failure(f"{address} is not answered by this site; let the host of CANUT_FRAME_URL lead here.")


def _write_and_remove(folder: Path, way_out: str) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial = folder / f"check-{uuid4()}"
        trial.write_bytes(b"canut")
        trial.unlink()
    except OSError as error:
        raise Failure(f"{folder} cannot be written to ({error.strerror}); free it, or {way_out}.") from error
