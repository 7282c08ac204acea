"""How cases are said: what their room gives in, shapes out."""

from canut.api.shapes import cases as shapes
from canut.api.shapes.common import amount
from canut.api.shapes.review import HeardAttempt
from canut.justice.queries import CaseSeen
from canut.work.queries.appeals import WorkAppealed

OF_WHAT_IS_SHOWN = ("title", "question", "passages")


def case_said(seen: CaseSeen) -> shapes.Case:
    own = {name: getattr(seen, name) for name in shapes.Case.model_fields if hasattr(seen, name)}
    shown = {name: getattr(seen.shown, name) for name in OF_WHAT_IS_SHOWN}
    work = None if seen.work is None else _work_said(seen.work)
    return shapes.Case.model_validate({**own, **shown, "work": work}, from_attributes=True)


def _work_said(work: WorkAppealed) -> shapes.CaseWork:
    worked_out = ("reward", "handed_in")
    plain = {name: getattr(work, name) for name in shapes.CaseWork.model_fields if name not in worked_out}
    return shapes.CaseWork(
        **plain,
        reward=amount(work.reward_minor, work.currency),
        handed_in=[HeardAttempt.model_validate(one) for one in work.handed_in],
    )
