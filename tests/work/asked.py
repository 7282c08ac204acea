"""What projects can ask for, made for tests: guilds, qualifications, and who stands where on them."""

from decimal import Decimal
from itertools import count

from tests.builders import NOON, a_person

from canut.guilds.models import Guild
from canut.people.models import Person
from canut.people.usecases.found_body import found_body
from canut.reputation.models import Qualification, ScaleKind
from canut.reputation.usecases.keep_standing import drop_standing, keep_standing
from canut.work.models import Project, Requirement

_serial = count(1)


def a_guild(name: str = "", *, by: Person | None = None) -> Guild:
    """Return a guild without members."""
    number = next(_serial)
    founder = by or a_person()
    return Guild.objects.create(
        party=found_body(name=name or f"Guild {number}", screen_name=f"Guild{number}", by=founder, at=NOON),
        craft="transcription",
        charter_text="We write what is said.",
        decision="Asked for by all.",
        founded_by=founder,
        founded_at=NOON,
    )


def a_qualification(owner: Person, name: str = "") -> Qualification:
    return Qualification.objects.create(
        owner_id=owner.pk, name=name or f"Qualification {next(_serial)}", created_at=NOON
    )


def holds(worker: Person, scale: str, scale_id: int, value: Decimal | int | str | None) -> None:
    """Let a worker stand at a value on a scale, or have none on it."""
    kind = ScaleKind(scale)
    drop_standing(party_id=worker.pk, scale=kind, scale_id=scale_id)
    if value is not None:
        keep_standing(
            party_id=worker.pk, scale=kind, scale_id=scale_id, value=Decimal(value), ratings=1, at=NOON
        )


def asks(project: Project, scale: str, scale_id: int, comparator: str, value: object = None) -> Requirement:
    """Let a project ask for a standing, past the verb: for what the rule makes of it."""
    return Requirement.objects.create(
        project=project, scale=scale, scale_id=scale_id, comparator=comparator, value=value
    )
