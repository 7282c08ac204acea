"""What a correct answer to a design is: the one definition, for every door.

An answer is an object `{item name: value}`. The fast lane, the REST API and the page's form all call
what `compile_validator` returns, and the browser's own checks come from the same fields of the items.
"""

import json
from collections.abc import Mapping, Sequence

from canut.work.designs.items import InPlace
from canut.work.designs.parts import InParts
from canut.work.designs.problems import AnswerProblem, AnswerRefused, Wrong
from canut.work.designs.schema import Design
from canut.work.designs.values import storable

MOST_ANSWER_BYTES = 64 * 1024
MOST_UNKNOWN_NAMED = 10
DEEPEST_DRAFT = 12
"""How many lists and objects may stand in each other in a draft; answers need half as many."""
FIELD_PREFIX = "answer-"
"""In front of an item's name in a form, so that no item meets a field of the page itself."""

Answer = dict[str, object]


class Validator:
    """Checks decoded JSON against one design. Compile it once per revision; it may serve many threads.

    `needs_twin` says that the fast lane cannot do it alone: some of the answer lies in rows of the
    database, or who may have the next task does, or what is shown with it.
    """

    def __init__(self, design: Design) -> None:
        questions = design.questions
        self._checks = tuple((question.name, question.check()) for question in questions)
        self._known = frozenset(question.name for question in questions)
        self._always = tuple(question.name for question in questions if question.required)
        self._sometimes = tuple((q.name, q.required_if) for q in questions if q.required_if)
        self._shown_if = design.conditions()
        self._placing = tuple(question for question in questions if question.needs_twin)
        self.needs_twin = bool(self._placing or design.works) or design.takers is not None
        self.takes_files = any(question.takes_file for question in questions)
        self._most_bytes = sum(question.most_bytes() + len(question.name) + 6 for question in questions)

    def __call__(self, raw: object) -> Answer:
        """Return the answer as it is stored.

        Texts are stripped and composed (NFC), whole numbers lose their `.0`, lists of choices follow
        the design's order, and what was left blank is left out, as is what the other answers hide.
        Checking what this returned changes nothing.

        Raises:
            AnswerRefused: with a problem for each item that is wrong, and for names unknown here.
        """
        if not isinstance(raw, dict):
            raise AnswerRefused({"": AnswerProblem("not_an_object")})
        answer, errors, hidden = self._given(raw)
        for name in self._always:
            if name not in answer and name not in errors and name not in hidden:
                errors[name] = AnswerProblem("required")
        for name, condition in self._sometimes:
            if name not in answer and name not in errors and name not in hidden and condition.holds(answer):
                errors[name] = AnswerProblem("required")
        if self._most_bytes > MOST_ANSWER_BYTES and not errors and answer_bytes(answer) > MOST_ANSWER_BYTES:
            errors[""] = AnswerProblem("too_much", {"at_most": MOST_ANSWER_BYTES // 1024})
        if errors:
            raise AnswerRefused(errors)
        return answer

    def placed(self, answer: Answer, place: InPlace) -> Answer:
        """Return a checked answer as it is stored for its row: held against the row and the kept files.

        Raises:
            AnswerRefused: with a problem for each item whose answer does not belong there.
        """
        stored, errors = dict(answer), {}
        for question in self._placing:
            if question.name in answer:
                try:
                    stored[question.name] = question.placed(answer[question.name], place)
                except Wrong as wrong:
                    errors[question.name] = wrong.problem
        if not errors and answer_bytes(stored) > MOST_ANSWER_BYTES:
            errors[""] = AnswerProblem("too_much", {"at_most": MOST_ANSWER_BYTES // 1024})
        if errors:
            raise AnswerRefused(errors)
        return stored

    def _given(self, raw: Mapping[object, object]) -> tuple[Answer, dict[str, AnswerProblem], set[str]]:
        """Return what of the answer is right, what is wrong with the rest, and what is not shown.

        Whether something is shown hangs only on what stands before it. Needs come later.
        """
        answer: Answer = {}
        errors: dict[str, AnswerProblem] = {}
        hidden: set[str] = set()
        met = 0
        for name, check in self._checks:
            conditions = self._shown_if.get(name)
            if conditions and not all(condition.holds(answer) for condition in conditions):
                hidden.add(name)
                met += name in raw
            elif name in raw:
                met += 1
                try:
                    cleaned = None if raw[name] is None else check(raw[name])
                except Wrong as wrong:
                    errors[name] = wrong.problem
                else:
                    if cleaned is not None:
                        answer[name] = cleaned
        if met < len(raw):
            unknown = [name for name in raw if name not in self._known][:MOST_UNKNOWN_NAMED]
            errors |= {_legible(name): AnswerProblem("unknown_item") for name in unknown}
        return answer, errors, hidden


def compile_validator(design: Design) -> Validator:
    """Return the one definition of a correct answer to the design, ready to be called."""
    return Validator(design)


def answer_from_post(design: Design, post: Mapping[str, Sequence[str]]) -> Answer:
    """Return the answer that a page's form posted, unchecked, in the shape of the API's.

    `post` gives each field's list of values, as `dict(request.POST.lists())` or `urllib.parse.parse_qs`
    do. Fields whose name does not begin with `answer-` are the page's own and are passed over.
    """
    answer: Answer = {}
    known: set[str] = set()
    for question in design.questions:
        field = FIELD_PREFIX + question.name
        if isinstance(question, InParts):
            of_parts = {part: f"{field}-{part}" for part in question.part_keys()}
            known.update(of_parts.values())
            value = question.posted_parts({part: post.get(name, ()) for part, name in of_parts.items()})
        else:
            known.add(field)
            value = question.posted(post.get(field, ()))
        if value is not None:
            answer[question.name] = value
    for field in post:
        if field.startswith(FIELD_PREFIX) and field not in known:
            answer[field.removeprefix(FIELD_PREFIX)] = list(post[field])
    return answer


def active_seconds_from_post(post: Mapping[str, Sequence[str]]) -> int | None:
    """Return the active seconds: what the worker stated, else what the page's timer counted, else None.

    None also if what was stated is no such count.
    """
    written = next((text for text in reversed(post.get("active_seconds") or ()) if text), "")
    if not written:
        return measured_seconds_from_post(post)
    return int(written) if len(written) <= 7 and written.isascii() and written.isdecimal() else None


def measured_seconds_from_post(post: Mapping[str, Sequence[str]]) -> int | None:
    """Return what the page's timer counted, whatever the worker stated; None if it did not run."""
    written = next(iter(post.get("measured_seconds") or ()), "")
    return int(written) if 0 < len(written) <= 7 and written.isascii() and written.isdecimal() else None


def draft_of(design: Design, raw: object) -> Answer:
    """Return what of an unfinished answer can be kept as a draft: known items, right or wrong.

    What is stored can always be shown again in the form. A draft of more than 64 KB is refused.

    Raises:
        AnswerRefused: it is no object, or too large.
    """
    if not isinstance(raw, dict):
        raise AnswerRefused({"": AnswerProblem("not_an_object")})
    draft: Answer = {}
    for question in design.questions:
        kept = _keepable(raw.get(question.name))
        if kept is not None:
            draft[question.name] = kept
    if answer_bytes(draft) > MOST_ANSWER_BYTES:
        raise AnswerRefused({"": AnswerProblem("too_much", {"at_most": MOST_ANSWER_BYTES // 1024})})
    return draft


def answer_bytes(answer: Answer) -> int:
    """Return the length of the answer's JSON in UTF-8."""
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def _legible(name: object) -> str:
    return name[:60] if isinstance(name, str) and storable(name) else "?"


def _keepable(value: object, depth: int = 0) -> object:
    match value:
        case str():
            return value if storable(value) else value.replace("\0", "").encode(errors="replace").decode()
        case bool():
            return value if depth else None
        case int() | float():
            return value if abs(value) < 1e300 else None
        case list() if depth < DEEPEST_DRAFT:
            parts = [
                _keepable(part, depth + 1) for part in value if not isinstance(part, str) or storable(part)
            ]
            return [part for part in parts if part is not None]
        case dict() if depth < DEEPEST_DRAFT:
            kept = {key: _keepable(part, depth + 1) for key, part in value.items() if storable(key)}
            return {key: part for key, part in kept.items() if part is not None} or None
        case _:
            return None
