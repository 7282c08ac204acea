"""The shape of what a requester fills in about a project; whether it is allowed, the use cases say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import formats
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from canut.kernel.money import DIGITS, AmountRefused, parse_minor
from canut.people import places
from canut.web.studio.opening import OPENS_FURTHER, POLICY_CHOICES
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.queries.projects import StudioProject
from canut.work.queries.row_files import RowsFile
from canut.work.rules import hourly_minor
from canut.work.states import Device, PayBasis, ProjectKind, Risk

KEY_NAMES = ("id", "key", "task", "task_id", "row", "row_id", "name")
ANSWERS_NAMES = ("answers", "answers_wanted", "answers_needed", "repetitions")

KIND_CHOICES = [
    (ProjectKind.PAID, _("Paid: each approved answer earns the reward, never under the hourly floor")),
    (ProjectKind.VOLUNTEER, _("Volunteer: nobody is paid, and every page says so")),
]


PAY_BASIS_CHOICES = [
    (PayBasis.PIECE, _("By the piece: each approved answer earns the reward")),
    (PayBasis.HOUR, _("By the hour: people open paid sessions and do tasks in them")),
]

MOST_IMPORTED_BYTES = 2_000_000


def language_choices() -> list[tuple[str, Any]]:
    return [("", _("Any language")), *places.language_choices()]


def design_choices() -> list[tuple[str, str]]:
    return [(one.name, f"{one.title}. {one.about}") for one in STARTING_DESIGNS.values()]


class DraftForm(forms.Form):
    """A form that edits a draft and says which state of it the editor had before them."""

    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_based_on(self) -> datetime | None:
        return parse_datetime(self.cleaned_data["based_on"] or "")

    def rebase(self, changed_at: datetime) -> None:
        """Base what was typed on the draft as it is now, so that saving again replaces it knowingly."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("based_on")] = changed_at.isoformat()
        self.data = data


class _Texts(forms.Form):
    title = forms.CharField(
        label=_("Title"), help_text=_("Workers see it in their feed. At most 120 characters.")
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "What the answers are for. Workers read it before they take a task; instructions come later."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language that workers need"),
        required=False,
        choices=language_choices,
        help_text=_("The feed names it beside the title."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES, widget=forms.RadioSelect)


class _Risks(forms.Form):
    risks = forms.MultipleChoiceField(
        label=_("What the work may show that can harm"),
        required=False,
        choices=Risk.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only people who said that they accept all of it are asked, they see it before they take a task, "
            "and paid breaks are part of the price. Tick what may come up even once; nothing if nothing does."
        ),
    )


class NewProjectForm(_Texts, _Risks):
    design = forms.ChoiceField(
        label=_("Begin with"),
        choices=design_choices,
        widget=forms.RadioSelect,
        help_text=_("A copy becomes yours: every text, label and choice can be changed."),
    )
    field_order = ("design", "title", "description", "language", "kind", "risks")


