"""Telling people what became of proposals: authors, supporters and the team. Called by jobs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.governance.access import version_that_counts
from canut.governance.models import Assessment, Proposal, ProposalFounder
from canut.governance.states import Feasibility, ProposalState
from canut.guilds.models import Member
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.notices.words import as_read_by, moment
from canut.people.queries import operators

SUPPORTERS_A_JOB = 500


@transaction.atomic
def tell_author(*, proposal_id: int, what: str, at: datetime) -> bool:
    """Tell the author of a proposal what happened to it; return whether they were told."""
    proposal = Proposal.objects.select_related("author__party").get(pk=proposal_id)
    if proposal.author is None:
        return False
    return _send(proposal.author, NoticeKind.PROPOSAL, proposal, what, at=at)


@transaction.atomic
def tell_supporters(*, proposal_id: int, what: str, at: datetime, after: int = 0) -> int:
    """Tell those who supported a proposal what became of it; return how many were told. The rest later."""
    proposal = Proposal.objects.get(pk=proposal_id)
    rows = proposal.supports.filter(pk__gt=after).select_related("person__party")
    told, last = 0, after
    for support in rows.order_by("pk")[:SUPPORTERS_A_JOB]:
        told += _send(support.person, NoticeKind.SUPPORTED, proposal, what, at=at)
        last = support.pk
    if proposal.supports.filter(pk__gt=last).exists() and last > after:
        later("governance.tell_supporters", proposal_id=proposal_id, what=what, after=last)
    return told


@transaction.atomic
def tell_founders(*, proposal_id: int, what: str, at: datetime, version: int = 1) -> int:
    """Tell those whom a proposal names as founders of a guild; return how many were told.

    Nobody begins in a guild without having heard of it: while it is a draft they can say what they think.
    Of being named, those hear whom this `version` is the first to name; that the guild is founded, those
    who are in it.
    """
    proposal = Proposal.objects.get(pk=proposal_id)
    named = ProposalFounder.objects.filter(guild__version__proposal=proposal)
    rows = named.filter(guild__version__number=proposal.version_number)
    if what == "is_founder":
        begun = Member.objects.filter(guild__adopted=proposal.decision_number, left_at__isnull=True)
        rows = rows.filter(person__in=begun.values("person"))
    else:
        rows = rows.filter(person__in=named.filter(guild__version__number=version).values("person"))
        rows = rows.exclude(person__in=named.filter(guild__version__number__lt=version).values("person"))
    rows = rows.select_related("person__party").exclude(person=proposal.author).order_by("pk")
    return sum(_send(one.person, NoticeKind.PROPOSAL, proposal, what, at=at) for one in rows)


@transaction.atomic
def tell_team(*, assessment_id: int, at: datetime) -> int:
    """Tell those who run the site that a draft waits for their answer, and until when; return how many."""
    asked = Assessment.objects.select_related("proposal").get(pk=assessment_id)
    if asked.outcome != Feasibility.OPEN:
        return 0

    def said() -> Sequence[str]:
        return (
            _("A draft waits for the team: %(title)s") % {"title": _title(asked.proposal)},
            _(
                "Its author asks whether it can be done as it stands. Without an answer by %(due)s it "
                "counts as feasible and goes to the vote. A no needs a reason, and what would make it "
                "feasible."
            )
            % {"due": moment(asked.due_at)},
        )

    path, key = f"/proposals/{asked.proposal_id}/", f"assessment:{assessment_id}"
    return tell_each(operators(), NoticeKind.ASSESSMENT, said, path=path, at=at, key=key)


def _send(person: Person, kind: NoticeKind, proposal: Proposal, what: str, *, at: datetime) -> bool:
    with as_read_by(person):
        subject = _subject(proposal, what) % {"title": _title(proposal)}
        path = f"/proposals/{proposal.pk}/"
        return tell(person, kind, subject, _body(proposal, what), path=path, at=at) is not None


def _title(proposal: Proposal) -> str:
    """Return the title in the reader's language, if it is there in it."""
    version = version_that_counts(proposal)
    is_own = (get_language() or "en")[:2] == version.language
    return version.title if is_own or not version.translated_title else version.translated_title


def _subject(proposal: Proposal, what: str) -> str:
    if what == "decided":
        adopted = proposal.state == ProposalState.ADOPTED
        return _("Adopted: %(title)s") if adopted else _("Rejected: %(title)s")
    return {
        "popular": _("Enough members support it: %(title)s"),
        "named_founder": _("You are named as a founder of a guild: %(title)s"),
        "is_founder": _("The guild that names you as a founder is founded: %(title)s"),
        "feasible": _("It can go to the vote: %(title)s"),
        "infeasible": _("The team has an objection: %(title)s"),
        "overruled": _("The board sends it to the vote: %(title)s"),
        "vote": _("The vote has begun: %(title)s"),
        "archived": _("In the archive: %(title)s"),
        "sent_back": _("It needs an amendment: %(title)s"),
    }[what]


def _body(proposal: Proposal, what: str) -> str:
    if what == "decided":
        number = {"number": proposal.decision_number}
        if proposal.state == ProposalState.ADOPTED:
            return (
                _("The vote has ended. It is decision %(number)s of the public log, and executes.") % number
            )
        return _("The vote has ended. It is decision %(number)s of the public log; nothing changes.") % number
    return {
        "popular": _(
            "The idea is a draft now, under its author's name. Members say in the sense check what they "
            "think of it, and its author can amend it before it goes to the team."
        ),
        "named_founder": _(
            "A draft that members will vote on names you as one of those who begin the guild. If you do not "
            "want it, say so in its sense check. You can leave the guild at any time."
        ),
        "is_founder": _("You are in it from now on. If you do not want to be, leave it on its page."),
        "feasible": _("Its vote opens as soon as its replay is there and the site's first vote has ended."),
        "infeasible": _("Read the reason and what would make it feasible on its page, then amend the draft."),
        "overruled": _("Its vote opens although the team had an objection."),
        "vote": _("Active members can cast their ballots on its page until the day that stands there."),
        "archived": _("Nothing happened to it for long. It can be brought back later as a new idea."),
        "sent_back": _(
            "The rules have moved since the team looked at it, so that part of it can not be decided any "
            "more. Its page says which part. Amend the draft, and send it again."
        ),
    }[what]
