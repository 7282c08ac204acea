"""What to change in a design after a prototype round, from what its workers did and said.

Each rule looks for one pattern in the figures or the comments and, where it finds it, says what was
seen and what to change, and where. Nothing is asked of any service, nothing is changed by itself, and a
rule that is wrong does no more than show a sentence: the requester decides. Comments are searched in
English, French and Spanish, whatever the language of the design.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.work.complaints import THEMES, plain
from canut.work.designs.columns import columns_in
from canut.work.designs.items import Choice, Item, Question
from canut.work.designs.schema import Design, columns_in_order

LEAST_ANSWERS = 3
"""Figures of fewer answers say nothing."""
LEAST_PAIRS = 4
"""Agreement is judged from so many pairs of answers to the same task on."""
LONGER_BY = 1.2
"""A typical time above the expected one by this factor is longer."""
LOW_AGREEMENT = 0.4
"""Agreement beyond chance (S) under this is low."""
MANY_SHARE = 0.25
"""From this share of the answers on, many could not tell."""
EMPTY_SHARE = 0.5
"""From this share of the answers on, a question that may be left empty is left empty often."""
MOST_WORDS = 400
"""Instructions of more words are long, whatever the task."""
WORDS_A_MINUTE = 238
MOST_QUOTES = 3
MOST_MENDS = 12


@dataclass(frozen=True, slots=True)
class Comment:
    """What one worker of the round said is unclear or missing."""

    words: str
    wants_revision: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of the round: to which task, what the worker saw of its row, and what was answered."""

    task: int
    shown: Mapping[str, object]
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the rules look at. Times in seconds; `suggested_reward_minor` pays the median its floor.

    `median_seconds` is None while nobody said how long it took, `suggested_reward` is that amount as a
    person reads it; both are None for what is not paid.
    """

    design: Design
    expected_seconds: int
    median_seconds: int | None
    comments: Sequence[Comment]
    answers: Sequence[Given]
    reward_minor: int = 0
    suggested_reward_minor: int | None = None
    suggested_reward: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to change: what was seen, what to do about it, and where in the builder.

    `place` is "price", "rows", "instructions", or a path into the design's JSON such as
    `items[2].options`. `people` is how many workers or answers it rests on; `quotes` are their words.
    """

    code: str
    seen: str
    change: str
    place: str
    people: int
    quotes: Sequence[str] = ()


Rule = Callable[[Seen], Iterator[Mend]]


def mends(seen: Seen) -> Sequence[Mend]:
    """Return what to change, what most people ran into first, at most twelve things.

    Every rule of this module is asked; a place of the design is named once by each rule.
    """
    found = [mend for rule in RULES for mend in rule(seen)]
    return sorted(found, key=lambda mend: -mend.people)[:MOST_MENDS]


def longer_than_expected(seen: Seen) -> Iterator[Mend]:
    """Suggest a higher reward or another expected time where work takes longer than the price assumes.

    That is where at least three answers came and their median time is over the expected one by a fifth
    or more. The reward suggested is the least that pays the floor for the median.
    """
    median = seen.median_seconds
    if median is None or len(seen.answers) < LEAST_ANSWERS or median < seen.expected_seconds * LONGER_BY:
        return
    said = _("The typical worker took %(median)s seconds; %(expected)s were expected.") % {
        "median": median,
        "expected": seen.expected_seconds,
    }
    raised = seen.suggested_reward_minor
    if raised is not None and raised > seen.reward_minor:
        change = _("Raise the reward to %(reward)s, or ask for less in one task.") % {
            "reward": seen.suggested_reward
        }
    else:
        change = _("Say %(median)s seconds as the expected time, or ask for less in one task.") % {
            "median": median
        }
    yield Mend("longer_than_expected", said, change, "price", len(seen.answers))


