"""Amounts, and people as the other side sees them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: a whole number of the currency's smallest unit. `written` says the same for people's eyes."""

    amount_minor: int
    currency: str
    written: str

    def __str__(self) -> str:
        return f"{self.written} {self.currency}"


@dataclass(frozen=True, slots=True)
class Party:
    """All that the other side sees of somebody. `simulated`: the lab made them and nobody is behind it."""

    id: int
    screen_name: str
    simulated: bool
