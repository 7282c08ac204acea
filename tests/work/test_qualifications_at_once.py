"""Of what is done with one qualification at the same time, one thing comes after the other."""

from tests.builders import NOON, a_requester, a_worker
from tests.people.at_once import at_once

from canut.reputation.access import QualificationIsRetired
from canut.reputation.models import QualificationGrant, Standing
from canut.reputation.usecases.create_qualification import QualificationNameTaken, create_qualification
from canut.work.usecases.grant_qualification import Row, grant_qualification
from canut.work.usecases.retire_qualification import retire_qualification


def grant(qualification, requester, *rows):
    given = [Row(who, value) for who, value in rows]
    return grant_qualification(qualification_id=qualification.pk, by=requester, rows=given, at=NOON)


def or_none(do, refusal):
    try:
        return do()
    except refusal:
        return None


def test_of_two_values_at_once_the_later_counts_and_there_is_one_row(committed):
    requester, people = a_requester("requester"), [a_worker("worker"), a_worker("other")]
    french = create_qualification(by=requester, name="French", at=NOON)
    rows = [("worker", 1), ("other", 1)], [("other", 2), ("worker", 2)], [("worker", 3), ("other", 3)]
    at_once(lambda given: grant(french, requester, *given), *rows)
    assert QualificationGrant.objects.filter(ended_at__isnull=True).count() == 2
    for person in people:
        last = QualificationGrant.objects.filter(worker_id=person.pk).latest("pk")
        assert last.ended_at is None
        assert Standing.objects.get(scale="qualification", party_id=person.pk).value == last.value


def test_of_two_of_one_name_at_once_one_is_made(committed):
    requester = a_requester("requester")

    def make(name):
        return create_qualification(by=requester, name=name, at=NOON)

    made = at_once(lambda name: or_none(lambda: make(name), QualificationNameTaken), "French", "FRENCH")
    assert [one is None for one in made].count(True) == 1


def test_nobody_holds_what_is_retired_at_the_moment_it_is_granted(committed):
    requester, _worker = a_requester("requester"), a_worker("worker")
    french = create_qualification(by=requester, name="French", at=NOON)

    def retire():
        return retire_qualification(qualification_id=french.pk, by=requester, at=NOON)

    at_once(
        lambda do: or_none(do, QualificationIsRetired),
        retire,
        lambda: grant(french, requester, ("worker", 9)),
    )
    assert not Standing.objects.filter(scale="qualification").exists()
    assert not QualificationGrant.objects.filter(ended_at__isnull=True).exists()
