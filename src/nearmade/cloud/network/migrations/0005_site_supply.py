"""Keep what a site's agent reports of its electricity."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0004_register_columns")]
    operations = [
        migrations.AddField(
            model_name="site",
            name="supply",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
