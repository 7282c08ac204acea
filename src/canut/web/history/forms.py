"""What a history can be narrowed to, as a form that goes into the address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.ledger.models import Reason
from canut.work.history.asked import Role
from canut.work.history.pages import ProjectOffered

PAY_SAID: Mapping[str, Any] = {
    Reason.REWARD: _("Reward"),
    Reason.REWORK: _("Rework"),
    Reason.BONUS: _("Bonus"),
    Reason.BROKEN: _("Time spent on a broken task"),
    Reason.TOP_UP: _("Top-up"),
    Reason.SESSION: _("Session of work by the hour"),
    Reason.BREAK: _("Paid break"),
    Reason.JURY: _("Sitting on a jury about a rule"),
    Reason.CORRECTION: _("Correction"),
}
"""Each kind of pay, as a person reads it."""

OF_WORKERS_ALONE = (Reason.JURY, Reason.CORRECTION)

CHARGES_SAID: Mapping[str, Any] = {
    "service_fee": _("Service fee"),
    "guarantee_levy": _("Guarantee levy"),
    "training_levy": _("Training levy"),
    "guild_levy": _("Guild levy"),
    "justice_levy": _("Justice levy"),
}

OUTCOMES_SAID: Mapping[Role, Mapping[str, Any]] = {
    Role.WORKER: {
        "in_hand": _("In your hands"),
        "waiting": _("Waiting for a decision"),
        "approved": _("Approved"),
        "not_approved": _("Not approved"),
        "put_back": _("Given back, skipped or run out"),
        "broken": _("Reported as broken"),
    },
    Role.REQUESTER: {
        "in_hand": _("In a worker's hands"),
        "waiting": _("Waiting for your decision"),
        "approved": _("Approved"),
        "not_approved": _("Not approved"),
        "put_back": _("Given back, skipped or run out"),
        "broken": _("Reported as broken"),
    },
}


class HistoryForm(forms.Form):
    """The shape of what is asked; what it means, `asked_from` says."""

    since = forms.CharField(
        label=_("From this day"), required=False, widget=forms.DateInput({"type": "date"}), max_length=20
    )
    until = forms.CharField(
        label=_("To this day"), required=False, widget=forms.DateInput({"type": "date"}), max_length=20
    )
    project = forms.ChoiceField(label=_("Project"), required=False)
    outcome = forms.ChoiceField(label=_("What became of it"), required=False)
    paid = forms.ChoiceField(
        label=_("Paid"),
        required=False,
        choices=[("", _("paid or not")), ("yes", _("paid")), ("no", _("nothing paid so far"))],
    )
    pay = forms.ChoiceField(label=_("Kind of pay"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("newest", _("newest first")), ("oldest", _("oldest first"))],
    )

    def __init__(
        self, data: Any = None, *, initial: Any = None, role: Role, projects: Sequence[ProjectOffered]
    ) -> None:
        super().__init__(data, initial=initial)
        offered = [(str(project.id), project.title) for project in projects]
        pays = [
            (str(reason), said)
            for reason, said in PAY_SAID.items()
            if role == Role.WORKER or reason not in OF_WORKERS_ALONE
        ]
        for name, choices in (
            ("project", [("", _("all projects")), *offered]),
            ("outcome", [("", _("everything")), *OUTCOMES_SAID[role].items()]),
            ("pay", [("", _("every kind")), *pays]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
