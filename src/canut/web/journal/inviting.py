"""Asking somebody after a batch what they learnt: once, quietly, and only if they have not written yet."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.guilds.journal.queries import invitations
from canut.people.models import Person

_ASKED, _MOST_REMEMBERED = "journal_asked", 50


def invite(request: HttpRequest, project_id: int) -> None:
    """Put on the next page that something could be noted about a project; once a session for each."""
    asked: list[int] = request.session.get(_ASKED, [])
    if project_id in asked or not isinstance(request.user, Person):
        return
    for batch in invitations(by=request.user, project_id=project_id):
        sentence = ngettext(
            "You have handed in %(count)s task of “%(title)s”.",
            "You have handed in %(count)s tasks of “%(title)s”.",
            batch.handed_in,
        ) % {"count": batch.handed_in, "title": batch.title}
        address = f"{reverse('write_entry')}?project={project_id}"
        invitation = format_html(
            '<bdi>{}</bdi> <a href="{}">{}</a>', sentence, address, _("Note what you learnt")
        )
        messages.info(request, invitation)
        request.session[_ASKED] = [*asked, project_id][-_MOST_REMEMBERED:]
