"""The only way to a vote, or to one's own place in it, on somebody's behalf. Everybody may read votes."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from canut.governance.ballots.models import Elector, Vote
from canut.governance.ballots.refusals import NotAnElector, VoteNotFound
from canut.people.models import Person

LARGEST = 2**63 - 1


def vote_known(vote_id: int) -> Vote:
    """Return a vote; everybody may know of it.

    Raises:
        VoteNotFound: there is none of this number.
    """
    found = Vote.objects.filter(pk=vote_id).first() if 0 < vote_id <= LARGEST else None
    if found is None:
        raise VoteNotFound(_("There is no such vote. The list of votes shows those there are."))
    return found


def vote_to_close(vote_id: int) -> Vote:
    """Lock and return a vote: whoever casts a ballot meanwhile waits, and then finds it closed.

    Raises:
        VoteNotFound: there is none of this number.
    """
    vote_known(vote_id)
    return Vote.objects.select_for_update().get(pk=vote_id)


def vote_to_cast_in(vote_id: int) -> Vote:
    """Return a vote that nobody closes before this transaction ends. Many may hold it so at once.

    Raises:
        VoteNotFound: there is none of this number.
    """
    vote_known(vote_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM governance_ballots_vote WHERE id = %s FOR SHARE", [vote_id])
    return Vote.objects.get(pk=vote_id)


def own_place(vote: Vote, *, by: Person, lock: bool = False) -> Elector:
    """Return `by`'s place among the electors of a vote, its row locked if asked.

    Raises:
        NotAnElector: they have none.
    """
    rows = Elector.objects.select_for_update() if lock else Elector.objects.all()
    found = rows.filter(vote=vote, person=by).first()
    if found is None:
        raise NotAnElector(
            _(
                "You are not among those who may vote here: they were fixed when the vote opened, from the "
                "active members of the colleges that are asked. Your membership page says what you need to "
                "be among those of the next vote."
            )
        )
    return found
