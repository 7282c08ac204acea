"""A prototype round played on real sentences: a vague design is stopped at the gate, its revision passes.

The requester and the workers are simulated; everything they do goes through the public use cases, as
from the pages. What a worker says follows from the design: one who is not told what the ends of the
scale mean answers by a meaning of their own, takes longer, and votes to revise; one who is told does not.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from canut.charter.queries import floor_highest, in_force
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.lab.simulated import simulated_person
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.models import Person
from canut.work.designs.schema import Design
from canut.work.models import Project
from canut.work.queries.revisions import revision_chain
from canut.work.queries.rounds import RoundPage, round_page
from canut.work.queries.studio import priced_project
from canut.work.rules import least_reward_minor
from canut.work.states import Verdict
from canut.work.usecases.add_given_rows import add_given_rows
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.create_project import create_project
from canut.work.usecases.give_feedback import Feedback
from canut.work.usecases.launch_project import NotTried, launch_project
from canut.work.usecases.open_round import DesignNotRevised
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task
from canut.work.validators import design_of

LEAST, MOST = -5, 5
ANSWERS_A_ROW = 4
EXPECTED_SECONDS = 30
MOST_SENTENCES = 400

VAGUE: Mapping[str, Any] = {
    "version": 1,
    "instructions": "Indique la polaridad.",
    "items": [
        {"type": "text", "text": "{{sentence}}", "lang": "es"},
        {"type": "rating", "name": "polarity", "label": "Polaridad", "least": LEAST, "most": MOST},
    ],
}

REVISED: Mapping[str, Any] = {
    "version": 1,
    "instructions": (
        "Lea la frase de un cliente y diga cómo habla de lo que ha comprado. Ejemplo: «Es un coche muy "
        "bonito» es un 3 o un 4. Si la frase no dice nada bueno ni malo, o no se puede saber, elija 0."
    ),
    "items": [
        {"type": "text", "text": "{{sentence}}", "lang": "es"},
        {
            "type": "rating",
            "name": "polarity",
            "label": "¿Qué opina el cliente en esta frase?",
            "help": "-5: muy mal; 0: ni bien ni mal, o no se sabe; 5: muy bien.",
            "least": LEAST,
            "most": MOST,
            "least_label": "muy mal",
            "most_label": "muy bien",
        },
    ],
}

UNCLEAR = (
    "No entiendo la escala: ¿qué significa el 5, muy bueno o muy seguro?",
    "Falta un ejemplo. ¿Polaridad de qué, de la frase o del cliente?",
    "No está claro qué hacer si la frase no dice nada bueno ni malo.",
    "¿Cuál es el punto medio? Una frase neutra no se sabe dónde va.",
    "Tardé más de lo previsto porque la pregunta es confusa.",
)
CLEAR = (
    "Me gusta el ejemplo. Nada es confuso.",
    "Todo está claro, gracias.",
    "No falta nada.",
    "¿Y si hubiera un segundo ejemplo, de una frase con ironía?",
)
CAREFUL_SHARE = 0.9
"""So many of the workers say what the design deserves; the others vote by a coin."""


class NothingToTry(Exception):
    """The folder holds no sentences with answers; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Opinions:
    """Sentences, and what real people answered to each, by its number."""

    sentences: Mapping[str, str]
    answers: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one round."""

    revision: int
    page: RoundPage


def read_opinions(folder: Path) -> Opinions:
    """Return the sentences and answers of a folder with `tasks.csv` and `answers.csv`.

    The first has the columns `number` and `sentence`, the second `number` and `polarity`, -5 to 5.

    Raises:
        NothingToTry: a file or a column is missing, or an answer is not on the scale.
    """
    try:
        with open(folder / "tasks.csv", newline="", encoding="utf-8") as file:
            sentences = {line["number"]: line["sentence"] for line in csv.DictReader(file)}
        answers: dict[str, list[int]] = defaultdict(list)
        with open(folder / "answers.csv", newline="", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                answers[line["number"]].append(_point(line["polarity"]))
    except OSError as error:
        raise NothingToTry(f"{folder} holds no tasks.csv and answers.csv that can be read.") from error
    except (KeyError, ValueError) as error:
        raise NothingToTry(
            f"{folder} needs tasks.csv (number, sentence) and answers.csv (number, polarity from "
            f"{LEAST} to {MOST})."
        ) from error
    known = {number: text for number, text in sentences.items() if answers.get(number)}
    if not known:
        raise NothingToTry(f"No sentence of {folder} has an answer.")
    kept = dict(list(known.items())[:MOST_SENTENCES])
    return Opinions(kept, {number: answers[number] for number in kept})


def _point(written: str) -> int:
    point = int(written)
    if not LEAST <= point <= MOST:
        raise ValueError(written)
    return point


def try_design(
    opinions: Opinions, *, name: str, seed: int, say: Callable[[str], None], launches: bool = True
) -> tuple[Project, Sequence[Tried]]:
    """Publish a vague design, have it stopped, revise it, and launch the rest once the revision passes.

    `say` is told each step in a sentence. `seed` fixes what the workers are like; which task
    each gets, the site draws.
    """
    draw = random.Random(seed)  # noqa: S311 (people, not secrets)
    owner = simulated_person(
        "lab-round-requester", screen_name="Rounds of the lab", at=clock.now(), requester=True
    )
    project = _draft(opinions, owner=owner, name=name)
    tried = [_round(project, owner, opinions, draw, say=say, crowd=1)]
    _knock(project, owner, say)
    revision = begin_revision(project_id=project.pk, by=owner, at=clock.now())
    suggested = tried[0].page.suggested_reward_minor
    change_draft(
        project_id=project.pk, by=owner, design=REVISED, reward_minor=suggested or None, at=clock.now()
    )
    say(f"Revision {revision.number} changes:")
    changes = revision_chain(project.pk, by=owner).lines[0].changes
    assert changes is not None, "a second revision has one before it"
    for sentence in changes.sentences:
        say(f"  {sentence}")
    tried.append(_round(project, owner, opinions, draw, say=say, crowd=2))
    if launches and tried[-1].page.may_launch:
        _afford(project, owner)
        launch_project(project_id=project.pk, by=owner, at=clock.now())
        say("The rest is launched.")
    return Project.objects.get(pk=project.pk), tried


def _draft(opinions: Opinions, *, owner: Person, name: str) -> Project:
    at = clock.now()
    project = create_project(
        by=owner,
        title=f"Opiniones: {name}",
        description="Frases reales de clientes; el laboratorio prueba un diseño con personas simuladas.",
        language="es",
        design=dict(VAGUE),
        reward_minor=least_reward_minor(
            expected_seconds=EXPECTED_SECONDS, floor_hourly_minor=floor_highest(at=at)
        ),
        expected_seconds=EXPECTED_SECONDS,
        answers_per_task=ANSWERS_A_ROW,
        at=at,
    )
    rows = [{"number": number, "sentence": text} for number, text in opinions.sentences.items()]
    add_given_rows(project_id=project.pk, by=owner, rows=rows, key="number", at=at)
    return project


def _round(
    project: Project,
    owner: Person,
    opinions: Opinions,
    draw: random.Random,
    *,
    say: Callable[[str], None],
    crowd: int,
) -> Tried:
    """Publish what is ready, have the round's places filled, and say what came of it."""
    _afford(project, owner)
    publish_project(project_id=project.pk, by=owner, at=clock.now())
    opened = round_page(project.pk, by=owner, at=clock.now()).figures
    say(
        f"Revision {opened.revision}: a prototype round of {opened.places} places, {opened.tasks} tasks × "
        f"{opened.workers_a_task} workers."
    )
    number = 0
    while round_page(project.pk, by=owner, at=clock.now()).figures.is_running:
        number += 1
        worker = simulated_person(
            f"lab-round-{project.pk}-{crowd}-{number}",
            screen_name=f"Round {project.pk}.{crowd}.{number}",
            at=clock.now(),
            worker=True,
        )
        _works(worker, project, opinions, random.Random(draw.random()))  # noqa: S311
    page = round_page(project.pk, by=owner, at=clock.now())
    found = page.figures
    say(
        f"  {found.publish} of {found.voted} voted to publish ({found.publish_share:.0%} needed): "
        f"{found.state_name}. Median {page.median_seconds} s."
    )
    for mend in page.mends:
        say(f"  {mend.seen} {mend.change}")
    return Tried(found.revision, page)


