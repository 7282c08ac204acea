"""The third round: short statements, and who could live with each."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import (
    discussion_known,
    require_state,
    statement_known,
    takes_no_side,
)
from canut.discussion.facilitated.limits import LONGEST_STATEMENT, MOST_STATEMENTS
from canut.discussion.facilitated.models import Discussion, Mark, Statement
from canut.discussion.facilitated.refusals import TooManyStatements
from canut.discussion.facilitated.states import State
from canut.discussion.place import Place
from canut.discussion.rules import tidy
from canut.discussion.usecases.edit_post import edit_post
from canut.discussion.usecases.write_post import text_to_keep, write_post
from canut.kernel.events import record
from canut.kernel.refusals import BadInput


@transaction.atomic
def put_statement(*, place: Place, text: str, at: datetime) -> Statement:
    """Put up a sentence of which everybody then says whether they could live with it.

    It can be taken back, and is not put in other words, since people have marked it as it stands. The same
    words again by the same person are the same statement.

    Raises:
        DiscussionNotFound: there is none. NotItsRound: it is not the third round.
        NotYourPart: the facilitator stays out of it. TooManyStatements: there are enough.
        BadInput: the text is missing or too long. TooManyPosts: enough for an hour.
        Else why the place's person may not write there.
    """
    discussion = _weighing(place, at=at)
    text = text_to_keep(text, {})
    if len(text) > LONGEST_STATEMENT:
        sentence = _("A statement has at most %(most)s characters; this has %(length)s.") % {
            "most": LONGEST_STATEMENT,
            "length": len(text),
        }
        raise BadInput(_("Nothing was sent. See what to mend."), errors={"text": sentence})
    rows = Statement.objects.filter(discussion=discussion, post__withdrawn_at__isnull=True)
    mine = rows.filter(post__author_id=place.person.pk)
    again = mine.filter(post__text=text).first()
    if again is not None:
        return again
    if mine.count() >= discussion.most_statements:
        raise TooManyStatements(
            _("You have put up %(most)s statements. Take one back to put up another.")
            % {"most": discussion.most_statements}
        )
    if rows.count() >= MOST_STATEMENTS:
        raise TooManyStatements(
            _("There are %(most)s statements, as many as people can weigh. Mark those there are.")
            % {"most": MOST_STATEMENTS}
        )
    statement = Statement.objects.create(
        discussion=discussion, post=write_post(place=place, text=text, at=at)
    )
    record(place.person, "statement.put_up", statement, at=at, discussion_id=discussion.pk)
    return statement


@transaction.atomic
def mark_statement(*, place: Place, number: int, can_live: bool, why: str, at: datetime) -> Mark:
    """Say whether one could live with a statement; who could not says why. One may change that.

    Raises:
        DiscussionNotFound, StatementNotFound: there is none. NotItsRound: it is not the third round.
        NotYourPart: the facilitator stays out of it. BadInput: the reason is missing or too long.
        TooManyPosts, TooManyEdits: the reason can not be kept. Else why the person may not write there.
    """
    discussion = _weighing(place, at=at)
    statement = statement_known(discussion, number)
    found = Mark.objects.filter(statement=statement, person=place.person).select_related("why").first()
    reason = found.why if found is not None else None
    if found is not None and (found.can_live, reason.text if reason else "") == (can_live, tidy(why)):
        return found
    if not can_live:
        if not tidy(why):
            sentence = _("Say what keeps you from living with it, so that others can answer.")
            raise BadInput(_("Nothing was sent. See what to mend."), errors={"why": sentence})
        if reason is None or reason.withdrawn_at is not None:
            reason = write_post(place=place, text=why, quotes=number, at=at)
        else:
            edit_post(place=place, number=reason.number, text=why, at=at)
    mark, _is_new = Mark.objects.update_or_create(
        statement=statement,
        person=place.person,
        defaults={"can_live": can_live, "why": reason, "marked_at": at},
    )
    record(place.person, "statement.marked", statement, at=at, discussion_id=discussion.pk)
    return mark


def _weighing(place: Place, *, at: datetime) -> Discussion:
    place.require_writing()
    discussion = discussion_known(place.subject_id, lock=True)
    require_state(discussion, State.WEIGHING, at=at)
    if discussion.facilitator_id == place.person.pk:
        raise takes_no_side()
    return discussion
