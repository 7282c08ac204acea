"""The site that is measured: people who sign in for real, a project with many tasks, and its counts."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
from django.core.files.base import ContentFile
from django.db import connection

from canut.kernel.clock import now
from canut.lab.trying import fill_round, running_round
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.documents import IN_FORCE
from canut.people.models import Person, Scope
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.create_key import create_key
from canut.people.usecases.register_person import register_person
from canut.work.access import latest_revision
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Project
from canut.work.states import UploadState
from canut.work.usecases.add_rows import add_all_rows, add_rows
from canut.work.usecases.create_project import create_project
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.open_places import open_places
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.read_upload import read_upload
from canut.work.usecases.receive_upload import receive_upload
from canut.work.usecases.take_task import take_task

PASSWORD = "bench-2026-cat"  # noqa: S105 (of people who exist on this machine alone)
HOT_TABLES = ("work_project", "work_task", "work_place", "work_assignment", "work_submission")
OVER_ASSIGNED = """
WITH filling AS (
    SELECT task_id, place_number, worker_id FROM work_assignment
    WHERE state IN ('held', 'submitted', 'returned', 'approved', 'rejected') AND NOT place_released),
too_often AS (
    SELECT 1 FROM filling GROUP BY task_id, place_number HAVING count(*) > 1
    UNION ALL SELECT 1 FROM filling GROUP BY task_id, worker_id HAVING count(*) > 1
    UNION ALL SELECT 1 FROM filling f JOIN work_task t ON t.id = f.task_id
              GROUP BY t.id HAVING count(*) > t.answers_wanted)
SELECT count(*) FROM too_often
"""


def a_person(name: str, **roles: bool) -> Person:
    """Return the person of this name, made if need be."""
    known = Person.objects.filter(username=name).first()
    if known:
        return known
    person = register_person(
        username=name,
        email=f"{name}@bench.invalid",
        password=PASSWORD,
        screen_name=name.capitalize(),
        country="FR",
        working_status="other",
        languages=["en"],
        age_stated=18,
        consents=IN_FORCE,
        at=now(),
        **roles,
    )
    return activate_person(person_id=person.pk, at=now())


def a_project(tasks: int) -> Project:
    """Return a live project of `tasks` rows, made the way a requester makes one."""
    owner = a_person("bench-requester", requester=True)
    design = STARTING_DESIGNS["classification"].build(
        {"text": "text"}, options=[("cat", "A cat"), ("dog", "A dog")]
    )
    project = create_project(
        by=owner,
        title="Cats and dogs",
        design=design,
        reward_minor=50,
        expected_seconds=120,
        cascade_policy="open",
        at=now(),
    )
    rows = "".join(
        json.dumps({"text": f"Picture {number} of a cat or a dog"}) + "\n" for number in range(tasks)
    )
    file = ContentFile(rows.encode())
    upload = receive_upload(project_id=project.pk, by=owner, file=file, filename="rows.jsonl", at=now())
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=owner, skip_bad=False, at=now())
    upload.refresh_from_db()
    if upload.state != UploadState.ADDED:
        add_all_rows(upload_id=upload.pk, at=now())
    deposit_play_money(by=owner, amount_minor=tasks * 80, currency="EUR", key=f"bench:{project.pk}", at=now())
    publish_project(project_id=project.pk, by=owner, at=now())
    if running_round(project) is not None:
        _try_first(project)
        launch_project(project_id=project.pk, by=owner, at=now())
    while open_places(revision_id=latest_revision(project).pk, at=now()):
        continue
    analyze()
    return project


def analyze() -> None:
    """Bring the planner's statistics up to what is in the tables: those of empty tables make bad plans."""
    with connection.cursor() as cursor:
        for table in HOT_TABLES:
            cursor.execute(f"ANALYZE {table}")


def _try_first(project: Project) -> None:
    """Have the project's prototype round done and passed, as every project has before it is open whole."""
    crowd = [a_person(f"bench-trier-{number}", worker=True) for number in range(4)]
    words = ["Nothing is unclear."]
    each = timedelta(milliseconds=1)
    fill_round(
        project, crowd, answer=lambda _worker, _task: {"label": "cat"}, words=words, began=now(), each=each
    )


def workers(count: int) -> list[Person]:
    return [a_person(f"bench-worker-{number}", worker=True) for number in range(count)]


def with_key(worker: Person, project: Project) -> dict[str, Any]:
    """Return a worker with a fresh API key and a task in hand, for the driver."""
    held = take_task(by=worker, project_id=project.pk, at=now())
    token = create_key(by=worker, name="bench", scopes=[Scope.WORK], at=now()).token
    return {"key": token, "assignment_id": held.pk, "revision_id": held.revision_id}


def signed_in(worker: Person, project: Project, server: str) -> dict[str, Any]:
    """Return a worker who has signed in on the site's own page and opened a task, for the driver."""
    held = take_task(by=worker, project_id=project.pk, at=now())
    with httpx.Client(base_url=server, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/account/login/").text
        form = {
            "login": worker.username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0],
        }
        browser.post("/account/login/", data=form, headers={"Referer": f"{server}/account/login/"})
        task = browser.get(f"/work/{held.pk}/").text
        token = re.findall(r'name="work_token" value="([\w.]+)"', task)[0]
        csrf = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', task)[0]
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {"cookie": cookie, "assignment_id": held.pk, "work_token": token, "csrf": csrf}


def put_back() -> None:
    """Put every task back that a run left in somebody's hands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE work_assignment SET state = 'given_back', ended_at = now() WHERE state = 'held'"
        )


def over_assigned() -> int:
    """Return how many places, and how many pairs of worker and task, were given out more than once."""
    with connection.cursor() as cursor:
        cursor.execute(OVER_ASSIGNED)
        (count,) = cursor.fetchone()
    return int(count)
