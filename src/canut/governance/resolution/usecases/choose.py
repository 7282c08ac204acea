"""The choice: jurors put wordings to each other, and each college has one vote."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.content import Content
from canut.governance.resolution.access import jury_to_sit_in, must_be, wording_in
from canut.governance.resolution.models import Choice, Wording
from canut.governance.resolution.refusals import TooManyWordings
from canut.governance.resolution.states import SETTLED, JuryState
from canut.governance.resolution.usecases.follow_jury import settle_if_decided
from canut.governance.resolution.wordings import kept
from canut.governance.states import ProposalKind
from canut.governance.usecases.write_version import check_content
from canut.kernel.events import record
from canut.people.models import Person

MOST_WORDINGS = 5


@transaction.atomic
def put_wording(*, jury_id: int, by: Person, content: Content, at: datetime) -> Wording:
    """Put to the others how the draft could read. The same wording is there once, whoever put it.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`.
        BadInput, SettingRefused, ArticleRefused: the draft cannot read so.
        JuryNotThere: somebody was not understood yet, or the jury has ended.
        TooManyWordings: `by` has put five.
    """
    jury, seat = jury_to_sit_in(jury_id, by=by, at=at)
    must_be(jury, JuryState.CHOOSING)
    written = kept(check_content(content, kind=ProposalKind.CHANGE, at=at))
    same = jury.wordings.filter(content=written).first()
    if same is not None:
        return same
    if Wording.objects.filter(by=seat).count() >= MOST_WORDINGS:
        raise TooManyWordings(
            _("You have put %(most)s wordings. Choose among those there are.") % {"most": MOST_WORDINGS},
            most=MOST_WORDINGS,
        )
    wording = Wording.objects.create(jury=jury, by=seat, content=written, put_at=at)
    record(None, "jury.wording_put", jury, at=at, number=seat.number)
    return wording


@transaction.atomic
def choose_wording(*, jury_id: int, by: Person, wording_id: int | None, at: datetime) -> Choice:
    """Choose a wording, or the draft as it stands with None; it replaces what one chose before.

    When enough colleges vote for the same the jury has decided: the draft reads so and goes on.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`.
        WordingNotFound: no such wording was put. JuryNotThere: somebody was not understood yet.
        SettingRefused, ArticleRefused: it would be decided, and the rules have moved: it cannot read so.
    """
    jury, seat = jury_to_sit_in(jury_id, by=by, at=at)
    wording = None if wording_id is None else wording_in(jury, wording_id)
    before = Choice.objects.filter(seat=seat).first()
    if (
        before is not None
        and before.wording_id == wording_id
        and jury.state in (JuryState.CHOOSING, *SETTLED)
    ):
        return before
    must_be(jury, JuryState.CHOOSING)
    choice, _created = Choice.objects.update_or_create(
        seat=seat, defaults={"wording": wording, "chosen_at": at}
    )
    record(None, "jury.chosen", jury, at=at, number=seat.number)
    settle_if_decided(jury, at=at)
    return choice