class NewFromFileForm(_Texts, _Risks):
    """A new project whose design comes from elsewhere; it was read already and goes along as JSON."""

    design = forms.CharField(widget=forms.HiddenInput)
    field_order = ("title", "description", "language", "kind", "risks", "design")


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput({"accept": ".json,.xml"}),
        help_text=_(
            "A survey of SurveyJS (JSON), a labelling config of Label Studio (XML), a design of Canut."
        ),
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Put the text of whichever was given into `text`."""
        told = super().clean() or {}
        if file := told.get("file"):
            if file.size > MOST_IMPORTED_BYTES:
                self.add_error("file", _("The file has more than 2 MB. A design is smaller."))
                return told
            try:
                told["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is no text in UTF-8."))
        elif not told.get("text", "").strip():
            self.add_error("text", _("Choose a file or paste a text first."))
        return told


class DeviceForm(forms.Form):
    device = forms.ChoiceField(
        label=_("Best done with"),
        choices=Device.choices,
        required=False,
        help_text=_("A hint: workers can ask for work that goes on a phone. Nobody is kept out by it."),
    )

    def clean_device(self) -> str:
        """Leave it as it is where nothing was sent."""
        return self.cleaned_data["device"] or self.initial.get("device") or Device.ANY


class DetailsForm(_Texts, _Risks, DeviceForm, DraftForm):
    allowed_only = forms.BooleanField(
        label=_("Only people on my allow list may take tasks"),
        required=False,
        help_text=_("Whom you block never sees your projects, whatever you choose here."),
    )
    launches_itself = forms.BooleanField(
        label=_("After a prototype round that passed, the rest goes live by itself"),
        required=False,
        help_text=_(
            "Otherwise you look at the votes first and launch it yourself. Its money is taken only then."
        ),
    )
    pay_basis = forms.ChoiceField(
        label=_("How it is paid"),
        choices=PAY_BASIS_CHOICES,
        widget=forms.RadioSelect,
    )
    hourly = forms.CharField(
        label=_("Pay for an hour, in euros"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("By the hour only. Never under the hourly floor."),
    )
    hours = forms.CharField(
        label=_("Hours in all"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_(
            "By the hour only. Their money is set aside when you publish; what is not used comes back."
        ),
    )
    session_hours = forms.CharField(
        label=_("Longest session, in hours"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_(
            "By the hour only. A session that somebody opens has its money; 2.5 is two and a half hours."
        ),
    )
    cascade_policy = forms.ChoiceField(
        label=_("How it opens to workers"),
        required=False,
        choices=POLICY_CHOICES,
        widget=forms.RadioSelect,
        help_text=OPENS_FURTHER,
    )
    field_order = (
        "title",
        "description",
        "language",
        "device",
        "risks",
        "kind",
        "pay_basis",
        "hourly",
        "hours",
        "session_hours",
        "launches_itself",
        "cascade_policy",
        "allowed_only",
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency

    def clean_hourly(self) -> int:
        """Return the pay for an hour in minor units."""
        written = self.cleaned_data["hourly"].strip()
        try:
            return parse_minor(written, self._currency) if written else 0
        except AmountRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean_hours(self) -> int:
        return _seconds_of_hours(self.cleaned_data["hours"])

    def clean_session_hours(self) -> int:
        return _seconds_of_hours(self.cleaned_data["session_hours"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("pay_basis") == PayBasis.HOUR and told.get("kind") == ProjectKind.VOLUNTEER:
            self.add_error("pay_basis", _("Volunteer work is not paid by the hour. Choose “by the piece”."))
        if told.get("pay_basis") == PayBasis.HOUR and not self.errors:
            for name in ("hourly", "hours", "session_hours"):
                if not told.get(name):
                    self.add_error(name, _("Work by the hour needs this."))
            if told.get("session_hours", 0) > told.get("hours", 0):
                self.add_error("session_hours", _("A session cannot be longer than the hours in all."))
        return told

    def changes(self) -> dict[str, Any]:
        """Return what was filled in under the names of `change_draft`. Call it when the form is valid."""
        called = {"hourly": "hourly_minor", "hours": "hours_seconds", "session_hours": "session_most_seconds"}
        told = {called.get(name, name): value for name, value in self.cleaned_data.items()}
        return told | {"cascade_policy": told["cascade_policy"] or None}


def _seconds_of_hours(written: str) -> int:
    plain = written.strip().replace(",", ".")
    if not plain:
        return 0
    if len(plain) > 12 or not all(part.isascii() and part.isdecimal() for part in plain.split(".", 1)):
        raise forms.ValidationError(_("Write the hours as a number, such as 2 or 0.5."))
    return int((Decimal(plain) * 3600).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _typed_hours(seconds: int) -> str:
    hours = (Decimal(seconds) / 3600).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return formats.number_format(hours.normalize() if hours % 1 else int(hours)) if seconds else ""


def details_of(project: StudioProject) -> dict[str, Any]:
    """Return a draft's details as its form shows them."""
    digits = DIGITS[project.currency]
    hourly = formats.number_format(Decimal(project.hourly_minor).scaleb(-digits), digits)
    return {
        "based_on": project.changed_at.isoformat(),
        "title": project.title,
        "description": project.description,
        "language": project.language,
        "kind": project.kind,
        "allowed_only": project.allowed_only,
        "cascade_policy": project.cascade_policy,
        "device": project.device,
        "risks": list(project.risks),
        "launches_itself": project.launches_itself,
        "pay_basis": project.pay_basis,
        "hourly": hourly if project.hourly_minor else "",
        "hours": _typed_hours(project.hours_seconds),
        "session_hours": _typed_hours(project.session_most_seconds),
    }


def _typed_money(project: StudioProject) -> str:
    """Return the reward as the person would type it: 0.60, or 0,60 in French."""
    digits = DIGITS[project.currency]
    return formats.number_format(Decimal(project.reward_minor).scaleb(-digits), digits)


def _typed_hourly(project: StudioProject) -> str:
    """Return what an hour pays as the person would type it."""
    digits = DIGITS[project.currency]
    minor = hourly_minor(reward_minor=project.reward_minor, seconds=project.expected_seconds)
    return formats.number_format(Decimal(minor).scaleb(-digits), digits)


