"""Guilds hear of what was handed in: items to draw from, and reviews."""

from datetime import datetime

from django.db import transaction

from canut.guilds.models import Block, Item, Member, ReviewProject
from canut.guilds.states import ItemKind
from canut.guilds.usecases.draw_block import draw_block
from canut.guilds.usecases.open_block import open_block
from canut.guilds.usecases.read_review import read_review
from canut.kernel.events import read_new, record
from canut.reputation.models import ScaleKind
from canut.work.models import Assignment, Requirement

READER = "guilds"
HANDED_IN = "assignment.submitted"


@transaction.atomic
def follow_work(*, at: datetime, most: int = 200) -> int:
    """Read what was handed in since the last call, and return how much that was.

    The first submission of a member to a project that asks for the guild fills their block, as does each
    review that they handed in of work; a full block is drawn from, and the next one opens. What is read, and
    all that follows from it, is one transaction, and runners take turns: nothing counts twice.
    """
    happened = read_new(READER, names=[HANDED_IN], most=most)
    first = [one for one in happened if one.data["attempt"] == 1]
    projects = {int(one.data["project_id"]) for one in first}
    asks = Requirement.objects.filter(project_id__in=projects, scale=ScaleKind.GUILD)
    guild_of = dict(asks.values_list("project_id", "scale_id"))
    reviewing = dict(ReviewProject.objects.filter(pk__in=projects).values_list("pk", "of_reviews"))
    for one in first:
        project_id = int(one.data["project_id"])
        if project_id not in guild_of and project_id not in reviewing:
            continue
        assignment = Assignment.objects.get(pk=one.subject_id)
        if project_id in guild_of:
            _count(assignment, guild_id=guild_of[project_id], kind=ItemKind.WORK, at=at)
            continue
        review = read_review(assignment, at=at)
        if review is not None and not reviewing[project_id]:
            _count(assignment, guild_id=review.guild_id, kind=ItemKind.REVIEW, at=at)
    return len(happened)


def _count(assignment: Assignment, *, guild_id: int, kind: ItemKind, at: datetime) -> None:
    """Count what a member handed in; who is in the guild no more, or not yet, has nothing counted."""
    rows = Member.objects.select_for_update(no_key=True)
    member = rows.filter(guild_id=guild_id, person_id=assignment.worker_id, left_at__isnull=True).first()
    if member is None or Item.objects.filter(assignment=assignment).exists():
        return
    block = open_block(member=member, at=at)
    in_block = Item.objects.filter(block=block).count()
    item = Item.objects.create(
        member=member,
        number=Item.objects.filter(member=member).count() + 1,
        block=block,
        place=in_block + 1,
        assignment=assignment,
        kind=kind,
        level=member.level,
        completed_at=assignment.submitted_at or at,
    )
    record(member.person, "guild.item_counted", item, at=at, guild_id=guild_id, kind=kind)
    if item.place == block.size:
        draw_block(Block.objects.select_related("member").get(pk=block.pk), at=at)
        open_block(member=member, at=at)
