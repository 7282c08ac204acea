"""People are told: on the site, by mail and in browsers, as they chose, and in no quiet hour."""

from datetime import timedelta

import pytest
from django.core import mail
from tests.builders import NOON, a_person
from tests.people.notices import at_hour, quiet, subjects, told

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Letter, Notice
from canut.people.notices.usecases.choose_notices import choose
from canut.people.notices.usecases.send_notices import send_notices, send_what_is_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return a_person("one")


def test_a_notice_stands_on_the_site_and_leaves_by_mail(person):
    notice = told(person, "Your work was approved", "Thank you.", topic="guild:12")
    assert send_notices(person_id=person.pk, at=NOON) == 1
    (message,) = mail.outbox
    assert message.subject == "Your work was approved"
    assert message.body.startswith("Thank you.\n\nhttp://127.0.0.1:8000/work/\n\nNo such mails any more: ")
    notice.refresh_from_db()
    assert notice.mail == "sent"
