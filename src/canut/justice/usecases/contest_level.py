"""A member of a guild contests what reviews did to their level, and peers hear it (MECHANISMS 2.8)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from canut.guilds.usecases import contest_level as in_guild
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.keep_case_file import SentFile
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person


@transaction.atomic
def contest_level(
    *,
    guild_id: int,
    number: int,
    by: Person,
    items: Collection[int],
    words: str = "",
    files: Sequence[SentFile] = (),
    at: datetime,
) -> Case:
    """Contest the decision on `by`'s level that has this number, once; `items` are those reviewed unfairly.

    Contesting again returns the same case, whatever has become of it.

    Raises:
        GuildNotFound, NotAMember, LevelDecisionNotFound: there is no such decision about `by` that counts.
        LevelRose: it lifted the level. LevelContestTooLate: the charter's time for it is over.
        BadInput: no item was named, or a wrong one; or the words are too long. CaseFile…: no such file.
    """
    contest = in_guild.contest_level(guild_id=guild_id, number=number, by=by, items=items, words=words, at=at)
    existing = Case.objects.filter(kind=CaseKind.LEVEL, subject_id=contest.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.LEVEL,
        subject_id=contest.pk,
        party=by.party,
        words=contest.words,
        files=files,
        at=at,
    )
