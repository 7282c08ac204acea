"""What the database promises about qualifications, each broken once by its name."""

import pytest
from django.db import transaction
from tests.builders import NOON
from tests.promises import broken, run

from canut.reputation.models import Qualification, QualificationGrant


@pytest.fixture
def grant(requester, worker) -> QualificationGrant:
    qualification = Qualification.objects.create(owner_id=requester.pk, name="French", created_at=NOON)
    return QualificationGrant.objects.create(
        qualification=qualification, worker_id=worker.pk, value=7, granted_at=NOON
    )


def test_what_breaks_a_promise_is_refused_by_its_name(grant):
    for name, change in (
        ("qualification_name_is_one_line", "UPDATE reputation_qualification SET name = E'Two\\nlines'"),
        ("qualification_name_is_one_line", "UPDATE reputation_qualification SET name = ' '"),
        (
            "qualification_description_fits",
            "UPDATE reputation_qualification SET description = repeat('x', 2001)",
        ),
        (
            "qualification_retired_after_creation",
            "UPDATE reputation_qualification SET retired_at = created_at - interval '1 s'",
        ),
        (
            "qualification_name_once_in_use",
            "INSERT INTO reputation_qualification (owner_id, name, description, created_at)"
            " SELECT owner_id, upper(name), '', created_at FROM reputation_qualification",
        ),
        (
            "reputation_qualification_stays",
            "UPDATE reputation_qualification SET owner_id = g.worker_id FROM reputation_qualificationgrant g",
        ),
        (
            "qualification_grant_ending_known",
            "UPDATE reputation_qualificationgrant SET ended_at = granted_at, ended_as = 'lost'",
        ),
        (
            "qualification_grant_ended_somehow",
            "UPDATE reputation_qualificationgrant SET ended_at = granted_at",
        ),
        (
            "qualification_grant_ended_somehow",
            "UPDATE reputation_qualificationgrant SET ended_reason = 'Why'",
        ),
        (
            "qualification_grant_ended_after",
            "UPDATE reputation_qualificationgrant"
            " SET ended_at = granted_at - interval '1 s', ended_as = 'revoked'",
        ),
        (
            "qualification_grant_one_counts",
            "INSERT INTO reputation_qualificationgrant"
            " (qualification_id, worker_id, value, reason, granted_at, ended_as, ended_reason)"
            " SELECT qualification_id, worker_id, 8, '', granted_at, '', ''"
            " FROM reputation_qualificationgrant",
        ),
        ("reputation_qualificationgrant_written_once", "UPDATE reputation_qualificationgrant SET value = 8"),
        ("reputation_qualificationgrant_written_once", "DELETE FROM reputation_qualificationgrant"),
    ):
        with broken(name):
            run(change)
    with broken("reputation_qualificationgrant_written_once"):
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("TRUNCATE reputation_qualificationgrant")


def test_what_has_ended_stays_as_it_ended(grant):
    with transaction.atomic():
        run("UPDATE reputation_qualificationgrant SET ended_at = granted_at, ended_as = 'revoked'")
        run("UPDATE reputation_qualification SET retired_at = created_at")
    for name, change in (
        (
            "reputation_qualificationgrant_written_once",
            "UPDATE reputation_qualificationgrant SET ended_at = NULL, ended_as = ''",
        ),
        ("reputation_qualification_stays", "UPDATE reputation_qualification SET retired_at = NULL"),
    ):
        with broken(name):
            run(change)
