"""Opening the account a movement needs."""

from canut.ledger.models import Account, Kind


def open_account(
    kind: Kind, *, currency: str, party_id: int | None = None, project_id: int | None = None
) -> Account:
    """Return the account of this kind for this owner, opening it empty if there is none.

    Two who open the same account at once get the same one (`account_once`).
    """
    owner = {"kind": kind, "currency": currency, "party_id": party_id, "project_id": project_id}
    found = Account.objects.filter(**owner).first()
    if found is None:
        Account.objects.bulk_create([Account(**owner)], ignore_conflicts=True)
        found = Account.objects.get(**owner)
    return found
