"""Accepted answers of one's own project, compared by other workers of it."""

from collections.abc import Iterator, Sequence

from canut_client.calls.base import AmountLike, Calls, given, written
from canut_client.models import ComparedTask, ComparisonOffer, ComparisonsAsked
from canut_client.reading import read


class ComparisonCalls(Calls):
    def comparison_offer(
        self, project_id: int, *, number: int = 1, task_id: int | None = None
    ) -> ComparisonOffer:
        """Return what a round of comparisons costs now, of one task or of all that are ready for it."""
        path = f"/projects/{project_id}/comparisons/offer"
        return read(ComparisonOffer, self._transport.get(path, number=number, task_id=task_id))

    def compare_answers(
        self,
        project_id: int,
        *,
        number: int = 1,
        task_ids: Sequence[int] | None = None,
        agreed_total: AmountLike | None = None,
    ) -> ComparisonsAsked:
        """Have accepted answers compared. Each round of a task is asked for, and charged, once."""
        body = {
            "round": number,
            **given(
                task_ids=None if task_ids is None else list(task_ids), agreed_total=written(agreed_total)
            ),
        }
        return read(ComparisonsAsked, self._transport.post(f"/projects/{project_id}/comparisons", body))

    def comparisons(self, project_id: int) -> Iterator[ComparedTask]:
        """Give the tasks whose accepted answers are compared, with each answer's score and rank."""
        return self._all(ComparedTask, f"/projects/{project_id}/comparisons")
