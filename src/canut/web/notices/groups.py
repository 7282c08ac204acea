"""Which groups of notices concern whom."""

from canut.people.models import Person
from canut.people.notices.kinds import Group


def concerns(person: Person, group: Group) -> bool:
    """Say whether notices of a group can come to somebody in the roles that they have."""
    return {
        Group.WORK: person.is_worker,
        Group.REQUESTS: person.is_requester,
        Group.RUNNING: person.is_operator,
    }.get(group, True)
