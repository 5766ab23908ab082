import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Capacity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "storage_class",
                    models.CharField(
                        choices=[
                            ("ambient", "room temperature"),
                            ("chilled", "chilled"),
                            ("frozen", "frozen"),
                            ("hot", "kept hot"),
                        ],
                        max_length=8,
                        verbose_name="storage",
                    ),
                ),
                ("limit_g", models.PositiveBigIntegerField(verbose_name="grams a day")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="capacities",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "capacity",
                "verbose_name_plural": "capacities",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("location", "storage_class"), name="capacity_stated_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("storage_class__in", ["ambient", "chilled", "frozen", "hot"])
                        ),
                        name="capacity_storage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapacityUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "storage_class",
                    models.CharField(
                        choices=[
                            ("ambient", "room temperature"),
                            ("chilled", "chilled"),
                            ("frozen", "frozen"),
                            ("hot", "kept hot"),
                        ],
                        max_length=8,
                    ),
                ),
                ("local_date", models.DateField()),
                ("limit_g", models.PositiveBigIntegerField()),
                ("used_g", models.PositiveBigIntegerField(default=0)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="capacity_uses",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of capacity",
                "verbose_name_plural": "uses of capacity",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("location", "storage_class", "local_date"),
                        name="capacity_use_per_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_g__gte", 0)), name="capacity_use_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_g__lte", models.F("limit_g"))),
                        name="capacity_not_exceeded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "public_id",
                    models.UUIDField(
                        default=backend.common.ids.new_public_id, editable=False, unique=True
                    ),
                ),
                ("category_group", models.CharField(max_length=40, verbose_name="group of food")),
                ("mass_g", models.PositiveBigIntegerField(verbose_name="grams")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "is_public",
                    models.BooleanField(
                        default=False, verbose_name="show on the public need board"
                    ),
                ),
                ("needed_until_at", models.DateTimeField(verbose_name="needed until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("met", "met"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="organizations.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "ordering": ["needed_until_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mass_g__gte", 1)), name="request_is_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingConsent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "category_groups",
                    models.JSONField(blank=True, default=list, verbose_name="groups of food"),
                ),
                (
                    "max_g_per_day",
                    models.PositiveBigIntegerField(verbose_name="at most grams a day"),
                ),
                (
                    "max_distance_m",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="at most metres away"
                    ),
                ),
                ("until_date", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="organizations.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing consent",
                "verbose_name_plural": "standing consents",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("programme",),
                        name="consent_given_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_g_per_day__gte", 1)),
                        name="consent_allows_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingNeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=backend.common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("category_group", models.CharField(max_length=40, verbose_name="group of food")),
                ("grams_per_week", models.PositiveBigIntegerField(verbose_name="grams per week")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_needs",
                        to="organizations.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing need",
                "verbose_name_plural": "standing needs",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "category_group"), name="need_stated_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grams_per_week__gte", 1)), name="need_is_something"
                    ),
                ],
            },
        ),
    ]
