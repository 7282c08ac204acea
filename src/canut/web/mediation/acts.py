"""What those who take part in a dispute do on its page: each act is a form, a use case and a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.justice.mediation.queries.disputes import DisputeSeen
from canut.justice.mediation.usecases.complain import complain, end_direct_attempt, reply
from canut.justice.mediation.usecases.keep_dispute_file import keep_dispute_file
from canut.justice.mediation.usecases.name_mediator import ask_for_another, step_aside
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    answer_recommendation,
    propose_settlement,
    recommend,
    withdraw_dispute,
)
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.people.models import Person
from canut.web.mediation.forms import (
    AgreeForm,
    AnotherForm,
    DisputeFileForm,
    FollowsForm,
    MessageForm,
    SummaryAnswerForm,
    SummaryForm,
    SureForm,
    SureWordsForm,
    WordsForm,
)

Form = Callable[..., forms.Form]
FIELD_OF = {
    "complaint": "text",
    "reason": "text",
    "case_file_empty": "file",
    "case_file_too_large": "file",
    "case_file_type_refused": "file",
    "dispute_too_many_files": "file",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: whether it can be now, its form, what it does, and what is said after."""

    may: Callable[[DisputeSeen], bool]
    form: Callable[[DisputeSeen], Form]
    do: Callable[[DisputeSeen, Any, Person, datetime], object]
    done: Any
    button: Any
    title: Any = ""


def _labelled(form: Form, label: Any, help_text: Any = "") -> Callable[[DisputeSeen], Form]:
    return lambda _seen: lambda *given, **more: form(*given, label=label, help_text=help_text, **more)


def _for_readers(form: Form) -> Callable[[DisputeSeen], Form]:
    return lambda seen: lambda *given, **more: form(*given, audiences=seen.turn.audiences, **more)


def _plain(form: Form) -> Callable[[DisputeSeen], Form]:
    return lambda _seen: form


def _begun_with(
    form: Form, begin: Callable[[DisputeSeen], dict[str, Any]], **labels: Any
) -> Callable[[DisputeSeen], Form]:
    """Return the form with what it is about in it, as the page showed it."""
    return lambda seen: lambda *given, **more: form(*given, initial=begin(seen), **labels, **more)


def _what_it_says(seen: DisputeSeen) -> dict[str, Any]:
    """Return what the summary says now, for who writes it anew."""
    fields = ("title_en", "text_en", "title_fr", "text_fr")
    return {} if seen.summary is None else {name: getattr(seen.summary, name) for name in fields}


