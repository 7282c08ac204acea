"""Rows of saved searches and of what was told of, and how their promises are broken."""

from tests.builders import NOON, a_worker
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import NewsTurn, NoticedProject, SavedSearch

WAYS: list[Way] = [
    adding("search_name_once", "search", name="upper(name)"),
    changing("search_has_name", "search", name="''"),
    changing("search_pace_known", "search", pace="'never'"),
    adding("noticed_once", "noticed"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add a search of a worker who was told of a project."""
    worker = a_worker()
    search = SavedSearch.objects.create(
        worker=worker,
        name="Quick",
        pace="at_once",
        created_at=NOON,
        changed_at=NOON,
        next_look_at=NOON,
    )
    NewsTurn.objects.create(worker=worker, told_at=NOON)
    noticed = NoticedProject.objects.create(worker=worker, project_id=int(world["live"][1]), at=NOON)
    return {
        "search": ("work_savedsearch", search.pk),
        "news_turn": ("work_newsturn", worker.pk),
        "noticed": ("work_noticedproject", noticed.pk),
    }
