"""A case can end because what it is about was over before anybody had decided: no side gave in then."""

from django.db import migrations, models
from django.db.models import Q

BY = {
    "jury": "peers who were drawn by lot",
    "no_peers": "nobody: no peers were found in time",
    "other_side": "the other side, which gave in",
    "overtaken": "nobody: what it was about was over before",
    "taken_back": "whoever appealed, who took it back",
}


class Migration(migrations.Migration):
    dependencies = [("justice", "0003_broken_tasks")]

    operations = [
        migrations.RemoveConstraint("case", "case_by_known"),
        migrations.RemoveConstraint("case", "case_outcome_by_peers"),
        migrations.AlterField(
            "case",
            "decided_by",
            models.CharField(blank=True, choices=list(BY.items()), default="", max_length=10),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(name="case_by_known", condition=Q(decided_by__in=["", *BY])),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="case_outcome_by_peers",
                condition=(
                    ~Q(decided_by="jury") | (Q(state__in=["stands", "falls"]) & ~Q(reason__regex=r"^\s*$"))
                )
                & (~Q(decided_by="no_peers") | Q(state="falls"))
                & (~Q(decided_by__in=["other_side", "taken_back", "overtaken"]) | Q(state="dropped")),
            ),
        ),
    ]
