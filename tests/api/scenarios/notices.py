"""Situations of notices and of what people choose of them."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.people.notices import told

from canut.people.notices.models import Choice, MailTrouble
from canut.people.notices.usecases.choose_notices import MOST_CHOICES
from canut.people.notices.usecases.try_address import try_address

CHOICE = {"kind": "guild", "topic": "guild:12", "ways": {"mail": False, "push": True}}


def notice(cast: Cast) -> int:
    return told(cast.worker, "Your work was approved", at=cast.at).pk


ABOUT_ONE = {
    "get_notice": lambda cast, pk: cast.get(cast.worker, f"/notices/{pk}"),
    "mark_a_notice": lambda cast, pk: cast.put(cast.worker, f"/notices/{pk}/reading", {"read": True}),
}
for _operation, _call in ABOUT_ONE.items():
    says(_operation, "200")(lambda cast, call=_call: call(cast, notice(cast)))  # type: ignore[misc]
several(
    ABOUT_ONE, "notice_not_found", lambda cast: notice(cast) + 1_000
)  # a key that is made leaves a notice too


@says("list_notices", "200")
def _(cast: Cast) -> Call:
    notice(cast)
    return cast.get(cast.worker, "/notices?group=work&unread=true&limit=1")


says("glance_at_notices", "200")(lambda cast: cast.get(cast.worker, "/notices/glance"))
says("mark_notices_read", "200")(
    lambda cast: cast.post(cast.worker, "/notices/read", {"up_to": notice(cast), "group": "work"})
)


def choosing(cast: Cast, **changes: object) -> Call:
    return cast.put(cast.worker, "/notices/choices", {"choices": [{**CHOICE, **changes}]})


@says("get_notice_choices", "200")
def _(cast: Cast) -> Call:
    choosing(cast).answered()
    return cast.get(cast.worker, "/notices/choices")


says("choose_notices", "200")(choosing)
says("choose_notices", "notices_stay")(lambda cast: choosing(cast, kind="account"))
says("choose_notices", "bad_input")(lambda cast: choosing(cast, topic="Guild 12"))


@says("choose_notices", "too_many_notice_choices")
def _(cast: Cast) -> Call:
    made = {"person": cast.worker, "kind": "guild", "mail": True, "push": True}
    Choice.objects.bulk_create(Choice(topic=f"guild:a{n}", **made) for n in range(MOST_CHOICES))
    return choosing(cast)


says("limit_own_mails", "200")(lambda cast: cast.put(cast.worker, "/notices/limit", {"mails_a_week": 0}))
says("choose_own_quiet_hours", "200")(
    lambda cast: cast.put(cast.worker, "/notices/quiet-hours", {"starts": "22:00", "ends": "07:00"})
)


def stopped(cast: Cast) -> Call:
    at = cast.at
    address = cast.worker.email
    MailTrouble.objects.create(address=address, kind="hard", count=1, since=at, code="5.1.1", stopped_at=at)
    return cast.post(cast.worker, "/notices/address/try")


says("try_own_address", "200")(stopped)
says("try_own_address", "address_works")(lambda cast: cast.post(cast.worker, "/notices/address/try"))


@says("try_own_address", "address_tried_already")
def _(cast: Cast) -> Call:
    call = stopped(cast)
    try_address(by=cast.worker, at=cast.at)
    MailTrouble.objects.update(stopped_at=cast.at)
    return call
