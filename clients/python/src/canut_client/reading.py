"""From decoded JSON to frozen dataclasses, by their type hints.

What a newer site adds is passed over; what a dataclass needs and the site does not say is an error.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Model = TypeVar("Model")
Reader = Callable[[Any], Any]


def read(model: type[Model], data: Any) -> Model:
    """Return the dataclass that decoded JSON describes.

    Raises:
        ValueError: a field is missing, or no moment where one should be.
    """
    hint: Any = model
    return cast(Model, _reader(hint)(data))


@cache
def _reader(hint: Any) -> Reader:
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass_reader(hint)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        chosen = _reader(next(part for part in inner if part is not types.NoneType))
        return lambda value: None if value is None else chosen(value)
    if origin is tuple:
        each = _reader(inner[0])
        return lambda value: tuple(each(part) for part in value)
    if origin is Mapping:
        of_value = _reader(inner[1])
        return lambda value: {name: of_value(part) for name, part in value.items()}
    return lambda value: value


def _dataclass_reader(model: Any) -> Reader:
    hints = get_type_hints(model)
    readers = {field.name: _reader(hints[field.name]) for field in fields(model)}

    def read_one(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValueError(f"the site's {model.__name__} is no object")
        if missing := readers.keys() - data.keys():
            raise ValueError(f"the site's {model.__name__} lacks {', '.join(sorted(missing))}")
        return model(**{name: reader(data[name]) for name, reader in readers.items()})

    return read_one
