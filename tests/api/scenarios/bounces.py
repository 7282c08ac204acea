"""Situations of mails that came back."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.people.bounced import AWAY, POSTFIX, report
from tests.people.notices import told

from canut.people.notices.models import Letter
from canut.people.notices.tags import message_id
from canut.people.notices.usecases.send_notices import send_notices

FORGED = "<7-0123456789abcdef0123@example.org>"


def letter(cast: Cast) -> int:
    notice = told(cast.worker, "Your work was approved", at=cast.at)
    send_notices(person_id=cast.worker.pk, at=cast.at)
    return Letter.objects.get(notices=notice).pk


def reported(cast: Cast, reference: str = "") -> Call:
    body = {"reference": reference or message_id(letter(cast)), "status": "550 5.1.1 No such user"}
    return cast.post(cast.operator, "/bounces", body)


def handed_in(cast: Cast, shape: str = POSTFIX, **signs: str) -> Call:
    message = report(shape, letter(cast), **signs).decode()
    return cast.post(cast.operator, "/bounces/reports", {"message": message})


says("report_a_bounce", "200")(reported)
says("report_a_bounce", "bounce_not_ours")(lambda cast: reported(cast, FORGED))
says("report_a_bounce", "operator_role_missing")(lambda cast: reported(cast).but(by=cast.stranger))
says("report_a_bounced_mail", "200")(handed_in)
says("report_a_bounced_mail", "not_a_bounce")(lambda cast: handed_in(cast, AWAY))
says("report_a_bounced_mail", "bounce_not_ours")(
    lambda cast: handed_in(cast, to="x@example.org", sent_as=FORGED)
)
says("report_a_bounced_mail", "operator_role_missing")(lambda cast: handed_in(cast).but(by=cast.stranger))
