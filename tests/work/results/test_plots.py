from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.results.accuracy import accuracy
from canut.work.results.drawing import (
    WIDTH,
    Words,
    fitting,
    plain_number,
    plain_share,
    round_step,
    text_width,
    ticks,
)
from canut.work.results.plots import (
    Dot,
    accuracy_bars,
    agreement_bars,
    dot_plot,
    progress_line,
    time_histogram,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def words(*headings, **more):
    given = {"title": "A title", "description": "What there is to see.", "empty": "Nothing yet."}
    return Words(**(given | more), headings=headings)


TWO = words("First", "Second")
RANKED = words("Rank", "Model", "Strength", "Low", "High")
JUDGED = words("Method", "Right", "Judged", "Share", "Low", "High")


def draw_progress(given=TWO, key="progress"):
    points = [(NOON, 1), (NOON + HOUR, 3), (NOON + 3 * HOUR, 4)]
    return progress_line(points, places=5, key=key, words=given)


def draw_times(given=TWO, key="times"):
    return time_histogram([3, 8, 12, 700], key=key, words=given)


def draw_agreement(given=TWO, key="agreement"):
    return agreement_bars([0.5, 0.75, 1.0, 1.0], key=key, words=given)


def draw_ranking(given=RANKED, key="ranking"):
    dots = [Dot(1, "x", 0.9, 0.5, 1.2), Dot(2, "y & z", -0.9, None, None)]
    return dot_plot(dots, key=key, words=given, middle=0)


def draw_accuracy(given=JUDGED, key="accuracy"):
    found = accuracy({1: "a", 2: "b"}, {1: "a", 2: "a"})
    return accuracy_bars([("Majority", found), ("Other", accuracy({}, {}))], key=key, words=given)


DRAWN = [draw_progress, draw_times, draw_agreement, draw_ranking, draw_accuracy]
EMPTY = [
    lambda given: progress_line([], places=5, key="k", words=given),
    lambda given: time_histogram([], key="k", words=given),
    lambda given: agreement_bars([], key="k", words=given),
    lambda given: dot_plot([], key="k", words=given),
    lambda given: accuracy_bars([], key="k", words=given),
]


def elements(chart, name):
    return list(ElementTree.fromstring(chart.svg).iter(name))


def texts(chart):
    return [element.text for element in elements(chart, "text")]


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


@pytest.mark.parametrize("draw", DRAWN)
def test_a_chart_is_a_named_picture_without_scripts_or_styles(draw):
    chart = draw()
    root = ElementTree.fromstring(chart.svg)
    title, description = root[0], root[1]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.tag, title.text) == ("title", "A title")
    assert (description.tag, description.text) == ("desc", "What there is to see.")
    for element in root.iter():
        assert element.tag in {"svg", "title", "desc", "text", "line", "path", "rect", "circle"}
        assert not [name for name in element.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118


@pytest.mark.parametrize("draw", DRAWN)
def test_a_chart_takes_the_colour_of_the_text_around_it(draw):
    for element in ElementTree.fromstring(draw().svg).iter():
        assert {element.get("fill"), element.get("stroke")} <= {None, "none", "currentColor"}
        if element.tag in {"text", "rect", "circle", "line", "path"}:
            assert "currentColor" in {element.get("fill"), element.get("stroke")}
            assert element.get("class", "").startswith("chart-")


@pytest.mark.parametrize("draw", DRAWN)
def test_nothing_is_drawn_outside_the_picture(draw):
    root = ElementTree.fromstring(draw().svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width == WIDTH
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height
        if element.tag == "text" and element.text:
            x, wide = float(element.get("x")), text_width(element.text)
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.get("text-anchor")]
            assert left >= -8
            assert left + wide <= width + 8


@pytest.mark.parametrize("draw", DRAWN)
def test_words_are_text_whatever_they_say(draw):
    bad = '<script>alert("x")</script>&\'\x00\u202e'
    headings = tuple(bad for _ in range({draw_ranking: 5, draw_accuracy: 6}.get(draw, 2)))
    evil = words(
        *headings, title=bad, description=bad, number=lambda _: bad, share=lambda _: bad, moment=lambda _: bad
    )
    chart = draw(evil)
    root = ElementTree.fromstring(chart.svg)
    assert root[0].text == '<script>alert("x")</script>&\' '
    assert "<script" not in chart.svg
    assert chart.svg.count('"') % 2 == 0
    assert chart.svg.__html__() == chart.svg
    assert type(chart.svg.__html__()) is type(chart.svg)


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("key", ["", "1a", "a b", 'a"b', "Ä"])
def test_a_key_that_cannot_begin_an_id_is_refused(draw, key):
    with pytest.raises(ValueError, match="cannot begin an id"):
        draw(key=key)


@pytest.mark.parametrize("draw", DRAWN)
def test_each_heading_has_its_column(draw):
    chart = draw()
    assert chart.table.rows
    assert {len(row) for row in chart.table.rows} == {len(chart.table.headings)}
    with pytest.raises(ValueError, match="headings were given"):
        draw(words("One"))


@pytest.mark.parametrize(("draw", "given"), list(zip(EMPTY, [TWO, TWO, TWO, RANKED, JUDGED], strict=True)))
def test_without_data_a_chart_says_so(draw, given):
    chart = draw(given)
    assert texts(chart) == ["Nothing yet."]
    assert chart.table.headings == given.headings
    assert chart.table.rows == ()


def test_progress_is_a_line_of_steps_below_the_places():
    chart = draw_progress()
    assert "2026-03-02 12:00" in texts(chart)
    assert "2026-03-02 15:00" in texts(chart)
    (path,) = elements(chart, "path")
    ends = path.get("d")[1:].replace("H", " ").split()
    assert len(ends) == 5  # x and y of where the line begins, and three steps
    (goal,) = [line for line in elements(chart, "line") if line.get("class") == "chart-goal"]
    heights = [float(step.split("V")[1]) for step in ends if "V" in step]
    assert heights == sorted(heights, reverse=True)
    assert float(goal.get("y1")) < heights[-1]  # not full yet: four of five


def test_progress_table_gives_ten_moments():
    rows = draw_progress().table.rows
    assert len(rows) == 10
    assert rows[0] == ("2026-03-02 12:00", "1")
    assert rows[3] == ("2026-03-02 13:00", "3")
    assert rows[-2:] == (("2026-03-02 14:40", "3"), ("2026-03-02 15:00", "4"))


def test_a_long_progress_is_drawn_in_few_steps():
    points = [(NOON + timedelta(seconds=second), second + 1) for second in range(20_000)]
    chart = progress_line(points, places=20_000, key="k", words=TWO)
    assert len(chart.svg) < 10_000
    assert chart.table.rows[-1][1] == "20000"


def test_a_single_answer_is_progress():
    chart = progress_line([(NOON, 1)], places=0, key="k", words=TWO)
    assert len(elements(chart, "circle")) == 1
    assert chart.table.rows == (("2026-03-02 12:00", "1"),)


@pytest.mark.parametrize("points", [[(NOON, 2), (NOON, 1)], [(NOON, 1), (NOON - HOUR, 2)]])
def test_progress_never_goes_backwards(points):
    with pytest.raises(ValueError, match="backwards"):
        progress_line(points, places=5, key="k", words=TWO)


def test_times_are_counted_in_round_bars():
    chart = time_histogram([0, 1, 1.5, 18.5, 19], key="k", words=TWO)
    assert chart.table.rows[0] == ("0–1", "1")
    assert chart.table.rows[1] == ("1–2", "2")
    assert chart.table.rows[-2:] == (("18–19", "1"), ("19–20", "1"))
    heights = [float(bar.get("height")) for bar in elements(chart, "rect")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_a_few_long_times_share_the_last_bar():
    chart = time_histogram([5] * 99 + [7200], key="k", words=TWO)
    assert chart.table.rows[-1] == ("≥ 6", "1")
    assert "≥ 6" in texts(chart)
    assert len(chart.table.rows) == 7


def test_where_not_all_edges_have_room_the_last_is_written():
    chart = time_histogram([*range(0, 17_000, 100), 90_000], key="k", words=TWO)
    edges = [text for text in texts(chart) if text not in ("First", "Second")]
    assert len(chart.table.rows) > 15
    assert chart.table.rows[-1][0] in edges
    assert len(edges) < 15


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_impossible_times_are_refused(seconds):
    with pytest.raises(ValueError, match="negative or not finite"):
        time_histogram([seconds], key="k", words=TWO)


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=60))
def test_every_time_is_in_a_bar(seconds):
    chart = time_histogram(seconds, key="k", words=TWO)
    assert sum(int(count) for _name, count in chart.table.rows) == len(seconds)
    assert len(chart.table.rows) <= 21
    assert len(elements(chart, "rect")) == len(chart.table.rows)


