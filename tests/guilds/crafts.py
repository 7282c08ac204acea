"""Guilds with members, work that counts for them, and reviews that say what a test wants."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection
from tests.builders import ANSWER, NOON, a_person, a_project, a_requester, a_worker
from tests.charter.log_lines import a_line
from tests.promises import run

from canut.charter import log
from canut.charter.queries import in_force
from canut.guilds.models import Block, Guild, Item, Member, Review
from canut.guilds.usecases.follow_work import follow_work
from canut.guilds.usecases.found_guild import found_guild
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.open_block import open_block
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing
from canut.work.models import Project, Requirement, Submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

_serial = count(1)
BEFORE = NOON - timedelta(hours=1)


def an_operator() -> Person:
    person = a_person()
    appoint_operator(person_id=person.pk, by=None, at=NOON)
    person.refresh_from_db()
    return person


def a_guild(*, founders: dict[str, int] | None = None, **details: Any) -> Guild:
    """Return a guild that anybody may join; `founders` begin at their levels, by screen name."""
    name = f"Guild {next(_serial)}"
    given = {
        "name": name,
        "screen_name": name,
        "craft": "transcription",
        "charter_text": "We write what is said.",
        "decision": "Asked for by all.",
        "founders": founders or {},
        "at": NOON,
    }
    return found_guild(by=an_operator(), **(given | details))


def a_member(guild: Guild, *, level: int = 1, person: Person | None = None, at: datetime = NOON) -> Member:
    """Return a member at a level, as if they had been founders or reviews had brought them there."""
    member = join_guild(guild_id=guild.pk, by=person or a_worker(), at=at)
    if level != member.level:
        put_at(member, level, at=at)
    return member


def put_at(member: Member, level: int, *, at: datetime = NOON) -> None:
    """Put a member at a level, as if they had begun there."""
    member.level = member.first_level = level
    member.save(update_fields=["level", "first_level"])
    keep_standing(
        party_id=member.person_id,
        scale=ScaleKind.GUILD,
        scale_id=member.guild_id,
        value=Decimal(level),
        at=at,
    )


def guild_work(
    guild: Guild, *, least: int = 1, rows: int = 200, owner: Person | None = None, **details: Any
) -> Project:
    """Return a live project that asks for a guild."""
    project = a_project(owner=owner or a_requester(), rows=rows, **details)
    Requirement.objects.create(
        project=project, scale=ScaleKind.GUILD, scale_id=guild.pk, comparator="at_least", value=least
    )
    return project


def done(worker: Person, project: Project, *, at: datetime = NOON, answer: Any = ANSWER) -> Submission:
    """Return work handed in the moment it was taken."""
    assignment = take_task(by=worker, project_id=project.pk, at=at)
    return submit_answer(
        assignment_id=assignment.pk, by=worker, answer=answer, active_seconds=60, at=at
    ).submission


def a_block_full(member: Member, project: Project, *, at: datetime = NOON) -> Block:
    """Have a member fill their open block; return it as it is once all was read."""
    block = open_block(member=member, at=at)
    missing = block.size - Item.objects.filter(block=block).count()
    for _each in range(missing):
        done(member.person, project, at=at)
    heard(at=at)
    block.refresh_from_db()
    return block


def heard(*, at: datetime = NOON) -> int:
    """Read all that was handed in, in a test's own transaction too."""
    if connection.in_atomic_block:
        run("UPDATE kernel_generation SET number = number + 1")
    total = 0
    while read := follow_work(at=at):
        total += read
    return total


def say(
    review: Review,
    verdict: int,
    *,
    by: Person,
    at: datetime = NOON,
    accept: bool = True,
    advice: str = "Look closer at the ears.",
) -> Submission:
    """Have a reviewer take a review and hand it in."""
    assignment = take_task(by=by, project_id=review.task.project_id, task_id=review.task_id, at=at)
    answer = {"verdict": str(verdict), "would_accept": "yes" if accept else "no", "advice": advice}
    return submit_answer(
        assignment_id=assignment.pk, by=by, answer=answer, active_seconds=60, at=at
    ).submission


def by_rules(*, at: datetime = BEFORE, **numbers: Any) -> None:
    """Let parameters of guilds have other values, such as `draw_items=1`; only where nothing is committed."""
    log.lock()
    for name, value in numbers.items():
        before = in_force(f"guild.{name}", at=NOON)
        a_line(
            parameter=f"guild.{name}",
            old_value=str(before) if isinstance(before, Decimal) else before,
            new_value=value,
            effective_at=at,
            recorded_at=at,
        )
