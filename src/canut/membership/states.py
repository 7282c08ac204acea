"""The states of what membership keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class College(models.TextChoices):
    """The three groups that decide together (MECHANISMS 7.2)."""

    WORKERS = "workers", _("workers")
    REQUESTERS = "requesters", _("requesters")
    TEAM = "team", _("the operating team")


class Way(models.TextChoices):
    """How somebody was admitted (MECHANISMS 7.1)."""

    INVITATION = "invitation", _("a member's invitation")
    VOUCHERS = "vouchers", _("members who vouched")
    IDENTITY_CHECK = "identity_check", _("a check of identity by the operators")
    JURY = "jury", _("a jury of members, after the operators had refused")


class Ended(models.TextChoices):
    """Why a membership is over."""

    LEFT = "left", _("the member left")
    ACCOUNT_CLOSED = "account_closed", _("the account was closed")


class CheckedBy(models.TextChoices):
    """How the operators made sure who somebody is."""

    IN_PERSON = "in_person", _("met in person")
    BY_VIDEO = "by_video", _("seen in a video call")
    DOCUMENT_SHOWN = "document_shown", _("an identity document was shown; no copy was kept")
    KNOWN = "known", _("known to the organisation that runs the site")


class RequestState(models.TextChoices):
    """What became of somebody's wish to be admitted."""

    OPEN = "open", _("waiting")
    ADMITTED = "admitted", _("admitted")
    WITHDRAWN = "withdrawn", _("taken back")
    REFUSED = "refused", _("refused by the operators")


class RefusalGround(models.TextChoices):
    """Why the operators did not admit somebody who asked."""

    IDENTITY = "identity", _("it could not be made sure who they are")
    SECOND_ACCOUNT = "second_account", _("the person is a member already, with another account")
    NOT_A_PERSON = "not_a_person", _("the account is not one real person's")
    OTHER = "other", _("something else, which the reason says")


class RefusalState(models.TextChoices):
    """What became of a refusal: nothing, or a contest of it, and how that ended."""

    GIVEN = "given", _("given")
    CONTESTED = "contested", _("contested")
    STANDS = "stands", _("contested, and it stands")
    FALLS = "falls", _("contested, and it does not stand")


class MemberInvitationState(models.TextChoices):
    """What became of an invitation."""

    OPEN = "open", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("not answered in time")


class LotState(models.TextChoices):
    """How far a drawing by lot is."""

    PREPARED = "prepared", _("prepared: the seed is fixed and secret")
    COMMITTED = "committed", _("announced: who may be drawn is fixed")
    DRAWN = "drawn", _("drawn: the seed stays secret while seats may be offered anew")
    CLOSED = "closed", _("closed: the seed is public, and anybody can draw again")


class SeatState(models.TextChoices):
    """What became of a seat that was offered to somebody who was drawn."""

    OFFERED = "offered", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    EXCLUDED = "excluded", _("excluded after the draw")
    RELEASED = "released", _("left after accepting")
    SERVED = "served", _("served")
