import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Courier",
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
                    "lon",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "lat",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                ("h3_7", models.CharField(db_index=True, editable=False, max_length=15)),
                ("h3_9", models.CharField(db_index=True, editable=False, max_length=15)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "waiting for approval"),
                            ("active", "active"),
                            ("paused", "paused"),
                            ("ended", "ended"),
                        ],
                        default="applied",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "county_code",
                    models.CharField(
                        db_index=True, editable=False, max_length=10, verbose_name="county"
                    ),
                ),
                ("road_group", models.CharField(db_index=True, editable=False, max_length=40)),
                (
                    "training_expires_date",
                    models.DateField(
                        blank=True, null=True, verbose_name="food-safety training valid until"
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="courier",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "driver",
                "verbose_name_plural": "drivers",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Vehicle",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("on_foot", "on foot"),
                            ("bicycle", "bicycle"),
                            ("scooter", "scooter"),
                            ("car", "car"),
                            ("van", "van"),
                            ("truck", "truck"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("max_mass_g", models.PositiveIntegerField(verbose_name="load limit, grams")),
                (
                    "ambient_ml",
                    models.PositiveIntegerField(default=0, verbose_name="open space, millilitres"),
                ),
                (
                    "chilled_ml",
                    models.PositiveIntegerField(default=0, verbose_name="cold box, millilitres"),
                ),
                (
                    "frozen_ml",
                    models.PositiveIntegerField(default=0, verbose_name="freezer box, millilitres"),
                ),
                (
                    "hot_ml",
                    models.PositiveIntegerField(default=0, verbose_name="hot box, millilitres"),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vehicles",
                        to="couriers.courier",
                    ),
                ),
            ],
            options={
                "verbose_name": "vehicle",
                "verbose_name_plural": "vehicles",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Shift",
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
                    "status",
                    models.CharField(
                        choices=[("planned", "planned"), ("cancelled", "cancelled")],
                        default="planned",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(verbose_name="until")),
                ("start_lon", models.FloatField(verbose_name="start longitude")),
                ("start_lat", models.FloatField(verbose_name="start latitude")),
                ("end_lon", models.FloatField(blank=True, null=True, verbose_name="end longitude")),
                ("end_lat", models.FloatField(blank=True, null=True, verbose_name="end latitude")),
                ("break_s", models.PositiveIntegerField(default=0, verbose_name="break, seconds")),
                (
                    "break_from_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="break not before"),
                ),
                (
                    "break_until_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="break begins before"),
                ),
                (
                    "longest_route_m",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="longest route, metres"
                    ),
                ),
                ("county_code", models.CharField(db_index=True, editable=False, max_length=10)),
                ("road_group", models.CharField(db_index=True, editable=False, max_length=40)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shifts",
                        to="couriers.courier",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="couriers.vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "shift",
                "verbose_name_plural": "shifts",
                "ordering": ["from_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_mass_g__gte", 1)), name="vehicle_carries_something"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["road_group", "from_at"], name="shift_road_group_from"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__gt", models.F("from_at"))),
                name="shift_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_lat__isnull", True), ("end_lon__isnull", True)),
                    models.Q(("end_lat__isnull", False), ("end_lon__isnull", False)),
                    _connector="OR",
                ),
                name="shift_end_point_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("break_s", 0),
                    models.Q(
                        ("break_from_at__isnull", False),
                        ("break_until_at__gt", models.F("break_from_at")),
                    ),
                    _connector="OR",
                ),
                name="shift_break_has_a_window",
            ),
        ),
    ]
