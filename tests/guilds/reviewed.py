"""A guild in which everything is drawn, so that reviews come quickly."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from tests.builders import NOON
from tests.guilds.crafts import done, heard, say
from tests.promises import run

from canut.charter.queries import in_force
from canut.guilds.models import Member, Review
from canut.people.models import Person
from canut.work.models import Project


def everything_drawn(size: int = 1) -> Any:
    """Open blocks of so many items, of one unless said otherwise, for as long as it is entered."""

    def shorter(name: str, **asked: Any) -> Any:
        return size if name == "guild.draw_items" else in_force(name, **asked)

    return patch("canut.guilds.usecases.open_block.in_force", shorter)


def read_all(*, at: datetime) -> None:
    """Read all that was handed in, whatever else is going on in the database."""
    run("UPDATE kernel_generation SET number = number + 1")
    heard(at=at)


def review_of(
    author: Member,
    reviewer: Person,
    verdict: int,
    *,
    project: Project,
    at: datetime = NOON,
    said_at: datetime | None = None,
    advice: str = "Look closer at the ears.",
) -> Review:
    """Have a member's next piece of work drawn and reviewed; blocks of theirs must be of one item."""
    work = done(author.person, project, at=at)
    read_all(at=at)
    review = Review.objects.get(item__assignment_id=work.assignment_id)
    say(review, verdict, by=reviewer, at=said_at or at, advice=advice)
    read_all(at=said_at or at)
    review.refresh_from_db()
    return review
