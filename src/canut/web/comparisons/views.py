"""The page of a project's comparisons, what a round would cost and asking for it, and the file of scores."""

from dataclasses import dataclass
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from canut.guilds.comparisons.limits import LAST_ROUND
from canut.guilds.comparisons.queries import all_scored, comparisons_page, next_round
from canut.guilds.comparisons.usecases.ask_comparison import (
    Offer,
    ask_comparison,
    offer_comparison,
    ready_tasks,
)
from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.projects import StudioProject, studio_project
from canut.work.results.export import Column, Kind, write_csv

COLUMNS = (
    Column("task", Kind.TEXT),
    Column("task_id", Kind.WHOLE),
    Column("assignment_id", Kind.WHOLE),
    Column("submission_id", Kind.WHOLE),
    Column("rank", Kind.WHOLE),
    Column("score", Kind.NUMBER),
    Column("mu", Kind.NUMBER),
    Column("sigma", Kind.NUMBER),
    Column("comparisons", Kind.WHOLE),
    Column("wins", Kind.WHOLE),
    Column("ties", Kind.WHOLE),
    Column("rounds", Kind.WHOLE),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which round of which tasks is asked for; of all where none is named."""

    round: int
    task_ids: list[int] | None

    @property
    def named(self) -> str:
        return ",".join(map(str, self.task_ids or ()))


@signed_in
@require_GET
def comparisons(request: SignedIn, project_id: int) -> HttpResponse:
    project = studio_project(project_id, by=request.user)
    number = _whole(request.GET.get("page", ""), most=10**6) or 1
    page = comparisons_page(project_id, by=request.user, number=number)
    following = next_round(project_id, by=request.user)
    ready = ready_tasks(project_id, by=request.user, round_number=following)
    wanted = Wanted(following, ready or None)
    told = {"project": project, "page": page, "wanted": wanted, **_offered(request, project, wanted)}
    return render(request, "comparisons/comparisons.html", told)


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, project_id: int) -> HttpResponse:
    """Show what a round costs, and ask for it when it is agreed to."""
    project = studio_project(project_id, by=request.user)
    asked = request.POST if request.method == "POST" else request.GET
    round_number = _whole(asked.get("round", ""), most=LAST_ROUND) or 1
    wanted = Wanted(round_number, _tasks(asked.get("tasks", "")))
    refused, status = None, 200
    if request.method == "POST":
        try:
            result = ask_comparison(
                project_id=project_id,
                by=request.user,
                round_number=wanted.round,
                task_ids=wanted.task_ids,
                agreed_minor=_whole(asked.get("agreed_minor", ""), most=2**63 - 1),
                at=clock.now(),
            )
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            refused, status = refusal, refusal.status
        else:
            if result.is_repeat:
                said = _("This was asked for before. Nothing was charged.")
            else:
                said = ngettext(
                    "Asked for: %(pairs)s comparison.", "Asked for: %(pairs)s comparisons.", result.pairs
                )
            messages.success(request, said % {"pairs": result.pairs})
            return redirect("comparisons", project_id)
    told = _offered(request, project, wanted)
    told = {"project": project, "wanted": wanted, **told, "refused": refused or told["hindered"]}
    return render(request, "comparisons/ask.html", told, status=status)


@signed_in
@require_GET
def scores_file(request: SignedIn, project_id: int) -> HttpResponseBase:
    """Give every compared answer with its score and rank, as a file to be saved."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = (
        {
            "task": task.key,
            "task_id": task.task_id,
            "assignment_id": answer.assignment_id,
            "submission_id": answer.submission_id,
            "rank": answer.rank,
            "score": answer.score,
            "mu": answer.mu,
            "sigma": answer.sigma,
            "comparisons": answer.comparisons,
            "wins": answer.wins,
            "ties": answer.ties,
            "rounds": task.stand.round,
        }
        for task in all_scored(project_id, by=request.user)
        for answer in task.answers
    )
    write_csv(rows, COLUMNS, file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"comparisons-{project_id}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _offered(request: SignedIn, project: StudioProject, wanted: Wanted) -> dict[str, object]:
    """Return the offer, or why there is none, for a page."""
    offer: Offer | None = None
    hindered = None
    try:
        offer = offer_comparison(
            project_id=project.id,
            by=request.user,
            round_number=wanted.round,
            task_ids=wanted.task_ids,
            at=clock.now(),
        )
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        hindered = refusal
    told: dict[str, object] = {"offer": offer, "hindered": hindered}
    if offer is not None:
        # By the piece, however the work that is compared was paid
        told |= {"priced": offer.priced, "paid_as": {"currency": project.currency, "is_by_the_hour": False}}
    return told


def _tasks(written: str) -> list[int] | None:
    """Return the tasks that an address or a form names, None for all; nonsense names none there is."""
    if not written:
        return None
    return [_whole(one, most=2**63 - 1) or 0 for one in written.split(",")]


def _whole(written: str, *, most: int) -> int | None:
    """Return a number of an address or a form; None for none, and for nonsense."""
    if not (written.isascii() and written.isdecimal() and len(written) < 20):
        return None
    return min(int(written), most)
