"""Who keeps away from whom, for rooms that must not bring such people together."""

from collections.abc import Collection

from canut.people.models import Listing, ListKind


def who_block_or_are_blocked(party_ids: Collection[int]) -> set[int]:
    """Return everybody whom one of these parties has blocked, and everybody who has blocked one of them."""
    blocks = Listing.objects.filter(kind=ListKind.BLOCK)
    return {
        *blocks.filter(owner__in=party_ids).values_list("person", flat=True),
        *blocks.filter(person__in=party_ids).values_list("owner", flat=True),
    }
