"""Rows of what projects ask for, and of tasks that judge work; and how their promises are broken."""

from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.work.asked import a_guild
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import Project, Requirement, ShownWork, Task, TaskAudience, TaskBar, TaskOffer

WAYS: list[Way] = [
    # A project asks for known standings, each once, and for one guild at most by its least level
    adding("requirement_scale_known", "asked_guild", scale="'platform'"),
    adding("requirement_comparator_known", "asked_qualification", comparator="'like'"),
    adding("requirement_has_value", "asked_qualification", comparator="'at_most'", value="NULL"),
    adding("requirement_has_value", "asked_qualification", comparator="'exists'"),
    adding("requirement_guild_by_least_level", "asked_guild", comparator="'at_most'"),
    adding("requirement_guild_by_least_level", "asked_guild", value="0"),
    adding("requirement_once", "asked_qualification"),
    adding("requirement_one_guild", "asked_guild", scale_id="{another_guild}"),
    adding("requirement_of_a_guild", "asked_guild", scale_id="{peer}"),
    # A task's audience is a range of one scale; it is offered to somebody once, and barred for good
    changing("audience_range_of_a_scale", "audience", scale="''"),
    changing("audience_range_has_a_floor", "audience", least="NULL"),
    changing("audience_range_has_a_floor", "audience", most="least - 1"),
    adding("task_offer_once", "task_offer"),
    adding("task_bar_once", "task_bar"),
    changing("work_taskbar_written_once", "task_bar", worker_id="{peer}"),
    # What is shown to be judged stays, and stands beside another's work
    adding("shown_work_once", "shown_work", submission_id="{submission}"),
    adding("shown_work_not_beside_itself", "shown_work", number="2"),
    adding("shown_work_number_known", "shown_work", number="21", submission_id="{submission}"),
    changing("work_shownwork_written_once", "shown_work", number="2"),
    # A fund pays for plain work, and is named before it is published
    adding("project_duty_is_plain", "draft", fund="'own_pocket'"),
    adding("project_duty_is_plain", "draft", fund="'guild_fund'", kind="'volunteer'"),
    adding("project_duty_is_plain", "draft", fund="'guild_fund'", pay_basis="'hour'"),
    adding("project_duty_is_plain", "draft", fund="'justice_fund'", cascade_policy="'ladder'"),
    adding("project_duty_is_plain", "cascading", fund="'guild_fund'", cascade_policy="'open'"),
    changing("project_terms_kept", "live", fund="'guild_fund'"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add a project that asks for standings, with a task that judges work. No verb made them."""
    requester, worker = a_requester(), a_worker()
    project = a_project(owner=requester, rows=1)
    asked_guild = Requirement.objects.create(
        project=project, scale="guild", scale_id=a_guild().pk, comparator="at_least", value=2
    )
    asked_qualification = Requirement.objects.create(
        project=project, scale="qualification", scale_id=5, comparator="more_than", value=10
    )
    audience = TaskAudience.objects.create(
        task=Task.objects.get(project=project), scale="guild", scale_id=7, least=2, most=3
    )
    judged = a_submission(worker=worker, project=a_project(owner=requester, rows=1))
    shown = ShownWork.objects.create(task_id=audience.pk, number=1, submission=judged)
    return {
        "asking": ("work_project", Project.objects.get(pk=project.pk, asks_standings=True).pk),
        "another_guild": ("guilds_guild", a_guild().pk),
        "asked_guild": ("work_requirement", asked_guild.pk),
        "asked_qualification": ("work_requirement", asked_qualification.pk),
        "audience": ("work_taskaudience", audience.pk),
        "task_offer": (
            "work_taskoffer",
            TaskOffer.objects.create(task=audience, worker=worker, offered_at=NOON).pk,
        ),
        "task_bar": ("work_taskbar", TaskBar.objects.create(task=audience, worker=a_worker()).pk),
        "shown_work": ("work_shownwork", shown.pk),
    }
