"""Somebody lets the site show them messages in the browser they sit at."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, Refusal
from canut.people import push
from canut.people.access import ensure_member, person_for_change
from canut.people.models import Person, PushSubscription

MOST_BROWSERS = 10
LONGEST_NAME = 300


class TooManyBrowsers(Refusal):
    code = "too_many_browsers"


@transaction.atomic
def add_browser(
    *, by: Person, endpoint: str, public_key: str, shared_key: str, browser: str, at: datetime
) -> PushSubscription:
    """Keep how to reach a browser. It concerns nobody else: no event.

    The same browser again is renewed; if somebody else used it before, it shows messages of `by` alone
    from now on, for whoever brings its keys sits at it.

    Raises:
        BadInput: the address is not one of a push service outside, or a key is none.
        TooManyBrowsers: `by` has as many as one may have. What `ensure_member` raises.
    """
    person = ensure_member(person_for_change(by))
    if not (push.is_address(endpoint) and push.is_public_key(public_key) and push.is_shared_key(shared_key)):
        sentence = _("This browser's way to show messages cannot be used. Nothing was changed.")
        raise BadInput(sentence, errors={"endpoint": str(sentence)})
    others = PushSubscription.objects.filter(person=person).exclude(endpoint=endpoint)
    if others.count() >= MOST_BROWSERS:
        raise TooManyBrowsers(
            _("You get messages in %(count)s browsers already. Stop one of them first.")
            % {"count": MOST_BROWSERS}
        )
    kept, _new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "person": person,
            "public_key": public_key,
            "shared_key": shared_key,
            "site_key": push.site_key(),
            "browser": browser[:LONGEST_NAME],
            "created_at": at,
        },
    )
    return kept
