"""Resolution juries in pages: calling one, listening, choosing; and what others are told."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.governance.juries import Conflict, all_accept, fresh, jurors, of_college
from tests.web.pages import browser_of, text_of

from canut.charter import log
from canut.governance.models import ProposalVersion
from canut.governance.resolution.models import Jury, Restatement, Statement
from canut.kernel import clock
from canut.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def conflict(monkeypatch: pytest.MonkeyPatch) -> Conflict:
    """A draft of the tests' noon, with the site's clock at an hour after it."""
    from tests.governance.juries import SOON

    log.lock()
    monkeypatch.setattr(clock, "now", lambda: SOON)
    return Conflict()


def posted(browser: Client, name: str, *numbers: int, **fields: object):
    return browser.post(reverse(name, args=numbers), fields)


def test_a_conflict_is_settled_through_pages(conflict):
    blocker = browser_of(conflict.blocker)
    page = reverse("proposal", args=[conflict.draft.pk])
    assert "Call a resolution jury" in text_of(blocker.get(page))
    assert "Call a resolution jury" not in text_of(browser_of(conflict.members[2]).get(page))
    assert "cannot be taken back" in text_of(blocker.get(reverse("call_jury", args=[conflict.draft.pk])))
    # What is typed is kept when something is wrong with it
    wrong = posted(blocker, "call_jury", conflict.draft.pk, reason="Why so, " * 400)
    assert (wrong.status_code, "Why so, Why so" in text_of(wrong)) == (422, True)
    called = posted(blocker, "call_jury", conflict.draft.pk, reason="Are small projects worth less?")
    jury = Jury.objects.get()
    here = reverse("resolution", args=[jury.pk])
    assert called.headers["Location"] == here
    assert "those who were drawn are being asked" in text_of(Client().get(here))
    assert here in text_of(Client().get(page))
    assert "Call a resolution jury" not in text_of(blocker.get(page))
    # Those who were drawn accept; each says what matters to them
    all_accept(jury)
    people = jurors(fresh(jury))
    sessions = {person.pk: browser_of(person) for person in people}
    for person in people:
        assert "Say what matters to you" in text_of(sessions[person.pk].get(here))
        assert posted(sessions[person.pk], "jury_statement", jury.pk, text="").status_code == 422
        said = posted(sessions[person.pk], "jury_statement", jury.pk, text=f"I think so, {person.pk}.")
        assert said.status_code == 302
    # The others say it back, once not as it was meant
    first, other = people[0], people[1]
    statement = Statement.objects.get(seat__person=first)
    assert "Say back what juror 1 said" in text_of(sessions[other.pk].get(here))
    posted(sessions[other.pk], "jury_say_back", jury.pk, statement.pk, text="You like it.")
    wrong = Restatement.objects.get()
    kept = posted(sessions[first.pk], "jury_answer", jury.pk, wrong.pk, understood="no", missed="")
    assert (kept.status_code, "Juror 2 says back what you said" in text_of(kept)) == (422, True)
    posted(sessions[first.pk], "jury_answer", jury.pk, wrong.pk, understood="no", missed="I live by it.")
    assert "I live by it." in text_of(sessions[other.pk].get(here))
    for person in people:
        for one in Statement.objects.exclude(seat__person=person).select_related("seat"):
            back = posted(sessions[person.pk], "jury_say_back", jury.pk, one.pk, text="You live by it.")
            assert back.status_code == 302
    for restatement in Restatement.objects.filter(understood=None).select_related("statement__seat"):
        session = sessions[restatement.statement.seat.person_id]
        posted(session, "jury_answer", jury.pk, restatement.pk, understood="yes")
    assert fresh(jury).state == "choosing"
    # One of them writes how the draft could read, with another value, and two colleges choose it
    worker, requester = of_college(jury, "workers"), of_college(jury, "requesters")
    writer = sessions[worker[0].pk]
    form = text_of(writer.get(reverse("jury_wording", args=[jury.pk])))
    assert "pay.floor_hourly_minor" in form
    words = {
        "language": "en",
        "title": "A smaller step",
        "text": "Half of it now.",
        "setting": "pay.floor_hourly_minor",
        "s0-scope": "site:",
        "note": "Half of it",
        "written_on": "1",
    }
    refused = posted(writer, "jury_wording", jury.pk, **words, **{"s0-value": "999"})
    assert (refused.status_code, "A smaller step" in text_of(refused)) == (422, True)
    put = posted(writer, "jury_wording", jury.pk, **words, **{"s0-value": "15.50"})
    assert put.status_code == 302, text_of(put)[:3000]
    wording = jury.wordings.get()
    assert "A smaller step" in text_of(Client().get(here))
    for person in (*worker, *requester):
        assert "Choose this wording of juror" in text_of(sessions[person.pk].get(here))
        assert posted(sessions[person.pk], "jury_choice", jury.pk, wording=wording.pk).status_code == 302
    assert fresh(jury).state == "amended"
    assert ProposalVersion.objects.get(number=2).title == "A smaller step"
    ended = text_of(Client().get(here))
    assert "How the colleges voted" in ended
    assert "A resolution jury looked at it" in text_of(Client().get(page))
    assert "A smaller step" not in text_of(
        Client().get(reverse("resolutions"))
    )  # the version it was called on
    for person in people:
        assert person.screen_name not in ended
    assert timezone.is_aware(jury.ended_at)


def test_everybody_else_is_turned_away_at_each_door_and_reads_on(conflict, worker: Person, stranger: Person):
    jury = conflict.understood()
    one = Statement.objects.first()
    back = Restatement.objects.first()
    doors = [
        ("jury_statement", (jury.pk,), {"text": "I think"}),
        ("jury_say_back", (jury.pk, one.pk), {"text": "You think"}),
        ("jury_answer", (jury.pk, back.pk), {"understood": "yes"}),
        ("jury_wording", (jury.pk,), {}),
        ("jury_choice", (jury.pk,), {"wording": "0"}),
    ]
    for name, numbers, fields in doors:
        visitor = Client().post(reverse(name, args=numbers), fields)
        assert visitor.status_code == 302
        assert "/account/login/" in visitor.headers["Location"]
        assert posted(browser_of(stranger), name, *numbers, **fields).status_code == 403
        assert posted(browser_of(conflict.author), name, *numbers, **fields).status_code == 403
    assert posted(browser_of(worker), "call_jury", conflict.draft.pk, reason="Why?").status_code == 403
    # A juror who asks for what is not there, or not any more, is told so
    session = browser_of(jurors(jury)[0])
    for wrong in ("", "x", "9" * 30, "-1", "987654321", "\0"):
        assert posted(session, "jury_choice", jury.pk, wording=wrong).status_code == 404
    assert posted(session, "jury_say_back", jury.pk, 2**70, text="You think").status_code == 404
    assert posted(session, "jury_answer", jury.pk, 2**70, understood="yes").status_code == 404
    assert posted(session, "jury_statement", 2**70, text="I think").status_code == 404
    assert posted(session, "jury_statement", jury.pk, text="I think otherwise").status_code == 409
    assert Client().get(reverse("resolution", args=[2**70])).status_code == 404
    for browser in (Client(), browser_of(stranger), session):
        assert browser.get(reverse("resolution", args=[jury.pk])).status_code == 200
        assert browser.get(reverse("resolutions"), {"before": "x"}).status_code == 200
    assert "No jury has been called" not in text_of(Client().get(reverse("resolutions")))
    assert "There is nothing more" in text_of(Client().get(reverse("resolutions"), {"before": jury.pk}))
