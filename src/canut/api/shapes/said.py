"""How what the rooms give is said: rows and frozen values in, shapes out. Nothing is decided here."""

from typing import Any, cast

from canut.api.shapes import projects as shapes
from canut.api.shapes.common import Amount, amount
from canut.work.models import Round, Task, Upload
from canut.work.queries.own_projects import OwnProject
from canut.work.queries.progress import Progress
from canut.work.queries.rounds import RoundPage
from canut.work.queries.studio import PricedProject
from canut.work.rules import Quote


def project_said(found: OwnProject) -> shapes.Project:
    project, revision = found.project, found.revision
    worked_out = ("revision", "round")
    plain = {name: getattr(project, name) for name in shapes.Project.model_fields if name not in worked_out}
    sums = ("reward", "hourly")
    said = {name: getattr(revision, name) for name in shapes.Revision.model_fields if name not in sums}
    reward, hourly = (amount(getattr(revision, f"{name}_minor"), project.currency) for name in sums)
    return shapes.Project(
        **plain,
        revision=shapes.Revision(**said, reward=reward, hourly=hourly),
        round=None if found.round is None else shapes.RoundShort(**_round_short(found.round)),
    )


def _round_short(round_: Round) -> dict[str, Any]:
    plain = {name: getattr(round_, name) for name in shapes.RoundShort.model_fields if name != "revision"}
    return {**plain, "revision": round_.revision.number}


def round_said(round_: Round, page: RoundPage) -> shapes.Round:
    def sum_of(minor: int | None) -> Amount | None:
        return None if minor is None else amount(minor, page.currency)

    same = ("project_id", "open", "in_hand", "handed_in", "publish", "revise", "stalls_at")
    figures: dict[str, Any] = {name: getattr(page.figures, name) for name in same}
    voices: list[dict[str, Any]] = [
        {
            "number": voice.number,
            "verdict": voice.verdict or None,
            "unclear": voice.words,
            "submission_ids": [work.handed.id for work in voice.works],
        }
        for voice in page.voices
    ]
    return shapes.Round(
        **_round_short(round_),
        **figures,
        publish_share=str(page.figures.publish_share),
        reward=amount(page.reward_minor, page.currency),
        median_seconds=page.median_seconds,
        hourly=sum_of(page.hourly_minor),
        suggested_reward=sum_of(page.suggested_reward_minor),
        may_launch=page.may_launch,
        voices=[shapes.Voice(**voice) for voice in voices],
        mends=[shapes.Mend.model_validate(mend) for mend in page.mends],
    )


def quote_said(quote: Quote, currency: str) -> shapes.Quote:
    sums = ("reward", "pay", "reserve", "total", "hourly", "least_reward", "floor_hourly")
    return shapes.Quote(
        places=quote.places,
        dues={name: amount(minor, currency) for name, minor in quote.dues.items()},
        **{name: amount(getattr(quote, f"{name}_minor"), currency) for name in sums},
    )


def price_said(priced: PricedProject, currency: str) -> shapes.Price:
    return shapes.Price(
        **dict(quote_said(priced.quote, currency)),
        round=shapes.RoundAhead.model_validate(priced.gate) if priced.gate.needs_round else None,
        rest=None if priced.rest is None else amount(priced.rest.total_minor, currency),
        why=cast(shapes.Gate, priced.gate.why),
        balance=amount(priced.balance_minor, currency),
        lacking=amount(priced.lacking_minor, currency),
    )


def progress_said(progress: Progress) -> shapes.Progress:
    sums = ("paid", "set_aside")
    plain = {name: getattr(progress, name) for name in shapes.Progress.model_fields if name not in sums}
    return shapes.Progress(
        **plain,
        paid=amount(progress.paid_minor, progress.currency),
        set_aside=amount(progress.set_aside_minor, progress.currency),
    )


def upload_said(upload: Upload) -> shapes.Upload:
    worked_out = ("errors", "key_column", "answers_column")
    plain = {name: getattr(upload, name) for name in shapes.Upload.model_fields if name not in worked_out}
    return shapes.Upload(
        **plain,
        errors=[
            shapes.BadRow(line=line, code=code, sentence=sentence) for line, code, sentence in upload.errors
        ],
        key_column=upload.mapping.get("key", ""),
        answers_column=upload.mapping.get("answers", ""),
    )


def task_said(task: Task) -> shapes.Task:
    return shapes.Task.model_validate(task)