def _works(worker: Person, project: Project, opinions: Opinions, draw: random.Random) -> None:
    """Have one worker do as many tasks of the round as they may, with their vote at the first."""
    feedback: Feedback | None = None
    while True:
        at = clock.now()
        try:
            taken = take_task(by=worker, project_id=project.pk, at=at)
        except Refusal:
            return
        design = design_of(taken.revision_id)
        told = is_told(design)
        if feedback is None:
            feedback = _feedback(told, draw)
        given = opinions.answers[taken.task.key]
        seconds = draw.randint(18, 30) if told else draw.randint(35, 60)
        submit_answer(
            assignment_id=taken.pk,
            by=worker,
            answer={"polarity": answered(given, told=told, draw=draw)},
            active_seconds=seconds,
            at=at + timedelta(milliseconds=1),
            feedback=feedback,
        )


def is_told(design: Design) -> bool:
    """Return whether a worker is told what the ends of each scale mean, and shown an example."""
    scales = [item for item in design.items if item.type == "rating"]
    named = all(getattr(scale, "least_label", "") and getattr(scale, "most_label", "") for scale in scales)
    return named and "ejemplo" in design.instructions.casefold()


def answered(given: Sequence[int], *, told: bool, draw: random.Random) -> int:
    """Return what a simulated worker answers, from what real people answered to the same sentence.

    Told what the scale means, they stay near the middle of those answers; else each goes by a meaning
    of their own, so that any of the real answers may come, turned round once in four times.
    """
    if told:
        return max(LEAST, min(MOST, round(median(given)) + draw.choice((-1, 0, 0, 1))))
    point = draw.choice(list(given))
    return -point if draw.random() < 0.25 else point


def _feedback(told: bool, draw: random.Random) -> Feedback:
    careful = draw.random() < CAREFUL_SHARE
    publishes = told if careful else draw.random() < 0.5
    words = draw.choice(CLEAR if publishes else UNCLEAR)
    return Feedback(Verdict.PUBLISH if publishes else Verdict.REVISE, words)


def _knock(project: Project, owner: Person, say: Callable[[str], None]) -> None:
    """Try to go on without revising, and say what the gate answers."""
    at: datetime = clock.now()
    for what, attempt in (("Launching", launch_project), ("Publishing", publish_project)):
        try:
            if attempt is publish_project:
                begin_revision(project_id=project.pk, by=owner, at=at)
            attempt(project_id=project.pk, by=owner, at=at)
        except (NotTried, DesignNotRevised) as refusal:
            say(f"  {what} all the same is refused: {refusal.code}.")


def _afford(project: Project, owner: Person) -> None:
    """Pay in play money for what is about to begin."""
    lacking = priced_project(project.pk, by=owner, at=clock.now()).lacking_minor
    if lacking:
        deposit_play_money(
            by=owner,
            amount_minor=max(lacking, in_force("deposit.least_minor", at=clock.now())),
            currency=project.currency,
            key=f"round:{project.pk}:{lacking}",
            at=clock.now(),
        )
