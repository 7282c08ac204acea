"""Questions about people themselves: what they think, and what they met with."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.gallery.entry import Column, StartingDesign


def _options(**labels: str) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in labels.items()]


def _survey() -> dict[str, object]:
    agree = {"least_label": _("Disagree"), "most_label": _("Agree")}
    return {
        "version": 1,
        "title": _("A survey about reading"),
        "instructions": _(
            "This survey asks what you read and what you think of it. There are no right answers; what "
            "counts "
            "is what is so for you. Nobody will know who you are.\n\n"
            "You may leave out every question marked as optional."
        ),
        "items": [
            {"type": "page", "title": _("What you read")},
            {
                "type": "single_choice",
                "name": "often",
                "label": _("How often do you read a book?"),
                "options": _options(
                    daily=_("Every day or nearly"),
                    weekly=_("Every week"),
                    rarely=_("Less often"),
                    never=_("Never"),
                ),
            },
            {
                "type": "multiple_choice",
                "name": "kinds",
                "label": _("What do you read?"),
                "options": _options(
                    novels=_("Novels"), facts=_("Non-fiction"), comics=_("Comics"), other=_("Something else")
                ),
                "shown_if": {"item": "often", "in": ["daily", "weekly", "rarely"]},
            },
            {
                "type": "short_text",
                "name": "why_not",
                "label": _("What keeps you from it?"),
                "required": False,
                "max_length": 300,
                "shown_if": {"item": "often", "in": ["never"]},
            },
            {"type": "page", "title": _("What you think")},
            {"type": "rating", "name": "time", "label": _("I would like to read more than I do."), **agree},
            {"type": "rating", "name": "paper", "label": _("I prefer paper to a screen."), **agree},
            {
                "type": "ranking",
                "name": "reasons",
                "label": _("Why do people read? Put the reasons in order, the most important first."),
                "options": _options(learn=_("To learn"), rest=_("To rest"), feel=_("To feel something")),
            },
            {"type": "page", "title": _("About you")},
            {
                "type": "drop_down",
                "name": "age",
                "label": _("How old are you?"),
                "required": False,
                "options": _options(
                    under_30=_("Under 30"), to_44=_("30 to 44"), to_59=_("45 to 59"), over_60=_("60 or older")
                ),
            },
            {"type": "long_text", "name": "more", "label": _("Anything else?"), "required": False},
        ],
    }


def _bug_report(address: str, goal: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Try a website and report what goes wrong"),
        "instructions": _(
            "Open the address in a new window and try to do what is asked, as you would at home. Do not "
            "enter "
            "your real name, address or passwords: make some up.\n\n"
            "A report is good if somebody else can see the same by following it: what you did, step by "
            "step; what you "
            "expected; what happened instead. If everything works, that is a good answer too."
        ),
        "items": [
            {"type": "text", "heading": _("Address"), "text": address},
            {"type": "text", "heading": _("What to try"), "text": goal},
            {"type": "page", "title": _("What you use")},
            {
                "type": "single_choice",
                "name": "device",
                "label": _("What did you use?"),
                "options": _options(computer=_("A computer"), tablet=_("A tablet"), phone=_("A phone")),
            },
            {
                "type": "drop_down",
                "name": "system",
                "label": _("Which system does it run?"),
                "options": _options(
                    windows="Windows",
                    macos="macOS",
                    linux="Linux",
                    android="Android",
                    ios="iOS",
                    other=_("Another"),
                ),
            },
            {
                "type": "drop_down",
                "name": "browser",
                "label": _("Which browser?"),
                "options": _options(
                    firefox="Firefox", chrome="Chrome", safari="Safari", edge="Edge", other=_("Another")
                ),
            },
            {
                "type": "short_text",
                "name": "version",
                "label": _("Which version of the browser?"),
                "help": _("It stands under “About” in the browser's menu."),
                "required": False,
                "max_length": 40,
            },
            {"type": "page", "title": _("What happened")},
            {
                "type": "single_choice",
                "name": "outcome",
                "label": _("Could you do what was asked?"),
                "options": _options(
                    yes=_("Yes, without trouble"), trouble=_("Yes, but something went wrong"), no=_("No")
                ),
            },
            {
                "type": "long_text",
                "name": "steps",
                "label": _("What did you do, step by step?"),
                "min_length": 20,
                "max_length": 3000,
                "shown_if": {"item": "outcome", "in": ["trouble", "no"]},
            },
            {
                "type": "long_text",
                "name": "expected",
                "label": _("What did you expect, and what happened instead?"),
                "max_length": 3000,
                "shown_if": {"item": "outcome", "in": ["trouble", "no"]},
            },
            {
                "type": "rating",
                "name": "severity",
                "label": _("How much did it get in your way?"),
                "least_label": _("Hardly"),
                "most_label": _("I had to give up"),
                "shown_if": {"item": "outcome", "in": ["trouble", "no"]},
            },
        ],
    }


SURVEY = StartingDesign(
    "survey",
    gettext_lazy("Survey"),
    gettext_lazy("Questions on three pages, some of them asked only with certain answers. It needs no data."),
    (),
    {},
    _survey,
)

BUG_REPORT = StartingDesign(
    "bug-report",
    gettext_lazy("Try a website"),
    gettext_lazy("A website to try: device, browser, steps, and what went wrong."),
    (
        Column("address", "address", gettext_lazy("the address of the website")),
        Column("goal", "goal", gettext_lazy("what workers try to do there")),
    ),
    {
        "address": "https://example.org/",
        "goal": gettext_lazy("Find out when the library is open on Saturdays, and reserve a book."),
    },
    _bug_report,
    elsewhere_seconds=240,
)
