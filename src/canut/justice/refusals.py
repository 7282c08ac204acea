"""The refusals that several verbs of justice raise; each other one stands beside its verb."""

from canut.kernel.refusals import NotFound


class CaseNotFound(NotFound):
    """There is no such case, or the one who asks may not read it: the answer is the same."""

    code = "case_not_found"


class CaseFileNotFound(NotFound):
    """There is no such file, or the one who asks may not fetch it: the answer is the same."""

    code = "case_file_not_found"
