"""A member puts a question about an idea or a draft, to be discussed in three rounds."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.states import About
from canut.discussion.facilitated.usecases.open_discussion import open_discussion
from canut.forums.discussions import terms_at
from canut.forums.stands import why_no_writer
from canut.forums.usecases.tell_of_discussions import PEOPLE_A_JOB, tell_of_opening
from canut.governance.access import proposal_known
from canut.governance.models import Proposal
from canut.governance.refusals import NotADraft
from canut.governance.states import AS_DRAFT, BEFORE_POPULAR, WRITTEN_BY_MEMBERS
from canut.kernel.later import later
from canut.membership.access import require_member
from canut.membership.queries import is_admitted
from canut.people.models import Person

DISCUSSED = (*BEFORE_POPULAR, *AS_DRAFT)


@transaction.atomic
def discuss_idea(*, proposal_id: int, by: Person, question: str, text: str, at: datetime) -> Discussion:
    """Open a facilitated discussion about an idea or a draft. Any member can.

    If only who wrote or supports an idea could, opening it would tell who that is, and nobody is told.
    The idea goes its way meanwhile: no discussion stops it.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound: there is none.
        NotADraft: it is before the vote no more. Else what `open_discussion` raises.
    """
    require_member(by, at)
    proposal = proposal_known(proposal_id, lock=True)
    if not _is_discussed(proposal):
        raise NotADraft(
            _("Discussions are opened about ideas and drafts. This is being voted on, or has ended."),
            state=proposal.state,
        )
    why_not = why_no_writer(by)
    if why_not is not None:
        raise why_not
    discussion = open_discussion(
        by=by,
        about=About.IDEA,
        about_id=proposal.pk,
        question=question,
        text=text,
        terms=terms_at(at),
        at=at,
    )
    later("governance.tell_of_discussion", discussion_id=discussion.pk)
    return discussion


@transaction.atomic
def tell_of_discussion(*, discussion_id: int, at: datetime, after: int = 0) -> int:
    """Tell who wrote and who supports an idea that a question about it is discussed; return how many.

    Each is told for themselves, so that nobody learns who they are. The rest later.
    """
    discussion = discussion_known(discussion_id)
    proposal = proposal_known(discussion.about_id)
    wanted = Q(pk=proposal.author_id) | Q(pk__in=proposal.supports.values("person_id"))
    rows = Person.objects.select_related("party").filter(wanted, is_active=True, pk__gt=after)
    people = list(rows.order_by("pk")[:PEOPLE_A_JOB])
    if len(people) == PEOPLE_A_JOB:
        later("governance.tell_of_discussion", discussion_id=discussion_id, after=people[-1].pk)
    return tell_of_opening(discussion, people, at=at)


def may_discuss(proposal_id: int, *, by: Person, at: datetime) -> bool:
    """Tell whether somebody can open a discussion about a proposal now."""
    return is_admitted(by.pk, at=at) and _is_discussed(proposal_known(proposal_id))


def _is_discussed(proposal: Proposal) -> bool:
    return proposal.state in DISCUSSED and proposal.kind in WRITTEN_BY_MEMBERS
