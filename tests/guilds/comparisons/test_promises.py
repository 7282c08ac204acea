"""What the database refuses about comparisons, sentence by sentence, and by name; and what comes at once."""

from typing import Any

import pytest
from tests.builders import a_requester
from tests.guilds.comparisons.compared import LATER, a_crowd, accepted, asked, pairs_of
from tests.people.at_once import at_once
from tests.promises import broken, run

from canut.guilds.comparisons.models import Comparison, ComparisonProject, Pair
from canut.kernel.models import Event
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.work.models import Task


def another(row: Any, **details: Any) -> None:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id", None)
    type(row).objects.create(**{**values, **details})


@pytest.mark.django_db
def test_each_promise_is_kept_by_name() -> None:
    project = accepted(a_requester(), a_crowd(4))
    asked(project)
    one, other = pairs_of(project)
    spare = Task.objects.filter(project=project)[0].pk
    comparison, place = one.comparison, ComparisonProject.objects.get()
    for name, row, changes in (
        ("comparison_round_once", comparison, {}),
        ("comparison_round_counted_from_one", comparison, {"round": 0}),
        ("comparison_project_of_another", place, {"project_id": project.pk}),
        ("pair_number_once", one, {"task_id": spare, "second_id": other.second_id}),
        ("pair_once", one, {"task_id": spare, "number": 9}),
        ("pair_of_two", one, {"task_id": spare, "number": 9, "second_id": one.first_id}),
        ("pair_counted_from_one", one, {"task_id": spare, "number": 0, "second_id": other.second_id}),
    ):
        with broken(name):
            another(row, **changes)
    with broken("guilds_comparisons_pair_task_id_key"):
        another(one, number=9, second_id=other.second_id)
    for table, column in (("comparison", "round"), ("pair", "number"), ("comparisonproject", "of_id")):
        for undoing in ("DELETE FROM {}", f"UPDATE {{}} SET {column} = {column}"):
            with broken(f"guilds_comparisons_{table}_written_once"):
                run(undoing.format(f"guilds_comparisons_{table}"))


@pytest.mark.usefixtures("committed")
def test_a_round_that_is_asked_for_several_times_at_once_is_one() -> None:
    owner = a_requester()
    project = accepted(owner, a_crowd(4), rows=2)
    before = party_total_minor(owner.pk, Kind.BALANCE, "EUR")
    results = at_once(lambda _n: asked(project, at=LATER), *range(4))
    assert sorted(result.is_repeat for result in results) == [False, True, True, True]
    assert (Comparison.objects.count(), Pair.objects.count(), ComparisonProject.objects.count()) == (2, 4, 1)
    assert Event.objects.filter(name="comparison.asked").count() == 2
    charged = sum(result.charged_minor for result in results)
    assert charged == before - party_total_minor(owner.pk, Kind.BALANCE, "EUR") > 0
    assert verify() == []
