"""Members are told once a day that reviews of their work came in, so that no message gives away when."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.guilds.models import Member, Review
from canut.guilds.queries.topics import guild_topic
from canut.guilds.states import ReviewState
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by

MOST_AT_ONCE = 5_000


def tell_of_reviews(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Tell members of the reviews that came before today, and of a level that changed; return how many were.

    Days are those of the site's zone. Each member is a transaction of their own; doing it again tells
    nothing twice. A job.
    """
    today = timezone.localtime(at, timezone.get_default_timezone())
    today = today.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = Review.objects.filter(state=ReviewState.DONE, told_at__isnull=True, ended_at__lt=today)
    moved = Member.objects.exclude(level=Coalesce(F("told_level"), F("first_level")))
    due = set(waiting.values_list("author_id", flat=True)[:most]) | set(
        moved.values_list("pk", flat=True)[:most]
    )
    return sum(_tell(member_id, today=today, at=at) for member_id in sorted(due))


@transaction.atomic
def _tell(member_id: int, *, today: datetime, at: datetime) -> bool:
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    reviews = Review.objects.filter(
        author=member, state=ReviewState.DONE, told_at__isnull=True, ended_at__lt=today
    )
    count = reviews.filter(voided_at__isnull=True).count()
    reviews.update(told_at=at)
    before = member.first_level if member.told_level is None else member.told_level
    if not count and member.level == before:
        return False
    member.told_level = member.level
    member.save(update_fields=["told_level"])
    if member.left_at is not None:
        return False
    with as_read_by(member.person):
        name = member.guild.party.name
        told = tell(
            member.person,
            NoticeKind.REVIEW,
            _("Your work in the guild %(name)s") % {"name": name},
            *_said(member, count, before, name),
            path=f"/guilds/{member.guild_id}/mine/",
            at=at,
            topic=guild_topic(member.guild_id),
        )
    return told is not None


def _said(member: Member, count: int, before: int, name: str) -> Sequence[str]:
    came = ngettext(
        "%(count)s review of your work in the guild %(name)s has come in.",
        "%(count)s reviews of your work in the guild %(name)s have come in.",
        count,
    ) % {"count": count, "name": name}
    if member.level == before:
        level = _("Your level there is %(level)s, as before.") % {"level": member.level}
    else:
        level = _("Your level in the guild %(name)s is %(level)s now; it was %(before)s.") % {
            "name": name,
            "level": member.level,
            "before": before,
        }
    where = _("What they say, and why your level is what it is, stands on your page of the guild.")
    return [came, level, where] if count else [level, where]
