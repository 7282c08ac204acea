"""What cases are about: one subject a kind. `SUBJECTS` is how cases and juries reach the rooms below."""

from collections.abc import Mapping

from canut.justice.states import CaseKind
from canut.justice.subjects.rejection import Rejection
from canut.justice.subjects.subject import Subject

SUBJECTS: Mapping[str, Subject] = {
    CaseKind.REJECTION: Rejection(),
}
