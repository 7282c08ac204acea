"""The designs and compiled validators of published revisions, made once in each process.

A published revision never changes (`revision_frozen`), so they can be kept for good.
"""

from functools import lru_cache

from canut.work.designs.answers import Validator, compile_validator
from canut.work.designs.schema import Design, read_design
from canut.work.models import Revision


@lru_cache(maxsize=2048)
def design_of(revision_id: int) -> Design:
    """Return the design of a published revision.

    Raises:
        LookupError: there is no such revision, or it is not published and may still change.
    """
    revision = Revision.objects.filter(pk=revision_id, published_at__isnull=False).first()
    if revision is None:
        raise LookupError(f"revision {revision_id} is not published")
    return read_design(revision.design)


@lru_cache(maxsize=2048)
def validator_of(revision_id: int) -> Validator:
    """Return the validator of a published revision. Raises LookupError as `design_of` does."""
    return compile_validator(design_of(revision_id))
