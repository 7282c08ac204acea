"""Comparing accepted answers from a program."""

from collections.abc import Callable

from tests.api.scenarios.cast import Cast
from tests.api.scenarios.comparisons import done
from tests.guilds.comparisons.compared import judged, pairs_of, who_may

from canut.people.models import Person
from canut_client import Canut


def test_a_program_asks_what_it_costs_asks_once_and_reads_the_ranks(
    cast: Cast, connect: Callable[..., Canut]
) -> None:
    project = done(cast)
    canut = connect(cast.requester)
    offer = canut.comparison_offer(project.pk)
    assert offer.quote is not None
    asked = canut.compare_answers(project.pk, agreed_total=offer.quote.total)
    assert (asked.pairs, asked.charged, asked.is_repeat) == (2, offer.quote.total, False)
    assert canut.compare_answers(project.pk, task_ids=asked.task_ids).is_repeat
    assert canut.comparison_offer(project.pk).quote is None
    workers = list(Person.objects.filter(assignments__project=project))
    pair = pairs_of(project)[0]
    judged(pair, "second", by=who_may(pair, workers), at=cast.at)
    (task,) = canut.comparisons(project.pk)
    assert (task.round, task.pairs, task.decided, task.is_over) == (1, 2, 1, False)
    assert (task.answers[0].submission_id, task.answers[0].rank) == (pair.second_id, 1)
