"""What a worker says of a design in a prototype round, beside the answer itself."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, Refusal
from canut.web.refusals import show_above
from canut.work.designs.values import storable
from canut.work.queries.round_asked import RoundAsked
from canut.work.states import Verdict
from canut.work.usecases.give_feedback import Feedback, FeedbackMissing

VERDICT, UNCLEAR = "feedback_verdict", "feedback_unclear"


class FeedbackForm(forms.Form):
    """How the design did: one vote and some words. What is missing of it, the use case says.

    The fields come bound with what was posted, else with the draft, else with the person's vote.
    """

    feedback_unclear = forms.CharField(
        label=_("What is unclear or missing?"),
        help_text=_(
            "At most %(most)s characters. You may begin with: I like …, I wish …, What if … If nothing is "
            "unclear, say that."
        ),
        widget=forms.Textarea({"rows": 4, "data-feedback-words": ""}),
    )
    feedback_verdict = forms.ChoiceField(
        label=_("Should this be published as it is?"),
        choices=[
            (Verdict.PUBLISH, _("Publish: others can do it as it is")),
            (Verdict.REVISE, _("Revise: it should be changed first")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, asked: RoundAsked, data: Any = None) -> None:
        super().__init__(data, initial={UNCLEAR: asked.unclear, VERDICT: asked.verdict}, auto_id="id_%s")
        words = self.fields[UNCLEAR]
        words.help_text = words.help_text % {"most": asked.most_characters}
        words.widget.attrs["maxlength"] = asked.most_characters
        words.error_messages["required"] = _("Say what is unclear or missing; if nothing is, say that.")
        self.fields[VERDICT].error_messages["required"] = _("Choose one of the two.")

    def shows(self, refusal: Refusal) -> bool:
        """Show a refusal at the fields that it is about, and tell whether it is about any of them."""
        if isinstance(refusal, FeedbackMissing):
            self.is_valid()  # each field that is empty says so itself
        elif isinstance(refusal, BadInput) and refusal.facts.get("errors", {}).keys() <= self.fields.keys():
            show_above(self, refusal)
        else:
            self.errors.clear()  # something else is wrong; what is empty may still be filled in
            return False
        return True


def given_feedback(post: Mapping[str, Any]) -> Feedback | None:
    """Return what was posted of feedback for handing in, or None where nothing was said."""
    typed = feedback_from_post(post)
    return Feedback(typed.get("verdict", ""), typed.get("unclear", "")) if typed else None


def feedback_from_post(post: Mapping[str, Any]) -> dict[str, str]:
    """Return what was posted of feedback, in the names of the use case; lines end as they are stored."""
    words = post.get(UNCLEAR, "").replace("\r\n", "\n").strip()
    if not storable(words):
        words = words.replace("\0", "").encode(errors="replace").decode()
    typed = {"verdict": post.get(VERDICT, ""), "unclear": words}
    return {name: text[:10_000] for name, text in typed.items() if text}
