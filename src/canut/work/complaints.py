"""What workers of a prototype round complain of, found by its words in English, French and Spanish."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Text = str | Promise

_DENIED = re.compile(
    r"\b(?:nothing|no|not|never|isn.?t|without|rien|ne|n|pas|aucune?|sans|nada|ningun\w*|nunca|sin)\b"
    r"[^.,;:!?\n]{0,30}$"
)
_LIKED = re.compile(r"(?:^|(?<=[.!?] ))(?:i like|j'aime|me gusta)\b[^.!?]*")


def plain(text: str) -> str:
    """Return a text without case and accents, for finding words in it."""
    parts = normalize("NFKD", text.replace("\u2019", "'").casefold())
    return " ".join("".join(sign for sign in parts if not combining(sign)).split())


@dataclass(frozen=True, slots=True)
class Theme:
    """One thing that workers complain of, the words they do it with, and what helps.

    `words` and `surely` are regular expressions over text without case and accents. What `words` finds
    does not count where a word such as “nothing” stands before it in the same part of a sentence; nor
    does anything in a sentence that begins with “I like”.
    """

    code: str
    words: str
    said: Text
    change: Text
    place: str = "instructions"
    surely: str = ""

    def is_in(self, comment: str) -> bool:
        text = _LIKED.sub("", plain(comment.replace("\n", ". ")))
        if self.surely and re.search(rf"\b(?:{self.surely})", text):
            return True
        return bool(self.words) and any(
            not _DENIED.search(text[: found.start()]) for found in re.finditer(rf"\b(?:{self.words})", text)
        )


THEMES: Sequence[Theme] = (
    Theme(
        "wants_example",
        "",
        gettext_lazy("an example is wanted."),
        gettext_lazy("Put one worked example, and one hard case, into the instructions."),
        surely=r"examples?\b|exemples?\b|ejemplos?\b|sample answer",
    ),
    Theme(
        "unclear",
        r"unclear|confus|ambigu|vague|flou|imprecis",
        gettext_lazy("something is unclear."),
        gettext_lazy("Say in one sentence what is asked and how to decide, before any detail."),
        surely=r"not (?:\w+ )?clear|(?:do|did)(?: not|n.?t) (?:\w+ )?understand|pas (?:tres |assez )?clair|"
        r"(?:ne|n.ai) (?:\w+ )?(?:pas )?compr|no (?:lo |se )?entiend|no (?:esta|queda|es) (?:\w+ )?clar|"
        r"poco clar",
    ),
    Theme(
        "wants_meaning",
        r"what (?:does|do|is|are|exactly)\b|which (?:one|of|is|part)\b|meant by|meaning\b|define|definition|"
        r"que (?:signifie|veut dire|veulent dire)|lequel|laquelle|definir|sens de|"
        r"que (?:significa|quiere decir)|cual(?:es)?\b|definicion|significado",
        gettext_lazy("a word or a choice needs a meaning."),
        gettext_lazy("Say what each word of the question and each choice means."),
    ),
    Theme(
        "scale_unnamed",
        "",
        gettext_lazy("the scale is named."),
        gettext_lazy("Give both ends and the middle of the scale a name, and say which way is better."),
        surely=r"scale\b|echelle|escala\b|end of the range|points mean",
    ),
    Theme(
        "lacks_choice",
        "",
        gettext_lazy("no choice fits."),
        gettext_lazy("Add a choice such as “I cannot tell” or “none of them”."),
        surely=r"can(?:no|')?t tell|cannot tell|(?:do not|don.?t) know|none of (?:the|them|these)|no option|"
        r"another option|other option|je ne sais pas|aucune? (?:des|reponse|option|choix)|ne sait pas|"
        r"no se (?:sabe|puede saber)|no lo se\b|ningun[ao]? (?:de|opcion|respuesta)|otra opcion",
    ),
    Theme(
        "something_missing",
        r"missing|lacks?\b|lacking|manqu|absent|falta|ausente",
        gettext_lazy("something is missing."),
        gettext_lazy(
            "Look at the tasks they did: is there a column, a text or a choice that they did not get?"
        ),
        "rows",
    ),
    Theme(
        "too_long",
        r"too (?:long|much|many)|takes (?:much )?longer|trop (?:long|de)|demasiad[ao]s? (?:larg|much)?|"
        r"muy larg|se hace largo",
        gettext_lazy("it is too long."),
        gettext_lazy(
            "Part the task in two, shorten the instructions, or raise the expected time and the reward."
        ),
    ),
    Theme(
        "typo",
        r"typo|misspel|spelling|grammar|faute|coquille|orthograph|ortogra|errata|gramatic",
        gettext_lazy("something is misspelt."),
        gettext_lazy("Have somebody read the instructions and the questions aloud."),
    ),
    Theme(
        "pays_too_little",
        r"underpaid|pays? (?:is )?(?:too )?(?:little|low|badly)|low pay|not enough (?:money|pay)|"
        r"(?:mal|sous.|peu) ?paye|(?:mal|poco) pagad|paga poco|salario",
        gettext_lazy("it pays too little."),
        gettext_lazy("Hold the median time against the reward, and raise it."),
        "price",
    ),
)
