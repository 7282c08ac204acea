"""Situations of resolution juries, as small as they can be: two workers and one requester sit."""

from dataclasses import dataclass
from itertools import permutations

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.governance.juries import drawn, jurors, said_back
from tests.governance.proposing import a_draft_of, content
from tests.membership.members import a_member_of, members_of

from canut.governance.models import Proposal
from canut.governance.resolution.models import Jury, Statement
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.choose import MOST_WORDINGS, put_wording
from canut.governance.resolution.usecases.follow_jury import end_jury, follow_juries
from canut.governance.resolution.usecases.listen import make_statement, restate
from canut.governance.usecases.check_sense import check_sense
from canut.membership.states import College
from canut.membership.usecases.answer_seat import answer_seat
from canut.people.models import Person

WORDING = {"language": "en", "title": "Half of it", "text": "A smaller step.", "written_on": 1}


@dataclass
class Conflict:
    draft: Proposal
    author: Person
    blocker: Person


@dataclass
class Sitting:
    jury: Jury
    first: Person
    second: Person


def conflict(cast: Cast, *, blocked: bool = True, requesters: int = 1) -> Conflict:
    """A draft of one worker that another blocks; two more workers, and so many requesters, could sit."""
    workers = members_of(College.WORKERS, 4, at=cast.at)
    for _each in range(requesters):
        a_member_of(College.REQUESTERS, at=cast.at)
    draft = a_draft_of(workers[0], workers[1:], at=cast.at)
    if blocked:
        check_sense(proposal_id=draft.pk, by=workers[1], stance="block", reason="No.", at=cast.at)
    return Conflict(draft, workers[0], workers[1])


def called(cast: Cast) -> tuple[Conflict, Jury]:
    about = conflict(cast)
    return about, call_jury(proposal_id=about.draft.pk, by=about.author, reason="Why so?", at=cast.at)


def sitting(cast: Cast) -> Sitting:
    _about, jury = called(cast)
    for number, person in drawn(jury):
        answer_seat(number=number, by=person, accept=True, at=cast.at)
    follow_juries(at=cast.at)
    first, second, *_others = jurors(jury)
    return Sitting(jury, first, second)


def spoken(cast: Cast) -> tuple[Sitting, Statement]:
    seen = sitting(cast)
    return seen, make_statement(jury_id=seen.jury.pk, by=seen.first, text="I think so.", at=cast.at)


def understood(cast: Cast) -> Sitting:
    seen = sitting(cast)
    for person in jurors(seen.jury):
        make_statement(jury_id=seen.jury.pk, by=person, text="I think so.", at=cast.at)
    for other, person in permutations(jurors(seen.jury), 2):
        said_back(seen.jury, other, person, at=cast.at)
    return seen


def ended(cast: Cast) -> Sitting:
    seen = sitting(cast)
    seen.jury.refresh_from_db()
    end_jury(seen.jury, "disagreed", at=cast.at)
    return seen


def calling(cast: Cast, about: Conflict) -> Call:
    return cast.post(about.author, f"/proposals/{about.draft.pk}/jury", {"reason": "Why so?"})


says("call_a_jury", "201")(lambda cast: calling(cast, conflict(cast)))
says("call_a_jury", "not_a_member")(lambda cast: calling(cast, conflict(cast)).but(by=cast.stranger))
says("call_a_jury", "nobody_blocks")(lambda cast: calling(cast, conflict(cast, blocked=False)))
says("call_a_jury", "jury_too_few_to_draw")(lambda cast: calling(cast, conflict(cast, requesters=0)))


@says("call_a_jury", "jury_not_yours_to_call")
def _(cast: Cast) -> Call:
    about = conflict(cast)
    return calling(cast, about).but(by=a_member_of(College.WORKERS, at=cast.at))


@says("call_a_jury", "not_a_draft")
def _(cast: Cast) -> Call:
    about = conflict(cast)
    Proposal.objects.filter(pk=about.draft.pk).update(state="archived", ended_at=cast.at)
    return calling(cast, about)


