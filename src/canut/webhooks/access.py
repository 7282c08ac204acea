"""The only way to an endpoint, and to what it was told, on its owner's behalf."""

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.webhooks.models import Endpoint, Message


class WebhookNotFound(NotFound):
    code = "webhook_not_found"


class WebhookMessageNotFound(NotFound):
    code = "webhook_message_not_found"


def own_endpoint(endpoint_id: int, *, by: Person, lock: bool = False) -> Endpoint:
    """Return an endpoint of `by`'s own.

    Raises:
        WebhookNotFound: there is none, or it is somebody else's.
    """
    rows = Endpoint.objects.select_for_update(no_key=True) if lock else Endpoint.objects.all()
    endpoint = rows.filter(pk=endpoint_id, owner_id=by.pk).first()
    if endpoint is None:
        raise WebhookNotFound(_("You have no such webhook. The list shows those you have."))
    return endpoint


def own_message(message_id: int, *, endpoint_id: int, by: Person, lock: bool = False) -> Message:
    """Return a message to an endpoint of `by`'s own.

    Raises:
        WebhookMessageNotFound: there is none, or it is too old to be kept.
    """
    rows = Message.objects.select_for_update(of=("self",), no_key=True) if lock else Message.objects.all()
    found = rows.select_related("endpoint").filter(
        pk=message_id, endpoint_id=endpoint_id, endpoint__owner_id=by.pk
    )
    message = found.first()
    if message is None:
        raise WebhookMessageNotFound(_("There is no such message, or it is older than is kept."))
    return message
