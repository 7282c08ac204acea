"""The types of item a design may hold. A new type is a class in the file of its family, and a line here."""

from canut.work.designs.audio import AudioSegments
from canut.work.designs.choices import DropDown, MultipleChoice, SingleChoice
from canut.work.designs.conversations import Conversations
from canut.work.designs.displays import Audio, Image, PageBreak, Takers, Text, Video
from canut.work.designs.files import FileUpload, Recording
from canut.work.designs.frames import OwnHtml, RemotePage, WebPage
from canut.work.designs.items import Item
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.quantities import Day, Number, Rating
from canut.work.designs.ranking import BestText, RankedTexts, Ranking
from canut.work.designs.regions import Regions
from canut.work.designs.spans import Reading, Spans
from canut.work.designs.texts import LongText, ShortText
from canut.work.designs.works import Work

_TYPES: tuple[type[Item], ...] = (
    # shown
    Text,
    Image,
    Audio,
    Video,
    Work,
    # layout
    PageBreak,
    Takers,
    # words and numbers
    ShortText,
    LongText,
    Number,
    Day,
    # choices
    SingleChoice,
    MultipleChoice,
    DropDown,
    # compared and rated
    Rating,
    Pairwise,
    BestText,
    Ranking,
    RankedTexts,
    Conversations,
    # marked, recorded, sent
    Regions,
    Spans,
    Reading,
    AudioSegments,
    Recording,
    FileUpload,
    # own pages
    WebPage,
    OwnHtml,
    RemotePage,
)

ITEM_TYPES: dict[str, type[Item]] = {item.type: item for item in _TYPES}
