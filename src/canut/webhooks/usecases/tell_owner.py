"""The owner of an endpoint is told that nothing more is sent to it."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from canut.webhooks.models import Endpoint
from canut.webhooks.states import EndpointState
from canut.work.usecases.mails import address, as_read_by, mail_to


@transaction.atomic
def tell_owner(*, endpoint_id: int) -> bool:
    """Mail an endpoint's owner that it was stopped, once; False if it goes on by now. A job."""
    endpoint = Endpoint.objects.select_related("owner__party").filter(pk=endpoint_id).first()
    if endpoint is None or endpoint.state != EndpointState.DISABLED:
        return False
    with as_read_by(endpoint.owner):
        return mail_to(
            endpoint.owner,
            _("Your webhook %(name)s was stopped") % {"name": endpoint.name},
            _("Your program has taken no message for five days, or said that it wants no more."),
            _("Nothing is lost: the log shows what was not delivered, and each message can be sent again."),
            _("Once your program answers again, let the webhook go on here:"),
            address(reverse("webhook", args=[endpoint.pk])),
        )
