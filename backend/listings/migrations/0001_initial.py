import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import backend.common.ids
import backend.listings.domain.lifecycle


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingSchedule",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("rule", models.CharField(max_length=200, verbose_name="repeats (RFC 5545)")),
                ("starts_date", models.DateField(verbose_name="from")),
                ("ends_date", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "opens_minute",
                    models.PositiveSmallIntegerField(
                        verbose_name="fetched from (minutes after midnight)"
                    ),
                ),
                (
                    "closes_minute",
                    models.PositiveSmallIntegerField(
                        verbose_name="fetched until (minutes after midnight)"
                    ),
                ),
                (
                    "skipped_dates",
                    models.JSONField(blank=True, default=list, verbose_name="left out on"),
                ),
                ("template", models.JSONField(default=dict, verbose_name="usual offer")),
                ("created_at", models.DateTimeField(editable=False)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="organizations.location",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "recurring listing",
                "verbose_name_plural": "recurring listings",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Listing",
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
                    "public_id",
                    models.UUIDField(
                        default=backend.common.ids.new_public_id, editable=False, unique=True
                    ),
                ),
                (
                    "local_date",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="date of the schedule"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="note for whoever fetches it"
                    ),
                ),
                (
                    "address",
                    models.CharField(editable=False, max_length=200, verbose_name="address"),
                ),
                ("county_code", models.CharField(db_index=True, editable=False, max_length=10)),
                ("township_code", models.CharField(editable=False, max_length=20)),
                ("road_group", models.CharField(db_index=True, editable=False, max_length=40)),
                ("pickup_from_at", models.DateTimeField(verbose_name="can be fetched from")),
                (
                    "pickup_until_at",
                    models.DateTimeField(db_index=True, verbose_name="can be fetched until"),
                ),
                (
                    "allows_self_collect",
                    models.BooleanField(default=True, verbose_name="charities may fetch it"),
                ),
                (
                    "allows_courier",
                    models.BooleanField(default=True, verbose_name="a driver may fetch it"),
                ),
                (
                    "donor_delivers",
                    models.BooleanField(default=False, verbose_name="we can bring it"),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("recipients", "any verified charity"),
                            ("chosen", "chosen charities"),
                        ],
                        default="recipients",
                        max_length=12,
                        verbose_name="who may take it",
                    ),
                ),
                (
                    "photo",
                    models.ImageField(blank=True, upload_to="listings/", verbose_name="photo"),
                ),
                (
                    "draft_lots",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="lots of a draft, as stated",
                    ),
                ),
                ("source", models.CharField(default="form", editable=False, max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("open", "open"), ("closed", "closed")],
                        default=backend.listings.domain.lifecycle.ListingStatus["DRAFT"],
                        editable=False,
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("completed", "completed"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "chosen_recipients",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organizations.organization"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="organizations.location",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="organizations.organization",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="listings",
                        to="listings.listingschedule",
                    ),
                ),
            ],
            options={
                "verbose_name": "listing",
                "verbose_name_plural": "listings",
                "ordering": ["pickup_until_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Lot",
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
                    "category",
                    models.CharField(db_index=True, max_length=40, verbose_name="kind of food"),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=120, verbose_name="what it is"),
                ),
                ("declared_g", models.PositiveBigIntegerField(verbose_name="declared mass, grams")),
                (
                    "adjusted_g",
                    models.BigIntegerField(
                        default=0, editable=False, verbose_name="corrected by weighing, grams"
                    ),
                ),
                ("volume_ml", models.PositiveBigIntegerField(verbose_name="volume, millilitres")),
                ("unit_label", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                (
                    "unit_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="units"),
                ),
                (
                    "packaging",
                    models.CharField(blank=True, max_length=30, verbose_name="packaging"),
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
                        verbose_name="storage",
                    ),
                ),
                (
                    "best_before_date",
                    models.DateField(blank=True, null=True, verbose_name="best before"),
                ),
                ("use_by_date", models.DateField(blank=True, null=True, verbose_name="use by")),
                (
                    "cooked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="cooked at"),
                ),
                (
                    "safe_until_at",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="safe until"),
                ),
                ("safety_rule", models.CharField(editable=False, max_length=60)),
                ("safety_rule_version", models.CharField(editable=False, max_length=20)),
                ("allergens", models.JSONField(blank=True, default=list, verbose_name="allergens")),
                ("diet_flags", models.JSONField(blank=True, default=list, verbose_name="suits")),
                ("batch", models.CharField(blank=True, max_length=60, verbose_name="batch")),
                (
                    "gtin",
                    models.CharField(blank=True, max_length=14, verbose_name="barcode number"),
                ),
                (
                    "step_g",
                    models.PositiveIntegerField(default=1000, verbose_name="smallest share, grams"),
                ),
                ("available_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("held_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("reserved_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("on_board_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("in_stock_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("delivered_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("returned_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("disposed_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("expired_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("withdrawn_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("lost_g", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="listings.listing",
                    ),
                ),
                (
                    "parent_lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="listings.lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "lot",
                "verbose_name_plural": "lots",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="MassMovement",
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
                    "from_bucket",
                    models.CharField(
                        choices=[
                            ("source", "source"),
                            ("available", "available"),
                            ("held", "held"),
                            ("reserved", "reserved"),
                            ("on_board", "on_board"),
                            ("in_stock", "in_stock"),
                            ("delivered", "delivered"),
                            ("returned", "returned"),
                            ("disposed", "disposed"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                            ("lost", "lost"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_bucket",
                    models.CharField(
                        choices=[
                            ("source", "source"),
                            ("available", "available"),
                            ("held", "held"),
                            ("reserved", "reserved"),
                            ("on_board", "on_board"),
                            ("in_stock", "in_stock"),
                            ("delivered", "delivered"),
                            ("returned", "returned"),
                            ("disposed", "disposed"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                            ("lost", "lost"),
                        ],
                        max_length=10,
                    ),
                ),
                ("mass_g", models.PositiveBigIntegerField()),
                ("from_holder_id", models.UUIDField(db_index=True, null=True)),
                ("to_holder_id", models.UUIDField(db_index=True, null=True)),
                ("cause_type", models.CharField(max_length=40)),
                ("cause_id", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="listings.lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "mass movement",
                "verbose_name_plural": "mass movements",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="listingschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_minute__gt", models.F("opens_minute"))),
                name="schedule_window_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_date__isnull", True),
                    ("ends_date__gte", models.F("starts_date")),
                    _connector="OR",
                ),
                name="schedule_ends_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["status", "pickup_until_at"], name="listing_open_until"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("pickup_until_at__gt", models.F("pickup_from_at"))),
                name="listing_window_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allows_self_collect", True),
                    ("allows_courier", True),
                    ("donor_delivers", True),
                    _connector="OR",
                ),
                name="listing_can_be_moved",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("status", "closed"),
                        models.Q(("closed_reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("closed_at__isnull", True),
                        ("closed_reason", ""),
                        ("status__in", ["draft", "open"]),
                    ),
                    _connector="OR",
                ),
                name="listing_closed_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("schedule__isnull", False)),
                fields=("schedule", "local_date"),
                name="listing_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("declared_g__range", (1, 40000000))),
                name="lot_declared_mass_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("step_g__gte", 1)), name="lot_step_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("storage_class__in", ["ambient", "chilled", "frozen", "hot"])),
                name="lot_storage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("available_g__gte", 0)), name="lot_available_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_g__gte", 0)), name="lot_held_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("reserved_g__gte", 0)), name="lot_reserved_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_board_g__gte", 0)), name="lot_on_board_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_stock_g__gte", 0)), name="lot_in_stock_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivered_g__gte", 0)), name="lot_delivered_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_g__gte", 0)), name="lot_returned_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("disposed_g__gte", 0)), name="lot_disposed_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("expired_g__gte", 0)), name="lot_expired_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_g__gte", 0)), name="lot_withdrawn_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("lost_g__gte", 0)), name="lot_lost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "declared_g",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                django.db.models.expressions.CombinedExpression(
                                                                    models.F("available_g"),
                                                                    "+",
                                                                    models.F("held_g"),
                                                                ),
                                                                "+",
                                                                models.F("reserved_g"),
                                                            ),
                                                            "+",
                                                            models.F("on_board_g"),
                                                        ),
                                                        "+",
                                                        models.F("in_stock_g"),
                                                    ),
                                                    "+",
                                                    models.F("delivered_g"),
                                                ),
                                                "+",
                                                models.F("returned_g"),
                                            ),
                                            "+",
                                            models.F("disposed_g"),
                                        ),
                                        "+",
                                        models.F("expired_g"),
                                    ),
                                    "+",
                                    models.F("withdrawn_g"),
                                ),
                                "+",
                                models.F("lost_g"),
                            ),
                            "-",
                            models.F("adjusted_g"),
                        ),
                    )
                ),
                name="lot_ledger_balances",
            ),
        ),
        migrations.AddConstraint(
            model_name="massmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("mass_g__gte", 1)), name="movement_moves_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="massmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_bucket", models.F("to_bucket")), _negated=True),
                    models.Q(("from_holder_id", models.F("to_holder_id")), _negated=True),
                    _connector="OR",
                ),
                name="movement_goes_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="massmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "from_bucket__in",
                        [
                            "source",
                            "available",
                            "held",
                            "reserved",
                            "on_board",
                            "in_stock",
                            "delivered",
                            "returned",
                            "disposed",
                            "expired",
                            "withdrawn",
                            "lost",
                        ],
                    ),
                    (
                        "to_bucket__in",
                        [
                            "source",
                            "available",
                            "held",
                            "reserved",
                            "on_board",
                            "in_stock",
                            "delivered",
                            "returned",
                            "disposed",
                            "expired",
                            "withdrawn",
                            "lost",
                        ],
                    ),
                ),
                name="movement_buckets_known",
            ),
        ),
    ]
