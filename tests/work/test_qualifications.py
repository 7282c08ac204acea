"""Qualifications: who may give what to whom, what it opens and closes at once, and what they are told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import NOON, a_project, a_submission, a_worker
from tests.jobs.test_sweeps import jobs
from tests.told import mailed

from canut.jobs import tasks
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.people.access import RequesterRoleMissing
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.close_account import close_account
from canut.reputation.access import QualificationIsRetired, QualificationNotFound
from canut.reputation.models import QualificationGrant, Standing
from canut.reputation.queries_qualifications import held_by, holders_of, own_qualification_seen
from canut.reputation.usecases.change_qualification import change_qualification
from canut.reputation.usecases.create_qualification import QualificationNameTaken, create_qualification
from canut.reputation.usecases.give_up_qualification import give_up_qualification, take_back_qualification
from canut.reputation.usecases.revoke_qualification import QualificationNotHeld, revoke_qualification
from canut.work.models import Requirement
from canut.work.queries.feed import feed_page
from canut.work.refusals import StandingNotMet
from canut.work.usecases.close_project import close_project
from canut.work.usecases.grant_qualification import MOST_AT_ONCE, Row, RowsRefused, grant_qualification
from canut.work.usecases.retire_qualification import QualificationAskedFor, retire_qualification
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def french(requester):
    return create_qualification(by=requester, name="French", description="How well.", at=NOON)


def grant(qualification, requester, *rows, reason="", hours=0):
    given = [Row(who, value) for who, value in rows]
    at = NOON + timedelta(hours=hours)
    return grant_qualification(
        qualification_id=qualification.pk, by=requester, rows=given, reason=reason, at=at
    )


def revoke(qualification, requester, worker, reason=""):
    return revoke_qualification(
        qualification_id=qualification.pk, by=requester, worker_id=worker.pk, reason=reason, at=NOON
    )


def standing(worker):
    return Standing.objects.filter(scale="qualification", party_id=worker.pk).values_list("value", flat=True)


def asking(requester, qualification, comparator="at_least", value=Decimal(5)):
    project = a_project(owner=requester)
    Requirement.objects.create(
        project=project,
        scale="qualification",
        scale_id=qualification.pk,
        comparator=comparator,
        value=value,
    )
    return project


def mails():
    """Return subject and text of what goes by mail, once the jobs that tell have run."""
    for name, given in jobs():
        if name == "work.tell_of_qualification":
            tasks._tell_of_qualification(**given)
    return [(one.subject, f"{one.text}\n{one.path}") for one in mailed(kind="qualification")]


def test_a_name_is_taken_while_it_is_in_use_whatever_the_capitals(requester, stranger, french):
    with pytest.raises(QualificationNameTaken) as refused:
        create_qualification(by=requester, name=" fRENCH ", at=NOON)
    assert refused.value.facts == {"qualification_id": french.pk}
    create_qualification(by=stranger, name="French", at=NOON)  # everybody has their own names
    other = create_qualification(by=requester, name="German", at=NOON)
    with pytest.raises(QualificationNameTaken):
        change_qualification(qualification_id=other.pk, by=requester, name="FRENCH", at=NOON)
    retire_qualification(qualification_id=french.pk, by=requester, at=NOON)
    change_qualification(qualification_id=other.pk, by=requester, name="French", at=NOON)
    assert own_qualification_seen(other.pk, by=requester).name == "French"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "\ud800"])
def test_a_name_that_cannot_be_kept_is_refused_at_its_field(requester, name):
    with pytest.raises(BadInput) as refused:
        create_qualification(by=requester, name=name, description="x" * 2001, at=NOON)
    assert set(refused.value.facts["errors"]) == {"name", "description"}


def test_only_requesters_make_them_and_only_their_own_are_theirs(requester, worker, stranger, french):
    with pytest.raises(RequesterRoleMissing):
        create_qualification(by=worker, name="French", at=NOON)
    for use in (
        lambda **who: grant_qualification(rows=[Row("worker", 1)], at=NOON, **who),
        lambda **who: revoke_qualification(worker_id=worker.pk, at=NOON, **who),
        lambda **who: retire_qualification(at=NOON, **who),
        lambda **who: change_qualification(at=NOON, **who),
        lambda **who: give_up_qualification(at=NOON, **who),
        lambda **who: take_back_qualification(at=NOON, **who),
    ):
        with pytest.raises(QualificationNotFound):
            use(qualification_id=french.pk, by=stranger)
        with pytest.raises(QualificationNotFound):
            use(qualification_id=2**62, by=stranger)


def test_a_value_opens_and_closes_a_project_at_once(requester, worker, french):
    project = asking(requester, french)

    def is_open():
        return [card.project_id for card in feed_page(by=worker, at=NOON).cards] == [project.pk]

    assert not is_open()
    grant(french, requester, ("worker", "4.99"))
    assert not is_open()
    grant(french, requester, ("worker", "10"))  # ten is more than five: numbers, not letters
    assert is_open()
    revoke(french, requester, worker)
    assert not is_open()
    with pytest.raises(StandingNotMet):
        take_task(project_id=project.pk, by=worker, at=NOON)
    grant(french, requester, ("worker", "5"))
    assert take_task(project_id=project.pk, by=worker, at=NOON)
    assert give_up_qualification(qualification_id=french.pk, by=worker, at=NOON).ended_as == "given_up"
    assert not is_open()


def test_the_last_value_counts_and_every_one_is_kept(requester, worker, french):
    for value in ("7", "7", "8.25"):
        grant(french, requester, ("WORKER ", value), reason=" You  did well. ")
    assert list(standing(worker)) == [Decimal("8.25")]
    rows = QualificationGrant.objects.order_by("pk").values_list("value", "ended_as", "reason")
    said = "You did well."
    assert list(rows) == [(Decimal(7), "replaced", said), (Decimal("8.25"), "", said)]
    revoke(french, requester, worker, reason="It was somebody else's.")
    revoke(french, requester, worker)  # twice is safe
    assert not standing(worker)
    happened = Event.objects.filter(subject_kind="qualification").order_by("pk")
    assert [(one.name, one.data.get("value")) for one in happened] == [
        ("qualification.created", None),
        ("qualification.granted", "7"),
        ("qualification.granted", "8.25"),
        ("qualification.revoked", "8.25"),
    ]
    (held,) = held_by(worker)
    assert (held.ended_as, held.ended_reason) == ("revoked", "It was somebody else's.")
    assert held.owner.screen_name == "Requester"
    sent = mails()
    assert {subject for subject, _text in sent} == {"“French” was taken back by Requester"}
    assert "somebody else's" not in sent[0][1]  # a mail is no way to write to strangers


def test_those_who_were_given_one_are_told_once(requester, worker, peer, french):
    grant(french, requester, ("worker", 1), ("peer", "2.5"))
    grant(french, requester, ("worker", 1))
    sent = mails()
    expected = ["“French”: 1, from Requester", "“French”: 2.5, from Requester"]
    assert [subject for subject, _text in sent] == expected
    assert "/work/qualifications/" in sent[0][1]


def test_all_or_nothing_with_each_bad_row_named(requester, worker, peer, french):
    give_up_qualification_of(peer, french, requester)
    gone = a_worker("gone")
    close_account(by=gone, what_is_open=lambda _person_id: [], at=NOON)
    rows = [
        ("worker", "NaN"),
        ("nobody", 1),
        ("worker\0", 1),
        ("\ud800", 1),
        (10**400, 1),
        (worker.pk, 1),  # a number of somebody who never worked here tells nothing
        ("Requester", 1),
        ("Peer", 1),
        ("Worker", 1),
        ("worker", 2),
        (-5, 1),
        (gone.party.screen_name, 1),
    ]
    with pytest.raises(RowsRefused) as refused:
        grant(french, requester, *rows)
    facts = refused.value.facts
    named = [(one["row"], one["code"]) for one in facts["rows"]]
    unknown = [(number, "unknown") for number in (2, 3, 4, 5, 6)]
    expected = [(1, "value"), *unknown, (7, "oneself"), (8, "given_up"), (10, "twice"), (11, "unknown")]
    assert named[:-1] == expected
    assert named[-1] in ((12, "closed"), (12, "unknown"))
    assert facts["count"] == len(expected) + 1
    assert not standing(worker)
    for count in (0, MOST_AT_ONCE + 1):
        with pytest.raises(BadInput):
            grant(french, requester, *[("worker", 1)] * count)
    with pytest.raises(BadInput):
        grant(french, requester, ("worker", 1), reason="x" * 501)


def give_up_qualification_of(person, qualification, requester):
    grant(qualification, requester, (person.screen_name, 3), reason="For a test.")
    return give_up_qualification(qualification_id=qualification.pk, by=person, at=NOON)


def test_people_are_known_by_number_once_they_handed_in_work_or_were_named_before(
    requester, worker, peer, french
):
    a_submission(worker=worker, project=a_project(owner=requester))
    grant(french, requester, (worker.pk, 1), ("peer", 2))
    grant(french, requester, (peer.pk, 3))
    page = holders_of(french.pk, by=requester)
    assert [(one.who.screen_name, one.value) for one in page.holders] == [("Peer", 3), ("Worker", 1)]
    assert [one.who.id for one in holders_of(french.pk, by=requester, search="ork").holders] == [worker.pk]
    first = holders_of(french.pk, by=requester, most=1)
    second = holders_of(french.pk, by=requester, most=1, before_id=first.next_cursor)
    assert (first.holders[0].who.id, second.holders[0].who.id) == (peer.pk, worker.pk)
    assert second.next_cursor is None
    assert holders_of(french.pk, by=requester, search="\0").holders


def test_who_gives_it_up_is_not_given_it_again_but_can_take_it_back(requester, worker, french):
    give_up_qualification_of(worker, french, requester)
    give_up_qualification(qualification_id=french.pk, by=worker, at=NOON)  # twice is safe
    assert not standing(worker)
    with pytest.raises(RowsRefused):
        grant(french, requester, ("worker", 9))
    with pytest.raises(QualificationNotHeld):
        revoke(french, requester, worker)
    for _twice in range(2):
        again = take_back_qualification(qualification_id=french.pk, by=worker, at=NOON)
        assert (again.value, again.reason) == (3, "For a test.")
    assert list(standing(worker)) == [3]
    revoke(french, requester, worker)
    for verb in (take_back_qualification, give_up_qualification):
        with pytest.raises(QualificationNotHeld):
            verb(qualification_id=french.pk, by=worker, at=NOON)


def test_one_that_is_asked_for_is_not_retired_and_a_retired_one_is_over(requester, worker, french):
    project = asking(requester, french)
    grant(french, requester, ("worker", 9))
    with pytest.raises(QualificationAskedFor, match=project.title) as refused:
        retire_qualification(qualification_id=french.pk, by=requester, at=NOON)
    assert refused.value.facts == {"project_ids": [project.pk], "count": 1}
    close_project(project_id=project.pk, by=requester, at=NOON)
    for _twice in range(2):
        retire_qualification(qualification_id=french.pk, by=requester, at=NOON)
    assert not standing(worker)
    assert held_by(worker)[0].ended_as == "retired"
    assert own_qualification_seen(french.pk, by=requester).holders == 0
    with pytest.raises(QualificationIsRetired):
        grant(french, requester, ("worker", 9))
    with pytest.raises(QualificationIsRetired):
        take_back_qualification(qualification_id=french.pk, by=worker, at=NOON)
    with pytest.raises(QualificationIsRetired):
        change_qualification(qualification_id=french.pk, by=requester, name="Other", at=NOON)


def test_who_is_no_requester_any_more_can_still_take_back(requester, worker, french):
    grant(french, requester, ("worker", 9))
    former = choose_roles(by=requester, worker=True, requester=False, at=NOON)
    assert revoke(french, former, worker).ended_as == "revoked"
