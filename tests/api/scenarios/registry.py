"""Which situation stands for which line of the document."""

from collections.abc import Callable

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast

Scenario = Callable[[Cast], Call]
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
