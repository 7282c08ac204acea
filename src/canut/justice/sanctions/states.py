"""The published list: what can be decided about somebody, on which grounds, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from canut.people.models import Bar


class Kind(models.TextChoices):
    """What is decided, the gentlest first."""

    WARN = "warn", _("a warning")
    RESTRICT = "restrict", _("a restriction")
    REFUSE_PAYMENT = "refuse_payment", _("a refusal to pay out earnings")
    SUSPEND = "suspend", _("a suspension")
    CLOSE = "close", _("the closing of the account")


EFFECTS: Mapping[Kind, Any] = {
    Kind.WARN: _("Nothing changes for the account. It is kept, and can be looked at again."),
    Kind.RESTRICT: _(
        "For a number of days the account cannot do what the sanction names: take tasks, publish work or "
        "write in discussions. All else goes on."
    ),
    Kind.REFUSE_PAYMENT: _(
        "Earnings, or a part of them, are not paid out. The money stays in the account: nobody else gets it."
    ),
    Kind.SUSPEND: _(
        "For a number of days nobody can sign in to the account or use its keys. What was handed in is "
        "decided and paid as ever."
    ),
    Kind.CLOSE: _(
        "Nobody can sign in to the account or use its keys any more. What was handed in is decided and paid "
        "as ever. Nothing is deleted, so that a reversal restores all of it."
    ),
}
"""What each kind does, for the public page and the statement of reasons."""

MAY_BAR = (Bar.TAKE, Bar.PUBLISH, Bar.POST)
"""What a restriction can name. A suspension and a closing bar all of it, and signing in."""

FOR_DAYS = (Kind.RESTRICT, Kind.SUSPEND)
"""What ends by itself after a number of days."""


class Ground(models.TextChoices):
    """Why; there is no other. The public page shows this list, and `GROUNDS` says what each means."""

    ACCOUNTS = "accounts", _("more than one account, or somebody else's")
    DECEPTION = "deception", _("work that deceives")
    COLLUSION = "collusion", _("an arrangement about ratings, votes or decisions")
    HARASSMENT = "harassment", _("threats, insults or discrimination")
    SPAM = "spam", _("advertising")
    UNSAFE_WORK = "unsafe_work", _("work that endangers somebody or is against the law")
    REJECTIONS = "rejections", _("rejections that peers overturn again and again")
    PRIVATE_DATA = "private_data", _("other people's private data")
    STOLEN_MONEY = "stolen_money", _("money that was not theirs")
    AUTHORITY = "authority", _("an order of a court or an authority")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a ground means, what shows it, and which sanctions it can carry."""

    sentence: Any
    evidence: Any
    kinds: tuple[Kind, ...]


_ALL = tuple(Kind)
_BUT_MONEY = (Kind.WARN, Kind.RESTRICT, Kind.SUSPEND, Kind.CLOSE)

GROUNDS: Mapping[Ground, Meaning] = {
    Ground.ACCOUNTS: Meaning(
        _("One person acts here through several accounts, or through the account of another person."),
        _("What the accounts have in common, and since when."),
        _ALL,
    ),
    Ground.DECEPTION: Meaning(
        _(
            "Answers are made up, copied from others, or made by a program where a task asks for a person; "
            "or a requester says what is untrue about the work or its pay."
        ),
        _("The pieces of work, and what shows how they were made."),
        _ALL,
    ),
    Ground.COLLUSION: Meaning(
        _("People agree among themselves how to rate, review or vote, or what to decide about work."),
        _("The ratings, reviews or decisions, and what shows that they were arranged."),
        _BUT_MONEY,
    ),
    Ground.HARASSMENT: Meaning(
        _("Somebody threatens, insults or degrades others, or treats them worse for who they are."),
        _("The words as they were written, and where."),
        _BUT_MONEY,
    ),
    Ground.SPAM: Meaning(
        _("Somebody uses posts, tasks, names or pictures to advertise what has nothing to do with the work."),
        _("The posts, tasks, names or pictures, and where they stood."),
        _BUT_MONEY,
    ),
    Ground.UNSAFE_WORK: Meaning(
        _("Tasks put those who do them, or others, in danger, or ask for what the law forbids."),
        _("The tasks as workers saw them, and the danger or the law."),
        _BUT_MONEY,
    ),
    Ground.REJECTIONS: Meaning(
        _("A requester rejects work again and again that juries of peers then find to be right."),
        _("The cases and what the peers decided."),
        (Kind.WARN, Kind.RESTRICT),
    ),
    Ground.PRIVATE_DATA: Meaning(
        _("Somebody asks others for private data that the work does not need, or spreads such data."),
        _("What was asked for or spread, and where; without the data themselves."),
        _BUT_MONEY,
    ),
    Ground.STOLEN_MONEY: Meaning(
        _("Money was paid in that was not theirs or was called back, or earnings come from it."),
        _("The payments, and what the bank or the provider says."),
        _ALL,
    ),
    Ground.AUTHORITY: Meaning(
        _("A court or an authority has ordered it."),
        _("The order: who gave it, on which day, under which number."),
        _ALL,
    ),
}


class Ended(models.TextChoices):
    """Why a sanction holds no more."""

    RUN_OUT = "run_out", _("its days are over")
    WITHDRAWN = "withdrawn", _("taken back by those who run the site")
    REVERSED = "reversed", _("reversed by the person who looked at it again")
    LAPSED = "lapsed", _("lapsed, for nobody looked at it again in time")
    OVERTURNED = "overturned", _("overturned by peers")


UNDONE = (Ended.WITHDRAWN, Ended.REVERSED, Ended.LAPSED, Ended.OVERTURNED)
"""As if it had not been decided."""


class Outcome(models.TextChoices):
    """What the person says who looks at a sanction again."""

    STANDS = "stands", _("It stands")
    FALLS = "falls", _("It falls")


class Delivered(models.TextChoices):
    """How somebody was told."""

    MAIL = "mail", _("by mail")
    PAGE = "page", _("by reading it on the site")


class ProposalState(models.TextChoices):
    """What became of a proposal that a rule made."""

    OPEN = "open", _("waits for a person")
    TAKEN_UP = "taken_up", _("a person decided a sanction")
    SET_ASIDE = "set_aside", _("a person set it aside")
    LAPSED = "lapsed", _("lapsed")


class Pattern(models.TextChoices):
    """The rules that may propose."""

    OVERTURNED_REJECTIONS = "overturned_rejections", _("rejections that peers overturned")
