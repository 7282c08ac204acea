"""What a credential says: somebody, known by a key alone, has reached a level in a guild.

It says no more than that needs. No name, no time of day, no exact figure, no reference to a piece of work
or a review, no number that a page of the site shows beside a name: whoever has the credential and the
site's public pages should not find out whose it is, unless its holder says so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from canut.guilds.credentials import images
from canut.guilds.credentials.proofs import CREDENTIALS_CONTEXT

BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
MOST_LEVELS = 10
"""Of a guild: how many the charter may allow."""
MOST_NARRATIVE_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Achievement:
    """A level of a guild, as the guild describes it.

    `address` is the page of the guild, and `levels_address` the one that says what its levels mean, with
    a place on it for each. `criteria` says in a few sentences what it takes to come to this level;
    `language` ("en", "fr") is what these texts are written in. The guild's levels go from 1 to `highest`.
    """

    guild_name: str
    address: str
    level: int
    criteria: str
    language: str
    highest: int

    @property
    def levels_address(self) -> str:
        return f"{self.address.rstrip('/')}/levels/"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the level rests on: how many reviews by peers, and their mean from 1 to 4."""

    reviews: int
    mean_score: Decimal


@dataclass(frozen=True, slots=True)
class Signer:
    """The site that speaks: its DID, its name and its address."""

    did: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a status list says whether this credential is still good."""

    list_address: str
    index: int


def day_of(moment: datetime) -> datetime:
    """Return the midnight (UTC) that begins the day: credentials say the day of things and no more."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def coarse(reviewed: Reviewed) -> Reviewed:
    """Return figures that many members share: reviews by tens, rounded down, and the mean by halves."""
    halves = (reviewed.mean_score * 2).quantize(Decimal(1), ROUND_HALF_UP)
    return Reviewed(reviewed.reviews // 10 * 10, halves / 2)


def level_statement(
    *,
    credential_id: UUID,
    signer: Signer,
    subject_did: str,
    achievement: Achievement,
    reviewed: Reviewed | None,
    standing: Standing,
    awarded_at: datetime,
    valid_until: datetime | None,
) -> dict[str, Any]:
    """Return the unsigned OpenBadgeCredential that says it, in the active language.

    Dates are rounded down to the day, figures by `coarse`. The level is also there for programs, as the
    result of the achievement's rubric. The picture is in the text itself: whoever shows a badge need not
    ask the site for it, which would tell the site that somebody is looking.

    Raises:
        ValueError: the level is none, or a text is empty or too long.

    Source: 1EdTech "Open Badges Specification" 3.0, appendix B; W3C "Verifiable Credentials Data
    Model v2.0"; W3C "Bitstring Status List v1.0", section 2.1.
    """
    if not 1 <= achievement.level <= achievement.highest <= MOST_LEVELS:
        raise ValueError("a guild has levels 1 to 10 at most, and this is none of its")
    if not achievement.criteria.strip() or len(achievement.criteria) > MOST_NARRATIVE_CHARACTERS:
        raise ValueError("criteria are a few sentences")
    name = _("%(guild)s, level %(level)s") % {"guild": achievement.guild_name, "level": achievement.level}
    meant_by = f"{achievement.levels_address}#level-{achievement.level}"
    rubric = f"{achievement.levels_address}#rubric"
    picture = images.picture_address(
        guild_name=achievement.guild_name,
        level=achievement.level,
        highest=achievement.highest,
        site_name=signer.name,
    )
    document: dict[str, Any] = {
        "@context": [CREDENTIALS_CONTEXT, BADGES_CONTEXT, EXTENSIONS_CONTEXT],
        "id": credential_id.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {
            "id": signer.did,
            "type": ["Profile"],
            "name": signer.name,
            "url": signer.address,
        },
        "validFrom": _day(awarded_at),
        "credentialSubject": {
            "id": subject_did,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": meant_by,
                "type": ["Achievement"],
                "achievementType": "Competency",
                "creator": {
                    "id": achievement.address,
                    "type": ["Profile"],
                    "name": achievement.guild_name,
                },
                "name": name,
                "description": _(
                    "Workers of this guild judged this member's work blind, and found it to be of"
                    " level %(level)s of %(highest)s."
                )
                % {"level": achievement.level, "highest": achievement.highest},
                "criteria": {"id": meant_by, "narrative": achievement.criteria.strip()},
                "image": {"id": picture, "type": "Image", "caption": name},
                "inLanguage": achievement.language,
                "resultDescription": [
                    {
                        "id": rubric,
                        "type": ["ResultDescription"],
                        "name": _("Level"),
                        "resultType": "RubricCriterionLevel",
                        "rubricCriterionLevel": [
                            {
                                "id": f"{rubric}-level-{level}",
                                "type": ["RubricCriterionLevel"],
                                "name": str(level),
                            }
                            for level in range(1, achievement.highest + 1)
                        ],
                    }
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": rubric,
                    "achievedLevel": f"{rubric}-level-{achievement.level}",
                    "value": str(achievement.level),
                }
            ],
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{standing.list_address}#{standing.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(standing.index),
            "statusListCredential": standing.list_address,
        },
    }
    if valid_until is not None:
        document["validUntil"] = _day(valid_until)
    if reviewed is not None and reviewed.reviews >= 10:
        document["evidence"] = [_evidence(coarse(reviewed))]
    return document


def highest_level(statement: dict[str, Any]) -> int:
    """Return how many levels the guild had when this was said of one of them."""
    (rubric,) = statement["credentialSubject"]["achievement"]["resultDescription"]
    return len(rubric["rubricCriterionLevel"])


def _evidence(reviewed: Reviewed) -> dict[str, Any]:
    return {
        "type": ["Evidence"],
        "name": _("Blind reviews by peers"),
        "narrative": _(
            "At least %(reviews)s pieces of work were drawn at random and reviewed by members of the guild"
            " who did not know whose they were. On a scale from 1 to 4, by halves, the mean is %(mean)s."
        )
        % {"reviews": reviewed.reviews, "mean": f"{reviewed.mean_score:.1f}"},
    }


def _day(moment: datetime) -> str:
    return f"{day_of(moment):%Y-%m-%dT%H:%M:%SZ}"


Form = Literal["data_integrity", "jwt"]
"""The two ways in which one statement is signed."""