ACTS: Mapping[str, Act] = {
    "agree": Act(
        may=lambda seen: seen.turn.may_agree,
        form=_begun_with(
            AgreeForm, lambda seen: {"number": seen.agreements[0].number if seen.agreements else None}
        ),
        do=lambda seen, form, by, at: agree_to_settlement(
            dispute_id=seen.card.id, by=by, number=form.cleaned_data["number"], at=at
        ),
        done=_("You have agreed."),
        button=_("Agree to this wording"),
    ),
    "complain": Act(
        may=lambda seen: seen.turn.may_complain,
        form=_labelled(
            SureWordsForm,
            _("What you could not settle"),
            _("The other side replies to it, and then a mediator is named."),
        ),
        do=lambda seen, form, by, at: complain(
            dispute_id=seen.card.id, by=by, complaint=form.cleaned_data["text"], at=at
        ),
        done=_("Your complaint is made. The other side has its days to reply."),
        button=_("Make the complaint"),
        title=_("Make a complaint"),
    ),
    "reply": Act(
        may=lambda seen: seen.turn.may_reply,
        form=_labelled(SureWordsForm, _("Your reply to the complaint")),
        do=lambda seen, form, by, at: reply(
            dispute_id=seen.card.id, by=by, text=form.cleaned_data["text"], at=at
        ),
        done=_("You have replied. A mediator takes it from here."),
        button=_("Reply"),
        title=_("Reply to the complaint"),
    ),
    "follow": Act(
        may=lambda seen: seen.turn.may_answer,
        form=_plain(FollowsForm),
        do=lambda seen, form, by, at: answer_recommendation(
            dispute_id=seen.card.id, by=by, at=at, **form.cleaned_data
        ),
        done=_("Your answer is kept."),
        button=_("Answer"),
        title=_("Your answer to the recommendation"),
    ),
    "answer-summary": Act(
        may=lambda seen: seen.turn.may_answer_summary,
        form=_begun_with(
            SummaryAnswerForm, lambda seen: {"version": seen.summary.version if seen.summary else None}
        ),
        do=lambda seen, form, by, at: answer_summary(
            dispute_id=seen.card.id,
            by=by,
            version=form.cleaned_data["version"],
            objects=form.cleaned_data["answer"] == "objects",
            objection=form.cleaned_data["objection"],
            at=at,
        ),
        done=_("Your answer is kept."),
        button=_("Answer"),
        title=_("Your word on the summary"),
    ),
    "say": Act(
        may=lambda seen: seen.turn.may_write,
        form=_for_readers(MessageForm),
        do=lambda seen, form, by, at: say(
            dispute_id=seen.card.id, by=by, text=form.cleaned_data["text"], audience=form.readers(), at=at
        ),
        done=_("Your message is there."),
        button=_("Write it"),
        title=_("Write to the others"),
    ),
    "send": Act(
        may=lambda seen: seen.turn.may_write,
        form=_for_readers(DisputeFileForm),
        do=lambda seen, form, by, at: keep_dispute_file(
            dispute_id=seen.card.id, by=by, sent=form.sent(), audience=form.readers(), at=at
        ),
        done=_("The file is there. You can take it back until the dispute ends."),
        button=_("Send the file"),
        title=_("Send a file"),
    ),
    "propose": Act(
        may=lambda seen: seen.turn.may_propose,
        form=_labelled(
            WordsForm,
            _("The wording"),
            _(
                "Once both sides agree to it the dispute is settled. A side that proposes it agrees to it; "
                "the latest wording is the one that can be agreed to."
            ),
        ),
        do=lambda seen, form, by, at: propose_settlement(
            dispute_id=seen.card.id, by=by, text=form.cleaned_data["text"], at=at
        ),
        done=_("Your wording is put to the others."),
        button=_("Put it to the others"),
        title=_("Propose a wording that settles it"),
    ),
    "recommend": Act(
        may=lambda seen: seen.turn.may_recommend,
        form=_labelled(
            SureWordsForm,
            _("What you recommend, and why"),
            _("It ends the dispute and binds nobody. Both sides are asked whether they follow it."),
        ),
        do=lambda seen, form, by, at: recommend(
            dispute_id=seen.card.id, by=by, text=form.cleaned_data["text"], at=at
        ),
        done=_("Both sides read your recommendation now. Others may learn of it by a summary without names."),
        button=_("Recommend it"),
        title=_("End with a recommendation"),
    ),
    "sum-up": Act(
        may=lambda seen: seen.turn.may_sum_up,
        form=_begun_with(SummaryForm, _what_it_says),
        do=lambda seen, form, by, at: write_summary(
            dispute_id=seen.card.id, by=by, titles=form.titles(), texts=form.texts(), at=at
        ),
        done=_("Both sides read your summary now, and may object to its wording."),
        button=_("Show it to both sides"),
        title=_("Write a summary for others, without names"),
    ),
    "end-direct": Act(
        may=lambda seen: seen.turn.may_end_direct,
        form=_plain(SureForm),
        do=lambda seen, _form, by, at: end_direct_attempt(dispute_id=seen.card.id, by=by, at=at),
        done=_("The other side can make a complaint now, and then a mediator helps you both."),
        button=_("We need a mediator"),
        title=_("We two will not settle it alone"),
    ),
    "another": Act(
        may=lambda seen: seen.turn.may_ask_for_another,
        form=_begun_with(
            AnotherForm,
            lambda seen: {"mandate_id": seen.mandate.id if seen.mandate else None},
            label=_("Why"),
            help_text=_(
                "Everybody in the dispute reads it. Each side can once, and again when a mediator's time is "
                "over."
            ),
        ),
        do=lambda seen, form, by, at: ask_for_another(
            dispute_id=seen.card.id,
            by=by,
            mandate_id=form.cleaned_data["mandate_id"],
            reason=form.cleaned_data["text"],
            at=at,
        ),
        done=_("Another mediator is named as soon as there is one."),
        button=_("Ask for another mediator"),
        title=_("Ask for another mediator"),
    ),
    "step-aside": Act(
        may=lambda seen: seen.turn.may_step_aside,
        form=_labelled(SureWordsForm, _("Why"), _("Both sides read it.")),
        do=lambda seen, form, by, at: step_aside(
            dispute_id=seen.card.id, by=by, reason=form.cleaned_data["text"], at=at
        ),
        done=_("You do not mediate this dispute any more."),
        button=_("Step aside"),
        title=_("Step aside"),
    ),
    "withdraw": Act(
        may=lambda seen: seen.turn.may_withdraw,
        form=_plain(SureForm),
        do=lambda seen, _form, by, at: withdraw_dispute(dispute_id=seen.card.id, by=by, at=at),
        done=_("The dispute is withdrawn, and has ended."),
        button=_("Withdraw it"),
        title=_("Withdraw the dispute"),
    ),
}
"""What can be done, by the last word of its address, in the order of the page."""
