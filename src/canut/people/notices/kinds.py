"""What people are told of: the kinds of notice, how each goes if nobody chose, and which nobody turns off."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Kinds that stand together on a page, in the order in which they stand there."""

    WORK = "work", _("Work")
    REQUESTS = "requests", _("My projects")
    GUILDS = "guilds", _("Guilds")
    TALK = "talk", _("Talk")
    DECISIONS = "decisions", _("Decisions")
    JUSTICE = "justice", _("Appeals and disputes")
    MEMBERSHIP = "membership", _("Membership")
    ACCOUNT = "account", _("My account")
    RUNNING = "running", _("Running the site")


class NoticeKind(models.TextChoices):
    """What a notice is about, as whoever chooses their mails reads it."""

    NEW_WORK = "new_work", _("New work that a saved search finds")
    DECISION = "decision", _("Decisions on my work")
    PAY = "pay", _("My pay")
    SESSION = "session", _("Work by the hour")
    QUALIFICATION = "qualification", _("Qualifications")
    PROJECT = "project", _("What happens in my projects")
    CONTESTED = "contested", _("Appeals and contests against my decisions")
    GUILD = "guild", _("What happens in my guilds")
    REVIEW = "review", _("Reviews of my work, and reviews I am asked for")
    MENTION = "mention", _("Posts that call me by name")
    DIGEST = "digest", _("Once a day, what is new in threads that I follow")
    MESSAGE = "message", _("New messages in my conversations")
    FACILITATED = "facilitated", _("Facilitated discussions that I take part in")
    PROPOSAL = "proposal", _("Ideas and proposals that I wrote")
    SUPPORTED = "supported", _("Ideas and proposals that I support")
    VOTE = "vote", _("Votes and elections in which I have a vote")
    BOARD = "board", _("My seat on the board, or my standing for one")
    APPEAL = "appeal", _("My appeals")
    JURY = "jury", _("Juries that I am drawn for")
    JURY_TIME = "jury_time", _("Reminders of my time in juries")
    DISPUTE = "dispute", _("Steps of my disputes, and mediation")
    DISPUTE_NEWS = "dispute_news", _("Messages and reminders in my disputes")
    FLAG = "flag", _("Flags on what I wrote, and flags that I set")
    MEMBERSHIP = "membership", _("My membership")
    WEBHOOK = "webhook", _("Webhooks of my programs")
    RUNNING = "running", _("What those who run the site have to do")
    ASSESSMENT = "assessment", _("Drafts that wait for the team's answer")
    ACCOUNT = "account", _("The safety of my account and its keys")
    SANCTION = "sanction", _("Sanctions that concern me")
    ALARM = "alarm", _("Alarms about the charter and the books")


@dataclass(frozen=True, slots=True)
class About:
    """A kind as a page shows it, and how its notices go if nobody chose.

    One that `is_security` always goes by every way there is: it is never held back, counted or turned off.
    """

    group: Group
    mail: bool = True
    push: bool = False
    is_security: bool = False


KINDS: Mapping[NoticeKind, About] = {
    NoticeKind.NEW_WORK: About(Group.WORK, mail=False),  # each saved search has a choice of its own
    NoticeKind.DECISION: About(Group.WORK),
    NoticeKind.PAY: About(Group.WORK),
    NoticeKind.SESSION: About(Group.WORK, push=True),
    NoticeKind.QUALIFICATION: About(Group.WORK),
    NoticeKind.APPEAL: About(Group.JUSTICE),
    NoticeKind.PROJECT: About(Group.REQUESTS),
    NoticeKind.CONTESTED: About(Group.REQUESTS),
    NoticeKind.WEBHOOK: About(Group.REQUESTS),
    NoticeKind.GUILD: About(Group.GUILDS),
    NoticeKind.REVIEW: About(Group.GUILDS),
    NoticeKind.MENTION: About(Group.TALK, push=True),
    NoticeKind.MESSAGE: About(Group.TALK, mail=False, push=True),  # the digest has them too
    NoticeKind.DIGEST: About(Group.TALK),
    NoticeKind.FACILITATED: About(Group.TALK),
    NoticeKind.PROPOSAL: About(Group.DECISIONS),
    NoticeKind.SUPPORTED: About(Group.DECISIONS),
    NoticeKind.VOTE: About(Group.DECISIONS),
    NoticeKind.BOARD: About(Group.DECISIONS),
    NoticeKind.JURY: About(Group.JUSTICE, push=True),
    NoticeKind.JURY_TIME: About(Group.JUSTICE, push=True),
    NoticeKind.DISPUTE: About(Group.JUSTICE),
    NoticeKind.DISPUTE_NEWS: About(Group.JUSTICE),
    NoticeKind.FLAG: About(Group.JUSTICE),
    NoticeKind.SANCTION: About(Group.JUSTICE, push=True, is_security=True),
    NoticeKind.MEMBERSHIP: About(Group.MEMBERSHIP),
    NoticeKind.ACCOUNT: About(Group.ACCOUNT, push=True, is_security=True),
    NoticeKind.RUNNING: About(Group.RUNNING),
    NoticeKind.ASSESSMENT: About(Group.RUNNING),
    NoticeKind.ALARM: About(Group.RUNNING, push=True, is_security=True),
}

SECURITY = tuple(kind for kind, about in KINDS.items() if about.is_security)


def kinds_of(group: Group) -> tuple[NoticeKind, ...]:
    """Return the kinds of a group, in the order of `KINDS`."""
    return tuple(kind for kind, about in KINDS.items() if about.group == group)
