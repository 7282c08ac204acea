"""A draft goes to the team, which says within its days whether it can be done; silence means that it can."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.usecases.write_article import ArticleRefused as WordsRefused
from canut.charter.usecases.write_article import check_article
from canut.governance.access import own_proposal, proposal_known, version_that_counts
from canut.governance.checking import article_change, check_setting_wish, stored_value
from canut.governance.content import SettingWish
from canut.governance.founding import check_founding, founding_of
from canut.governance.models import Assessment, Proposal, ProposalSetting, ProposalVersion
from canut.governance.refusals import (
    ArticleRefused,
    ChangesNothing,
    DraftHeld,
    FeasibilityNotAsked,
    NotADraft,
    NotInfeasible,
    SettingRefused,
    TranslationMissing,
)
from canut.governance.states import Feasibility, ProposalState
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.membership.access import require_member
from canut.people.access import as_operator
from canut.people.models import Person

LONGEST_ANSWER = 4_000


@transaction.atomic
def ask_feasibility(*, proposal_id: int, by: Person, at: datetime) -> Assessment:
    """Send a draft to the team as it stands; from then on it is not amended. Sending it twice sends it once.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound, NotTheAuthor: it is not theirs to send.
        NotADraft: it is an idea still, or has gone further. DraftHeld: a jury has it.
        ChangesNothing: it holds neither a setting nor an article, and founds no guild.
        TranslationMissing: an article is not written in both languages.
        SettingRefused, ArticleRefused: the charter has moved meanwhile, so it must be amended first.
        GuildRefused: somebody has the guild's name by now, or the like.
    """
    require_member(by, at)
    proposal = own_proposal(proposal_id, by=by)
    if proposal.state == ProposalState.FEASIBILITY:
        return Assessment.objects.get(proposal=proposal, outcome=Feasibility.OPEN)
    if proposal.state != ProposalState.DRAFT:
        raise NotADraft(
            _("Only a draft goes to the team. What it found not feasible must be amended first."),
            state=proposal.state,
        )
    if proposal.held_at is not None:
        raise DraftHeld(_("A resolution jury has this draft in hand. It goes on when the jury has ended."))
    version = version_that_counts(proposal)
    check_whole(version, at=at)
    due_at = at + timedelta(days=in_force("governance.feasibility_days", at=at))
    asked = Assessment.objects.create(
        proposal=proposal, version_number=version.number, asked_at=at, due_at=due_at
    )
    proposal.state, proposal.changed_at = ProposalState.FEASIBILITY, at
    proposal.save(update_fields=["state", "changed_at"])
    record(by, "proposal.feasibility_asked", proposal, at=at, version=version.number)
    later("governance.tell_team", assessment_id=asked.pk)
    return asked


@transaction.atomic
def say_feasibility(
    *, proposal_id: int, by: Person, feasible: bool, at: datetime, reason: str = "", help_text: str = ""
) -> Assessment:
    """Say for the team whether a draft can be done as it stands. The same answer again changes nothing.

    `help_text` is what the team offers, or what would make it feasible. A no needs it, and a reason.

    Raises:
        OperatorRoleMissing: `by` does not run this site. ProposalNotFound: there is none.
        BadInput: a no without a reason and help, or a text that is too long.
        FeasibilityNotAsked: the draft is not before the team.
    """
    as_operator(by)
    proposal = proposal_known(proposal_id, lock=True)
    reason, help_ = reason.strip(), help_text.strip()
    outcome = Feasibility.FEASIBLE if feasible else Feasibility.INFEASIBLE
    last = proposal.assessments.order_by("-pk").first()
    if last is not None and (last.by_id, last.outcome, last.reason, last.help) == (
        by.pk,
        outcome,
        reason,
        help_,
    ):
        return last
    errors = {}
    for field, text in (("reason", reason), ("help", help_)):
        if len(text) > LONGEST_ANSWER or "\0" in text:
            errors[field] = _("Say it in at most 4,000 characters.")
    if not feasible and not reason:
        errors["reason"] = _("Say why it cannot be done as it stands.")
    if not feasible and not help_:
        errors["help"] = _("Say what would make it feasible, or how the team can help.")
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was kept."), errors=errors)
    if proposal.state != ProposalState.FEASIBILITY or last is None:
        raise FeasibilityNotAsked(
            _("This draft is not before the team, or its time to answer is over."), state=proposal.state
        )
    last.outcome, last.said_at, last.by, last.reason, last.help = outcome, at, by, reason, help_
    last.save(update_fields=["outcome", "said_at", "by", "reason", "help"])
    _go_on(proposal, ProposalState.WAITING if feasible else ProposalState.INFEASIBLE, at=at)
    record(by, "proposal.feasibility_said", proposal, at=at, outcome=str(outcome))
    later("governance.tell_author", proposal_id=proposal.pk, what="feasible" if feasible else "infeasible")
    return last


@transaction.atomic
def overrule_feasibility(*, proposal_id: int, motion_id: int, at: datetime) -> Proposal:
    """Let a proposal go on to its vote by a motion of the board, although the team found it not feasible.

    The same motion twice overrules once.

    Raises:
        ProposalNotFound: there is none. NotInfeasible: it is not, or not any more.
    """
    proposal = proposal_known(proposal_id, lock=True)
    last = proposal.assessments.order_by("-pk").first()
    if last is not None and last.motion_id == motion_id:
        return proposal
    if proposal.state != ProposalState.INFEASIBLE or last is None:
        raise NotInfeasible(
            _("Only what the team found not feasible can be overruled, and only as long as it lies so."),
            state=proposal.state,
        )
    last.overruled_at, last.motion_id = at, motion_id
    last.save(update_fields=["overruled_at", "motion_id"])
    _go_on(proposal, ProposalState.WAITING, at=at)
    record(None, "proposal.overruled", proposal, at=at, motion_id=motion_id)
    later("governance.tell_author", proposal_id=proposal.pk, what="overruled")
    return proposal


@transaction.atomic
def accept_silence(*, at: datetime) -> int:
    """Let those drafts go on that the team has said nothing about in time; return how many. A job."""
    due = Assessment.objects.filter(outcome=Feasibility.OPEN, due_at__lte=at).order_by("pk")
    accepted = 0
    for proposal_id in list(due.values_list("proposal_id", flat=True)):
        proposal = proposal_known(proposal_id, lock=True)
        open_one = proposal.assessments.filter(outcome=Feasibility.OPEN).first()
        if proposal.state != ProposalState.FEASIBILITY or open_one is None:
            continue
        open_one.outcome, open_one.said_at = Feasibility.SILENCE, at
        open_one.save(update_fields=["outcome", "said_at"])
        _go_on(proposal, ProposalState.WAITING, at=at)
        record(None, "proposal.feasibility_said", proposal, at=at, outcome=str(Feasibility.SILENCE))
        later("governance.tell_author", proposal_id=proposal.pk, what="feasible")
        accepted += 1
    return accepted


def check_whole(version: ProposalVersion, *, at: datetime) -> None:
    """Return if a decision could make all that a version asks for, were its vote to open at `at`.

    Raises:
        ChangesNothing, TranslationMissing, SettingRefused, ArticleRefused, GuildRefused: it could not.
    """
    guild = founding_of(version, at=at)
    if guild is not None:
        check_founding(guild, at=at)
        return
    settings, articles = (
        list(version.settings.order_by("position")),
        list(version.articles.order_by("position")),
    )
    if not settings and not articles:
        raise ChangesNothing(
            _(
                "This draft has words only. Add the setting or the article that is to change, so that what "
                "is adopted can be done."
            )
        )
    for setting in settings:
        check_setting_wish(as_wish(setting), field=f"settings.{setting.position}", at=at)
    decided_at = at + timedelta(days=in_force("governance.vote_days", at=at))
    for article in articles:
        if not article.repeals and not all(
            (article.title_en, article.title_fr, article.text_en, article.text_fr)
        ):
            raise TranslationMissing(
                _(
                    "An article is voted on in English and in French, for both texts hold. Write the one "
                    "that is missing."
                ),
                missing=f"articles.{article.position}",
            )
        try:
            check_article(
                article_change(article, based_on=article.of_number, decided_at=decided_at),
                decided_at=decided_at,
            )
        except WordsRefused as refusal:
            raise ArticleRefused(
                _("The constitution cannot be changed so. Nothing was kept."),
                errors={f"articles.{article.position}": str(refusal)},
                key=article.key,
            ) from refusal


def as_wish(setting: ProposalSetting) -> SettingWish:
    """Return what a stored setting wants.

    Raises:
        SettingRefused: the charter has no such parameter any more, or another type of it.
    """
    value = stored_value(setting.parameter, setting.new_value)
    if value is None:
        raise SettingRefused(
            _("The charter cannot be set so. Nothing was kept."),
            errors={f"settings.{setting.position}": _("The charter has no parameter of this name.")},
            parameter=setting.parameter,
            what="not_found",
        )
    return SettingWish(
        parameter=setting.parameter,
        new=value,
        scope_kind=setting.scope_kind,
        scope_key=setting.scope_key,
        effective_at=setting.effective_at,
    )


def _go_on(proposal: Proposal, state: ProposalState, *, at: datetime) -> None:
    proposal.state, proposal.changed_at = state, at
    proposal.save(update_fields=["state", "changed_at"])
