"""A member proposes something: an idea, whose author nobody is told until it is popular."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import to_json
from canut.governance.access import proposal_known, version_that_counts
from canut.governance.content import Content
from canut.governance.in_force import limits
from canut.governance.models import Proposal, ProposalGuild, ProposalSetting
from canut.governance.refusals import ComesBackTooSoon, NothingToComeFrom, TooManyProposals
from canut.governance.rules import Begun, comes_back_at, may_begin_at
from canut.governance.states import OPEN, CameBy, ProposalKind, ProposalState
from canut.governance.usecases.write_version import kind_of, says_the_same, write_version
from canut.kernel.events import record
from canut.membership.access import require_member
from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.rules import screen_name_is_usable


@transaction.atomic
def propose_idea(
    *,
    by: Person,
    content: Content,
    at: datetime,
    comes_from: int | None = None,
    came_by: str = CameBy.COMEBACK,
) -> Proposal:
    """Begin a proposal as an idea. The same idea sent twice is one.

    `comes_from` is the number of an earlier proposal that this one brings back after it was rejected,
    archived or withdrawn; or, with `came_by` "going_back", an adopted one that it undoes. A content with a
    guild is a proposal to found it, and nothing else.

    Raises:
        NotAMember: `by` is not admitted.
        TooManyProposals: the member has enough on their way, or has begun many lately.
        ProposalNotFound, NothingToComeFrom, ComesBackTooSoon: about the earlier proposal.
        BadInput, SettingRefused, ArticleRefused, GuildRefused: as `write_version`.
    """
    require_member(by, at)
    person_for_change(by)  # locks: of two ideas sent at once, the second sees the first
    for earlier in Proposal.objects.filter(author=by, state=ProposalState.IDEA):
        if says_the_same(version_that_counts(earlier), content):
            return earlier
    _refuse_flood(by, at)
    kind = kind_of(content)
    came_from = _come_from(comes_from, came_by, kind, at) if comes_from is not None else None
    if came_from is None:
        _refuse_the_same(content, at)
    proposal = Proposal.objects.create(
        kind=kind,
        author=by,
        comes_from=came_from,
        came_by=came_by if came_from is not None else "",
        began_at=at,
        changed_at=at,
    )
    write_version(proposal, content, number=1, by=by, at=at)
    record(None, "proposal.begun", proposal, at=at)  # without the author, whom nobody is told yet
    return proposal


def _refuse_flood(by: Person, at: datetime) -> None:
    own = Proposal.objects.filter(author=by)
    begun = Begun(
        on_their_way=own.filter(state__in=OPEN).count(),
        begun_at=list(own.values_list("began_at", flat=True)),
    )
    most = limits(at)
    from_when = may_begin_at(
        begun, at, most_open=most.most_open, most_new=most.most_new, window_days=most.window_days
    )
    if from_when is None:
        raise TooManyProposals(
            _(
                "You have %(count)s proposals on their way, as many as one member may have at once. When one "
                "has ended, or if you withdraw one, you can begin another."
            )
            % {"count": begun.on_their_way},
            most=most.most_open,
        )
    if from_when > at:
        raise TooManyProposals(
            _(
                "You have begun %(most)s ideas within %(days)s days, as many as one member may. You can "
                "begin the next on %(when)s."
            )
            % {
                "most": most.most_new,
                "days": most.window_days,
                "when": date_format(timezone.localtime(from_when), "DATETIME_FORMAT"),
            },
            most=most.most_new,
            from_when=from_when.isoformat(),
        )


def _come_from(number: int, came_by: str, kind: ProposalKind, at: datetime) -> Proposal:
    earlier = proposal_known(number)
    if earlier.kind == ProposalKind.RATIFICATION:
        raise NothingToComeFrom(
            _("Whether the constitution is ours is asked again by its own button, and changes nothing else."),
            state=earlier.state,
        )
    if earlier.kind != kind:
        raise NothingToComeFrom(
            _("That proposal asks another kind of thing: one founds a guild, the other changes rules."),
            state=earlier.state,
        )
    if came_by == CameBy.GOING_BACK:
        if earlier.state != ProposalState.ADOPTED or earlier.kind != ProposalKind.CHANGE:
            raise NothingToComeFrom(_("Only what was adopted can be gone back on."), state=earlier.state)
        return earlier
    ended = (ProposalState.REJECTED, ProposalState.ARCHIVED, ProposalState.WITHDRAWN)
    if earlier.state not in ended or earlier.ended_at is None:
        raise NothingToComeFrom(
            _("Only what was rejected, archived or withdrawn can be brought back."), state=earlier.state
        )
    _refuse_too_soon(earlier, at)
    return earlier


def _refuse_the_same(content: Content, at: datetime) -> None:
    """Refuse settings that are together just what was rejected or archived not long ago, or such a guild.

    A guild is the same by the screen name that it would have.
    """
    name = "" if content.guild is None else content.guild.tidied().screen_name
    if screen_name_is_usable(name):
        same = ProposalGuild.objects.filter(
            screen_name__iexact=name,
            version__number=F("version__proposal__version_number"),
            version__proposal__state__in=(ProposalState.REJECTED, ProposalState.ARCHIVED),
        ).select_related("version__proposal")
        for one in same.order_by("-version__proposal__ended_at")[:1]:
            _refuse_too_soon(one.version.proposal, at)
    if not content.settings:
        return
    wanted = {(w.parameter, w.scope_kind, w.scope_key, repr(to_json(w.new))) for w in content.settings}
    first = content.settings[0]
    rows = ProposalSetting.objects.filter(
        parameter=first.parameter,
        version__proposal__state__in=(ProposalState.REJECTED, ProposalState.ARCHIVED),
    ).select_related("version__proposal")
    for row in rows.order_by("-version__proposal__ended_at")[:200]:
        if row.version.number != row.version.proposal.version_number:
            continue
        found = {
            (one.parameter, one.scope_kind, one.scope_key, repr(one.new_value))
            for one in row.version.settings.all()
        }
        if found == wanted and not row.version.articles.exists() and not content.articles:
            _refuse_too_soon(row.version.proposal, at)


def _refuse_too_soon(earlier: Proposal, at: datetime) -> None:
    assert earlier.ended_at is not None  # it has ended
    from_when = comes_back_at(
        earlier.ended_at,
        state=earlier.state,
        comeback_days=in_force("governance.comeback_days", at=at),
    )
    if at < from_when:
        raise ComesBackTooSoon(
            _(
                "This was proposed not long ago and %(state)s. It can be proposed again from %(when)s on, or "
                "now if you change what it asks for."
            )
            % {
                "state": ProposalState(earlier.state).label,
                "when": date_format(timezone.localtime(from_when), "DATETIME_FORMAT"),
            },
            from_when=from_when.isoformat(),
            proposal_id=earlier.pk,
        )
