"""How conditions, scopes, bands and moves are said to a worker."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

CONDITIONS: Mapping[str, Any] = {
    "project_is_live": _("The project is published, and neither paused nor closed."),
    "project_is_shown": _("Members have not hidden it by flagging it."),
    "project_is_given_out": _("Its requester may have work given out at present."),
    "deadline_is_to_come": _("Its deadline has not passed."),
    "worker_is_not_restricted": _("No sanction keeps you from taking tasks at present."),
    "worker_may_work": _("You have the worker's role and have agreed to the terms."),
    "project_is_anothers": _("The project is somebody else's."),
    "worker_is_not_blocked": _("Its requester has not excluded you."),
    "worker_is_on_list": _("It is for everybody, or its requester has listed you."),
    "standings_suffice": _("You have the guild's level and the qualifications that it asks for, if any."),
    "risks_are_accepted": _("You have accepted what its work may show, if that is sensitive."),
    "session_is_open": _("If it is paid by the hour, a session of yours is open."),
    "round_share_is_left": _("If it is being tried out, you have not yet had your part of that."),
    "cascade_lets_in": _("It is open to everybody by now, or to you already."),
    "none_is_held_here": _("You hold no other task of it."),
    "under_the_cap": _("You have not too many tasks in hand."),
}
"""What is asked of a worker before they can take a task, as `work.rules_explained` names it."""

SCOPES: Mapping[str, Any] = {
    "project_group": _("this requester's ratings of your work in this project and its kin"),
    "requester": _("this requester's ratings of all your work for them"),
    "platform": _("the latest rating by each requester you have worked for"),
    "unrated": _("no ratings: it is the number that the charter gives to those whom nobody has rated enough"),
}
"""Where a standing comes from. A project's kin are its revisions and its owner's duplicates of it."""

BANDS: Mapping[str, Any] = {
    "early": _("early: among the first"),
    "normal": _("normal: in the middle"),
    "last": _("last: when the others have had their chance"),
}
"""The three bands of access."""

POLICIES: Mapping[str, Any] = {
    "ladder": _("It opens step by step, one step a beat, until it is open to everybody."),
    "throughput": _(
        "It stays as it is while it is worked on as fast as before, and opens further at the next beat "
        "when work slows down."
    ),
    "share": _("It opens further the more it falls behind other projects in work done."),
    "open": _("It opens to everybody at once."),
}
"""How each policy opens a project."""

MOVES: Mapping[str, Any] = {
    "started": _("It was published, or more work was added."),
    "step": _("The next step of its policy."),
    "held": _("It stayed: work went on as fast as before."),
    "fell": _("Nobody who could come in stood so high, so nobody had to wait."),
    "ended": _("Everybody may come."),
    "chosen": _("Its requester opened it."),
    "stopped": _("The members have stopped this rule."),
}
"""Why each beat left the threshold where it is."""

WAYS: Mapping[str, Any] = {
    "standing": _("by your standing"),
    "stayed": _("because you had handed in work of it before"),
    "newcomer": _("by a place kept for workers whom nobody has rated yet"),
}
"""How somebody came in while a project was opening."""

OPEN_BY: Mapping[str, Any] = {
    "standing": _("You can take a task of it: your standing is high enough."),
    "stayed": _("You can take a task of it: whoever has handed in work of it once stays admitted."),
    "newcomer": _("You can take a task of it: places are kept for workers whom nobody has rated yet."),
}
"""What somebody is told whom the cascade lets in."""

OPEN = _("You can take a task of it: it is open to everybody who meets its conditions, and you do.")
"""What they are told where no cascade runs."""
