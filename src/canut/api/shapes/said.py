"""How what the rooms give is said: rows and frozen values in, shapes out. Nothing is decided here."""

from canut.api.shapes import projects as shapes
from canut.api.shapes.common import amount
from canut.work.models import Task, Upload
from canut.work.queries.own_projects import OwnProject
from canut.work.rules import Quote


def project_said(found: OwnProject) -> shapes.Project:
    project, revision = found.project, found.revision
    plain = {name: getattr(project, name) for name in shapes.Project.model_fields if name != "revision"}
    said = {name: getattr(revision, name) for name in shapes.Revision.model_fields if name != "reward"}
    reward = amount(revision.reward_minor, project.currency)
    return shapes.Project(**plain, revision=shapes.Revision(**said, reward=reward))


def quote_said(quote: Quote, currency: str) -> shapes.Quote:
    return shapes.Quote(
        places=quote.places,
        reward=amount(quote.reward_minor, currency),
        pay=amount(quote.pay_minor, currency),
        dues={name: amount(minor, currency) for name, minor in quote.dues.items()},
        reserve=amount(quote.reserve_minor, currency),
        total=amount(quote.total_minor, currency),
        hourly=amount(quote.hourly_minor, currency),
        least_reward=amount(quote.least_reward_minor, currency),
        floor_hourly=amount(quote.floor_hourly_minor, currency),
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
