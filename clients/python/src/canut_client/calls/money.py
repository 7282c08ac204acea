"""A requester's balance and a worker's earnings."""

from collections.abc import Iterator

from canut_client.calls.base import AmountLike, Calls, written
from canut_client.models import Amount, EarningLine, Earnings, Money, MoneyLine
from canut_client.reading import read


class MoneyCalls(Calls):
    def money(self, currency: str | None = None) -> Money:
        """Return one's balance as a requester, and what each project was given, spent and holds."""
        return read(Money, self._transport.get("/money", currency=currency))

    def money_history(self, currency: str | None = None) -> Iterator[MoneyLine]:
        """Give every movement of the balance, newest first."""
        return self._all(MoneyLine, "/money/history", currency=currency, limit=200)

    def deposit(self, amount: AmountLike, *, key: str | None = None) -> Amount:
        """Add play money to one's balance, and return the balance."""
        body = {"amount": written(amount)}
        return read(Amount, self._transport.post("/money/deposits", body, key=key)["balance"])

    def earnings(self, currency: str | None = None) -> Earnings:
        """Return what one has earned as a worker: payable now, on which days the rest, what waits."""
        return read(Earnings, self._transport.get("/earnings", currency=currency))

    def earnings_history(self, currency: str | None = None) -> Iterator[EarningLine]:
        """Give every sum that came into one's earnings, newest first, with what it was paid for."""
        return self._all(EarningLine, "/earnings/history", currency=currency, limit=200)
