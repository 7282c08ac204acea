"""Tables of work, by subject: projects, tasks, assignments, decisions, and what hangs on them.

Keys of the hot path carry `project_id` (DESIGN.md 7). Composite foreign keys, triggers and the
queue's index are in migration 0002, because Django cannot say them.
"""

from canut.work.models.assignments import Assignment, Draft, Submission, WorkerChoice
from canut.work.models.computations import Computation
from canut.work.models.decisions import Appeal, Decision
from canut.work.models.projects import Project, ProjectGroup, Revision
from canut.work.models.tasks import Place, Task, Upload

__all__ = [
    "Appeal",
    "Assignment",
    "Computation",
    "Decision",
    "Draft",
    "Place",
    "Project",
    "ProjectGroup",
    "Revision",
    "Submission",
    "Task",
    "Upload",
    "WorkerChoice",
]
