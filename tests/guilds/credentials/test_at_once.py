"""What several people do at the same moment, in connections of their own."""

import pytest
from pytest_django import Settings
from tests.builders import NOON, a_worker
from tests.guilds.credentials.test_credentials import LATER, issued
from tests.people.at_once import at_once

from canut.guilds.credentials.models import IssuedCredential, IssuerKey
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
from canut.guilds.credentials.usecases.withdraw_issuer_key import withdraw_issuer_key
from canut.kernel.models import Event
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _the_site_has_a_name(settings: Settings) -> None:
    settings.SITE_URL = "https://canut.example"


def test_two_who_issue_the_first_badges_of_a_site_at_once_share_key_and_list() -> None:
    guild = found_body(name="G", screen_name="Guild", by=None, at=NOON).party
    workers = [a_worker() for _n in range(4)]
    for worker in workers:
        make_subject_key(by=worker, at=NOON)
    at_once(lambda worker: issued(worker, guild).pk, *workers)
    assert IssuerKey.objects.filter(retired_at__isnull=True).count() == IssuerKey.objects.count() == 1
    assert IssuedCredential.objects.filter(status_list_id=1).count() == 4
    assert Event.objects.filter(name="issuer_key.rotated").count() == 1


def test_one_badge_that_is_asked_for_twice_at_once_is_issued_once() -> None:
    guild = found_body(name="G", screen_name="Guild", by=None, at=NOON).party
    worker = a_worker()
    make_subject_key(by=worker, at=NOON)
    found = at_once(lambda _n: issued(worker, guild).pk, *range(4))
    assert len(set(found)) == 1


def test_keys_that_are_changed_at_once_leave_one_in_use() -> None:
    rotate_issuer_key(by=None, at=NOON)
    at_once(lambda _n: rotate_issuer_key(by=None, at=LATER).pk, *range(3))
    assert IssuerKey.objects.filter(retired_at__isnull=True).count() == 1
    assert IssuerKey.objects.count() == 4


def test_the_first_keys_of_a_site_that_are_made_at_once_are_one() -> None:
    made = at_once(lambda _n: rotate_issuer_key(by=None, at=NOON).pk, *range(3))
    assert IssuerKey.objects.filter(retired_at__isnull=True).count() == 1
    assert IssuerKey.objects.count() <= len(set(made))


def test_withdrawing_and_renewing_at_once_wait_for_each_other() -> None:
    rotate_issuer_key(by=None, at=NOON)
    key = rotate_issuer_key(by=None, at=NOON).public_multibase
    steps = [
        lambda: withdraw_issuer_key(public_multibase=key, by=None, at=LATER),
        lambda: rotate_issuer_key(by=None, at=LATER),
    ] * 2
    at_once(lambda step: step(), *steps)
    assert IssuerKey.objects.filter(retired_at__isnull=True).count() == 1
    assert IssuerKey.objects.get(public_multibase=key).withdrawn_at == LATER
