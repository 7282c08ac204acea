"""The price page: one field from the other without a script, both by a slider with one."""

import pytest
from django.urls import reverse
from tests.builders import a_draft, a_project
from tests.web.pages import browser_of, text_of

from canut.work.models import Revision

pytestmark = pytest.mark.django_db


def sent(draft, **changed):
    """Return the price form as the page shows it, with some fields changed."""
    shown = {"reward": "0.60", "hourly": "18.00", "minutes": "2", "answers_per_task": "1"}
    return {**shown, "based_on": draft.changed_at.isoformat(), **changed}


def reward_after(requester, draft, **changed):
    address = reverse("project_publish", args=[draft.pk])
    answer = browser_of(requester).post(address, sent(draft, **changed))
    return answer.status_code, Revision.objects.get(project=draft).reward_minor


def test_the_reward_follows_what_an_hour_pays_if_that_alone_was_changed(requester):
    draft = a_draft(owner=requester)  # 0.60 for two minutes
    assert reward_after(requester, draft, hourly="20.00") == (302, 67)  # fractions go to the worker


def test_a_reward_that_was_changed_stands(requester):
    assert reward_after(requester, a_draft(owner=requester), reward="0.80", hourly="20.00") == (302, 80)


def test_a_new_time_alone_leaves_the_reward(requester):
    assert reward_after(requester, a_draft(owner=requester), minutes="1") == (302, 60)


def test_an_hour_that_is_no_number_is_said_at_its_field(requester):
    status, reward = reward_after(requester, a_draft(owner=requester), hourly="much")
    assert (status, reward) == (422, 60)


def test_everything_asked_of_a_worker_has_a_price_line(requester, worker):
    project = a_project(owner=requester)
    page = text_of(browser_of(worker).get(reverse("project", args=[project.pk])))
    assert "Everything asked has a price" in page
    assert "€0.50 on top of the reward, if it is then approved" in page
    draft = a_draft(owner=requester)
    quoted = text_of(browser_of(requester).get(reverse("project_publish", args=[draft.pk])))
    assert "Everything asked has a price" in quoted
