import polib
import pytest

from canut.cli import catalogue
from canut.cli.sentences import Sentence, in_python, in_template


def test_every_way_of_wrapping_a_sentence_in_python_is_found():
    source = """
a = _("One.")
b = gettext_lazy("Two " "and more.")
c = ngettext("%(n)s task", "%(n)s tasks", n)
d = pgettext("a verb", "Open")
e = translation.gettext("Three.")
"""
    assert set(in_python(source)) == {
        Sentence("One."),
        Sentence("Two and more."),
        Sentence("%(n)s task", plural="%(n)s tasks"),
        Sentence("Open", context="a verb"),
        Sentence("Three."),
    }


def test_a_function_is_known_by_the_name_that_a_file_gives_it():
    source = """
from django.utils.translation import gettext as _now, pgettext as _in
a = _now("One.")
b = _in("a verb", "Open")
"""
    assert set(in_python(source)) == {Sentence("One."), Sentence("Open", context="a verb")}
    assert list(in_python('_now("One.")')) == []


def test_a_sentence_that_is_put_together_is_found_out_and_a_lookup_is_not():
    assert list(in_python('_(f"Hello {name}")')) == [1]
    assert list(in_python('\n_("Hello " + name)')) == [2]
    assert list(in_python("_(label)")) == []


def test_every_way_of_wrapping_a_sentence_in_a_page_is_found():
    source = """{% load i18n %}{% if a %}{% translate "One." %}{% else %}
    {% trans "Two." context "b" %}{% endif %}
    {% for x in y %}{% blocktranslate count n=x.n trimmed %}
        {{ n }} task
    {% plural %}
        {{ n }} tasks
    {% endblocktranslate %}{% endfor %}
    {% include "base.html" with label=_("Three.") only %}"""
    assert set(in_template(source)) == {
        Sentence("One."),
        Sentence("Two.", context="b"),
        Sentence("%(n)s task", plural="%(n)s tasks"),
        Sentence("Three."),
    }


@pytest.fixture
def french(tmp_path, monkeypatch):
    """A catalogue for one page of code, in step with it."""
    monkeypatch.setattr(catalogue, "CANUT", tmp_path)
    (tmp_path / "page.py").write_text('_("Good day, %(name)s.")')
    path = tmp_path / "django.po"
    file = polib.POFile()
    file.metadata = {"Language": "fr", "Content-Type": "text/plain; charset=UTF-8"}
    file.append(polib.POEntry(msgid="Good day, %(name)s.", msgstr="Bonjour %(name)s."))
    file.save(str(path))
    assert catalogue.check(path) == []
    return path


def test_a_new_sentence_is_missed_and_then_added(french):
    (french.parent / "more.py").write_text('_("Good night.")')
    assert any("not in the catalogue: 'Good night.'" in problem for problem in catalogue.check(french))
    assert catalogue.update(french) == ["To translate: 'Good night.'"]
    assert catalogue.check(french) == ["django.po: not translated: 'Good night.'."]


def test_a_sentence_that_is_gone_is_taken_out_and_the_others_stay(french):
    (french.parent / "page.py").write_text('_("Good night.")')
    assert any("no longer used" in problem for problem in catalogue.check(french))
    catalogue.update(french)
    assert [entry.msgid for entry in polib.pofile(str(french))] == ["Good night."]


def test_a_translation_that_loses_a_placeholder_is_found(french):
    french.write_text(french.read_text().replace("Bonjour %(name)s.", "Bonjour."))
    assert len(catalogue.check(french)) == 1
