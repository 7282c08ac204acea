"""What is asked of those who want to be members, and of those who let them in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.membership.models import LONGEST_NOTE, LONGEST_WORDS
from canut.membership.states import CheckedBy, College, RefusalGround
from canut.membership.usecases.refuse_admission import LONGEST_REASON


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("A few words about you"),
        max_length=LONGEST_WORDS,
        required=False,
        help_text=_(
            "Members and the people who run this site read them beside your screen name, until you are "
            "admitted. Write what helps those who know you to recognise you. You may leave it empty."
        ),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class CollegeForm(forms.Form):
    college = forms.ChoiceField(
        label=_("Where you want to belong"),
        choices=[
            (College.WORKERS.value, _("to the workers")),
            (College.REQUESTERS.value, _("to the requesters")),
        ],
        widget=forms.RadioSelect,
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody whom you know. It is forgotten when the invitation ends."),
    )


class CheckForm(forms.Form):
    checked_by = forms.ChoiceField(
        label=_("How you made sure who it is"), choices=CheckedBy.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("For the people who run this site. No number of a document, and no copy: keep none."),
    )


class RefuseForm(forms.Form):
    """Why somebody is not admitted."""

    ground = forms.ChoiceField(label=_("Why"), choices=RefusalGround.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_(
            "The person reads it, without your name, and so do the members who hear it if it is contested. "
            "Say what you saw, and name nobody."
        ),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
