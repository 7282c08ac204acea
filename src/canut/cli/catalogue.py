"""`canut catalogue`: bring the French catalogue up to the sentences in the code, or check that it is."""

import argparse
import re
from pathlib import Path

import polib

from canut.cli.sites import set_up_django

CANUT = Path(__file__).resolve().parents[1]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="Change nothing; fail if anything is missing.")


def run(options: argparse.Namespace) -> int:
    set_up_django()
    from django.conf import settings

    problems = []
    for folder in settings.LOCALE_PATHS:
        for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.po")):
            problems += check(path) if options.check else update(path)
    print("\n".join(problems) or "The catalogue holds every sentence.")
    return 1 if problems and options.check else 0


def check(path: Path) -> list[str]:
    """Return what is wrong with a catalogue: a sentence missing, left over, untranslated or mangled."""
    from canut.cli.sentences import all_sentences

    sentences, unreadable = all_sentences(CANUT)
    problems = [
        f"{call.path}:{call.line}: the sentence is put together; wrap a whole one." for call in unreadable
    ]
    catalogue = polib.pofile(str(path))
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    for sentence, files in sentences.items():
        if (sentence.context, sentence.text) not in entries:
            problems.append(f"{files[0]}: not in the catalogue: {sentence.text!r}. Run `canut catalogue`.")
    in_use = {(sentence.context, sentence.text) for sentence in sentences}
    for key, entry in entries.items():
        if key not in in_use:
            problems.append(f"{path.name}: no longer used: {entry.msgid!r}. Run `canut catalogue`.")
        elif not entry.translated():
            problems.append(f"{path.name}: not translated: {entry.msgid!r}.")
        else:
            problems += [f"{path.name}: other placeholders than {entry.msgid!r}." for _bad in _mangled(entry)]
    return problems


def update(path: Path) -> list[str]:
    """Add what is new, take out what is gone, keep every translation; return what is left to translate."""
    from canut.cli.sentences import all_sentences

    sentences, _unreadable = all_sentences(CANUT)
    catalogue = polib.pofile(str(path), wrapwidth=110)
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for sentence, files in sorted(sentences.items(), key=lambda item: (item[1][0], item[0])):
        entry = known.get((sentence.context, sentence.text)) or polib.POEntry(
            msgid=sentence.text, msgctxt=sentence.context or None
        )
        entry.msgid_plural = sentence.plural
        if sentence.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: ""}
        entry.occurrences = [(file, "") for file in files]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        catalogue.append(entry)
    catalogue.save(str(path))
    return [f"To translate: {entry.msgid!r}" for entry in catalogue if not entry.translated()]


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _mangled(entry: polib.POEntry) -> list[str]:
    """Return the translations that do not hold the placeholders of the sentence, all and no others."""
    wanted = {frozenset(PLACEHOLDER.findall(said)) for said in (entry.msgid, entry.msgid_plural) if said}
    translations = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
    return [said for said in translations if frozenset(PLACEHOLDER.findall(said)) not in wanted]
