"""The shapes of quiet hours and of a limit."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuietHoursForm(forms.Form):
    starts = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For example 22:00. Leave both empty to be told at any time."),
    )
    ends = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For example 07:00, the next morning."),
    )


class LimitForm(forms.Form):
    mails_a_week = forms.IntegerField(
        label=_("Most mails a week"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("0: no mails. What is over waits and comes in one mail as soon as there is room."),
    )
