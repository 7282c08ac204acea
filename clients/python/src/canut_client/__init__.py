"""Publish tasks on a Canut site and read their results."""

from canut_client.client import Canut
from canut_client.errors import CanutError, NotACanutSite, Unreachable
from canut_client.models import *  # noqa: F403
from canut_client.models import __all__ as _models

__all__ = ["Canut", "CanutError", "NotACanutSite", "Unreachable", *_models]
