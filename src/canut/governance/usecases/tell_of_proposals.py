"""Telling people what became of proposals: authors, supporters and the team. Called by jobs."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.governance.access import version_that_counts
from canut.governance.mail_token import mail_token
from canut.governance.models import Assessment, MailsOff, Proposal
from canut.governance.states import Feasibility, MailKind, ProposalState
from canut.governance.usecases.choose_proposal_mails import mails_wanted
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.usecases.mails import address, as_read_by, moment, notice_to

SUPPORTERS_A_JOB = 500


@transaction.atomic
def tell_author(*, proposal_id: int, what: str) -> bool:
    """Tell the author of a proposal what happened to it; return whether a mail was sent."""
    proposal = Proposal.objects.select_related("author__party").get(pk=proposal_id)
    if proposal.author is None:
        return False
    return _send(proposal.author, MailKind.OWN, proposal, what)


@transaction.atomic
def tell_supporters(*, proposal_id: int, what: str, after: int = 0) -> int:
    """Tell those who supported a proposal what became of it; return how many were told. The rest later."""
    proposal = Proposal.objects.get(pk=proposal_id)
    off = MailsOff.objects.filter(person=OuterRef("person"), kind=MailKind.SUPPORTED)
    rows = proposal.supports.filter(~Exists(off), pk__gt=after).select_related("person__party")
    told, last = 0, after
    for support in rows.order_by("pk")[:SUPPORTERS_A_JOB]:
        told += _send(support.person, MailKind.SUPPORTED, proposal, what)
        last = support.pk
    if proposal.supports.filter(pk__gt=last).exists() and last > after:
        later("governance.tell_supporters", proposal_id=proposal_id, what=what, after=last)
    return told


@transaction.atomic
def tell_team(*, assessment_id: int) -> int:
    """Tell those who run the site that a draft waits for their answer, and until when; return how many."""
    asked = Assessment.objects.select_related("proposal").get(pk=assessment_id)
    if asked.outcome != Feasibility.OPEN:
        return 0
    told = 0
    operators = Person.objects.filter(is_operator=True, is_active=True).select_related("party")
    for operator in operators.order_by("pk"):
        with as_read_by(operator):
            told += _notice(
                operator,
                MailKind.TEAM,
                _("A draft waits for the team: %(title)s") % {"title": _title(asked.proposal)},
                _(
                    "Its author asks whether it can be done as it stands. Without an answer by %(due)s it "
                    "counts as feasible and goes to the vote. A no needs a reason, and what would make it "
                    "feasible."
                )
                % {"due": moment(asked.due_at)},
                address(f"/proposals/{asked.proposal_id}/"),
            )
    return told


def _send(person: Person, kind: MailKind, proposal: Proposal, what: str) -> bool:
    with as_read_by(person):
        title = _title(proposal)
        return _notice(
            person,
            kind,
            _subject(proposal, what) % {"title": title},
            _body(proposal, what),
            address(f"/proposals/{proposal.pk}/"),
        )


def _notice(person: Person, kind: MailKind, subject: str, *paragraphs: str) -> bool:
    if person.simulated or not person.is_active or kind not in mails_wanted(person.pk):
        return False
    stop = address(f"/proposals/mails/{mail_token(person.pk, kind)}/")
    notice_to(person, subject, *paragraphs, stop=stop)
    return True


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
