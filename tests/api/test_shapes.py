"""Shapes in the interface's description go by their names, so no two may share one."""

from collections import defaultdict
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules

from pydantic import BaseModel

from canut.api import shapes


def test_no_two_shapes_or_lists_of_words_share_a_name() -> None:
    """Of two with one name the description holds the later, and answers of the other break it."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in iter_modules(shapes.__path__):
        for named in vars(import_module(f"{shapes.__name__}.{module.name}")).values():
            if isinstance(named, type) and issubclass(named, BaseModel | Enum):
                found[named.__name__].add(named.__module__)
    assert len(found) > 200
    assert {name: sorted(modules) for name, modules in found.items() if len(modules) > 1} == {}
