"""Somebody whose mails came back asks to try their address again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import MailTrouble
from canut.people.notices.queries import TRIED_AGAIN_AFTER
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment


class AddressWorks(Refusal):
    code = "address_works"


class AddressTriedAlready(Refusal):
    """Facts: `again_at`."""

    code = "address_tried_already"


@transaction.atomic
def try_address(*, by: Person, at: datetime) -> MailTrouble:
    """Send `by` one mail, and all others again from now on, until one comes back. Once a day.

    Raises:
        AddressWorks: nothing was stopped. AddressTriedAlready: it was tried less than a day ago.
        AccountIsClosed.
    """
    person = person_for_change(by)
    rows = MailTrouble.objects.select_for_update()
    trouble = rows.filter(address=(person.email or "").lower(), stopped_at__isnull=False).first()
    if trouble is None:
        raise AddressWorks(_("Mails to your address are not stopped. There is nothing to try."))
    if trouble.tried_at is not None and at < trouble.tried_at + TRIED_AGAIN_AFTER:
        again_at = trouble.tried_at + TRIED_AGAIN_AFTER
        raise AddressTriedAlready(
            _("This address was tried less than a day ago. Try it again from %(moment)s on, or change it.")
            % {"moment": moment(again_at)},
            again_at=again_at.isoformat(),
        )
    trouble.tried_at, trouble.stopped_at = at, None
    trouble.save(update_fields=["tried_at", "stopped_at"])
    with as_read_by(person):
        tell(
            person,
            NoticeKind.ACCOUNT,
            _("A mail to try your address"),
            _("You asked us to try this address again. If you read this in your mailbox, it works."),
            _("If mails come back once more, the site stops sending them and says so on its pages."),
            path="/notices/choices/",
            at=at,
        )
    return trouble
