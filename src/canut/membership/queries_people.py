"""Members as members see each other, and those on the way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from canut.charter.queries import in_force
from canut.membership.access import invitation_by_token, refuse_unusable, request_gone, require_member
from canut.membership.invitation_token import invitation_token
from canut.membership.models import AdmissionRequest, MemberInvitation, Membership
from canut.membership.queries import colleges_of, memberships_at
from canut.membership.states import CheckedBy, College, MemberInvitationState, RequestState, Way
from canut.people.access import as_operator
from canut.people.models import Person

MEMBERS_A_PAGE = 50
REQUESTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A member in the list. `college` is None for those who are not active or of no college."""

    id: int
    screen_name: str
    simulated: bool
    college: College | None
    admitted_at: datetime


@dataclass(frozen=True, slots=True)
class MembersPage:
    members: Sequence[MemberSeen]
    words: str
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class CollegeCounts:
    """How many members there are, and how many active ones in each college: for everybody."""

    members: int
    active: int
    workers: int
    requesters: int
    team: int


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """Somebody who asks to be admitted, as members and operators see them."""

    id: int
    person_id: int
    screen_name: str
    simulated: bool
    words: str
    asked_at: datetime
    vouchers: int
    vouched_by_me: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class RequestsPage:
    requests: Sequence[RequestSeen]
    vouchers_needed: int
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One's own request to be admitted, while it waits."""

    id: int
    words: str
    asked_at: datetime
    vouchers: int
    vouchers_needed: int


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """An invitation as the member who made it sees it; `link` and `email` only while it is open."""

    id: int
    email: str
    state: MemberInvitationState
    invited_at: datetime
    lapses_at: datetime
    link: str


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """An invitation as whoever has its link sees it."""

    inviter: str
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class AdmissionMade:
    """A check of identity as operators see it later."""

    screen_name: str
    by: str
    checked_by: CheckedBy
    note: str
    admitted_at: datetime


def members_page(
    *, by: Person, words: str = "", after_id: int | None = None, most: int = MEMBERS_A_PAGE, at: datetime
) -> MembersPage:
    """Return a page of the members, the longest admitted first; `words` narrows to a screen name.

    Raises:
        NotAMember: `by` is none.
    """
    require_member(by, at)
    words = " ".join(words.replace("\0", " ").split())[:30]
    rows = memberships_at(at).order_by("pk").select_related("person__party")
    if words:
        rows = rows.filter(person__party__screen_name__icontains=words)
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    found = list(rows[: most + 1])
    shown = found[:most]
    colleges = colleges_of([one.person_id for one in shown], at=at)
    members = [
        MemberSeen(
            one.person_id,
            one.person.screen_name,
            one.person.simulated,
            colleges.get(one.person_id),
            one.admitted_at,
        )
        for one in shown
    ]
    return MembersPage(members, words, shown[-1].pk if len(found) > most else None)


def college_counts(at: datetime) -> CollegeCounts:
    """Return how many members there are at `at`, and how many active ones in each college."""
    people = list(memberships_at(at).values_list("person_id", flat=True))
    colleges = list(colleges_of(people, at=at).values())
    return CollegeCounts(
        members=len(people),
        active=len(colleges),
        workers=colleges.count(College.WORKERS),
        requesters=colleges.count(College.REQUESTERS),
        team=colleges.count(College.TEAM),
    )


