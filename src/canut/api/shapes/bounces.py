"""Mails of the site that came back."""

from typing import Annotated, Literal, cast

from pydantic import Field

from canut.api.shapes.common import Said, Sent
from canut.people.notices.bounces import Report

BounceFault = Literal["hard", "soft", "ours"]
LONGEST_MESSAGE = 500_000


class BounceReportIn(Sent):
    """A report of a mail server, whole: a delivery status notification (RFC 3464) with its headers."""

    message: Annotated[str, Field(max_length=LONGEST_MESSAGE)] = Field(
        description="The mail as it came; its signs of ours are looked for in its headers and parts."
    )


class BounceIn(Sent):
    """What a mail provider says, in a form of its own, of a mail that it could not deliver."""

    reference: Annotated[str, Field(max_length=1000)] = Field(
        description="The mail's message id, or the address that it would come back to."
    )
    status: Annotated[str, Field(max_length=500)] = Field(
        description="What the mail server said: a status code such as `5.1.1`, or a reply code such as `550`."
    )


class BounceNoted(Said):
    """What was read of a report, and whether it was news."""

    mail: int = Field(description="The number of the mail.")
    fault: BounceFault = Field(
        description="`hard`: no such mailbox; `soft`: a mailbox in trouble; `ours`: the mail or its sender."
    )
    code: str
    is_news: bool = Field(description="A report that comes twice counts once.")


def bounce_said(report: Report, *, is_news: bool) -> BounceNoted:
    return BounceNoted(
        mail=report.letter_id, fault=cast(BounceFault, report.fault.value), code=report.code, is_news=is_news
    )
