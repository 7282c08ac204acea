"""How disputes, summaries and mediators say no."""

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class DisputeNotFound(NotFound):
    """There is none, or the one who asks has no part in it: the answer is the same."""

    code = "dispute_not_found"


class NoWorkBetween(Refusal):
    """A dispute is with somebody for whom one worked, or who worked for oneself."""

    code = "dispute_no_work_between"
    status = 422


class DisputeTooLate(Refusal):
    """It happened too long ago. Facts: `days`."""

    code = "dispute_too_late"


class DisputeOpenAlready(Refusal):
    """There is an open one with the same side. Facts: `dispute_id`."""

    code = "dispute_open_already"


class TooManyDisputes(Refusal):
    """Somebody has begun as many as can be open at once. Facts: `most`."""

    code = "dispute_too_many_open"


class NotYourPart(NotAllowed):
    """Another side of the dispute does this. Facts: `side`, who the one who asks is."""

    code = "dispute_not_your_part"


class DisputeNotThere(Refusal):
    """The dispute has not come so far, or has gone further. Facts: `state`."""

    code = "dispute_not_at_this_point"


class ComplaintTooEarly(Refusal):
    """Both sides still try to settle it between them. Facts: `direct_until`."""

    code = "dispute_complaint_too_early"


class ComplaintTooLate(Refusal):
    """The time in which a complaint could be made is over. Facts: `complain_by`."""

    code = "dispute_complaint_too_late"


class ReplyTooLate(Refusal):
    """The time to reply to a complaint is over. Facts: `reply_by`."""

    code = "dispute_reply_too_late"


class NoMediatorNow(Refusal):
    """Nobody mediates this dispute at the moment."""

    code = "dispute_no_mediator_now"


class MediatorRefusedBefore(Refusal):
    """A side can ask for another mediator once before a mediator's time is over. Facts: `due_at`."""

    code = "dispute_mediator_refused_before"


class SettlementNotFound(NotFound):
    code = "dispute_settlement_not_found"


class SettlementReplaced(Refusal):
    """A later wording took its place. Facts: `number`, that of the latest."""

    code = "dispute_settlement_replaced"


class SummaryNotFound(NotFound):
    code = "summary_not_found"


class SummaryNamesSomebody(Refusal):
    """A summary holds no name of those whom it is about. Facts: `fields`."""

    code = "summary_names_somebody"
    status = 422


class SummaryPublished(Refusal):
    code = "summary_published"


class SummaryChanged(Refusal):
    """The wording was changed since, or answered otherwise before. Facts: `version`."""

    code = "summary_changed"


class DisputeFileNotFound(NotFound):
    code = "dispute_file_not_found"


class TooManyDisputeFiles(Refusal):
    """One side has sent as many files as are kept. Facts: `most`."""

    code = "dispute_too_many_files"


class ReportNotFound(NotFound):
    """There is no report of that year. Facts: `year`."""

    code = "mediation_report_not_found"


class MediatorNotFound(NotFound):
    code = "mediator_not_found"


class AppointedByThemselves(NotAllowed):
    """Nobody appoints themselves."""

    code = "mediator_by_themselves"
