"""Designs to begin with: whole tasks with instructions and an example row, in the reader's language.

A project that begins with one gets a copy as plain text; later changes here do not reach it.
"""

from canut.work.designs.gallery import marking, people, texts
from canut.work.designs.gallery.entry import StartingDesign

STARTING_DESIGNS: dict[str, StartingDesign] = {
    design.name: design
    for design in (
        texts.PAIRWISE,
        texts.CLASSIFICATION,
        texts.TRANSLATION_CHECK,
        texts.CONVERSATIONS,
        texts.RUBRIC,
        marking.SPANS,
        marking.BOXES,
        marking.TRANSCRIPTION,
        marking.READING,
        people.SURVEY,
        people.BUG_REPORT,
        texts.CONTENT_CHECK,
    )
}
