"""A person who runs the site decides a sanction. Nothing happens yet: its reasons are delivered first."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.files import SentFile
from canut.justice.sanctions import rules
from canut.justice.sanctions.access import proposal_as_operator, refuse_own
from canut.justice.sanctions.models import LEAST_REASON, LONGEST_TEXT, Sanction
from canut.justice.sanctions.refusals import (
    SanctionHolds,
    SanctionIncomplete,
    SanctionOfNobody,
    SanctionProposalClosed,
)
from canut.justice.sanctions.states import Ground, Kind, ProposalState
from canut.justice.sanctions.usecases.end_sanction import end_run_out
from canut.justice.sanctions.usecases.keep_file import keep_files
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.money import DIGITS
from canut.people.access import as_operator, person_as_operator_sees
from canut.people.models import Bar, Person

LARGEST_AMOUNT = 10**12


@transaction.atomic
def decide_sanction(
    *,
    person_id: int,
    kind: str,
    ground: str,
    evidence: str,
    reason: str,
    bars: Collection[str] = (),
    days: int | None = None,
    currency: str = "",
    amount_minor: int | None = None,
    files: Sequence[SentFile] = (),
    proposal_id: int | None = None,
    by: Person,
    at: datetime,
) -> Sanction:
    """Decide a sanction and have its statement of reasons delivered; it takes effect a while after that.

    Deciding the same twice gives the sanction that is there. `bars` and `days` are of a restriction, `days`
    of a suspension too, `currency` and `amount_minor` of a refusal to pay (no amount: all earnings).

    Raises:
        OperatorRoleMissing: `by` does not run the site. PersonNotFound: there is no such account.
        OwnSanction: it is `by`'s own. SanctionOfNobody: the account is closed or simulated.
        SanctionIncomplete: a part is missing or does not fit; `facts["errors"]` names each field.
        SanctionHolds: one of this kind is there already.
        SanctionProposalNotFound, SanctionProposalClosed: of the proposal that it would take up.
        CaseFile…, TooManySanctionFiles: a file cannot be kept.
    """
    as_operator(by)
    evidence, reason = _text(evidence), _text(reason)
    known = _whole(
        kind=kind,
        ground=ground,
        evidence=evidence,
        reason=reason,
        bars=bars,
        days=days,
        currency=currency,
        amount_minor=amount_minor,
        most_days=in_force("sanction.most_days", at=at),
    )
    person = person_as_operator_sees(person_id, by=by)
    refuse_own(person.pk, by=by)
    barred = [str(bar) for bar in rules.bars_for(Kind(kind), known)]
    decided = {
        "person": person,
        "kind": kind,
        "bars": barred,
        "days": days,
        "currency": currency,
        "amount_minor": amount_minor,
        "ground": ground,
        "evidence": evidence,
        "reason": reason,
        "decided_by": by,
    }
    again = Sanction.objects.filter(**decided, ended_at__isnull=True).first()
    if again is not None:
        return again
    if not person.is_active or person.simulated:
        raise SanctionOfNobody(_("Nobody is there to be told: the account is closed, or simulated."))
    end_run_out(person_id=person.pk, at=at)
    holds = Sanction.objects.filter(person=person, kind=kind, ended_at__isnull=True).first()
    if holds is not None and kind != Kind.WARN:
        raise SanctionHolds(
            _("A sanction of this kind is there already. Take it back first, or wait until it ends."),
            sanction_id=holds.pk,
        )
    proposal = None
    if proposal_id is not None:
        proposal = proposal_as_operator(proposal_id, by=by, lock=True)
        if proposal.state != ProposalState.OPEN or proposal.person_id != person.pk:
            raise SanctionProposalClosed(
                _("This proposal waits no more, or it is about somebody else."), state=proposal.state
            )
        proposal.state, proposal.closed_at, proposal.closed_by = ProposalState.TAKEN_UP, at, by
        proposal.save(update_fields=["state", "closed_at", "closed_by"])
    made = Sanction.objects.create(
        **decided,
        proposal=proposal,
        decided_at=at,
    )
    keep_files(made, files, is_evidence=True, at=at)
    record(by, "sanction.decided", made, at=at, kind=kind, ground=ground)
    later("justice.deliver_sanction", sanction_id=made.pk)
    return made


def _text(given: str) -> str:
    return given.replace("\0", "").replace("\r\n", "\n").strip()


def _whole(
    *,
    kind: str,
    ground: str,
    evidence: str,
    reason: str,
    bars: Collection[str],
    days: int | None,
    currency: str,
    amount_minor: int | None,
    most_days: int,
) -> Collection[Bar]:
    """Return the bars it names if it is whole. Raises SanctionIncomplete if not."""
    errors = _missing(kind=kind, ground=ground, evidence=evidence, reason=reason)
    known = [Bar(bar) for bar in bars if bar in Bar.values]
    if len(known) != len(bars):
        errors["bars"] = [_("Choose among what can be barred.")]
    if currency and currency not in DIGITS:
        errors["currency"] = [_("This site knows no such currency. Three capital letters, such as EUR.")]
    if amount_minor is not None and amount_minor > LARGEST_AMOUNT:
        errors["amount_minor"] = [_("This is more than any account holds.")]
    if "kind" not in errors and "ground" not in errors:
        wrong = rules.what_is_wrong(
            kind=Kind(kind),
            ground=Ground(ground),
            bars=known,
            days=days,
            currency=currency,
            amount_minor=amount_minor,
            most_days=most_days,
        )
        for name, code in wrong.items():
            errors.setdefault(name, [_said(code, most_days=most_days)])
    if errors:
        raise SanctionIncomplete(
            _("Nothing was decided: a part is missing or does not fit. Nobody was told."), errors=errors
        )
    return known


def _missing(*, kind: str, ground: str, evidence: str, reason: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if kind not in Kind.values:
        errors["kind"] = [_("Choose one of the sanctions there are.")]
    if ground not in Ground.values:
        errors["ground"] = [_("Choose a ground from the published list. There is no other.")]
    if not evidence:
        errors["evidence"] = [_("Say what shows it: which work, words or payments, and where they are.")]
    if len(reason) < LEAST_REASON:
        errors["reason"] = [
            _("Write at least %(count)s characters: what happened, and why this sanction and no gentler one.")
            % {"count": LEAST_REASON}
        ]
    for name, text in (("evidence", evidence), ("reason", reason)):
        if len(text) > LONGEST_TEXT:
            errors[name] = [_("At most %(count)s characters.") % {"count": LONGEST_TEXT}]
    return errors


def _said(code: str, *, most_days: int) -> str:
    return {
        "ground_does_not_carry_it": _("The published list does not allow this sanction on this ground."),
        "restricts_nothing": _("Say what the restriction bars."),
        "not_to_be_barred": _("Only a restriction names what it bars, and it cannot bar signing in."),
        "days_out_of_bounds": _("Give a number of days between 1 and %(most)s.") % {"most": most_days},
        "has_no_days": _("This sanction has no number of days."),
        "currency_missing": _("Say in which currency."),
        "has_no_amount": _("Only a refusal to pay has an amount."),
        "amount_not_positive": _("The amount must be above zero; leave it empty for all earnings."),
    }[code]
