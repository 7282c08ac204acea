"""Files that nobody handed in are forgotten, some time after their task has ended."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from canut.kernel.later import later
from canut.work.models import AnswerFile

KEPT_DAYS = 7
"""A draft of a task that ran out of time may still name its files so long."""

AT_ONCE = 500

_FORGOTTEN = """
SELECT f.id FROM work_answerfile f JOIN work_assignment a ON a.id = f.assignment_id
WHERE a.ended_at < %s
  AND NOT EXISTS (SELECT 1 FROM work_submission s
                  WHERE s.assignment_id = a.id AND s.answer -> f.item ->> 'file' = f.id::text)
ORDER BY f.id LIMIT %s FOR UPDATE OF f SKIP LOCKED
"""


@transaction.atomic
def forget_orphaned_files(*, at: datetime) -> int:
    """Forget up to 500 files that no submission names and whose task ended a week ago; return how many.

    A job. What is stored goes after the commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, [at - timedelta(days=KEPT_DAYS), AT_ONCE])
        ids = [row[0] for row in cursor.fetchall()]
    for stored_as in AnswerFile.objects.filter(pk__in=ids).values_list("stored_as", flat=True):
        later("work.forget_file", stored_as=stored_as)
    AnswerFile.objects.filter(pk__in=ids).delete()
    return len(ids)
