"""Simulated people try a design before its project is launched: they vote to publish it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import Project, Round
from canut.work.states import RoundState
from canut.work.usecases.give_feedback import Feedback
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task


def running_round(project: Project) -> Round | None:
    """Return the project's prototype round if one runs."""
    return Round.objects.filter(project=project, state=RoundState.RUNNING).first()


def fill_round(
    project: Project,
    crowd: Sequence[Person],
    *,
    answer: Callable[[Person, int], Any],
    words: Sequence[str],
    began: datetime,
    most: int | None = None,
    each: timedelta = timedelta(seconds=50),
) -> datetime:
    """Let the crowd take turns in the project's round until it is decided, and return when that was.

    `answer` says what somebody answers to a task of this id; each votes to publish, with `words` in turn.
    `most` ends it after so many hand-ins, of which one takes `each`. If nobody can go on, the round is left
    running.
    """
    moment, done, goes_on = began, 0, True
    while goes_on and running_round(project) is not None and done != most:
        goes_on = False
        for worker in crowd:
            moment += each
            try:
                held = take_task(by=worker, project_id=project.pk, at=moment)
            except Refusal:
                continue
            submit_answer(
                assignment_id=held.pk,
                by=worker,
                answer=answer(worker, held.task_id),
                active_seconds=45,
                at=moment + each * 0.9,
                feedback=Feedback("publish", words[done % len(words)]),
            )
            done, goes_on = done + 1, True
            if running_round(project) is None or done == most:
                break
    return moment
