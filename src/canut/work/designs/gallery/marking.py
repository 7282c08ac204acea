"""Texts, images and sounds in which something is marked, read closely, or written down."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.gallery.entry import Column, StartingDesign

_EXAMPLE_IMAGE = "https://commons.wikimedia.org/wiki/Special:FilePath/Example.jpg"
_EXAMPLE_SOUND = "https://commons.wikimedia.org/wiki/Special:FilePath/Example.ogg"
"""Files that have been kept there for examples for many years."""


def _spans(text: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Mark names in a text"),
        "instructions": _(
            "Mark every name of a person, a place or an organisation, each time it stands there, and say "
            "which "
            "of the three it is.\n\n"
            "Mark the whole name and nothing else: “Marie Curie”, not “Marie” and not “Marie Curie's”. "
            "Titles "
            "such as “Dr” do not belong to it. If the text has no name, say that there is nothing to mark."
        ),
        "items": [
            {
                "type": "spans",
                "name": "names",
                "label": _("Mark every name."),
                "text": text,
                "labels": [
                    {"value": "person", "label": _("Person")},
                    {"value": "place", "label": _("Place")},
                    {"value": "organisation", "label": _("Organisation")},
                ],
                "least": 0,
            }
        ],
    }


def _boxes(image: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Draw boxes around things"),
        "instructions": _(
            "Draw a box around every person and every vehicle that you can see, also where only a part "
            "shows.\n\n"
            "The box is as small as it can be with everything that is visible inside. One box for each, "
            "also in a group. Leave out reflections and pictures in the picture. If there is nothing to "
            "mark, "
            "say so."
        ),
        "items": [
            {
                "type": "regions",
                "name": "things",
                "label": _("Draw a box around every person and every vehicle."),
                "image": image,
                "alt": _("The image to mark in"),
                "shapes": "rectangle",
                "labels": [
                    {"value": "person", "label": _("Person")},
                    {"value": "vehicle", "label": _("Vehicle")},
                ],
                "least": 0,
            }
        ],
    }


def _transcription(audio: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Write down what is said"),
        "instructions": _(
            "Listen to the recording, as often as you like, and write down every word that is said, as it is "
            "said, with punctuation. Do not correct the speaker.\n\n"
            "Leave out “er” and “um”. Write [unclear] where you cannot make out a word. If nobody speaks, or "
            "hardly a word can be understood, say so."
        ),
        "items": [
            {"type": "audio", "source": audio, "alt": _("The recording to write down")},
            {
                "type": "single_choice",
                "name": "heard",
                "label": _("Can you understand what is said?"),
                "options": [
                    {"value": "yes", "label": _("Yes, or most of it")},
                    {"value": "no", "label": _("Hardly a word")},
                    {"value": "silence", "label": _("Nobody speaks")},
                    {"value": "broken", "label": _("The recording does not play")},
                ],
            },
            {
                "type": "long_text",
                "name": "words",
                "label": _("What is said?"),
                "shown_if": {"item": "heard", "in": ["yes"]},
            },
        ],
    }


def _reading(text: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Read a text closely"),
        "instructions": _(
            "Read the text once to the end. Then go through it again and mark each sentence that claims "
            "something which could be checked, each that only gives an opinion, and each that says where the "
            "author knows it from. A sentence may have several tags.\n\n"
            "Write a note where you doubt something or know more. Then say in your own words what the "
            "text is about."
        ),
        "items": [
            {
                "type": "reading",
                "name": "marks",
                "label": _("Mark claims, opinions and sources, and note what you think of them."),
                "text": text,
                "labels": [
                    {"value": "claim", "label": _("Claim")},
                    {"value": "opinion", "label": _("Opinion")},
                    {"value": "source", "label": _("Source")},
                ],
            },
            {
                "type": "long_text",
                "name": "summary",
                "label": _("What is the text about, in one or two sentences?"),
                "min_length": 20,
                "max_length": 500,
            },
        ],
    }


SPANS = StartingDesign(
    "spans",
    gettext_lazy("Mark names in a text"),
    gettext_lazy("A text in which workers mark persons, places and organisations."),
    (Column("text", "text", gettext_lazy("the text to mark in")),),
    {"text": gettext_lazy("In 1903 Marie Curie, who had come to Paris from Warsaw, taught at the Sorbonne.")},
    _spans,
)

BOXES = StartingDesign(
    "boxes",
    gettext_lazy("Draw boxes on images"),
    gettext_lazy("An image on which workers draw a box around every person and vehicle."),
    (Column("image", "image", gettext_lazy("the https address of the image")),),
    {"image": _EXAMPLE_IMAGE},
    _boxes,
)

TRANSCRIPTION = StartingDesign(
    "transcription",
    gettext_lazy("Write down recordings"),
    gettext_lazy("A recording to listen to: what is said, or why it cannot be written down."),
    (Column("audio", "audio", gettext_lazy("the https address of the recording")),),
    {"audio": _EXAMPLE_SOUND},
    _transcription,
)

READING = StartingDesign(
    "reading",
    gettext_lazy("Read texts closely"),
    gettext_lazy("A text with highlights, tags and notes of the worker's own, and a summary."),
    (Column("text", "text", gettext_lazy("the text to read")),),
    {
        "text": gettext_lazy(
            "Bees find their way by the sun, as Karl von Frisch showed in 1949. They are the most useful of "
            "all insects. In some valleys of China, it is said, people pollinate the pear trees by hand, "
            "because there are no bees any more."
        )
    },
    _reading,
)
