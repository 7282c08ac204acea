"""How proposals say no."""

from canut.kernel.refusals import BadInput, NotAllowed, NotFound, Refusal


class ProposalNotFound(NotFound):
    code = "proposal_not_found"


class NotTheAuthor(NotAllowed):
    """Only who wrote a proposal amends it, sends it to the team or withdraws it."""

    code = "not_the_author"


class TooManyProposals(Refusal):
    """A member has as many proposals on their way as one may have. Facts: `from_when`, if known."""

    code = "too_many_proposals"


class ComesBackTooSoon(Refusal):
    """The same was rejected or archived not long ago. Facts: `from_when`, `proposal_id`."""

    code = "comes_back_too_soon"


class NothingToComeFrom(Refusal):
    """What a proposal brings back has not ended or is another thing; what it undoes was not adopted."""

    code = "nothing_to_come_from"


class OwnIdea(Refusal):
    code = "own_idea"


class NotAnIdea(Refusal):
    """Supports are given to ideas. Facts: `state`."""

    code = "not_an_idea"


class NotADraft(Refusal):
    """What was asked can be done to drafts alone. Facts: `state`."""

    code = "not_a_draft"


class DraftHeld(Refusal):
    """A resolution jury has the draft in hand."""

    code = "draft_held"


class VersionOutdated(Refusal):
    """There is a later version than the one that was written on. Facts: `version`."""

    code = "proposal_version_outdated"


class NothingAmended(Refusal):
    code = "nothing_amended"


class ChangesNothing(Refusal):
    """A draft goes to the team with a setting, an article or a guild; words alone execute nothing."""

    code = "proposal_changes_nothing"


class TranslationMissing(Refusal):
    """An article is voted on in both languages. Facts: `missing`."""

    code = "article_translation_missing"


class SettingRefused(BadInput):
    """A setting that the charter cannot have. Facts: `errors` by field, `parameter` and `what`."""

    code = "proposal_setting_refused"


class ArticleRefused(BadInput):
    """An article's change that cannot be made. Facts: `errors` by field, and `what`."""

    code = "proposal_article_refused"


class GuildRefused(BadInput):
    """A guild that cannot be founded so. Facts: `errors` by field."""

    code = "proposal_guild_refused"


class FeasibilityNotAsked(Refusal):
    """The team is not asked about this, or not any more. Facts: `state`."""

    code = "feasibility_not_asked"


class NotInfeasible(Refusal):
    """Only what the team found not feasible can be overruled. Facts: `state`."""

    code = "not_infeasible"


class VoteHasBegun(Refusal):
    """Once it is voted on, a proposal is the voters'. Facts: `state`."""

    code = "vote_has_begun"


class ProposalHasEnded(Refusal):
    code = "proposal_has_ended"


class RatificationPending(Refusal):
    """There is one already, or it is done."""

    code = "ratification_pending"


class ReplayOutdated(Refusal):
    """The replay is of a version that does not count any more. Facts: `version`."""

    code = "replay_outdated"
