"""What somebody wants to be told, and how: kinds, single guilds, quiet hours, a limit, browsers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people import push
from canut.people.notices.kinds import Group, NoticeKind
from canut.people.notices.queries import KindChosen, choices_of, limit_of, trouble_of
from canut.people.notices.rules import Ways
from canut.people.notices.usecases.choose_notices import choose_all, limit_mails
from canut.people.notices.usecases.try_address import try_address as try_own_address
from canut.people.places import time_zone_choices
from canut.people.queries_notices import browsers_of, quiet_hours_of
from canut.people.usecases.add_browser import MOST_BROWSERS
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.web.notices.forms import LimitForm, QuietHoursForm
from canut.web.notices.groups import concerns
from canut.web.notices.topics import MOST_SHOWN, Topic, topics_of
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

AS_KIND = ""
WAYS = {
    "both": Ways(mail=True, push=True),
    "mail": Ways(mail=True, push=False),
    "push": Ways(mail=False, push=True),
    "none": Ways(mail=False, push=False),
}


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One thing that can be chosen apart from its kind; `chosen` is a key of WAYS, or AS_KIND."""

    topic: Topic
    chosen: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind and what is chosen of it. `by_topic` is one chosen thing by thing, each on its own page."""

    kind: NoticeKind
    mail: bool
    push: bool
    is_security: bool
    by_topic: bool
    topics: Sequence[TopicRow]
    not_shown: int


@dataclass(frozen=True, slots=True)
class GroupRows:
    """Kinds that stand together."""

    group: Group
    kinds: Sequence[KindRow]


@signed_in
@require_http_methods(["GET", "POST"])
def choices(request: SignedIn) -> HttpResponse:
    """Show everything there is to choose, and keep what was chosen of kinds and single things."""
    if request.method == "POST":
        _keep(request)
        messages.success(request, _("Saved. What waits to be sent goes by your new choice."))
        return redirect("notice_choices")
    return _page(request)


@signed_in
@require_POST
def quiet_hours(request: SignedIn) -> HttpResponse:
    form = QuietHoursForm(request.POST)
    if form.is_valid():
        try:
            chosen = choose_quiet_hours(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            said = _("Saved. You are told nothing in your quiet hours, and afterwards what came up in them.")
            messages.success(request, said if chosen else _("Saved. You may be told at any time."))
            return redirect("notice_choices")
    return _page(request, hours=form)


@signed_in
@require_POST
def limit(request: SignedIn) -> HttpResponse:
    form = LimitForm(request.POST)
    if form.is_valid():
        try:
            limit_mails(by=request.user, mails_a_week=form.cleaned_data["mails_a_week"])
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Saved. From now on so many mails a week reach you at most."))
            return redirect("notice_choices")
    return _page(request, limit=form)


@signed_in
@require_POST
def try_address(request: SignedIn) -> HttpResponse:
    """Send one mail to an address whose mails came back, and all others again from now on."""
    try_own_address(by=request.user, at=clock.now())
    messages.success(request, _("We have sent you a mail. If it reaches you, all is well again."))
    return redirect("notice_choices")


def _page(request: SignedIn, *, hours: Form | None = None, limit: Form | None = None) -> HttpResponse:
    person = request.user
    kept = quiet_hours_of(person)
    browsers = browsers_of(person.pk)
    trouble = trouble_of(person)
    page = {
        "groups": _groups(request),
        "ways": [(AS_KIND, _("As above")), *_ways_said().items()],
        "hours": hours or QuietHoursForm(initial={"starts": kept.starts, "ends": kept.ends} if kept else {}),
        "limit": limit or LimitForm(initial={"mails_a_week": limit_of(person.pk)}),
        "zone": dict(time_zone_choices()).get(person.time_zone, person.time_zone),
        "browsers": browsers,
        "is_full": len(browsers) >= MOST_BROWSERS,
        "site_key": push.site_key(),
        "trouble": trouble if trouble and trouble.stopped_at else None,
    }
    return render(request, "notices/choices.html", page, status=422 if hours or limit else 200)


def _groups(request: SignedIn) -> Sequence[GroupRows]:
    kinds = [one for one in choices_of(request.user.pk) if concerns(request.user, one.group)]
    topics = topics_of(request.user, kinds)
    order = list(Group)
    in_order = sorted(kinds, key=lambda one: order.index(one.group))
    return [
        GroupRows(group, [_row(one, topics[one.kind]) for one in rows])
        for group, rows in groupby(in_order, key=lambda one: one.group)
    ]


def _row(one: KindChosen, topics: Sequence[Topic]) -> KindRow:
    chosen = {each.topic: Ways(mail=each.mail, push=each.push) for each in one.topics}
    return KindRow(
        kind=one.kind,
        mail=one.mail,
        push=one.push,
        is_security=one.is_security,
        by_topic=one.kind == NoticeKind.NEW_WORK,
        topics=[_topic_row(topic, chosen.get(topic.topic)) for topic in topics],
        not_shown=max(0, len(one.topics) - MOST_SHOWN),
    )


def _topic_row(topic: Topic, ways: Ways | None) -> TopicRow:
    chosen = AS_KIND if ways is None else next(name for name, each in WAYS.items() if each == ways)
    return TopicRow(topic, chosen)


def _ways_said() -> Mapping[str, str]:
    return {
        "both": _("By mail and in browsers"),
        "mail": _("By mail alone"),
        "push": _("In browsers alone"),
        "none": pgettext("notices", "Only on this site"),
    }


def _keep(request: SignedIn) -> None:
    """Keep what differs from what is there, of what the form showed: what is as usual stays as usual."""
    sent = request.POST
    shown = set(sent.getlist("shown"))
    chosen: dict[tuple[str, str], Ways | None] = {}
    for row in (row for group in _groups(request) for row in group.kinds):
        if row.is_security or row.by_topic:
            continue
        ways = Ways(mail=f"mail {row.kind}" in sent, push=f"push {row.kind}" in sent)
        if row.kind in shown and ways != Ways(mail=row.mail, push=row.push):
            chosen[row.kind, ""] = ways
        for one in row.topics:
            asked = sent.get(f"topic {row.kind} {one.topic.topic}", one.chosen)
            if asked != one.chosen and asked in (*WAYS, AS_KIND):
                chosen[row.kind, one.topic.topic] = WAYS.get(asked)
    choose_all(by=request.user, chosen=chosen)
