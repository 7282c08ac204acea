"""An author objects to what a person has confirmed, and another person answers."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.access import matter_of_author, matter_to_decide
from canut.justice.flags.models import LONGEST_REASON, Matter, Objection
from canut.justice.flags.refusals import NoObjectionOpen, NothingToObject, ObjectedAlready, SameModerator
from canut.justice.flags.states import MatterState, ObjectionState
from canut.justice.flags.usecases.settle_hiding import settle_hiding
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person


@transaction.atomic
def object_to_hiding(*, matter_id: int, words: str, by: Person, at: datetime) -> Objection:
    """Object, once, to the hiding of something of `by`'s that a person has confirmed. Twice is safe.

    Another person answers; if nobody does in time, the thing is shown again.

    Raises:
        MatterNotFound: there is none about something of theirs.
        BadInput: no words, or more than 2,000 characters.
        NothingToObject: no person's decision hides it. ObjectedAlready: with other words.
    """
    words = words.strip()
    _check_words("words", words)
    matter = matter_of_author(matter_id, by=by, lock=True)
    earlier = Objection.objects.filter(matter=matter).first()
    if earlier is not None:
        if earlier.words == words:
            return earlier
        raise ObjectedAlready(
            _("You have objected to this. The answer stands on this page once it is there.")
        )
    if matter.state != MatterState.CONFIRMED:
        raise NothingToObject(_("No person's decision hides this, so there is nothing to object to."))
    objection = Objection.objects.create(
        matter=matter,
        words=words,
        made_at=at,
        lapses_at=at + timedelta(days=in_force("flag.review_days", at=at)),
    )
    record(by, "flag.objected", matter, at=at)
    later("justice.tell_of_flags", matter_id=matter.pk, what="objected")
    return objection


@transaction.atomic
def answer_objection(*, matter_id: int, by: Person, grant: bool, answer: str, at: datetime) -> Objection:
    """Answer an author's objection: the thing is shown again, or stays hidden for good. Twice is safe.

    Raises:
        OperatorRoleMissing: `by` does not run this site. MatterNotFound: there is none of this number.
        DecidesOwnMatter: it is theirs, or they flagged it. SameModerator: it is their own decision.
        BadInput: no answer, or more than 2,000 characters.
        NoObjectionOpen: there is none, or it was answered or has lapsed.
    """
    answer = answer.strip()
    _check_words("answer", answer)
    matter = matter_to_decide(matter_id, by=by)
    objection = Objection.objects.select_for_update(no_key=True).filter(matter=matter).first()
    state = ObjectionState.GRANTED if grant else ObjectionState.REFUSED
    if objection is not None and (objection.answered_by_id, objection.state, objection.answer) == (
        by.pk,
        state,
        answer,
    ):
        return objection
    if objection is None or objection.state != ObjectionState.OPEN:
        raise NoObjectionOpen(_("There is no objection here that waits for an answer."))
    if matter.decided_by_id == by.pk:
        raise SameModerator(_("You decided this. Another operator has to answer the objection."))
    objection.state, objection.answered_by, objection.ended_at, objection.answer = state, by, at, answer
    objection.save(update_fields=["state", "answered_by", "ended_at", "answer"])
    record(by, "flag.objection_answered", matter, at=at, granted=grant)
    if grant:
        restore_after_objection(matter, by=by, at=at)
    later("justice.tell_of_flags", matter_id=matter.pk, what="answered")
    return objection


def restore_after_objection(matter: Matter, *, by: Person | None, at: datetime) -> None:
    """Show a confirmed thing again, after an objection that prevailed; its row is locked."""
    matter.state = MatterState.RESTORED
    matter.save(update_fields=["state"])
    settle_hiding(HiddenKind(matter.subject_kind), matter.subject_id, by=by, at=at)


def _check_words(field: str, words: str) -> None:
    if not 1 <= len(words) <= LONGEST_REASON or "\0" in words:
        sentence = _("Say it in at most %(count)s characters.") % {"count": LONGEST_REASON}
        raise BadInput(sentence, errors={field: [sentence]})
