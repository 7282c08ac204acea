"""What members complete, and how one of every so many items is drawn for review."""

import uuid

from django.db import models
from django.db.models import F, Q

from canut.guilds.models.guilds import Member
from canut.guilds.states import BlockState, DrawnBy, ItemKind
from canut.work.models import Assignment


class Block(models.Model):
    """So many items of one member, of which one is drawn by lot (MECHANISMS 2.2).

    The seed is committed to when the block opens: everybody may see its hash. When the block is full the
    seed is published, and anybody can recompute the draw with `public_id` and `size` (rules_draws). What is
    published of a block names no member. While the members have stopped the draw (MECHANISMS 7.10) the
    first item is reviewed; `drawn_by` says so.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="blocks", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted from 1 in the member.")
    size = models.PositiveIntegerField(help_text="After how many items one is drawn, when the block opened.")
    public_id = models.UUIDField(default=uuid.uuid4)
    commitment = models.CharField(max_length=64, help_text="SHA-256 of the seed's bytes, in hex.")
    seed = models.CharField(max_length=64, help_text="32 bytes in hex; nobody is shown them before the draw.")
    state = models.CharField(max_length=10, choices=BlockState, default=BlockState.COLLECTING)
    opened_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_number = models.PositiveIntegerField(null=True, help_text="Which of its items, counted from 1.")
    drawn_by = models.CharField(
        max_length=10, choices=DrawnBy, default=DrawnBy.LOT, help_text="By which rule it was chosen."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="block_number_once"),
            models.UniqueConstraint(fields=["public_id"], name="block_public_id_once"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="collecting"), name="block_one_collecting"
            ),
            models.CheckConstraint(name="block_has_size", condition=Q(size__gte=1)),
            models.CheckConstraint(name="block_seed_shape", condition=Q(seed__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="block_commitment_shape", condition=Q(commitment__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="block_drawn_by_known",
                condition=Q(drawn_by=DrawnBy.LOT)
                | Q(drawn_by=DrawnBy.FIRST_COME, drawn_number__isnull=False, drawn_number=1),
            ),
            models.CheckConstraint(name="block_state_known", condition=Q(state__in=BlockState.values)),
            models.CheckConstraint(
                name="block_filled_unless_collecting",
                condition=Q(state="collecting", filled_at__isnull=True)
                | (~Q(state="collecting") & Q(filled_at__isnull=False, filled_at__gte=F("opened_at"))),
            ),
            models.CheckConstraint(
                name="block_drawn_has_number",
                condition=Q(
                    state="drawn",
                    drawn_at__isnull=False,
                    drawn_number__isnull=False,
                    drawn_number__gte=1,
                    drawn_number__lte=F("size"),
                )
                | (~Q(state="drawn") & Q(drawn_at__isnull=True, drawn_number__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["filled_at", "id"], condition=Q(state="waiting"), name="block_waiting"),
            models.Index(fields=["-drawn_at"], condition=Q(state="drawn"), name="block_drawn"),
        ]


class Item(models.Model):
    """One thing a member completed that may be drawn: work handed in for the guild, or a first-level review.

    `number` counts the member's items; `place` is its number in the block. `level` is the member's when they
    completed it.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="items", db_index=False)
    number = models.PositiveIntegerField()
    block = models.ForeignKey(Block, models.PROTECT, related_name="items", db_index=False)
    place = models.PositiveIntegerField()
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, related_name="guild_item", db_constraint=False
    )
    kind = models.CharField(max_length=6, choices=ItemKind)
    level = models.PositiveSmallIntegerField()
    completed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="item_number_once"),
            models.UniqueConstraint(fields=["block", "place"], name="item_place_once"),
            models.CheckConstraint(name="item_kind_known", condition=Q(kind__in=ItemKind.values)),
            models.CheckConstraint(name="item_counted_from_one", condition=Q(number__gte=1, place__gte=1)),
            models.CheckConstraint(name="item_level_in_range", condition=Q(level__gte=1, level__lte=10)),
        ]
        indexes = [models.Index(fields=["member", "-completed_at"], name="item_when_completed")]


class SamplingPause(models.Model):
    """That nothing is drawn because the guild fund cannot pay the next review. At most one is running."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    needed_minor = models.PositiveBigIntegerField(help_text="What the next review would have cost.")
    fund_minor = models.PositiveBigIntegerField(help_text="What the fund held.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="sampling_pause_one_running",
            ),
            models.CheckConstraint(
                name="sampling_pause_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="sampling_pause_for_lack_of_money", condition=Q(needed_minor__gt=F("fund_minor"))
            ),
        ]
