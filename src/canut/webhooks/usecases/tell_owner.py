"""The owner of an endpoint is told that nothing more is sent to it."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.webhooks.models import Endpoint
from canut.webhooks.states import EndpointState


@transaction.atomic
def tell_owner(*, endpoint_id: int, at: datetime) -> bool:
    """Tell an endpoint's owner that it was stopped; False if it goes on by now. A job."""
    endpoint = Endpoint.objects.select_related("owner__party").filter(pk=endpoint_id).first()
    if endpoint is None or endpoint.state != EndpointState.DISABLED:
        return False
    with as_read_by(endpoint.owner):
        told = tell(
            endpoint.owner,
            NoticeKind.WEBHOOK,
            _("Your webhook %(name)s was stopped") % {"name": endpoint.name},
            _("Your program has taken no message for five days, or said that it wants no more."),
            _("Nothing is lost: the log shows what was not delivered, and each message can be sent again."),
            _("Once your program answers again, let the webhook go on here:"),
            path=reverse("webhook", args=[endpoint.pk]),
            at=at,
        )
    return told is not None
