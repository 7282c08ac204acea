"""A project with people at work on it over the API, and what must be true of it whatever was killed."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Any

from tests.builders import a_draft, a_requester, a_worker, as_if_tried
from tests.faults.site import Client, Site

from canut.kernel.clock import now
from canut.ledger.queries import verify
from canut.people.models import Person, Scope
from canut.people.usecases.create_key import create_key
from canut.work.models import Project

REWARD = 60
DEPOSIT = 50_000_000
_serial = count(1)


def with_key(site: Site, person: Person) -> Client:
    return site.client(create_key(by=person, name="program", scopes=list(Scope.values), at=now()).token)


@dataclass
class Crowd:
    """One requester with a project of `tasks` tasks, each wanted `answers` times, and some workers."""

    site: Site
    owner: Person
    asks: Client
    project: Project
    places: int
    workers: list[tuple[Person, Client]]
    answered: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """What a worker was told is handed in: submission by number, with its assignment and the answer."""

    @classmethod
    def gathered(cls, site: Site, *, tasks: int, answers: int = 1, workers: int = 0) -> "Crowd":
        site.wait_until_whole()
        at = now()
        owner = a_requester(f"faulty{next(_serial)}", money_minor=DEPOSIT, at=at)
        project = a_draft(owner=owner, rows=1, answers=answers, reward_minor=REWARD, at=at)
        site.rows(
            """
            INSERT INTO work_task (project_id, revision_id, position, key, row, shown, answers_wanted)
            SELECT t.project_id, t.revision_id, n, n, t.row, t.shown, t.answers_wanted
            FROM work_task t, generate_series(2, %s) n WHERE t.project_id = %s RETURNING id
            """,
            tasks,
            project.pk,
        )
        as_if_tried(project, at=at)
        people = [a_worker(f"faulty{next(_serial)}", at=at) for _ in range(workers)]
        crowd = [(person, with_key(site, person)) for person in people]
        return cls(site, owner, with_key(site, owner), project, tasks * answers, crowd)

    @property
    def path(self) -> str:
        return f"/projects/{self.project.pk}"

    def publish(self) -> None:
        assert self.asks.post(f"{self.path}/publish")["state"] == "live"

    def working(self, pool: ThreadPoolExecutor, stop: Event) -> list["Future[None]"]:
        """Set all the workers to work, each at once, until they are stopped or nothing is left."""
        return [pool.submit(self._work, client, stop) for _person, client in self.workers]

    def _work(self, client: Client, stop: Event) -> None:
        while not stop.is_set():
            taken = client.ask("POST", f"{self.path}/take")
            if taken.status_code == 409:
                assert taken.json()["code"] in {"none_left", "project_closed"}, taken.text
                return
            assert taken.status_code == 200, taken.text
            assignment_id, revision_id = taken.json()["id"], taken.json()["revision_id"]
            while assignment_id and not stop.is_set():
                answer = {"label": "cat" if assignment_id % 2 else "dog"}
                sent = {"answer": answer, "revision_id": revision_id, "active_seconds": 3, "next": True}
                reply = client.post(f"/assignments/{assignment_id}/submission", json=sent)
                self.answered[reply["submission_id"]] = (assignment_id, answer)
                assignment_id = reply["next"] and reply["next"]["assignment_id"]

    # --- what must be true ---

    def faults(self) -> list[str]:
        """Return everything about this project and the site's books that is not as it must be."""
        return [
            what
            for what, found in {
                "the books disagree": verify(),
                "a place was given out twice": self._rows(
                    "SELECT task_id, place_number FROM work_assignment"
                    " WHERE project_id = %s AND NOT place_released"
                    " AND state IN ('held', 'submitted', 'returned', 'approved', 'rejected')"
                    " GROUP BY 1, 2 HAVING count(*) > 1"
                ),
                "a place and its assignment disagree": self._rows(
                    """
                    SELECT q.id FROM work_place q LEFT JOIN work_assignment a
                      ON a.task_id = q.task_id AND a.place_number = q.number
                         AND a.state IN ('held', 'submitted', 'approved')
                    WHERE q.project_id = %s AND (q.state = 'taken') <> (a.id IS NOT NULL)
                    """
                ),
                "an assignment has not one submission for each attempt": self._rows(
                    """
                    SELECT a.id FROM work_assignment a LEFT JOIN work_submission s ON s.assignment_id = a.id
                    WHERE a.project_id = %s GROUP BY a.id HAVING count(s.id) <>
                        CASE WHEN a.state IN ('submitted', 'approved') THEN a.attempt ELSE 0 END
                    """
                ),
                "an approved assignment was not paid once, or another one was": self._rows(
                    f"""
                    SELECT a.id FROM work_assignment a LEFT JOIN ledger_ledgerentry e
                      ON e.subject_kind = 'assignment' AND e.subject_id = a.id AND e.reason = 'reward'
                    WHERE a.project_id = %s GROUP BY a.id HAVING coalesce(sum(e.amount_minor), 0) <>
                        CASE a.state WHEN 'approved' THEN {REWARD} ELSE 0 END
                    """
                ),
                "an approval was not decided or recorded once": self._rows(
                    """
                    SELECT a.id FROM work_assignment a JOIN work_submission s ON s.assignment_id = a.id
                    WHERE a.project_id = %s AND a.state = 'approved'
                      AND (1 <> (SELECT count(*) FROM work_decision d WHERE d.submission_id = s.id)
                        OR 1 <> (SELECT count(*) FROM kernel_event e WHERE e.name = 'submission.approved'
                                 AND e.subject_kind = 'submission' AND e.subject_id = s.id))
                    """
                ),
                "taking or handing in was not recorded once": self._rows(
                    """
                    SELECT a.id FROM work_assignment a WHERE a.project_id = %s
                      AND (1 <> (SELECT count(*) FROM kernel_event e WHERE e.name = 'assignment.taken'
                                 AND e.subject_kind = 'assignment' AND e.subject_id = a.id)
                        OR (a.submitted_at IS NOT NULL)::int <> (
                            SELECT count(*) FROM kernel_event e WHERE e.name = 'assignment.submitted'
                            AND e.subject_kind = 'assignment' AND e.subject_id = a.id))
                    """
                ),
                "an answer that was taken is lost or another": self._lost(),
                "the owner's money is not where it must be": self._misplaced_money(),
            }.items()
            if found
        ]

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.site.rows(statement, self.project.pk)

    def _lost(self) -> list[int]:
        found = {
            number: (assignment_id, answer)
            for number, assignment_id, answer in self._rows(
                "SELECT id, assignment_id, answer FROM work_submission WHERE project_id = %s"
            )
        }
        return [number for number, sent in self.answered.items() if found.get(number) != sent]

    def _misplaced_money(self) -> list[str]:
        """Count what was paid in, and find it all: with its owner, set aside, with workers, in the funds."""
        wrong = []
        accounts = Counter[str]()
        statement = """
            SELECT a.kind, sum(e.amount_minor * CASE e.credit_id WHEN a.id THEN 1 ELSE -1 END)::bigint
            FROM ledger_account a JOIN ledger_ledgerentry e ON a.id IN (e.credit_id, e.debit_id)
            WHERE a.project_id = %s OR (a.kind = 'balance' AND a.party_id = %s) GROUP BY 1"""
        accounts.update(dict(self.site.rows(statement, self.project.pk, self.owner.pk)))
        approved, waiting, still_open = self._rows(
            f"""
            SELECT count(*) FILTER (WHERE state = 'approved'),
                   count(*) FILTER (WHERE state IN ('held', 'submitted')),
                   (SELECT count(*) FROM work_place WHERE project_id = {self.project.pk} AND state = 'open')
            FROM work_assignment WHERE project_id = %s"""
        )[0]
        if self.state() != "draft" and accounts["escrow"] != REWARD * (waiting + still_open):
            wrong.append(f"{accounts['escrow']} in escrow for {waiting} waiting and {still_open} open places")
        charged = self.site.rows(
            "SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_ledgerentry e JOIN ledger_account a"
            " ON a.id = e.debit_id WHERE a.kind = 'dues' AND a.project_id = %s AND e.reason <> 'refund'",
            self.project.pk,
        )[0][0]
        if (together := sum(accounts.values()) + REWARD * approved + charged) != DEPOSIT:
            wrong.append(f"{together} are found of {DEPOSIT}")
        return wrong

    def state(self) -> str:
        return str(self._rows("SELECT state FROM work_project WHERE id = %s")[0][0])

    def all_places_are_there(self) -> bool:
        return self._rows("SELECT count(*) FROM work_place WHERE project_id = %s") == [(self.places,)]

    def goes_on(self) -> None:
        """Take a task and hand it in, as anybody may after all that."""
        client = with_key(self.site, a_worker(f"faulty{next(_serial)}", at=now()))
        taken = client.post(f"{self.path}/take")
        sent = {"answer": {"label": "cat"}, "revision_id": taken["revision_id"], "next": True}
        reply = client.post(f"/assignments/{taken['id']}/submission", json=sent)
        self.answered[reply["submission_id"]] = (taken["id"], {"label": "cat"})
