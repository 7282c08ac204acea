"""How long a task is expected to take, before anybody was timed."""

from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.rules_effort import effort_of, expected_seconds_of
from canut.work.designs.schema import read_design

CHOICE = {
    "type": "single_choice", "name": "q", "label": "Which is it?",
    "options": [{"value": "x", "label": "Positive"}, {"value": "y", "label": "Negative"}],
}  # fmt: skip
TEXT = {"type": "text", "text": "{{text}}"}


def design_of(*items, instructions=""):
    return read_design({"version": 1, "instructions": instructions, "items": list(items)})


def test_a_choice_about_a_sentence_takes_what_timed_workers_took():
    # 16,000 timed answers about one sentence with one choice have a median of 9 s, and three quarters 15
    seconds = expected_seconds_of(design_of(TEXT, CHOICE), [{"text": "word " * 18}])
    assert 9 <= seconds <= 11


def test_reading_goes_by_238_words_a_minute():
    design = design_of(TEXT, CHOICE)
    short, long = (effort_of(design, [{"text": "word " * words}]) for words in (0, 238))
    assert round(long.reading - short.reading, 6) == 60
    assert long.doing == short.doing == 4


def test_what_is_the_same_in_every_task_is_read_once_in_five():
    words = "word " * 238
    without, with_ = (
        effort_of(design_of(TEXT, CHOICE)),
        effort_of(design_of(TEXT, CHOICE, instructions=words)),
    )
    assert round(with_.reading - without.reading, 6) == 12
    # But a survey is done once
    without, with_ = effort_of(design_of(CHOICE)), effort_of(design_of(CHOICE, instructions=words))
    assert round(with_.reading - without.reading, 6) == 60


def test_rows_count_on_average_and_only_the_first_two_hundred():
    design = design_of(TEXT, CHOICE)
    rows = [{"text": "word " * 100}, {"text": "word " * 300}]
    assert effort_of(design, rows) == effort_of(design, [{"text": "word " * 200}])
    endless = ({"text": "word"} for _forever in iter(int, 1))
    assert effort_of(design, endless) == effort_of(design, [{"text": "word"}])


def test_a_character_of_chinese_counts_as_a_word():
    design = design_of(TEXT, CHOICE)
    assert effort_of(design, [{"text": "今天天气很好"}]) == effort_of(
        design, [{"text": "one two three four five six"}]
    )


def test_a_question_that_is_asked_sometimes_counts_half():
    rest = {"type": "long_text", "name": "why", "label": "{{none}}"}
    always = effort_of(design_of(CHOICE, rest)).doing
    for sometimes in ({"required": False}, {"required_if": {"item": "q", "in": ["x"]}}):
        assert effort_of(design_of(CHOICE, rest | sometimes)).doing - 4 == (always - 4) / 2
    hidden = rest | {"shown_if": {"item": "q", "in": ["x"]}}
    assert effort_of(design_of(CHOICE, hidden)).doing - 4 == (always - 4) / 2


def test_what_nobody_can_know_is_said():
    sound = {"type": "audio", "source": "https://example.org/a.ogg", "alt": "A"}
    assert effort_of(design_of(CHOICE)).unknown == 0
    assert effort_of(design_of(CHOICE, sound)).unknown == 1
    assert "round figure" in effort_of(design_of(CHOICE, sound)).basis


@given(st.integers(1, 20), st.integers(0, 400))
def test_more_to_do_or_to_read_never_takes_less(questions, words):
    items = [CHOICE | {"name": f"q{number}"} for number in range(questions)]
    rows = [{"text": "word " * words}]
    less, more = (
        effort_of(design_of(TEXT, *items[:-1] or items), rows),
        effort_of(design_of(TEXT, *items), rows),
    )
    assert 5 <= less.seconds <= more.seconds
    assert more.seconds <= effort_of(design_of(TEXT, *items), [{"text": "word " * (words + 1)}]).seconds
