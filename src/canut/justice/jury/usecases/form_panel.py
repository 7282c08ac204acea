"""Peers are drawn by lot to hear a case, as near to who appealed as there are enough of them."""

from collections.abc import Mapping
from datetime import datetime

from canut.charter.queries import in_force
from canut.justice.jury.lots import ADDRESS, SUBJECT
from canut.justice.jury.models import Panel, Seat
from canut.justice.jury.pools import people_in, readers_of
from canut.justice.jury.rules import peers_to_draw_among, seats_to_fill, time_to_decide
from canut.justice.jury.usecases.seat_jurors import seat_jurors
from canut.justice.models import Case
from canut.justice.subjects import SUBJECTS
from canut.kernel.events import record
from canut.membership.states import College
from canut.membership.usecases.commit_lot import commit_lot, served_lately
from canut.membership.usecases.draw_lot import draw_lot


def form_panel(case: Case, *, active: Mapping[int, College], at: datetime) -> Panel | None:
    """Draw the next panel of an open case among the active members; None for too few peers, or no time left.

    Nobody sits who had a part in what it is about, or was asked before in this case; who reads its language
    and has not served lately comes first. The case's row must be locked, and no other panel may hear it.
    """
    before = Panel.objects.filter(case=case).order_by("number").first()
    peers = before.peers if before else in_force("jury.appeal_peers", at=at)
    needed = before.votes_needed if before else min(peers, in_force("jury.appeal_votes", at=at))
    seats = seats_to_fill(peers, Seat.objects.filter(panel__case=case, counts=True).count())
    subject = SUBJECTS[case.kind]
    decide_by = time_to_decide(
        drawn_at=at,
        days=in_force("jury.appeal_days", at=at),
        pays_at=subject.pays_at(case.subject_id),
    )
    if decide_by is None:
        return None
    asked = Seat.objects.filter(panel__case=case).values_list("person_id", flat=True)
    apart = {case.party_id, *subject.excluded(case.subject_id, at=at), *asked}
    pools = subject.pools(case.subject_id, at=at)
    people = [people_in(pool, active) - apart for pool in pools]
    everybody = {person for pool in people for person in pool}
    found = peers_to_draw_among(
        people,
        seats,
        readers=readers_of(subject.language(case.subject_id), among=everybody),
        rested=everybody - served_lately(everybody, at=at),
    )
    if found is None:
        return None
    widened, among = found
    panel = Panel.objects.create(
        case=case,
        number=Panel.objects.filter(case=case).count() + 1,
        pool=pools[widened].kind,
        guild_id=pools[widened].guild_id,
        peers=peers,
        votes_needed=needed,
        seats=seats,
        opened_at=at,
        decide_by=decide_by,
    )
    lot = commit_lot(
        subject_kind=SUBJECT,
        subject_id=panel.pk,
        address=ADDRESS,
        college=None,
        seats=seats,
        exclude=apart,
        among=among,
        at=at,
    )
    draw_lot(number=lot.number, at=at)
    record(None, "panel.drawn", panel, at=at, case_id=case.pk, kind=case.kind, pool=panel.pool, seats=seats)
    seat_jurors(panel, at=at)
    return panel