def low_agreement(seen: Seen) -> Iterator[Mend]:
    """Suggest an example or a way out where workers answer the same task differently.

    For each question with listed answers: the share of pairs of answers to the same task that agree,
    beyond what chance would give if every choice were as likely: S = (p − c) / (1 − c), with c = 1/k for
    k choices. On a scale, answers one step apart agree too, and c counts those. Under 0.4, from at least
    four pairs, agreement is low.

    Source: Bennett, Alpert, Goldstein. "Communications through limited-response questioning". Public
    Opinion Quarterly 18(3), 1954, https://doi.org/10.1086/266520. Neighbours on a scale are ours.
    """
    for path, question in _questions(seen.design):
        values = question.condition_values()
        if len(values) < 2:
            continue
        near = 1 if question.type == "rating" and len(values) > 3 else 0
        pairs, agreeing = _pairs(seen, question, near=near)
        chance = (len(values) * (1 + 2 * near) - 2 * near) / len(values) ** 2
        if pairs < LEAST_PAIRS or (agreeing / pairs - chance) / (1 - chance) >= LOW_AGREEMENT:
            continue
        said = _(
            "Workers who did the same task gave different answers to “%(question)s”: %(agreeing)s of "
            "%(pairs)s pairs of answers agree."
        ) % {"question": question.label, "agreeing": agreeing, "pairs": pairs}
        if near:
            change = _("Say what each end and the middle of the scale mean, with a sentence as an example.")
        elif _ways_out(question):
            change = _("Put an example of each choice into the instructions.")
        else:
            change = _(
                "Put an example of each choice into the instructions, or add a choice “I cannot tell”."
            )
        yield Mend("low_agreement", said, change, path, pairs - agreeing)


def many_cannot_tell(seen: Seen) -> Iterator[Mend]:
    """Suggest more choices or clearer words where many answers are a way out such as “other”.

    That is where at least three answers, and a quarter of those to the question, are a choice that is
    called so in English, French or Spanish.
    """
    for path, question in _questions(seen.design):
        ways_out = {choice.value: choice.label for choice in _ways_out(question)}
        given = [
            _chosen(one.answer.get(question.name)) for one in seen.answers if question.name in one.answer
        ]
        out = sum(any(value in ways_out for value in values) for values in given)
        if out < LEAST_ANSWERS or out < MANY_SHARE * len(given):
            continue
        said = _("%(out)s of %(given)s answers to “%(question)s” are: %(choices)s.") % {
            "out": out,
            "given": len(given),
            "question": question.label,
            "choices": ", ".join(f"“{label}”" for label in ways_out.values()),
        }
        change = _("Add the choices that are missing, or say how to decide in doubt.")
        yield Mend("many_cannot_tell", said, change, path, out)


def left_empty(seen: Seen) -> Iterator[Mend]:
    """Suggest dropping a question, or saying when to answer it, where most leave it empty.

    Only questions that may be left empty, and only answers of workers who saw them.
    """
    for path, question in _questions(seen.design):
        if question.required or question.required_if:
            continue
        condition = question.shown_if
        saw = [one for one in seen.answers if condition is None or condition.holds(one.answer)]
        empty = sum(question.name not in one.answer for one in saw)
        if empty < LEAST_ANSWERS or empty < EMPTY_SHARE * len(saw):
            continue
        said = _("“%(question)s” was left empty in %(empty)s of %(given)s answers.") % {
            "question": question.label,
            "empty": empty,
            "given": len(saw),
        }
        change = _("Say when it is to be answered, or take it out.")
        yield Mend("left_empty", said, change, path, empty)


def columns_without_values(seen: Seen) -> Iterator[Mend]:
    """Name each column that the design shows and that was empty in some task of the round."""
    tasks = {one.task: one.shown for one in seen.answers}
    for column in columns_in_order(seen.design):
        empty = sum(row.get(column) in (None, "") for row in tasks.values())
        if empty:
            said = ngettext(
                "The column %(column)s was empty in %(empty)s task of the round: workers saw nothing there.",
                "The column %(column)s was empty in %(empty)s tasks of the round: workers saw nothing there.",
                empty,
            )
            change = _("Fill the column, take those rows out, or name another column.")
            path = next(path for path, item in _items(seen.design) if column in _columns(item))
            yield Mend(
                "columns_without_values", said % {"column": column, "empty": empty}, change, path, empty
            )


def long_instructions(seen: Seen) -> Iterator[Mend]:
    """Suggest shorter instructions where reading them takes half of the expected time, or 400 words.

    Reading is reckoned at 238 words a minute.

    Source: Brysbaert. "How many words do we read per minute?" Journal of Memory and Language 109, 2019,
    https://doi.org/10.1016/j.jml.2019.104047: silent reading of English non-fiction.
    """
    words = len(seen.design.instructions.split())
    seconds = words * 60 // WORDS_A_MINUTE
    if words <= MOST_WORDS and seconds * 2 <= seen.expected_seconds:
        return
    said = _("The instructions have %(words)s words: about %(seconds)s seconds of reading.") % {
        "words": words,
        "seconds": seconds,
    }
    change = _("Put what must be known first, cut the rest, or count the reading into the expected time.")
    yield Mend("long_instructions", said, change, "instructions", 1)


