"""The registry of every number that the rules go by (MECHANISMS 9).

Code reads a value with `canut.charter.queries.in_force` and never from here: a default counts only
until the log's first entry. A number that a rule needs is added to its section, to `names.py`, and
to `docs/reference/charter.md` by `python -m canut.charter.reference`; the next start of the site
writes a `release` entry for it.
"""

from canut.charter.parameters.board import BOARD
from canut.charter.parameters.cascade import CASCADE
from canut.charter.parameters.deciding import DECIDING
from canut.charter.parameters.governance import GOVERNANCE
from canut.charter.parameters.guilds import GUILDS
from canut.charter.parameters.justice import JUSTICE
from canut.charter.parameters.kinds import Class, Parameter, ScopeKind, Section, Unit, Value
from canut.charter.parameters.money import MONEY
from canut.charter.parameters.pay import PAY
from canut.charter.parameters.prototypes import PROTOTYPES
from canut.charter.parameters.ratings import RATINGS

SECTIONS: tuple[Section, ...] = (
    PAY,
    MONEY,
    DECIDING,
    RATINGS,
    CASCADE,
    PROTOTYPES,
    GUILDS,
    JUSTICE,
    GOVERNANCE,
    BOARD,
)
"""Every section, in the order in which pages and documentation show them."""

PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter for section in SECTIONS for parameter in section.parameters
}
"""Every parameter by name."""

__all__ = ["PARAMETERS", "SECTIONS", "Class", "Parameter", "ScopeKind", "Section", "Unit", "Value"]
