"""What a reviewer is asked, and reading what they said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canut.work.usecases.create_project import LONGEST_TITLE

LEVEL, VERDICT, ACCEPT, ADVICE = "level", "verdict", "would_accept", "advice"


@dataclass(frozen=True, slots=True)
class Said:
    """What a review says: 1 under the level to 4 two above it, whether to accept it, and what to improve."""

    verdict: int
    would_accept: bool
    advice: str


def form_of_reviews(
    title: str, language: str, *, least_characters: int, of_reviews: bool
) -> tuple[str, dict[str, Any]]:
    """Return the title and the design of a project in which work of the project of this title is reviewed.

    In the project's language where the site speaks it, else in the site's own. A task's row
    tells the level of whoever did the work, and nothing else of them.
    """
    spoken = language.split("-")[0]
    known = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        instructions = (
            _(
                "Below is a review that a member of your guild wrote, with the work it is about. Say how good"
                " the review is for a member of that level: is its judgement right, and does its advice help?"
            )
            if of_reviews
            else _(
                "Below is work of a member of your guild, as they handed it in. Say how good it is for a"
                " member of that level. Do the task in your mind first, by what its requester asked for."
            )
        )
        blind = _(
            "You are not told whose it is, and they are not told that you said it. They read your words as"
            " you write them: do not sign, and write nothing that shows who you are."
        )
        design = {
            "version": 1,
            "instructions": f"{instructions}\n\n{blind}",
            "items": [
                {
                    "type": "text",
                    "text": _("Whoever did this is at level %(level)s of the guild.")
                    % {"level": "{{" + LEVEL + "}}"},
                },
                {"type": "work", "number": 1, "heading": _("The review") if of_reviews else _("The work")},
                {
                    "type": "single_choice",
                    "name": VERDICT,
                    "label": _("How good is it for this level?"),
                    "options": [
                        {
                            "value": "1",
                            "label": _(
                                "Under this level. If nearly all reviews say so, the member falls by one."
                            ),
                        },
                        {"value": "2", "label": _("Right for this level. The member stays where they are.")},
                        {
                            "value": "3",
                            "label": _(
                                "Ready for the next level. If reviews say so or better, they rise by one."
                            ),
                        },
                        {
                            "value": "4",
                            "label": _(
                                "Ready for the one after. If nearly all reviews say so, they rise by two."
                            ),
                        },
                    ],
                },
                {
                    "type": "single_choice",
                    "name": ACCEPT,
                    "label": _("Would you accept it, if you were the requester?"),
                    "options": [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}],
                },
                {
                    "type": "long_text",
                    "name": ADVICE,
                    "label": _("What would make it better?"),
                    "help": _("The member reads this. Say what to do, not who they are, and do not sign."),
                    "min_length": max(1, least_characters),
                    "max_length": 4_000,
                },
            ],
        }
        called = pgettext("a member's work", "Review: %(title)s") % {"title": title}
    return called[:LONGEST_TITLE].rstrip(), design


def said_in(answer: Mapping[str, Any]) -> Said:
    """Read the answer to a task of such a project."""
    return Said(
        verdict=int(answer[VERDICT]),
        would_accept=answer[ACCEPT] == "yes",
        advice=answer[ADVICE],
    )
