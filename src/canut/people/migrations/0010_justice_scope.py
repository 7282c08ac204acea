from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_bounces_scope"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apikey",
            name="key_scopes_known",
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "account",
                            "work",
                            "projects",
                            "review",
                            "results",
                            "money",
                            "decide",
                            "talk",
                            "bounces",
                            "justice",
                        ],
                    ),
                    ("scopes__len__gte", 1),
                ),
                name="key_scopes_known",
            ),
        ),
    ]
