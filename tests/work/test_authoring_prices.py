"""What a requester is shown of prices is what is charged, and the two ways to ask for a price agree."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_requester, as_if_tried
from tests.work.files import a_new_project, an_upload, jsonl, with_rows

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.work.access import latest_revision
from canut.work.designs.schema import read_design, shown_columns
from canut.work.models import Task
from canut.work.queries.studio import priced_project
from canut.work.rules import least_reward_minor, longest_seconds
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.publish_project import publish_project


@given(st.integers(1, 10_000_000), st.integers(100, 10_000))
def test_a_price_gives_the_longest_time_that_it_still_pays_by_the_floor(reward: int, floor: int) -> None:
    seconds = longest_seconds(reward_minor=reward, floor_hourly_minor=floor)
    assert least_reward_minor(expected_seconds=seconds, floor_hourly_minor=floor) <= reward
    assert least_reward_minor(expected_seconds=seconds + 1, floor_hourly_minor=floor) > reward


@pytest.mark.django_db
@pytest.mark.usefixtures("uploads")
@pytest.mark.parametrize("seed", range(6))
def test_the_cost_shown_is_the_cost_charged_to_the_cent_also_row_by_row(seed: int) -> None:
    draw = random.Random(seed)
    requester = a_requester(money_minor=100_000_000)
    reward, answers, first, more = (draw.randint(1, high) for high in (999, 7, 40, 30))
    seconds = longest_seconds(reward_minor=reward, floor_hourly_minor=1500)
    project = a_new_project(
        requester, reward_minor=reward, expected_seconds=max(1, seconds), answers_per_task=answers
    )
    with_rows(requester, project, first)
    as_if_tried(project)
    charged = []
    for step in range(3):
        if step:
            with_rows(requester, project, draw.randint(1, more))
        before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
        shown = priced_project(project.pk, by=requester, at=NOON)
        lines = (
            shown.quote.pay_minor + sum(due.amount_minor for due in shown.dues) + shown.quote.reserve_minor
        )
        assert lines == shown.quote.total_minor
        pay = publish_project if step == 0 else add_tasks
        pay(project_id=project.pk, by=requester, at=NOON, agreed_minor=shown.quote.total_minor)
        assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == shown.quote.total_minor
        charged.append(shown.quote.dues_minor)
    # Levies and the fee in three steps come to what they are on all of the pay at once
    pay_minor = Task.objects.filter(project=project).count() * answers * reward
    rates = (65, 20, 10, 10, 5)  # in thousandths
    assert sum(charged) == sum((pay_minor * rate * 2 + 1000) // 2000 for rate in rates)
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("uploads")
def test_what_is_shown_of_odd_rows_is_the_same_by_the_database_as_by_the_rule() -> None:
    requester = a_requester()
    project = a_new_project(requester)
    odd = [
        {"prompt": None, "a": {"deep": [1, None]}, "b": 0.1, "Été": "é", "{": "brace"},
        {"a": "", "prompts": "near", "A": "capital", "b ": "blank"},
        {"b": 'it\'s \\ "quoted" ☃', "Été": ["x"], "prompt": False},
    ]
    upload = an_upload(requester, project, jsonl(odd))
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    design = {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "text", "text": "{{Été}} {{b}} {{ prompt }} {{nothing}}"},
            {"type": "short_text", "name": "said", "label": "About {{A}}?"},
        ],
    }
    change_draft(project_id=project.pk, by=requester, design=design, at=NOON)
    read = read_design(latest_revision(project).design)
    for task in Task.objects.filter(project=project):
        assert task.shown == shown_columns(read, task.row)
        assert task.shown
