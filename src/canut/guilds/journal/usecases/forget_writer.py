"""Somebody's account is closed: what they wrote for themselves goes with them."""

from django.db import transaction

from canut.guilds.journal.models import Journal, JournalEntry


@transaction.atomic
def forget_writer(*, party_id: int) -> None:
    """Delete a person's journal whole. Safe to repeat."""
    JournalEntry.objects.filter(writer_id=party_id).delete()
    Journal.objects.filter(writer_id=party_id).delete()
