"""The client: one object, and a method for each thing that can be asked of a site."""

from types import TracebackType
from typing import Any, Self

from canut_client.calls.account import AccountCalls
from canut_client.calls.appeal_seats import AppealSeatCalls
from canut_client.calls.badges import BadgeCalls
from canut_client.calls.board import BoardCalls
from canut_client.calls.bounces import BounceCalls
from canut_client.calls.broken import BrokenCalls
from canut_client.calls.cases import CaseCalls
from canut_client.calls.comparisons import ComparisonCalls
from canut_client.calls.constitution import ConstitutionCalls
from canut_client.calls.contests import ContestCalls
from canut_client.calls.data import DataCalls
from canut_client.calls.designs import DesignCalls
from canut_client.calls.discussions import DiscussionCalls
from canut_client.calls.explanations import ExplanationCalls
from canut_client.calls.flags import FlagCalls
from canut_client.calls.guilds import GuildCalls
from canut_client.calls.history import HistoryCalls
from canut_client.calls.hours import HoursCalls
from canut_client.calls.journal import JournalCalls
from canut_client.calls.juries import JuryCalls
from canut_client.calls.log import LogCalls
from canut_client.calls.mediation import MediationCalls
from canut_client.calls.membership import MembershipCalls
from canut_client.calls.money import MoneyCalls
from canut_client.calls.moratoria import MoratoriumCalls
from canut_client.calls.notices import NoticeCalls
from canut_client.calls.opening import OpeningCalls
from canut_client.calls.operators import OperatorCalls
from canut_client.calls.projects import ProjectCalls
from canut_client.calls.proposals import ProposalCalls
from canut_client.calls.qualifications import QualificationCalls
from canut_client.calls.ratings import RatingCalls
from canut_client.calls.replays import ReplayCalls
from canut_client.calls.requirements import RequirementCalls
from canut_client.calls.results import ResultCalls
from canut_client.calls.review import ReviewCalls
from canut_client.calls.sanctions import SanctionCalls
from canut_client.calls.searches import SearchCalls
from canut_client.calls.talk import TalkCalls
from canut_client.calls.top_ups import TopUpCalls
from canut_client.calls.votes import VoteCalls
from canut_client.calls.webhooks import WebhookCalls
from canut_client.calls.work import WorkCalls
from canut_client.transport import Transport


class Canut(
    AccountCalls,
    NoticeCalls,
    ProjectCalls,
    DesignCalls,
    OpeningCalls,
    RequirementCalls,
    DataCalls,
    WorkCalls,
    BrokenCalls,
    ExplanationCalls,
    SearchCalls,
    HoursCalls,
    WebhookCalls,
    ReviewCalls,
    CaseCalls,
    AppealSeatCalls,
    ContestCalls,
    MediationCalls,
    RatingCalls,
    QualificationCalls,
    GuildCalls,
    JournalCalls,
    JuryCalls,
    BadgeCalls,
    ResultCalls,
    ComparisonCalls,
    TalkCalls,
    DiscussionCalls,
    TopUpCalls,
    MoneyCalls,
    HistoryCalls,
    ConstitutionCalls,
    MoratoriumCalls,
    FlagCalls,
    OperatorCalls,
    SanctionCalls,
    LogCalls,
    MembershipCalls,
    ReplayCalls,
    ProposalCalls,
    VoteCalls,
    BoardCalls,
    BounceCalls,
):
    """A Canut site, asked with an API key of one of its account pages.

    Every method raises `CanutError` when the site says no, and `Unreachable` when it does not answer.
    Each POST carries an idempotency key, made anew unless `key` gives one, and is sent again when the
    connection breaks; it is then done once all the same. One client may be used by one thread at a time.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        language: str | None = None,
        timeout_seconds: float = 60,
        **options: Any,
    ) -> None:
        """Connect to the site at `base_url` (https://canut.example.org) when something is asked.

        `language` ("en", "fr") is that of sentences in errors; without it the account's. `options` are
        those of `Transport`: `attempts`, and for tests `transport` and `sleep`.
        """
        self._transport = Transport(
            base_url, key, language=language, timeout_seconds=timeout_seconds, **options
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def openapi(self) -> Any:
        """Return the site's OpenAPI document."""
        return self._transport.get("/openapi.json")