class PriceForm(DraftForm):
    reward = forms.CharField(
        label=_("Reward for one answer, in euros"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("For example 0.60."),
    )
    hourly = forms.CharField(
        label=_("Or what an hour of it pays, in euros"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Change this alone and the reward follows, for the expected minutes."),
    )
    minutes = forms.CharField(
        label=_("Expected minutes for one answer"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("As a careful person needs who does it for the first time; 0.5 is half a minute."),
    )
    answers_per_task = forms.CharField(
        label=_("Answers to each task"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Each comes from another worker. A column of your file can say it for each row instead."),
    )

    def __init__(self, *args: Any, project: StudioProject, **kwargs: Any) -> None:
        minutes = (Decimal(project.expected_seconds) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        kwargs["initial"] = {
            "based_on": project.changed_at.isoformat(),
            "reward": _typed_money(project) if project.reward_minor else "",
            "hourly": _typed_hourly(project) if project.reward_minor else "",
            "minutes": formats.number_format(minutes.normalize(), use_l10n=True)
            if minutes != minutes.to_integral()
            else str(int(minutes)),
            "answers_per_task": str(project.answers_per_task),
        }
        super().__init__(*args, **kwargs)
        if project.is_volunteer or project.is_by_the_hour:  # what an hour pays stands with its hours
            del self.fields["reward"]
            del self.fields["hourly"]
        elif self.is_bound and self.goes_by_the_hour:
            self.fields["reward"].required = False

    @property
    def goes_by_the_hour(self) -> bool:
        """Whether what an hour pays was changed, and the reward was not: then the reward follows it."""
        sent = {name: self.data.get(name, "").strip() for name in ("reward", "hourly")}
        changed = [name for name, value in sent.items() if value != self.initial.get(name, "")]
        return bool(sent["hourly"]) and changed == ["hourly"]

    def clean_minutes(self) -> int:
        """Return the expected time in seconds."""
        written = self.cleaned_data["minutes"].strip().replace(",", ".")
        if len(written) > 10 or not all(
            part.isascii() and part.isdecimal() for part in written.split(".", 1)
        ):
            raise forms.ValidationError(_("Write the minutes as a number, such as 2 or 0.5."))
        return int((Decimal(written) * 60).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def clean_answers_per_task(self) -> int:
        written = self.cleaned_data["answers_per_task"].strip()
        if len(written) > 6 or not (written.isascii() and written.isdecimal()):
            raise forms.ValidationError(_("Write a whole number from 1 to 1,000."))
        return int(written)


class _Moment(forms.DateTimeField):
    """A moment in the person's own time zone, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class DeadlineForm(forms.Form):
    deadline_at = _Moment(
        label=_("Nothing can be taken from"),
        required=False,
        help_text=_("In your time zone. What is in hand may still be handed in then. Empty: no deadline."),
    )


class ScheduleForm(forms.Form):
    publish_at = _Moment(
        label=_("Publish at"),
        help_text=_("In your time zone. The money is taken then; if something is missing, you get a mail."),
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of rows"),
        widget=forms.FileInput({"accept": ".csv,.tsv,.tab,.jsonl,.ndjson"}),
        help_text=_("CSV or TSV with a line of column names, or JSONL with an object a line; in UTF-8."),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )


class ColumnsForm(forms.Form):
    """Which column of a file feeds what. Of a draft also which takes the place of each the design names."""

    def __init__(self, *args: Any, file: RowsFile, feeds: Sequence[str], **kwargs: Any) -> None:
        """`feeds` are the columns that the design names and that can still be chosen anew."""
        self.feeds = {f"column-{number}": column for number, column in enumerate(feeds)}
        chosen = file.key_column or file.answers_column
        kwargs["initial"] = {
            "key": file.key_column if chosen else _likely(KEY_NAMES, file.columns),
            "answers": file.answers_column if chosen else _likely(ANSWERS_NAMES, file.columns),
            **{name: column if column in file.columns else "" for name, column in self.feeds.items()},
        }
        super().__init__(*args, **kwargs)
        columns = [(column, column) for column in file.columns]
        self.fields["key"] = forms.ChoiceField(
            label=_("Column with each row's own name or number"),
            required=False,
            choices=[("", _("None")), *columns],
            help_text=_("Results carry it, and no two rows may share one. Without it rows are numbered."),
        )
        self.fields["answers"] = forms.ChoiceField(
            label=_("Column that says how many answers each row needs"),
            required=False,
            choices=[("", _("None")), *columns],
            help_text=_("A whole number from 1 to 1,000 in every row. Without it all need the same."),
        )
        for name, column in self.feeds.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Where the design says {{%(column)s}}, show") % {"column": column},
                required=False,
                choices=[("", _("nothing")), *columns],
                help_text="" if column in file.columns else _("Your file has no column of this name."),
            )

    def feeding(self) -> list[Any]:
        """Return the fields that choose what the design shows, for the template."""
        return [self[name] for name in self.feeds]

    def renames(self) -> Mapping[str, str]:
        """Return which column takes the place of each in the design, where another one was chosen."""
        chosen = {column: self.cleaned_data[name] for name, column in self.feeds.items()}
        return {column: new for column, new in chosen.items() if new and new != column}


def _likely(names: Sequence[str], columns: Sequence[str]) -> str:
    """Return the first column that is called like one of the names."""
    return next((column for name in names for column in columns if column.casefold() == name), "")