def named_in_comments(seen: Seen) -> Iterator[Mend]:
    """Point at each question and choice that workers who want a revision name in their comments.

    A comment names a question by its words or its name in the results, and a choice by its words: whole
    words, whatever their case and accents, of at least four letters.
    """
    said_by = [comment for comment in seen.comments if comment.wants_revision]
    for path, question in _questions(seen.design):
        names = {question.label, question.name, *(choice.label for choice in _choices(question))}
        patterns = [_whole_words(name) for name in names if len(plain(name)) >= 4]
        quotes = [
            comment.words for comment in said_by if any(p.search(plain(comment.words)) for p in patterns)
        ]
        if quotes:
            said = ngettext(
                "%(count)s comment names “%(question)s” or one of its choices.",
                "%(count)s comments name “%(question)s” or one of its choices.",
                len(quotes),
            ) % {"count": len(quotes), "question": question.label}
            change = _("Read what they say, and put this question into other words.")
            yield Mend("named_in_comments", said, change, path, len(quotes), _some(quotes))


def said_in_comments(seen: Seen) -> Iterator[Mend]:
    """Group comments by what they complain of, in words of English, French and Spanish.

    A word that is denied in the same part of a sentence (“nothing is unclear”, « il ne manque rien »)
    does not count.
    """
    for theme in THEMES:
        quotes = [comment.words for comment in seen.comments if theme.is_in(comment.words)]
        if quotes:
            counted = ngettext("%(count)s comment: %(said)s", "%(count)s comments: %(said)s", len(quotes))
            said = counted % {"count": len(quotes), "said": str(theme.said)}
            yield Mend(theme.code, said, str(theme.change), theme.place, len(quotes), _some(quotes))


RULES: Sequence[Rule] = (
    longer_than_expected,
    low_agreement,
    many_cannot_tell,
    left_empty,
    columns_without_values,
    named_in_comments,
    said_in_comments,
    long_instructions,
)

_WAY_OUT = re.compile(
    r"can(?:no|')?t tell|cannot tell|don.?t know|do not know|not sure|unsure|unclear|other\b|none of|"
    r"impossible|autre|ne sais pas|ne sait pas|indecid|aucun|incertain|"
    r"\botr[ao]s?\b|no (?:lo )?se\b|no se sabe|ningun|dudos"
)


def _whole_words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(plain(words).strip(' ?.!:'))}(?!\w)")


def _items(design: Design) -> Iterator[tuple[str, Item]]:
    for number, item in enumerate(design.items):
        yield f"items[{number}]", item


def _questions(design: Design) -> Iterator[tuple[str, Question]]:
    for path, item in _items(design):
        if isinstance(item, Question):
            yield path, item


def _columns(item: Item) -> set[str]:
    return {column for template in item.templates() for column in columns_in(template)}


def _choices(question: Question) -> Sequence[Choice]:
    options = getattr(question, "options", ())
    return [option for option in options if isinstance(option, Choice)]


def _ways_out(question: Question) -> Sequence[Choice]:
    """Return the choices by which a worker says that none of the others fits."""
    return [
        choice for choice in _choices(question) if _WAY_OUT.search(f"{choice.value} {plain(choice.label)}")
    ]


def _chosen(answer: object) -> Sequence[object]:
    return answer if isinstance(answer, list) else [answer]


def _pairs(seen: Seen, question: Question, *, near: int) -> tuple[int, int]:
    """Return how many pairs of answers to the same task there are, and how many of them agree."""
    order = {value: place for place, value in enumerate(question.condition_values())}
    by_task: dict[int, list[int]] = {}
    for one in seen.answers:
        answer = one.answer.get(question.name)
        value = str(answer) if isinstance(answer, int | float) else answer
        if isinstance(value, str) and value in order:
            by_task.setdefault(one.task, []).append(order[value])
    apart = Counter(
        abs(one - other) <= near for places in by_task.values() for one, other in combinations(places, 2)
    )
    return apart.total(), apart[True]


def _some(quotes: Sequence[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(quotes))[:MOST_QUOTES]
