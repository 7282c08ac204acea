"""Words for one reader: in their language and time zone, with whole addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from canut.people.models import Person


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    """Put sentences, amounts and times inside the block into the person's language and zone."""
    with translation.override(person.locale), timezone.override(ZoneInfo(person.time_zone)):
        yield


def moment(at: datetime) -> str:
    """Return a time as the person reads it, with the zone it is in."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def address(path: str) -> str:
    """Return the full address of one of the site's pages."""
    return f"{settings.SITE_URL}{path}"
