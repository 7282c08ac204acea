"""The refusals about flags."""

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class NothingToFlag(NotFound):
    """There is no such thing, or the one who asks cannot see it."""

    code = "nothing_to_flag"


class FlagsOwn(NotAllowed):
    code = "flags_own"


class DutyNotFlagged(Refusal):
    """Reviews and juries are not hidden by those whom they may displease."""

    code = "duty_not_flagged"


class FlagDecided(Refusal):
    """A person has decided on it. Facts: `state`, `reason`."""

    code = "flag_decided"


class TooManyFlags(Refusal):
    """Facts: `most_a_day`, `again_at`."""

    code = "too_many_flags"


class MatterNotFound(NotFound):
    code = "flag_matter_not_found"


class DecidesOwnMatter(NotAllowed):
    """It is theirs, or they flagged it: somebody else has to look at it."""

    code = "decides_own_matter"


class MatterDecided(Refusal):
    """Somebody else was faster. Facts: `state`."""

    code = "flag_matter_decided"


class NothingToObject(Refusal):
    """It is not hidden by a person's decision."""

    code = "nothing_to_object"


class ObjectedAlready(Refusal):
    code = "objected_already"


class NoObjectionOpen(Refusal):
    code = "no_objection_open"


class SameModerator(NotAllowed):
    """Who decided does not answer what is objected to it."""

    code = "same_moderator"
