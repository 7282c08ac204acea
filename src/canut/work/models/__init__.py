"""Tables of work, by subject: projects, tasks, assignments, decisions, and what hangs on them.

Keys of the hot path carry `project_id` (DESIGN.md 7). Composite foreign keys, triggers and the
queue's index are in migration 0002, because Django cannot say them.
"""

from canut.work.models.assignments import Assignment, Draft, Submission, WorkerChoice
from canut.work.models.broken import BrokenContest, BrokenReport, BrokenRow
from canut.work.models.cascades import Admission, CascadeBeat, CascadeTally
from canut.work.models.computations import Computation
from canut.work.models.decisions import Appeal, Decision
from canut.work.models.designs import DesignVersion
from canut.work.models.duties import ShownWork, TaskAudience, TaskBar, TaskOffer
from canut.work.models.files import AnswerFile
from canut.work.models.frames import FramePermit
from canut.work.models.projects import Project, ProjectGroup, Revision
from canut.work.models.refusing import ProjectOpening, ProjectRefusal, Withdrawal
from canut.work.models.requirements import Requirement
from canut.work.models.rounds import Round, RoundFeedback
from canut.work.models.searches import NewsTurn, NoticedProject, SavedSearch
from canut.work.models.sessions import WorkBreak, WorkSession
from canut.work.models.settlements import Settlement, TopUp, TopUpContest
from canut.work.models.tasks import Place, Task, Upload

__all__ = [
    "Admission",
    "AnswerFile",
    "Appeal",
    "Assignment",
    "BrokenContest",
    "BrokenReport",
    "BrokenRow",
    "CascadeBeat",
    "CascadeTally",
    "Computation",
    "Decision",
    "DesignVersion",
    "Draft",
    "FramePermit",
    "NewsTurn",
    "NoticedProject",
    "Place",
    "Project",
    "ProjectGroup",
    "ProjectOpening",
    "ProjectRefusal",
    "Requirement",
    "Revision",
    "Round",
    "RoundFeedback",
    "SavedSearch",
    "Settlement",
    "ShownWork",
    "Submission",
    "Task",
    "TaskAudience",
    "TaskBar",
    "TaskOffer",
    "TopUp",
    "TopUpContest",
    "Upload",
    "Withdrawal",
    "WorkBreak",
    "WorkSession",
    "WorkerChoice",
]
