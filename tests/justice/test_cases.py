"""Cases: opened once, ended once, by peers, by nobody, or by a side that gives in; and who may not sit."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from tests.api.calls import Call
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.guilds.crafts import a_guild, a_member, guild_work
from tests.justice.cases import heard, lapsed
from tests.promises import broken, run
from tests.web.pages import browser_of, text_of
from tests.work.breaking import Rows, Way, adding, changing
from tests.work.decided import a_rejected_submission
from tests.work.test_top_ups import settled

from canut.justice.access import case_of_party
from canut.justice.files import CaseFileEmpty, CaseFileTypeRefused, SentFile
from canut.justice.models import Case, CaseFile
from canut.justice.queries import cases_against, counts_of_cases
from canut.justice.refusals import CaseNotFound
from canut.justice.states import CaseKind, PoolKind
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.contest_refusal import contest_refusal
from canut.justice.usecases.contest_report import contest_report
from canut.justice.usecases.contest_times import contest_times
from canut.justice.usecases.follow_settled import follow_settled
from canut.justice.usecases.keep_case_file import add_case_file
from canut.justice.usecases.take_back_case import take_back_case
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.refuse_admission import refuse_admission
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.work.models import Appeal, Assignment, TopUp
from canut.work.queries.open_matters import open_matters
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.sweep_deadlines import release_rejected_places

pytestmark = pytest.mark.django_db

SOON, LATER = NOON + timedelta(hours=5), NOON + timedelta(days=3)
PAID = 60 + 50  # the reward, and the rework that was asked for
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def a_case(requester: Person | None = None, worker: Person | None = None) -> Case:
    worker = worker or a_worker()
    submission = a_rejected_submission(worker=worker, project=a_project(owner=requester or a_requester()))
    return appeal_rejection(assignment_id=submission.assignment_id, by=worker, words="Look again.", at=SOON)


# --- How a case ends ------------------------------------------------------------------------------


def test_peers_let_a_rejection_fall_once_however_often_they_are_asked() -> None:
    worker = a_worker()
    case = a_case(worker=worker)
    heard(case, overturn=True, reason="It is a cat.", at=LATER)
    again = heard(case, overturn=False, reason="A dog.", at=LATER)
    assert (again.state, again.decided_by, again.reason) == ("falls", "jury", "It is a cat.")
    assignment = Assignment.objects.get(pk=case.subject_id)
    assert (assignment.state, assignment.held_until) == ("approved", None)
    appeal = Appeal.objects.get(assignment=assignment)
    assert (appeal.state, appeal.decided_by, appeal.heard_by) == ("overturned", "jury", None)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == PAID
    assert verify() == []
    assert appeal_rejection(assignment_id=assignment.pk, by=worker, at=LATER) == again


def test_without_peers_it_falls_and_says_so() -> None:
    case = lapsed(a_case(), at=LATER)
    assert (case.state, case.decided_by, case.reason) == ("falls", "no_peers", "")
    assert Appeal.objects.get(assignment=case.subject_id).decided_by == "no_peers"


def test_what_the_requester_settles_ends_its_case_and_a_late_vote_changes_nothing() -> None:
    requester, worker = a_requester(), a_worker()
    one, other = a_case(requester, worker), a_case(requester, worker)
    for case in (one, other):
        last = Assignment.objects.get(pk=case.subject_id).submissions.latest("attempt")
        approve_submission(submission_id=last.pk, by=requester, at=LATER)
    assert heard(one, overturn=False, at=LATER).decided_by == "other_side"
    assert follow_settled(at=LATER) == 1
    assert follow_settled(at=LATER) == 0
    other.refresh_from_db()
    assert (other.state, other.decided_by) == ("dropped", "other_side")
    assert set(Assignment.objects.values_list("state", flat=True)) == {"approved"}


def test_taken_back_the_rejection_stands_and_its_place_opens_when_the_hold_is_over() -> None:
    worker = a_worker()
    case = a_case(worker=worker)
    with pytest.raises(CaseNotFound):
        take_back_case(case_id=case.pk, by=a_worker(), at=LATER)
    assert open_matters(worker.pk, at=NOON).undecided == 1
    assert release_rejected_places(at=NOON + timedelta(days=30)) == 0
    for _click in range(2):
        ended = take_back_case(case_id=case.pk, by=worker, at=LATER)
    assert (ended.state, ended.decided_by) == ("dropped", "taken_back")
    assert Appeal.objects.get().state == "dropped"
    assert release_rejected_places(at=LATER) == 0
    assert release_rejected_places(at=NOON + timedelta(days=8)) == 1
    assert open_matters(worker.pk, at=NOON).undecided == 0
    assert appeal_rejection(assignment_id=case.subject_id, by=worker, at=LATER).pk == case.pk


def test_a_long_reason_is_whole_in_the_case_and_says_with_the_work_that_it_goes_on() -> None:
    told = ("The ears are those of a cat. " * 80).strip() + "\n\n* * *\n\n" + "It purrs. " * 90
    case = heard(a_case(), overturn=True, reason=told, at=LATER)
    assert case.reason == told.strip()
    kept = Appeal.objects.get().reason
    assert 1_900 < len(kept) <= 2_000
    assert told.startswith(kept[:-1])
    assert (kept[-1], told[len(kept) - 1]) == ("…", " ")  # after a word
    for other in ("x" * 2_500, "y" * 2_000, "short", "裁 决 " + "理" * 2_500):  # which parts no words
        heard(one := a_case(), overturn=False, reason=other, at=LATER)
        kept = Appeal.objects.get(assignment=one.subject_id).reason
        assert kept == (other if len(other) <= 2_000 else f"{other[:1_999]}…")


# --- Who hears it ---------------------------------------------------------------------------------


def test_whoever_had_a_part_or_a_tie_is_excluded() -> None:
    requester, worker = a_requester("ruth"), a_worker("will", requester=True)
    beside, hired, hires, blocked, lately, stranger = (a_worker(f"person{n}x") for n in range(6))
    Person.objects.filter(pk__in=[hires.pk, worker.pk]).update(is_requester=True)
    project = a_project(owner=requester, rows=3)
    a_submission(worker=beside, project=project)
    submission = a_rejected_submission(worker=worker, project=project)
    a_submission(worker=worker, project=a_project(owner=Person.objects.get(pk=hires.pk), kind="volunteer"))
    a_submission(worker=hired, project=a_project(owner=worker, kind="volunteer"))
    block_person(by=requester, person_id=blocked.pk, reason="", at=NOON)
    long_ago = NOON - timedelta(days=200)
    a_submission(worker=lately, project=a_project(owner=worker, kind="volunteer", at=long_ago), at=long_ago)
    case = appeal_rejection(assignment_id=submission.assignment_id, by=worker, at=SOON)
    excluded = set(SUBJECTS[CaseKind.REJECTION].excluded(case.subject_id, at=SOON))
    assert excluded == {one.pk for one in (requester, worker, beside, hired, hires, blocked)}
    assert not excluded & {lately.pk, stranger.pk}


def test_peers_of_the_guild_come_first_and_everybody_last() -> None:
    guild = a_guild()
    member = a_member(guild, level=2).person
    submission = a_rejected_submission(worker=member, project=guild_work(guild, least=2))
    pools = SUBJECTS[CaseKind.REJECTION].pools(submission.assignment_id, at=SOON)
    assert (pools[0].kind, pools[0].guild_id, pools[0].least) == (PoolKind.GUILD_LEVEL, guild.pk, 2)
    assert [one.kind for one in pools] == ["guild_level", "guild", "workers", "other_guilds", "members"]
    plain = SUBJECTS[CaseKind.REJECTION].pools(a_case().subject_id, at=SOON)
    assert [one.kind for one in plain] == ["workers", "other_guilds", "members"]


def test_jurors_are_shown_both_attempts_and_every_text_and_no_name() -> None:
    requester, worker = a_requester("Ruth"), a_worker("Will")
    case = a_case(requester, worker)
    shown = SUBJECTS[CaseKind.REJECTION].shown(case.subject_id)
    assert len(shown.works) == 2
    told = " ".join(one.text for one in shown.passages)
    for words in (
        "Look at the ears again.",
        "The picture shows whiskers.",
        "Look again.",
        "demonstrably wrong",
    ):
        assert words in told
    for name in ("Ruth", "Will", str(worker.pk)):
        assert name not in repr([shown.title, shown.question, told])


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("uploads")
def test_a_file_is_kept_by_its_bytes_once_and_its_folder_tells_no_name() -> None:
    worker = a_worker("Will")
    case = a_case(worker=worker)

    def add(content: bytes, name: str = "../Will\u202e\x00gnp.exe") -> CaseFile:
        sent = SentFile(ContentFile(content), name)
        return add_case_file(case_id=case.pk, by=worker, sent=sent, at=SOON)

    first = add(PNG)
    assert add(PNG).pk == first.pk
    assert (first.media_type, first.number, first.filename) == ("image/png", 1, "Willgnp.exe.png")
    assert "Will" not in first.stored_as
    assert default_storage.exists(first.stored_as)
    for content, refusal in ((b"", CaseFileEmpty), (b"<html>", CaseFileTypeRefused)):
        with pytest.raises(refusal):
            add(content)
    with pytest.raises(CaseNotFound):
        add_case_file(case_id=case.pk, by=a_worker(), sent=SentFile(ContentFile(PNG), "a"), at=SOON)
    for nonsense in (0, -1, 2**70):
        with pytest.raises(CaseNotFound):
            case_of_party(nonsense, by=worker)


@pytest.mark.usefixtures("uploads")
def test_a_refused_file_leaves_neither_case_nor_stored_bytes() -> None:
    worker = a_worker()
    submission = a_rejected_submission(worker=worker, project=a_project(owner=a_requester()))
    files = [SentFile(ContentFile(PNG), "a.png"), SentFile(ContentFile(b"<html>"), "b.html")]
    with suppress(Refusal), transaction.atomic():
        appeal_rejection(assignment_id=submission.assignment_id, by=worker, files=files, at=SOON)
    assert not Case.objects.exists()
    assert not Appeal.objects.exists()
    assert not default_storage.exists("cases")


# --- Promises -------------------------------------------------------------------------------------

ENDED = {"state": "'falls'", "decided_by": "'jury'", "decided_at": "opened_at", "reason": "'Yes.'"}
FREE = {"id": "gen_random_uuid()", "stored_as": "'elsewhere'", "sha256": "'other'", "number": "2"}

WAYS: list[Way] = [
    adding("case_one_open", "open"),
    adding("case_kind_known", "open", kind="'weather'"),
    adding(
        "case_state_known",
        "open",
        **(ENDED | {"state": "'lost'", "decided_by": "''"}),
        without=("case_ended_has_time",),
    ),
    adding("case_by_known", "open", **(ENDED | {"decided_by": "'fate'"})),
    changing("case_ended_has_time", "open", state="'falls'"),
    changing("case_ended_has_time", "open", **(ENDED | {"decided_at": "opened_at - interval '1 day'"})),
    changing("case_outcome_by_peers", "open", **(ENDED | {"reason": "' '"})),
    changing("case_outcome_by_peers", "open", **(ENDED | {"state": "'dropped'"})),
    changing("case_outcome_by_peers", "open", **(ENDED | {"decided_by": "'taken_back'"})),
    changing("case_outcome_by_peers", "open", **(ENDED | {"decided_by": "'overtaken'"})),
    changing("case_outcome_by_peers", "open", **(ENDED | {"decided_by": "'no_peers'", "state": "'stands'"})),
    changing("case_terms_kept", "open", words="'Other words.'"),
    changing("case_terms_kept", "open", party_id="{other}"),
    changing("case_ended_stays", "ended", reason="'Another.'"),
    changing("case_ended_stays", "ended", state="'open'", decided_by="''", decided_at="NULL", reason="''"),
    adding("case_file_not_empty", "file", **FREE, size_bytes="0"),
    adding("case_file_has_name", "file", **FREE, filename="''"),
    adding("case_file_counted_from_one", "file", **(FREE | {"number": "0"})),
    adding("case_file_number_once", "file", **(FREE | {"number": "number"})),
    adding("case_file_once", "file", **(FREE | {"sha256": "sha256"})),
    adding("case_file_while_open", "file", **FREE, case_id="{ended}"),
    changing("case_file_written_once", "file", filename="'b.png'"),
]


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give an open case with a file, and one that has ended, to all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        case, other = a_case(), heard(a_case(), overturn=False, at=LATER)
        file = CaseFile.objects.create(
            case=case,
            number=1,
            stored_as="somewhere",
            filename="a.png",
            media_type="image/png",
            size_bytes=1,
            sha256="one",
            uploaded_at=SOON,
        )
        run("SET CONSTRAINTS ALL IMMEDIATE")
        yield {
            "open": ("justice_case", case.pk),
            "ended": ("justice_case", other.pk),
            "file": ("justice_casefile", f"'{file.pk}'"),
            "other": ("people_party", other.party_id),
        }
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_breaks_a_promise_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


def test_no_case_is_removed_nor_a_file_of_one_that_has_ended(rows: Rows) -> None:
    for name in ("open", "ended"):
        with broken("case_stays"):
            run(f"DELETE FROM justice_case WHERE id = {rows[name][1]}")


def test_every_promise_is_broken_once() -> None:
    named = {one.name for model in (Case, CaseFile) for one in model._meta.constraints}
    assert named <= {way.promise for way in WAYS}


# --- Which cases are against somebody --------------------------------------------------------------


def test_who_is_the_other_side_of_a_case_finds_it_among_those_against_them(
    requester: Person, worker: Person, stranger: Person, operator: Person
) -> None:
    rejected = a_case(requester, worker)
    crowd = [worker, a_worker(), a_worker()]
    contest_times(
        top_up_id=TopUp.objects.get(settlement=settled(requester, crowd), worker=worker).pk,
        by=requester,
        reason="Too long.",
        at=SOON,
    )
    held = taken(worker=worker, project=a_project(owner=requester))
    soon = NOON + timedelta(minutes=5)
    report_broken(assignment_id=held.pk, kind="missing", words="No picture.", by=worker, at=soon)
    contest_report(assignment_id=held.pk, by=requester, reason="It is there.", at=soon)
    refused = refuse_admission(
        request_id=ask_admission(by=stranger, at=NOON).pk,
        by=operator,
        ground="identity",
        reason="Nobody knows them.",
        at=NOON,
    )
    contest_refusal(refusal_id=refused.pk, by=stranger, words="I was seen.", at=NOON)
    cases = list(Case.objects.order_by("-pk"))
    assert {case.kind for case in cases[:4]} == {"rejection", "time_report", "broken_task", "admission"}
    for person in (requester, worker, stranger, operator, crowd[1]):
        against = [
            case.pk
            for case in cases
            if person.pk in SUBJECTS[case.kind].other_side(case.subject_id) and case.party_id != person.pk
        ]
        page = cases_against(person)
        assert [line.id for line in page.cases] == against
        assert not any(line.is_mine for line in page.cases)
        assert counts_of_cases(person)["against"] == counts_of_cases(person)["against_open"] == len(against)
    assert [line.id for line in cases_against(worker, most=1).cases] == [
        line.id for line in cases_against(worker).cases[:1]
    ]
    assert cases_against(worker, most=1).next_cursor is not None
    heard(rejected, overturn=True, at=LATER)
    assert counts_of_cases(requester)["against_open"] == 0
    asked = ("cases_against", "justice")
    pages = [text_of(browser_of(requester).get(reverse(name))) for name in asked]
    assert "peers say that it does not stand" in pages[0]
    assert "Appeals against me" in pages[1]
    said = Call(requester, "GET", "/cases?side=against").answered()
    assert [one["id"] for one in said.json["items"]] == [rejected.pk]
