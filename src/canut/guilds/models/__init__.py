"""Tables of guilds: who is in them, what is drawn for review, what reviews say and what levels follow."""

from canut.guilds.models.contests import LevelContest
from canut.guilds.models.draws import Block, Item, SamplingPause
from canut.guilds.models.guilds import Guild, Invitation, Member
from canut.guilds.models.reviews import LevelDecision, Review, ReviewProject

__all__ = [
    "Block",
    "Guild",
    "Invitation",
    "Item",
    "LevelContest",
    "LevelDecision",
    "Member",
    "Review",
    "ReviewProject",
    "SamplingPause",
]
