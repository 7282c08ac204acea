"""What a worker is asked when two answers are compared."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from canut.guilds.comparisons.limits import FIRST, QUESTION, SECOND, TIE
from canut.work.usecases.create_project import LONGEST_TITLE


def wording(title: str, language: str, *, with_tie: bool) -> tuple[str, dict[str, Any]]:
    """Return the title and the design of a project that compares work of the project of this title.

    In the project's language where the site speaks it, else in the one that is spoken now.
    """
    spoken = language.split("-")[0]
    known = spoken if spoken in dict(settings.LANGUAGES) else translation.get_language() or "en"
    with translation.override(known):
        options = [
            {"value": FIRST, "label": _("The first")},
            {"value": SECOND, "label": _("The second")},
        ]
        if with_tie:
            options.append({"value": TIE, "label": _("They are equally good")})
        design = {
            "version": 1,
            "instructions": _(
                "Below are two answers to the same task, by two people who are not you. Read the task and "
                "both answers, then say which does better what the task asks. They are not told who said so."
            ),
            "items": [
                {"type": "work", "number": 1, "heading": _("The first answer")},
                {"type": "work", "number": 2, "heading": _("The second answer")},
                {
                    "type": "single_choice",
                    "name": QUESTION,
                    "label": _("Which of the two is better?"),
                    "options": options,
                },
            ],
        }
        called = _("Which is better? %(title)s") % {"title": title}
    return called[:LONGEST_TITLE].rstrip(), design