def test_agreement_counts_tasks_by_share():
    assert draw_agreement().table.rows == (
        ("50%–60%", "1"),
        ("60%–70%", "0"),
        ("70%–80%", "1"),
        ("80%–90%", "0"),
        ("90%–100%", "0"),
        ("100%", "2"),
    )


@given(st.integers(1, 30).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_a_share_is_in_its_tenth(votes):
    chart = agreement_bars([votes[0] / votes[1]], key="k", words=TWO)
    name = chart.table.rows[0][0]
    assert name.startswith(plain_share(votes[0] * 10 // votes[1] / 10))
    assert chart.table.rows[0][1] == "1"


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_between_none_and_all(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        agreement_bars([share], key="k", words=TWO)


def test_a_ranking_has_a_dot_and_an_interval_for_each_item():
    chart = draw_ranking()
    best, worst = (numbers(dot, "cx", "cy") for dot in elements(chart, "circle"))
    assert best[0] > worst[0]
    assert best[1] < worst[1]
    (interval,) = [line for line in elements(chart, "line") if line.get("class") == "chart-interval"]
    low, high, y = numbers(interval, "x1", "x2", "y1")
    assert low < best[0] < high
    assert y == best[1]
    (middle,) = [line for line in elements(chart, "line") if line.get("class") == "chart-goal"]
    assert float(middle.get("x1")) == pytest.approx((best[0] + worst[0]) / 2, abs=0.1)
    assert chart.table.rows == (("1", "x", "0.9", "0.5", "1.2"), ("2", "y & z", "-0.9", "–", "–"))
    assert "y & z" in texts(chart)


def test_a_ranking_may_be_in_shares():
    chart = dot_plot([Dot(1, "x", 0.728, 0.7, 0.75)], key="k", words=RANKED, as_shares=True)
    assert chart.table.rows == (("1", "x", "72.8%", "70%", "75%"),)


def test_one_item_without_interval_can_be_drawn():
    assert len(elements(dot_plot([Dot(1, "x", 3, None, None)], key="k", words=RANKED), "circle")) == 1


@pytest.mark.parametrize(("low", "value", "high"), [(2, 1, 0), (0, float("nan"), 1), (float("-inf"), 0, 1)])
def test_an_impossible_interval_is_refused(low, value, high):
    with pytest.raises(ValueError, match=r"before it begins|not finite"):
        dot_plot([Dot(1, "x", value, low, high)], key="k", words=RANKED)


def test_accuracy_has_a_bar_where_something_was_judged():
    chart = draw_accuracy()
    (bar,) = (numbers(bar, "x", "width") for bar in elements(chart, "rect"))
    grid = [float(line.get("x1")) for line in elements(chart, "line") if line.get("class") == "chart-grid"]
    assert bar[0] == pytest.approx(grid[0], abs=0.1)  # from 0
    assert bar[1] == pytest.approx((grid[-1] - grid[0]) / 2, abs=0.1)  # half of the way to 1
    assert chart.table.rows[0][:4] == ("Majority", "1", "2", "50%")
    assert chart.table.rows[1] == ("Other", "0", "0", "–", "–", "–")
    assert "–" in texts(chart)


def test_long_names_lose_their_middle_and_the_table_keeps_them():
    name = "Open-Assistant StableLM with a very long name (7B)"
    chart = dot_plot([Dot(1, name, 1, 0, 2)], key="k", words=RANKED)
    (drawn,) = [text for text in texts(chart) if text.startswith("Open")]
    assert "…" in drawn
    assert drawn.endswith("(7B)")
    assert chart.table.rows[0][1] == name


@given(st.text(max_size=40), st.floats(30, 300))
def test_fitting_words_fit(text, width):
    assert text_width(fitting(text, width)) <= max(width, text_width("字字…"))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.booleans())
def test_ticks_are_round_and_inside(low, length, whole):
    high = low + length
    found = ticks(low, high, whole=whole)
    assert len(found) <= 6
    assert all(low - length / 100 <= tick <= high + length / 100 for tick in found)
    if whole:
        assert all(tick == round(tick) for tick in found)
    else:
        assert len(found) >= 1


@pytest.mark.parametrize(
    ("least", "step"), [(0, 1), (0.3, 0.5), (1, 1), (1.1, 2), (20, 20), (21, 50), (70, 100)]
)
def test_steps_are_one_two_or_five(least, step):
    assert round_step(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (0.125, "0.12"), (-0.001, "0"), (1200, "1200"), (2.5, "2.5")]
)
def test_plain_numbers(value, text):
    assert plain_number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.847, "84.7%"), (1, "100%"), (0, "0%")])
def test_plain_shares(value, text):
    assert plain_share(value) == text