def requests_page(
    *, by: Person, after_id: int | None = None, most: int = REQUESTS_A_PAGE, at: datetime
) -> RequestsPage:
    """Return a page of those who ask to be admitted, the longest waiting first, to a member or an operator.

    Raises:
        NotAMember: `by` is neither.
    """
    if not by.is_operator:
        require_member(by, at)
    rows = AdmissionRequest.objects.filter(state=RequestState.OPEN, person__is_active=True).order_by("pk")
    rows = rows.select_related("person__party").prefetch_related("vouchers")
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    found = list(rows[: most + 1])
    shown = found[:most]
    givers = {one.by_id for request in shown for one in request.vouchers.all()}
    counting = set(memberships_at(at).filter(person_id__in=givers).values_list("person_id", flat=True))
    requests = [
        RequestSeen(
            id=request.pk,
            person_id=request.person_id,
            screen_name=request.person.screen_name,
            simulated=request.person.simulated,
            words=request.words,
            asked_at=request.asked_at,
            vouchers=sum(one.by_id in counting for one in request.vouchers.all()),
            vouched_by_me=any(one.by_id == by.pk for one in request.vouchers.all()),
            is_mine=request.person_id == by.pk,
        )
        for request in shown
    ]
    needed = in_force("membership.vouchers", at=at)
    return RequestsPage(requests, needed, shown[-1].pk if len(found) > most else None)


def request_seen(request_id: int, *, by: Person, at: datetime) -> RequestSeen:
    """Return one open request as an operator sees it.

    Raises:
        NotAMember: `by` neither is a member nor runs this site. AdmissionRequestNotFound: it is not open.
    """
    page = requests_page(by=by, after_id=request_id - 1, most=1, at=at)
    for request in page.requests:
        if request.id == request_id:
            return request
    raise request_gone()


def own_request(by: Person, at: datetime) -> OwnRequest | None:
    """Return `by`'s own request to be admitted while it waits, None if there is none."""
    request = AdmissionRequest.objects.filter(person=by, state=RequestState.OPEN).first()
    if request is None:
        return None
    givers = request.vouchers.values("by_id")
    return OwnRequest(
        id=request.pk,
        words=request.words,
        asked_at=request.asked_at,
        vouchers=memberships_at(at).filter(person_id__in=givers).count(),
        vouchers_needed=in_force("membership.vouchers", at=at),
    )


def invitations_made(
    by: Person, *, before_id: int | None = None, most: int = REQUESTS_A_PAGE
) -> Sequence[InvitationMade]:
    """Return the invitations that `by` made, the newest first."""
    rows = MemberInvitation.objects.filter(by=by).order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [
        InvitationMade(
            id=one.pk,
            email=one.email,
            state=MemberInvitationState(one.state),
            invited_at=one.invited_at,
            lapses_at=one.lapses_at,
            link=f"/membership/invitations/{invitation_token(one.pk)}/"
            if one.state == MemberInvitationState.OPEN
            else "",
        )
        for one in rows[:most]
    ]


def invitation_seen(token: str, *, by: Person | None, at: datetime) -> InvitationSeen:
    """Return an invitation that can be accepted, to whoever has its link.

    Raises:
        MemberInvitationNotUsable: it cannot be, and why.
    """
    invitation = invitation_by_token(token)
    if by is None or invitation.accepted_by_id != by.pk:
        refuse_unusable(invitation, by=by, at=at)
    inviter = Person.objects.select_related("party").get(pk=invitation.by_id)
    return InvitationSeen(inviter.screen_name, invitation.lapses_at)


def invitations_left(by: Person, *, at: datetime) -> int:
    """Return how many more people `by` may invite now, if they are an active member."""
    lasts = timedelta(days=in_force("membership.invitation_days", at=at))
    made = MemberInvitation.objects.filter(by=by, invited_at__gt=at - lasts).count()
    return max(0, in_force("membership.invitations", at=at) - made)


def checks_page(
    *, by: Person, before_id: int | None = None, most: int = REQUESTS_A_PAGE
) -> tuple[Sequence[AdmissionMade], int | None]:
    """Return whom operators admitted after a check of identity, the newest first, and where to go on.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
    """
    as_operator(by)
    rows = Membership.objects.filter(way=Way.IDENTITY_CHECK).order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("person__party", "by__party")[: most + 1])
    shown = [
        AdmissionMade(
            one.person.screen_name,
            "" if one.by is None else one.by.screen_name,
            CheckedBy(one.checked_by),
            one.note,
            one.admitted_at,
        )
        for one in found[:most]
    ]
    return shown, found[most - 1].pk if len(found) > most else None
