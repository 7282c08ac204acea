"""Which situation stands for which line of the document."""

import importlib
from collections.abc import Callable

from tests.api.calls import Call, operations
from tests.api.scenarios.cast import Cast

Scenario = Callable[[Cast], Call]
SUBJECTS = (
    "account",
    "appeal_seats",
    "badges",
    "board",
    "bounces",
    "broken",
    "cases",
    "comparisons",
    "constitution",
    "contests",
    "data",
    "designs",
    "discussions",
    "explanations",
    "files",
    "flags",
    "guilds",
    "history",
    "hours",
    "journal",
    "juries",
    "moratoria",
    "log",
    "mediation",
    "membership",
    "notices",
    "opening",
    "operators",
    "pages",
    "projects",
    "proposals",
    "qualifications",
    "ratings",
    "replays",
    "requirements",
    "review",
    "rounds",
    "sanctions",
    "searches",
    "talk",
    "top_ups",
    "votes",
    "webhooks",
    "work",
)
SCENARIOS: dict[tuple[str, str], Scenario] = {}


def says(operation: str, *codes: str) -> Callable[[Scenario], Scenario]:
    """Register the situation in which `operation` answers with these codes, "200" and the like among them."""

    def registered(scenario: Scenario) -> Scenario:
        for code in codes:
            assert (operation, code) not in SCENARIOS, f"{operation} has two situations for {code}"
            SCENARIOS[operation, code] = scenario
        return scenario

    return registered


def several(
    operations: dict[str, Callable[[Cast, int], Call]], code: str, thing: Callable[[Cast], int]
) -> None:
    """Register the same situation for several operations: `thing` makes what each is then called about."""
    for operation, call in operations.items():
        says(operation, code)(lambda cast, call=call: call(cast, thing(cast)))


def load() -> None:
    """Have every situation registered."""
    for subject in SUBJECTS:
        importlib.import_module(f"tests.api.scenarios.{subject}")


def success_of(operation: str) -> str:
    """Return the status with which an operation says that it went well."""
    (status,) = [code for code in operations()[operation][2]["responses"] if code.startswith("2")]
    return status
