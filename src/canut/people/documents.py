"""What people agree to when they take part, and the version in force; the words are pages of the site."""

from canut.people.models import Document

# A new version is a new entry here beside new words; who agreed to an older one is asked again.
IN_FORCE: dict[str, str] = {
    Document.TERMS: "2026-11",
    Document.PRIVACY: "2026-11",
}
