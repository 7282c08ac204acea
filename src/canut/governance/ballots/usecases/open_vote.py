"""A question is put to the colleges: the electors are fixed, and the rule by which it is decided."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from canut.charter.parameters import Class
from canut.charter.queries import in_force
from canut.governance.ballots.in_force import vote_rule
from canut.governance.ballots.models import LONGEST_TITLE, CollegeTally, Elector, Vote
from canut.governance.ballots.queries import vote_open_on
from canut.governance.ballots.rules import asked_colleges
from canut.kernel.events import record
from canut.membership.queries import electorate
from canut.membership.states import College


@transaction.atomic
def open_vote(
    *,
    subject_kind: str,
    subject_id: int,
    title_en: str,
    title_fr: str,
    address: str,
    class_: str,
    at: datetime,
    only_college: str | None = None,
    days: int | None = None,
) -> Vote:
    """Open a vote on an opaque question and return it; the one that is open already, if there is.

    `subject_kind` and `subject_id` are the asking room's own; titles have up to 200 characters, `address` is
    the path of the page about the question. Everybody who is an active member of an asked college at `at` is
    an elector, and is told by e-mail unless they have turned that off. With `only_college` that college alone
    is asked, and decides. The vote lasts `days`, or else as long as the charter says. Whoever opens a vote
    closes it: see `queries.votes_to_close` and `close_vote`. A vote that no deciding college could be asked
    in (`queries.who_would_be_asked`) opens too, and fails.

    Raises:
        ValueError: the class or the college is unknown, a title is empty or too long.
    """
    open_one = vote_open_on(subject_kind, subject_id)
    if open_one is not None:
        return open_one

    question_class = Class(class_)
    college = None if only_college is None else College(only_college)
    rule = vote_rule(question_class, only_college=college, at=at)
    lasting = in_force("governance.vote_days", at=at) if days is None else days
    vote = Vote(
        subject_kind=subject_kind,
        subject_id=subject_id,
        title_en=_title(title_en),
        title_fr=_title(title_fr),
        address=address,
        question_class=question_class,
        only_college=college or "",
        rule=rule.as_json(),
        opened_at=at,
        closes_at=at + timedelta(days=lasting),
    )
    try:
        with transaction.atomic():
            vote.save(force_insert=True)
    except IntegrityError:  # it was opened meanwhile; or else something is wrong, and is said
        open_one = vote_open_on(subject_kind, subject_id)
        if open_one is None:
            raise
        return open_one
    members = _members(electorate(at), college)
    asked = asked_colleges({name: len(people) for name, people in members.items()}, rule)
    CollegeTally.objects.bulk_create(
        CollegeTally(
            vote=vote,
            college=name,
            members=len(people),
            is_asked=name in asked,
            decides=name in rule.deciding,
        )
        for name, people in members.items()
    )
    Elector.objects.bulk_create(
        [
            Elector(vote=vote, person_id=person_id, college=name)
            for name in asked
            for person_id in members[College(name)]
        ],
        batch_size=1_000,
    )
    record(None, "vote.opened", vote, at=at, about=subject_kind, about_id=subject_id)
    return vote


def _members(found: Mapping[int, College], only: College | None) -> dict[College, list[int]]:
    """Return who could be asked, by college, in the order of their numbers."""
    members: dict[College, list[int]] = {one: [] for one in College if only in (None, one)}
    for person_id in sorted(found):
        if found[person_id] in members:
            members[found[person_id]].append(person_id)
    return members


def _title(title: str) -> str:
    if not 1 <= len(title.strip()) <= LONGEST_TITLE:
        raise ValueError(f"a vote's title has 1 to {LONGEST_TITLE} characters")
    return title.strip()
