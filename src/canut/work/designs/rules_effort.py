"""How long a task of a design takes: a figure to begin with, before anybody has been timed.

It adds up what is read, what is looked at and what is done, item by item, from published averages. It
is a suggestion for the author; a prototype round measures what it really takes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from statistics import fmean

from django.utils.translation import gettext as _

from canut.work.designs.choices import MultipleChoice
from canut.work.designs.columns import columns_in
from canut.work.designs.conversations import Conversations
from canut.work.designs.displays import Audio, Image, Video
from canut.work.designs.items import Item, Occasion, Question
from canut.work.designs.quantities import Day, Number
from canut.work.designs.ranking import Places
from canut.work.designs.schema import Design, columns_of
from canut.work.designs.texts import LongText, ShortText

READ_WORDS_A_MINUTE = 238
COMPOSED_WORDS_A_MINUTE = 19
CHOICE_SECONDS = 4.0
"""Twice a mental act of 1.35 s (to judge, to decide), pointing 1.1 s and a click 0.2 s."""
FIGURE_SECONDS = 5.0
PICTURE_SECONDS = 5.0
RECORDING_SECONDS = 30.0
"""A sound or a video, whose length nothing here knows."""
BOX_SECONDS = 25.5
SPAN_SECONDS = 10.0
FILE_SECONDS = 30.0
PAGE_SECONDS = 60.0
"""A page that is not ours, of which nothing is known."""
SHORT_ANSWER_WORDS = 4
LONG_ANSWER_WORDS = 20
REASON_WORDS = 10
TASKS_A_READING = 5
"""How many tasks somebody does for each time they read what is the same in all of them."""
MOST_ROWS = 200
LEAST_SECONDS = 5

_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a task is expected to take, in whole seconds, and of what that is made up, in seconds.

    `unknown` counts sounds, videos and pages elsewhere, for which a round figure stands.
    """

    seconds: int
    reading: float
    doing: float
    unknown: int

    @property
    def basis(self) -> str:
        """Return in words how the figure was got."""
        said = _(
            "%(reading)s s to read at %(speed)s words a minute, %(doing)s s to look and to answer, "
            "from published averages."
        ) % {"reading": ceil(self.reading), "speed": READ_WORDS_A_MINUTE, "doing": ceil(self.doing)}
        if not self.unknown:
            return said
        unknown = _("Sounds, videos and pages elsewhere count with a round figure: say how long yours take.")
        return f"{said} {unknown}"


def expected_seconds_of(design: Design, rows: Iterable[Mapping[str, object]] = ()) -> int:
    """Return how many seconds a task of the design is expected to take, as `effort_of` reckons it."""
    return effort_of(design, rows).seconds


def effort_of(design: Design, rows: Iterable[Mapping[str, object]] = ()) -> Effort:
    """Return how long a task of the design is expected to take, on average over the first 200 rows.

    Reading: 238 words a minute, the average for English non-fiction; each character of Chinese,
    Japanese or Korean counts as a word. What differs from row to row is read in every task; what is
    the same in all of them, and the instructions, once in five tasks; but in each task of a design
    that takes nothing from rows, for nobody does such a task twice.

    Doing: a choice takes 4 s (keystroke-level model: two mental acts, pointing, a click), each part of
    a ranking or a rubric as much; a number or a day 5 s; words are composed at 19 a minute, four for a
    short answer, twenty for a long one (or as many as it must have, at six letters a word); a look at
    an image 5 s; a box around something 25.5 s; a span of text 10 s. Questions that are optional, or
    asked only with certain answers, count half.

    The same reckoning gives 9 to 11 s for a sentence of 18 words with one choice; 16,000 timed
    answers of this kind (ActiveCrowdToolkit: weather, film reviews) have a median of 9 s.

    Source: Brysbaert. "How many words do we read per minute?" Journal of Memory and Language 109, 2019,
    https://doi.org/10.1016/j.jml.2019.104047. Card, Moran, Newell. "The keystroke-level model for user
    performance time with interactive systems". CACM 23(7), 1980, https://doi.org/10.1145/358886.358895.
    Karat, Halverson, Horn, Karat. "Patterns of entry and correction in large vocabulary continuous
    speech recognition systems". CHI 1999, https://doi.org/10.1145/302979.303160. Su, Deng, Fei-Fei.
    "Crowdsourcing annotations for visual object detection". AAAI Workshop on Human Computation 2012.
    How often fixed text is read again, and the seconds for sounds and pages elsewhere, are our own
    estimates.
    """
    sample: Sequence[Mapping[str, object]] = list(islice(rows, MOST_ROWS)) or [{}]
    fixed = float(_words(design.instructions))
    changing = [0.0] * len(sample)
    doing, unknown = 0.0, 0
    for item in design.items:
        share = _share(item)
        for template in item.templates():
            if next(columns_in(template), None) is None:
                fixed += _words(template) * share
            else:
                for place, row in enumerate(sample):
                    changing[place] += _words(Occasion(row=row).fill(template)) * share
        seconds, is_known = _doing(item)
        doing += seconds * share
        unknown += not is_known
    tasks = TASKS_A_READING if columns_of(design) else 1
    reading = 60 / READ_WORDS_A_MINUTE * (fmean(changing) + fixed / tasks)
    return Effort(max(LEAST_SECONDS, ceil(reading + doing)), reading, doing, unknown)


def _words(text: str) -> int:
    return sum(1 for _word in _WORD.finditer(_MARKUP.sub(" ", text)))


def _share(item: Item) -> float:
    sometimes = item.shown_if is not None or (isinstance(item, Question) and not item.required)
    return 0.5 if sometimes else 1.0


def _doing(item: Item) -> tuple[float, bool]:
    """Return the seconds that looking at an item or answering it takes, and whether that is known."""
    match item:
        case Image():
            return PICTURE_SECONDS, True
        case Audio() | Video():
            return RECORDING_SECONDS, False
        case MultipleChoice():
            return 2 * CHOICE_SECONDS, True
        case Places():
            return len(item.ranked()) * CHOICE_SECONDS, True
        case Conversations():
            parts = [key.rpartition("-")[2] for key in item.part_keys()]
            reasons = 0.5 * parts.count("why") * _composing(REASON_WORDS)
            return (len(parts) - parts.count("why")) * CHOICE_SECONDS + reasons, True
        case Number() | Day():
            return FIGURE_SECONDS, True
        case ShortText():
            return _composing(max(SHORT_ANSWER_WORDS, item.min_length / 6)), True
        case LongText():
            wanted = max(LONG_ANSWER_WORDS, item.min_length / 6)
            return _composing(min(wanted, item.max_length / 6)), True
    return _OTHERS.get(item.type, (CHOICE_SECONDS if isinstance(item, Question) else 0.0, True))


_OTHERS: Mapping[str, tuple[float, bool]] = {
    "regions": (2 * BOX_SECONDS, True),
    "spans": (3 * SPAN_SECONDS, True),
    "reading": (5 * SPAN_SECONDS, True),
    "audio_segments": (2 * RECORDING_SECONDS, False),
    "recording": (RECORDING_SECONDS, False),
    "file": (FILE_SECONDS, True),
    "web_page": (PAGE_SECONDS, False),
    "own_html": (PAGE_SECONDS, False),
    "remote_page": (PAGE_SECONDS, False),
}


def _composing(words: float) -> float:
    return 60 / COMPOSED_WORDS_A_MINUTE * words
