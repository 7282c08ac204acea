"""One admission rule: what `rules.may_take` says is what the claim does, for every door."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import NOON, a_draft, a_project, a_requester, a_worker

from canut.people.models import Consent, Listing, Person
from canut.work.hot.statements import claim, submit_and_next
from canut.work.models import Assignment, Project
from canut.work.queries.admission import asking
from canut.work.rules import may_take
from canut.work.usecases.take_task import take_task

CIRCUMSTANCES = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["draft", "live", "live", "live", "paused", "closed"]),
        "deadline_in": st.sampled_from([None, None, -60, 0, 60]),
        "worker_role": st.sampled_from([True, True, True, False]),
        "active": st.sampled_from([True, True, True, False]),
        "terms": st.sampled_from([True, True, True, False]),
        "owns": st.sampled_from([False, False, False, True]),
        "listed": st.sampled_from([None, None, "block", "allow"]),
        "allowed_only": st.sampled_from([False, False, True]),
        "holds_here": st.sampled_from([False, False, False, True]),
        "elsewhere": st.integers(0, 3),
    }
)
CAP = 3


def _arranged(now: dict) -> tuple[Person, Project]:  # type: ignore[type-arg]
    owner, worker = a_requester(), a_worker()
    if now["owns"]:
        Person.objects.filter(pk=owner.pk).update(is_worker=True)
        owner.refresh_from_db()
        worker = owner
    for _other in range(now["elsewhere"]):
        other = a_project(owner=a_requester(), rows=1)
        take_task(by=worker, project_id=other.pk, at=NOON)
    draft = now["state"] == "draft"
    project = a_draft(owner=owner, rows=2) if draft else a_project(owner=owner, rows=2)
    if now["holds_here"] and not draft and not now["owns"]:
        take_task(by=worker, project_id=project.pk, at=NOON)
    deadline = None if now["deadline_in"] is None else NOON + timedelta(seconds=now["deadline_in"])
    closed = {"closed_at": NOON} if now["state"] == "closed" else {}
    Project.objects.filter(pk=project.pk).update(
        state=now["state"], deadline_at=deadline, allowed_only=now["allowed_only"], **closed
    )
    Person.objects.filter(pk=worker.pk).update(
        is_worker=now["worker_role"], activated_at=NOON if now["active"] else None
    )
    if not now["terms"]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM people_consent WHERE person_id = %s", [worker.pk])
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert not Consent.objects.filter(person=worker).exists()
    if now["listed"] and not now["owns"]:
        Listing.objects.create(
            owner_id=owner.pk, person_id=worker.pk, kind=now["listed"], reason="x", created_at=NOON
        )
    return worker, project


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(CIRCUMSTANCES)
def test_the_claim_admits_exactly_whom_the_rule_admits(now: dict) -> None:  # type: ignore[type-arg]
    try:
        with transaction.atomic():
            worker, project = _arranged(now)
            facts = asking(worker_id=worker.pk, project_id=project.pk, at=NOON)
            facts = type(facts)(**{**{f: getattr(facts, f) for f in facts.__slots__}, "cap_in_hand": CAP})
            verdict = may_take(facts)
            if not Project.objects.get(pk=project.pk).places.filter(state="open").exists():
                assert verdict == "project_not_found"  # a draft has no places yet
            with transaction.atomic():
                got = claim(worker_id=worker.pk, project_id=project.pk, task_id=None, at=NOON, cap=CAP)
            assert (got is not None) == (verdict is None), verdict
            raise _Undo
    except _Undo:
        return


class _Undo(Exception):
    """Raised at the end of each example, so that the next begins with an empty database."""


@pytest.mark.django_db
def test_the_hot_statement_goes_by_the_same_rule(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=4)
    held = take_task(by=worker, project_id=project.pk, at=NOON)
    Assignment.objects.filter(pk=held.pk).update(lease_until=NOON + timedelta(days=3650))
    Listing.objects.create(
        owner_id=requester.pk, person_id=worker.pk, kind="block", reason="x", created_at=NOON
    )
    handed = submit_and_next(
        key_hash=None,
        worker_id=worker.pk,
        assignment_id=held.pk,
        revision_id=held.revision_id,
        answer_json='{"label": "cat"}',
        active_seconds=None,
        want_next=True,
        cap=8,
    )
    assert handed is not None  # what was in hand can still be handed in
    assert handed.next is None
