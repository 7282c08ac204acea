"""The verifier on a good log, and on every way of changing one that we could think of."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from tests.builders import NOON
from tests.charter.log_lines import FLOOR, a_decision, days, decide

from canut.charter.comparing import copy_of_log, verify_here
from canut.charter.models import CharterEntry, LogEntry, TreeHead
from canut.charter.notes import read_vkey
from canut.charter.usecases.record_decision import record_decision
from canut.charter.usecases.sign_tree_head import rotate_log_key, sign_tree_head
from canut.charter.usecases.watch_log import watch_log
from canut.charter.verifying import CopyMalformed, export_lines, read_copy, verify

pytestmark = pytest.mark.django_db


def codes(found):
    return {one.code for one in found.findings}


def test_a_log_that_nobody_touched_is_sound():
    decide({FLOOR: 1600}, at=NOON)
    decide({FLOOR: 1700}, at=days(1), adopted=False)
    found = verify_here()
    assert [str(one) for one in found.findings] == []
    assert found.signed == found.leaves == LogEntry.objects.count()
    assert watch_log(at=days(2)) is None
