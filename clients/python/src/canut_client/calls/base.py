"""What every subject's calls stand on."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, TypeVar

from canut_client.models import Amount
from canut_client.reading import read
from canut_client.transport import Transport

Model = TypeVar("Model")
AmountLike: TypeAlias = str | Decimal | Amount
"""Money as it can be given: "0.60", Decimal("0.60"), or an amount the site said. Never a float."""

FileLike: TypeAlias = str | Path | BinaryIO
Progress: TypeAlias = Callable[[float], None]
"""Is told the share that is done, from 0 to 1."""


class Calls:
    """Holds the connection."""

    _transport: Transport

    def _all(self, model: type[Model], path: str, **params: Any) -> Iterator[Model]:
        for item in self._transport.pages(path, **params):
            yield read(model, item)


def written(amount: AmountLike | None) -> Any:
    """Return an amount as it is sent.

    Raises:
        TypeError: it is a number: a float cannot say exactly what was meant, and 60 could be cents.
    """
    match amount:
        case None | str():
            return amount
        case Decimal():
            return format(amount, "f")
        case Amount():
            return {"amount_minor": amount.amount_minor, "currency": amount.currency}
    raise TypeError(f"write the amount as text or Decimal, such as '0.60', not as {amount!r}")


def moment(at: datetime | None) -> str | None:
    """Return a moment as it is sent.

    Raises:
        ValueError: it does not say its time zone.
    """
    if at is None:
        return None
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} does not say its time zone")
    return at.isoformat()


def given(**values: Any) -> Mapping[str, Any]:
    """Return the values that are not None: what is left out is left to the site."""
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def opened(file: FileLike, mode: str) -> Iterator[BinaryIO]:
    """Give the file that was named, or the one that was given, which stays open."""
    if isinstance(file, str | Path):
        with open(file, mode) as own:
            yield own  # type: ignore[misc] # the modes here are binary
    else:
        yield file


def name_of(file: FileLike) -> str:
    """Return what a file is called, without its folders."""
    return Path(file).name if isinstance(file, str | Path) else os.path.basename(str(file.name))


def bytes_left(file: BinaryIO) -> int:
    """Return how many bytes there are from where a file stands to its end; it is left standing there."""
    start = file.tell()
    size_bytes = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    return size_bytes
