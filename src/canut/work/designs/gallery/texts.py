"""Texts to compare, to sort, to rate and to check."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.gallery.entry import Column, StartingDesign
from canut.work.states import Risk


def _pairwise(prompt: str, a: str, b: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Which text is better?"),
        "instructions": _(
            "Read what was asked, then both texts to the end. Say which of them answers it better.\n\n"
            "Look at four things: does the text answer what was asked; is it clear and in a sensible order; "
            "is its language correct; is anything important missing?\n\n"
            "Choose “Tie” if both are equally good, if both are equally bad, or if they are the same. "
            "A text that breaks off at its end is not worse for that alone."
        ),
        "items": [
            {
                "type": "pairwise",
                "name": "better",
                "label": _("Which text is better?"),
                "prompt": prompt,
                "a": a,
                "b": b,
                "ties": True,
            }
        ],
    }


def _classification(text: str, options: Sequence[tuple[str, str]] | None = None) -> dict[str, object]:
    listed = options or [("positive", _("Positive")), ("negative", _("Negative")), ("neither", _("Neither"))]
    return {
        "version": 1,
        "title": _("Sort texts"),
        "instructions": _(
            "Read the text and choose the one answer that fits it best. "
            "Judge the text itself, not whether you agree with it."
        ),
        "items": [
            {"type": "text", "text": text},
            {
                "type": "single_choice",
                "name": "label",
                "label": _("What fits this text best?"),
                "options": [{"value": value, "label": label} for value, label in listed],
            },
        ],
    }


def _translation_check(english: str, french: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Check a translation"),
        "instructions": _(
            "Compare the French sentence with the English one.\n\n"
            "Right: it says the same, in French that a careful person would write.\n"
            "Wrong: it says something else, leaves something out, or has a mistake.\n"
            "Unnatural: it says the same, but nobody would put it so.\n\n"
            "Words between % and s, or in curly brackets, stand for names and figures: they must be in both."
        ),
        "items": [
            {"type": "text", "heading": _("English"), "text": english, "lang": "en"},
            {"type": "text", "heading": _("French"), "text": french, "lang": "fr"},
            {
                "type": "single_choice",
                "name": "verdict",
                "label": _("How is the French sentence?"),
                "options": [
                    {"value": "right", "label": _("Right")},
                    {"value": "wrong", "label": _("Wrong")},
                    {"value": "unnatural", "label": _("Unnatural")},
                ],
            },
            {
                "type": "long_text",
                "name": "better",
                "label": _("What would be better?"),
                "max_length": 1000,
                "required_if": {"item": "verdict", "in": ["wrong", "unnatural"]},
            },
        ],
    }


def _rubric(prompt: str, text: str) -> dict[str, object]:
    scale = {"least_label": _("Not at all"), "most_label": _("Completely")}
    return {
        "version": 1,
        "title": _("Rate a text"),
        "instructions": _(
            "Read what was asked and the text that answers it to the end. Then rate it by each criterion, "
            "apart from the others: a text may be pleasant to read and wrong.\n\n"
            "Helpful: it does what was asked. Correct: what it says is true, as far as you can tell or "
            "find out. "
            "Clear: it is in good order, and no longer than it needs to be.\n\n"
            "Use the whole scale. If the text is harmful, say why."
        ),
        "items": [
            {"type": "text", "heading": _("What was asked"), "text": prompt},
            {"type": "text", "heading": _("The text"), "text": text},
            {"type": "rating", "name": "helpful", "label": _("How helpful is it?"), **scale},
            {"type": "rating", "name": "correct", "label": _("How correct is it?"), **scale},
            {"type": "rating", "name": "clear", "label": _("How clear is it?"), **scale},
            {
                "type": "single_choice",
                "name": "harm",
                "label": _("Could it harm somebody?"),
                "options": [{"value": "no", "label": _("No")}, {"value": "yes", "label": _("Yes")}],
            },
            {
                "type": "long_text",
                "name": "why_harm",
                "label": _("How?"),
                "max_length": 1000,
                "shown_if": {"item": "harm", "in": ["yes"]},
            },
        ],
    }


def _conversations(prompt: str, a: str, b: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Which conversation is better?"),
        "instructions": _(
            "Two models were asked the same. Read both conversations to the end; the order in which they "
            "stand "
            "says nothing. Judge each criterion first, then which conversation is better overall.\n\n"
            "Choose “Both are bad” if you would give neither to the person who asked, and say why."
        ),
        "items": [
            {
                "type": "conversations",
                "name": "better",
                "label": _("Which conversation is better?"),
                "prompt": prompt,
                "a": a,
                "b": b,
                "criteria": [
                    {"name": "helpful", "label": _("Does what was asked")},
                    {"name": "correct", "label": _("Says what is true")},
                ],
                "both_bad": True,
                "reasons": "overall",
                "reasons_for": ["both_bad"],
            }
        ],
    }


def _content_check(text: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Check what people posted"),
        "instructions": _(
            "Read what somebody posted and say whether it may stay by the rules below. You may stop at "
            "any time "
            "and give the task back; nothing happens to you for that.\n\n"
            "It may not stay if it threatens or humiliates people for what they are, if it shows or asks for "
            "violence, if it is sexual, or if it leads somebody to hurt themselves. Rude words alone are no "
            "reason. If you cannot tell without knowing more, say so."
        ),
        "items": [
            {"type": "text", "heading": _("What was posted"), "text": text},
            {
                "type": "single_choice",
                "name": "verdict",
                "label": _("May it stay?"),
                "options": [
                    {"value": "stays", "label": _("Yes")},
                    {"value": "goes", "label": _("No")},
                    {"value": "unclear", "label": _("I cannot tell")},
                ],
            },
            {
                "type": "multiple_choice",
                "name": "risks",
                "label": _("What does it show?"),
                "options": [{"value": str(risk), "label": str(risk.label)} for risk in Risk],
                "shown_if": {"item": "verdict", "in": ["goes"]},
            },
            {
                "type": "short_text",
                "name": "lacking",
                "label": _("What would you need to know?"),
                "max_length": 300,
                "shown_if": {"item": "verdict", "in": ["unclear"]},
            },
        ],
    }


PAIRWISE = StartingDesign(
    "pairwise",
    gettext_lazy("Compare two texts"),
    gettext_lazy("Two texts for one prompt, side by side in random order: which is better, or a tie."),
    (
        Column("prompt", "prompt", gettext_lazy("what both texts answer")),
        Column("a", "a", gettext_lazy("the first text")),
        Column("b", "b", gettext_lazy("the second text")),
    ),
    {
        "prompt": gettext_lazy("How many legs does a spider have?"),
        "a": gettext_lazy("A spider has eight legs."),
        "b": gettext_lazy("Like all insects, a spider has six legs."),
    },
    _pairwise,
)

CLASSIFICATION = StartingDesign(
    "classification",
    gettext_lazy("Sort texts"),
    gettext_lazy("One text, and a list of answers of which one fits best."),
    (Column("text", "text", gettext_lazy("the text to sort")),),
    {"text": gettext_lazy("The train was late again, but the view made up for it.")},
    _classification,
)

TRANSLATION_CHECK = StartingDesign(
    "translation-check",
    gettext_lazy("Check a translation"),
    gettext_lazy("An English sentence and its French one: right, wrong or unnatural; what is better."),
    (
        Column("english", "english", gettext_lazy("the English sentence")),
        Column("french", "french", gettext_lazy("the French sentence")),
    ),
    {"english": "You have one task in hand.", "french": "Vous avez une tâche en main."},
    _translation_check,
)

RUBRIC = StartingDesign(
    "rubric",
    gettext_lazy("Rate a text by a rubric"),
    gettext_lazy("One text and what it answers, rated from 1 to 5 by several criteria."),
    (
        Column("prompt", "prompt", gettext_lazy("what the text answers")),
        Column("text", "text", gettext_lazy("the text to rate")),
    ),
    {
        "prompt": gettext_lazy("How do I keep cut flowers fresh?"),
        "text": gettext_lazy(
            "Cut the stems at an angle, change the water every two days, and keep the flowers out of the sun."
        ),
    },
    _rubric,
)

CONVERSATIONS = StartingDesign(
    "conversations",
    gettext_lazy("Compare two conversations with a model"),
    gettext_lazy(
        "Two conversations side by side in random order, judged by criteria and overall, with reasons."
    ),
    (
        Column("prompt", "prompt", gettext_lazy("what both conversations are about")),
        Column("a", "a", gettext_lazy("the first conversation: a JSON list of turns, or lines with “User:”")),
        Column("b", "b", gettext_lazy("the second conversation")),
    ),
    {
        "prompt": gettext_lazy("Planning a day in Lyon"),
        "a": gettext_lazy(
            "User: I have one day in Lyon. What should I see?\n"
            "Assistant: Walk up to Fourvière in the morning, have lunch in a bouchon, and see the silk "
            "weavers' workshops of the Croix-Rousse in the afternoon."
        ),
        "b": gettext_lazy(
            "User: I have one day in Lyon. What should I see?\n"
            "Assistant: Lyon is a city with many sights. You could see some of them."
        ),
    },
    _conversations,
)

CONTENT_CHECK = StartingDesign(
    "content-check",
    gettext_lazy("Check what people posted"),
    gettext_lazy("A text that somebody posted: may it stay by the rules, and what does it show?"),
    (Column("text", "text", gettext_lazy("what was posted")),),
    {"text": gettext_lazy("Whoever parks here again will get to know me.")},
    _content_check,
    risks=(Risk.VIOLENCE, Risk.SEXUAL, Risk.HATE, Risk.SELF_HARM),
)
