"""What cases are about: one subject a kind. `SUBJECTS` is how cases and juries reach the rooms below."""

from collections.abc import Mapping

from canut.justice.states import CaseKind
from canut.justice.subjects.admission import Admission
from canut.justice.subjects.broken_task import BrokenTask
from canut.justice.subjects.level import Level
from canut.justice.subjects.rejection import Rejection
from canut.justice.subjects.sanction import Sanction
from canut.justice.subjects.subject import Subject
from canut.justice.subjects.time_report import TimeReport
from canut.justice.subjects.withdrawal import ProjectWithdrawal

SUBJECTS: Mapping[str, Subject] = {
    CaseKind.REJECTION: Rejection(),
    CaseKind.TIME_REPORT: TimeReport(),
    CaseKind.BROKEN_TASK: BrokenTask(),
    CaseKind.WITHDRAWAL: ProjectWithdrawal(),
    CaseKind.LEVEL: Level(),
    CaseKind.ADMISSION: Admission(),
    CaseKind.SANCTION: Sanction(),
}
