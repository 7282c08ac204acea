from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0002_promises")]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="looked_at",
            field=models.DateTimeField(help_text="When it was settled whether to tell them.", null=True),
        ),
    ]
