"""The shape of a webhook."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.webhooks.models import LONGEST_NAME, LONGEST_URL
from canut.webhooks.states import MessageState, Told


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("For you to tell it from your others.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        help_text=_("Where your program waits, such as https://example.org/canut."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=Told.choices, widget=forms.CheckboxSelectMultiple
    )


class WebhookChangeForm(WebhookForm):
    active = forms.BooleanField(
        label=_("Send messages"),
        required=False,
        help_text=_("While this is off nothing is sent, and what happens then is not told later."),
    )


class LogForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Show"), choices=[("", _("All messages")), *MessageState.choices], required=False
    )
