"""The types of item a design may hold. A new type is a class in the file of its family, and a line here."""

from canut.work.designs.choices import MultipleChoice, SingleChoice
from canut.work.designs.displays import Text
from canut.work.designs.items import Item
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.quantities import Number
from canut.work.designs.texts import LongText, ShortText

ITEM_TYPES: dict[str, type[Item]] = {
    item.type: item for item in (Text, Pairwise, SingleChoice, MultipleChoice, ShortText, LongText, Number)
}
