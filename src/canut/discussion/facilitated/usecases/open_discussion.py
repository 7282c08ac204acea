"""A question is put to a guild, or about an idea; it is withdrawn while it waits for its two people."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import discussion_known, require_state
from canut.discussion.facilitated.going_on import move
from canut.discussion.facilitated.limits import LONGEST_QUESTION
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.refusals import DiscussionGoesOn, NotYourPart
from canut.discussion.facilitated.rules import Terms, ends_at
from canut.discussion.facilitated.states import ENDED, About, State
from canut.discussion.models import SubjectKind, Thread
from canut.discussion.place import Place
from canut.discussion.rules import shows_something, tidy
from canut.discussion.usecases.write_post import text_to_keep, write_post
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def open_discussion(
    *,
    by: Person,
    about: About,
    about_id: int,
    question: str,
    text: str,
    terms: Terms,
    at: datetime,
) -> Discussion:
    """Ask a question that is to be discussed in three rounds; `text` says what there is to know about it.

    Whether `by` may, whoever calls has asked. The same question again is the same discussion.

    Raises:
        BadInput: the question or the text is missing or too long. TooManyPosts: `by` wrote much lately.
        DiscussionGoesOn: there is one about this already.
    """
    question = " ".join(tidy(question).split())
    errors: dict[str, object] = {}
    if not shows_something(question):
        errors["question"] = _("Ask something that people can answer from where they stand.")
    elif len(question) > LONGEST_QUESTION:
        errors["question"] = _("At most %(most)s characters.") % {"most": LONGEST_QUESTION}
    text = text_to_keep(text, errors)
    going_on = Discussion.objects.filter(about_kind=about, about_id=about_id).exclude(state__in=ENDED)
    found = going_on.first()
    if found is None:
        due_at = ends_at(State.GATHERING, at, terms)
        try:
            with transaction.atomic():
                discussion = Discussion.objects.create(
                    about_kind=about,
                    about_id=about_id,
                    question=question,
                    opened_by=by,
                    opened_at=at,
                    state_since=at,
                    due_at=due_at,
                    round_days=terms.round_days,
                    waiting_days=terms.waiting_days,
                    objection_days=terms.objection_days,
                    least_people=terms.least_people,
                    most_statements=terms.most_statements,
                )
        except IntegrityError:  # somebody opened one at the same moment
            found = going_on.get()
    if found is not None:
        if found.opened_by_id == by.pk and found.question == question:
            return found
        raise DiscussionGoesOn(
            _("There is a discussion about this that goes on. Take part in it, or wait for its record."),
            discussion_id=found.pk,
        )
    thread = Thread.objects.create(
        subject_kind=SubjectKind.FACILITATED,
        subject_id=discussion.pk,
        started_by_id=by.pk,
        started_at=at,
    )
    place = Place(by, SubjectKind.FACILITATED, discussion.pk, thread.pk, question)
    write_post(place=place, text=text, at=at)
    record(by, "discussion.opened", discussion, at=at, about=str(about), about_id=about_id)
    return discussion


@transaction.atomic
def withdraw_discussion(*, place: Place, at: datetime) -> Discussion:
    """End a discussion that one opened, before its first round. Repeating it is safe.

    Raises:
        DiscussionNotFound: there is none. NotYourPart: somebody else opened it.
        NotItsRound: people have begun to speak, or it has ended.
    """
    discussion = discussion_known(place.subject_id, lock=True)
    if discussion.opened_by_id != place.person.pk:
        raise NotYourPart(_("Only who opened a discussion can withdraw it."))
    if discussion.state != State.WITHDRAWN:
        require_state(discussion, State.GATHERING, at=at)
        move(discussion, State.WITHDRAWN, by=place.person, at=at)
    return discussion
