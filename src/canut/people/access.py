"""The only way to fetch a row of this room on somebody's behalf, and to ask what they may be."""

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.people.models import ApiKey, Bar, Consent, Document, Listing, Party, Person
from canut.people.queries_restrictions import bars_of


class WorkerRoleMissing(NotAllowed):
    code = "worker_role_missing"


class RequesterRoleMissing(NotAllowed):
    code = "requester_role_missing"


class OperatorRoleMissing(NotAllowed):
    code = "operator_role_missing"


class NotActivated(NotAllowed):
    code = "not_activated"


class TermsNotAccepted(NotAllowed):
    code = "terms_not_accepted"


class AccountIsClosed(Refusal):
    code = "account_is_closed"
    status = 403


class AccountSuspended(NotAllowed):
    """A sanction holds that shuts the account. Facts: `sanction_id`."""

    code = "account_suspended"


class Restricted(NotAllowed):
    """A sanction holds that bars this. Facts: `bar`, `sanction_id`."""

    code = "restricted"


class KeyNotFound(NotFound):
    code = "key_not_found"


class PersonNotFound(NotFound):
    code = "person_not_found"


class NotListed(NotFound):
    code = "not_listed"


def ensure_member(by: Person) -> Person:
    """Return `by` if the account is open, its e-mail address shown to be theirs, and the terms accepted.

    Raises:
        AccountIsClosed, AccountSuspended, NotActivated, TermsNotAccepted: in this order, what is missing
            first.
    """
    if not by.is_active:
        raise AccountIsClosed(_("This account is closed. Nothing can be done with it any more."))
    ensure_may(by, Bar.SIGN_IN)
    if by.activated_at is None:
        raise NotActivated(
            _("Follow the link in the mail we sent you, then try again. Signing in sends it anew.")
        )
    if not Consent.objects.filter(person=by, document=Document.TERMS).exists():
        raise TermsNotAccepted(_("Accept the terms of use on your account page first, then try again."))
    return by


def ensure_may(by: Person, bar: Bar) -> Person:
    """Return `by` if no sanction holds now that bars this.

    Raises:
        AccountSuspended: one shuts the whole account. Restricted: one bars this alone.
    """
    held = bars_of(by.pk)
    if Bar.SIGN_IN in held:
        raise AccountSuspended(
            _(
                "This account is suspended. The mail that we sent you says why and until when, and has the "
                "link to answer and to ask that another person look at it again."
            ),
            sanction_id=held[Bar.SIGN_IN],
        )
    if bar in held:
        raise Restricted(
            _(
                "You may not do this at present: %(bar)s. Your page of sanctions says why and until when. "
                "There you can answer, and ask that another person look at it again."
            )
            % {"bar": bar.label},
            bar=str(bar),
            sanction_id=held[bar],
        )
    return by


def as_worker(by: Person) -> Person:
    """Return `by`, who may work here.

    The same rule as `people_worker_v.may_work`, which the claim's SQL reads; a test holds them equal.

    Raises:
        WorkerRoleMissing: `by` has not chosen to work. Restricted: a sanction bars it now.
        Else what `ensure_member` raises.
    """
    ensure_member(by)
    ensure_may(by, Bar.TAKE)
    if not by.is_worker:
        raise WorkerRoleMissing(
            _("Only workers can do this. You can become one on your account page, under Roles.")
        )
    return by


def as_requester(by: Person) -> Person:
    """Return `by`, who may publish work here.

    Raises:
        RequesterRoleMissing: `by` has not chosen to request work. Else what `ensure_member` raises.
    """
    ensure_member(by)
    if not by.is_requester:
        raise RequesterRoleMissing(
            _("Only requesters can do this. You can become one on your account page, under Roles.")
        )
    return by


def as_operator(by: Person) -> Person:
    """Return `by`, who runs this site.

    Raises:
        OperatorRoleMissing: `by` does not. Else what `ensure_member` raises.
    """
    ensure_member(by)
    if not by.is_operator:
        raise OperatorRoleMissing(_("Only the people who run this site can do this."))
    return by


def person_for_change(by: Person) -> Person:
    """Lock and return `by`'s own row as it is now.

    Raises:
        AccountIsClosed: it was closed in the meantime.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("party").get(pk=by.pk)
    if not person.is_active:
        raise AccountIsClosed(_("This account is closed. Nothing can be done with it any more."))
    return person


def key_for_change(key_id: int, *, by: Person) -> ApiKey:
    """Lock and return one of `by`'s own keys.

    Raises:
        KeyNotFound: there is none, or it is somebody else's.
    """
    key = ApiKey.objects.select_for_update().filter(pk=key_id, owner_id=by.pk).first()
    if key is None:
        raise KeyNotFound(_("There is no such key among yours. Your keys are listed on your account page."))
    return key


def person_to_list(person_id: int, *, by: Person) -> Party:
    """Return the party of a person whom `by` wants to put on a list.

    Raises:
        PersonNotFound: there is no person of this number.
    """
    party = Party.objects.filter(pk=person_id, kind="person").first()
    if party is None:
        raise PersonNotFound(_("Nobody here has this name. Check the spelling; capitals make no difference."))
    return party


def listing_for_change(person_id: int, *, by: Person) -> Listing:
    """Lock and return `by`'s listing of a person.

    Raises:
        NotListed: the person is on no list of `by`.
    """
    listing = Listing.objects.select_for_update().filter(owner_id=by.pk, person_id=person_id).first()
    if listing is None:
        raise NotListed(_("This person is on none of your lists."))
    return listing


def person_as_operator_sees(person_id: int, *, by: Person | None) -> Person:
    """Lock and return a person whom `by`, an operator or whoever holds the machine (None), looks up."""
    if by is not None:
        as_operator(by)
    person = (
        Person.objects.select_for_update(of=("self",)).select_related("party").filter(pk=person_id).first()
    )
    if person is None:
        raise PersonNotFound(_("There is no such account."))
    return person
