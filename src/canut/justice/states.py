"""What an appeal can be against, how far it is, and who ended it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    """What is contested; each kind has one subject in `justice.subjects`."""

    REJECTION = "rejection", _("a rejection of work")
    TIME_REPORT = "time_report", _("a contested report of time")
    BROKEN_TASK = "broken_task", _("a contested report of a broken task")
    WITHDRAWAL = "withdrawal", _("a project withdrawn by its workers")
    LEVEL = "level", _("a decision on a level in a guild")
    ADMISSION = "admission", _("a decision on membership")
    SANCTION = "sanction", _("a sanction")


class CaseState(models.TextChoices):
    """Whether what is contested stands or falls. Dropped, nobody said: a side gave in, or it was over."""

    OPEN = "open", _("open")
    STANDS = "stands", _("what was decided stands")
    FALLS = "falls", _("what was decided does not stand")
    DROPPED = "dropped", _("ended without a decision")


class CaseBy(models.TextChoices):
    """Who ended a case."""

    JURY = "jury", _("peers who were drawn by lot")
    NO_PEERS = "no_peers", _("nobody: no peers were found in time")
    OTHER_SIDE = "other_side", _("the other side, which gave in")
    OVERTAKEN = "overtaken", _("nobody: what it was about was over before")
    TAKEN_BACK = "taken_back", _("whoever appealed, who took it back")


class PoolKind(models.TextChoices):
    """Among whom a jury is drawn; of each, only admitted and active members are."""

    GUILD_LEVEL = "guild_level", _("members of the guild at this level or above")
    GUILD = "guild", _("members of the guild")
    WORKERS = "workers", _("all active workers")
    REQUESTERS = "requesters", _("all active requesters")
    OTHER_GUILDS = "other_guilds", _("members of other guilds")
    MEMBERS = "members", _("all active members")


UNDECIDED = (CaseBy.OTHER_SIDE, CaseBy.TAKEN_BACK, CaseBy.OVERTAKEN)
"""Where a case ended by these, nobody decided it."""

OUTCOMES = (CaseState.STANDS, CaseState.FALLS)
"""What a jury can say."""
