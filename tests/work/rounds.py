"""Prototype rounds in tests: a crowd that fills one and votes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.builders import ANSWER, NOON, a_worker

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import Project, Round
from canut.work.usecases.give_feedback import Feedback
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

PUBLISH = Feedback("publish", "I like the short texts.")
REVISE = Feedback("revise", "What is a cat here?")


def a_crowd(people: int) -> list[Person]:
    return [a_worker() for _one in range(people)]


def round_of(project: Project) -> Round:
    return Round.objects.filter(project=project).latest("pk")


def fill_round(
    project: Project,
    crowd: Sequence[Person],
    *,
    says: Feedback = PUBLISH,
    seconds: int = 60,
    at: datetime = NOON,
    most: int | None = None,
) -> int:
    """Let people take turns until the round is decided, or `most` tasks are handed in; return how many."""
    done = 0
    while round_of(project).state == "running" and done != most:
        before = done
        for worker in crowd:
            try:
                held = take_task(by=worker, project_id=project.pk, at=at)
            except Refusal:
                continue
            submit_answer(
                assignment_id=held.pk,
                by=worker,
                answer=ANSWER,
                active_seconds=seconds,
                at=at + timedelta(minutes=1),
                feedback=says,
            )
            done += 1
            if round_of(project).state != "running" or done == most:
                return done
        if done == before:
            return done
    return done
