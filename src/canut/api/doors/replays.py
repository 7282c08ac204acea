"""Replays: what a setting would have changed, run on this site's last months."""

from django.http import HttpRequest

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.replays import Replay, ReplayIn, replay_said
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import ValueRefused, from_json
from canut.kernel import clock
from canut.lab.replays.charters import Setting
from canut.lab.replays.queries import replay_of_proposal, replay_seen
from canut.lab.replays.refusals import ReplayNotFound, ReplayRefused, ReplayUnderWay
from canut.lab.replays.usecases.ask_replay import ask_replay, no_such_parameter, value_refused
from canut.membership.access import NotAMember
from canut.people.models import Scope

doors = Doors("replays")


@doors.get("/replays/{replay_id}", scope=None, answers=Replay, refuses=(ReplayNotFound,))
def get_replay(request: HttpRequest, replay_id: Id) -> Replay:
    """One replay: how far it is, and what came of it. Needs no key."""
    return replay_said(replay_seen(replay_id))


@doors.get("/proposals/{proposal_id}/replay", scope=None, answers=Replay, refuses=(ReplayNotFound,))
def get_replay_of_proposal(request: HttpRequest, proposal_id: Id) -> Replay:
    """The replay of a proposal's latest version that has one. Needs no key."""
    return replay_said(replay_of_proposal(proposal_id))


@doors.post(
    "/replays",
    scope=Scope.DECIDE,
    answers=Replay,
    status=201,
    refuses=(NotAMember, ReplayRefused, ReplayUnderWay),
)
def ask_for_a_replay(request: Asked, body: ReplayIn) -> Replay:
    """Try a value of a parameter, for members: a job runs the last months again under it."""
    parameter = PARAMETERS.get(body.parameter)
    if parameter is None:
        raise no_such_parameter()
    try:
        value = from_json(parameter, body.value)
    except ValueRefused as error:
        raise value_refused() from error
    setting = Setting(parameter.name, value, body.scope_kind, body.scope_key)
    made = ask_replay(by=request.auth.by, setting=setting, at=clock.now())
    return replay_said(replay_seen(made.pk))