@says("call_a_jury", "jury_already_heard")
def _(cast: Cast) -> Call:
    about, jury = called(cast)
    end_jury(jury, "lapsed", at=cast.at)
    return calling(cast, about)


@says("call_a_jury", "proposal_not_found")
def _(cast: Cast) -> Call:
    about = conflict(cast)
    return cast.post(about.author, f"/proposals/{about.draft.pk + 1}/jury", {"reason": "Why so?"})


@says("list_juries", "200")
def _(cast: Cast) -> Call:
    called(cast)
    return cast.get(None, "/juries")


@says("get_jury", "200")
def _(cast: Cast) -> Call:
    seen, _statement = spoken(cast)
    return cast.get(None, f"/juries/{seen.jury.pk}")


@says("get_own_seat", "200")
def _(cast: Cast) -> Call:
    seen, _statement = spoken(cast)
    return cast.get(seen.second, f"/juries/{seen.jury.pk}/seat")


def saying(cast: Cast, seen: Sitting) -> Call:
    return cast.post(seen.first, f"/juries/{seen.jury.pk}/statements", {"text": "I think so."})


says("say_in_a_jury", "201")(lambda cast: saying(cast, sitting(cast)))
says("say_in_a_jury", "jury_statement_made")(
    lambda cast: saying(cast, spoken(cast)[0]).but(body={"text": "Something else"})
)


def saying_back(cast: Cast, seen: Sitting, statement_id: int) -> Call:
    path = f"/juries/{seen.jury.pk}/statements/{statement_id}/said-back"
    return cast.post(seen.second, path, {"text": "You think so."})


@says("say_back_in_a_jury", "201")
def _(cast: Cast) -> Call:
    seen, statement = spoken(cast)
    return saying_back(cast, seen, statement.pk)


@says("say_back_in_a_jury", "jury_statement_not_found")
def _(cast: Cast) -> Call:
    seen, statement = spoken(cast)
    return saying_back(cast, seen, statement.pk + 1)


@says("say_back_in_a_jury", "jury_said_back_already")
def _(cast: Cast) -> Call:
    seen, statement = spoken(cast)
    return saying_back(cast, seen, statement.pk).but(by=seen.first)


def answering(cast: Cast, *, number: int = 0, **body: object) -> Call:
    seen, statement = spoken(cast)
    back = restate(jury_id=seen.jury.pk, statement_id=statement.pk, by=seen.second, text="So?", at=cast.at)
    path = f"/juries/{seen.jury.pk}/said-back/{back.pk + number}"
    return cast.put(seen.first, path, {"understood": True, **body})


says("answer_in_a_jury", "200")(answering)
says("answer_in_a_jury", "jury_restatement_not_found")(lambda cast: answering(cast, number=1))
says("answer_in_a_jury", "bad_input")(lambda cast: answering(cast, understood=False))


@says("answer_in_a_jury", "jury_restatement_answered")
def _(cast: Cast) -> Call:
    call = answering(cast)
    assert call.answered().status == 200
    return call.but(body={"understood": False, "missed": "All of it"})


def putting(cast: Cast, seen: Sitting) -> Call:
    return cast.post(seen.first, f"/juries/{seen.jury.pk}/wordings", WORDING)


says("put_a_wording", "201")(lambda cast: putting(cast, understood(cast)))
says("put_a_wording", "proposal_setting_refused")(
    lambda cast: putting(cast, understood(cast)).but(
        body=WORDING | {"settings": [{"parameter": "no.such", "new": 1}]}
    )
)
says("put_a_wording", "proposal_article_refused")(
    lambda cast: putting(cast, understood(cast)).but(
        body=WORDING | {"articles": [{"key": "no-such", "title_en": "A", "text_en": "B"}]}
    )
)


@says("put_a_wording", "jury_too_many_wordings")
def _(cast: Cast) -> Call:
    seen = understood(cast)
    for number in range(MOST_WORDINGS):
        words = content(title=f"Title {number}")
        put_wording(jury_id=seen.jury.pk, by=seen.first, content=words, at=cast.at)
    return putting(cast, seen)


def choosing(cast: Cast, seen: Sitting, wording_id: int | None = None) -> Call:
    return cast.put(seen.first, f"/juries/{seen.jury.pk}/choice", {"wording_id": wording_id})


says("choose_a_wording", "200")(lambda cast: choosing(cast, understood(cast)))
says("choose_a_wording", "jury_wording_not_found")(lambda cast: choosing(cast, understood(cast), 1))

OF_JURORS = {
    "say_in_a_jury": saying,
    "say_back_in_a_jury": lambda cast, seen: saying_back(
        cast, seen, make_statement(jury_id=seen.jury.pk, by=seen.first, text="So.", at=cast.at).pk
    ),
    "put_a_wording": putting,
    "choose_a_wording": choosing,
}
for _operation, _call in OF_JURORS.items():
    says(_operation, "not_a_juror")(
        lambda cast, call=_call: call(cast, sitting(cast)).but(by=a_member_of(College.TEAM, at=cast.at))  # type: ignore[misc]
    )
    says(_operation, "not_a_member")(
        lambda cast, call=_call: call(cast, sitting(cast)).but(by=cast.stranger)  # type: ignore[misc]
    )
for _operation in ("say_in_a_jury", "put_a_wording", "choose_a_wording"):
    says(_operation, "jury_not_at_this_point")(
        lambda cast, call=OF_JURORS[_operation]: call(cast, ended(cast))  # type: ignore[misc]
    )


@says("say_back_in_a_jury", "jury_not_at_this_point")
def _(cast: Cast) -> Call:
    seen, statement = spoken(cast)
    seen.jury.refresh_from_db()
    end_jury(seen.jury, "disagreed", at=cast.at)
    return saying_back(cast, seen, statement.pk)


@says("answer_in_a_jury", "jury_not_at_this_point")
def _(cast: Cast) -> Call:
    call = answering(cast)
    end_jury(Jury.objects.get(), "disagreed", at=cast.at)
    return call


says("answer_in_a_jury", "not_a_juror")(
    lambda cast: answering(cast).but(by=a_member_of(College.TEAM, at=cast.at))
)
says("answer_in_a_jury", "not_a_member")(lambda cast: answering(cast).but(by=cast.stranger))
says("get_own_seat", "not_a_juror")(
    lambda cast: cast.get(cast.stranger, f"/juries/{sitting(cast).jury.pk}/seat")
)

ABOUT_ONE = {
    "get_jury": lambda cast, pk: cast.get(None, f"/juries/{pk}"),
    "get_own_seat": lambda cast, pk: cast.get(a_member_of(College.TEAM, at=cast.at), f"/juries/{pk}/seat"),
    "say_in_a_jury": lambda cast, pk: saying_to(cast, "POST", f"/juries/{pk}/statements", {"text": "So."}),
    "say_back_in_a_jury": lambda cast, pk: saying_to(
        cast, "POST", f"/juries/{pk}/statements/1/said-back", {"text": "So."}
    ),
    "answer_in_a_jury": lambda cast, pk: saying_to(
        cast, "PUT", f"/juries/{pk}/said-back/1", {"understood": True}
    ),
    "put_a_wording": lambda cast, pk: saying_to(cast, "POST", f"/juries/{pk}/wordings", WORDING),
    "choose_a_wording": lambda cast, pk: saying_to(cast, "PUT", f"/juries/{pk}/choice", {"wording_id": None}),
}


def saying_to(cast: Cast, method: str, path: str, body: object) -> Call:
    return Call(a_member_of(College.TEAM, at=cast.at), method, path, body)


several(ABOUT_ONE, "jury_not_found", lambda cast: called(cast)[1].pk + 1)
