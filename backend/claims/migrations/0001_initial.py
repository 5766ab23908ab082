import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("listings", "0001_initial"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
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
                (
                    "transport",
                    models.CharField(
                        choices=[
                            ("self_collect", "the charity fetches it"),
                            ("courier", "a driver brings it"),
                            ("donor_delivers", "the donor brings it"),
                            ("carrier", "a carrier brings it"),
                        ],
                        max_length=14,
                        verbose_name="transport",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("hand", "claimed from the board"),
                            ("offer", "offer accepted"),
                            ("consent", "accepted by standing consent"),
                        ],
                        max_length=8,
                        verbose_name="how it came about",
                    ),
                ),
                (
                    "offer_id",
                    models.UUIDField(blank=True, db_index=True, editable=False, null=True),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reserved", "promised"),
                            ("scheduled", "transport planned"),
                            ("collected", "on the way"),
                            ("settled", "handed over"),
                            ("cancelled", "cancelled"),
                            ("lapsed", "lapsed"),
                            ("failed", "failed"),
                        ],
                        db_index=True,
                        default="reserved",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "booked_from_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="booked from"),
                ),
                (
                    "booked_until_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="booked until"),
                ),
                (
                    "receive_date",
                    models.DateField(editable=False, verbose_name="counts against the capacity of"),
                ),
                (
                    "pickup_code",
                    models.CharField(
                        default=backend.common.ids.new_code, editable=False, max_length=6
                    ),
                ),
                (
                    "delivery_code",
                    models.CharField(
                        default=backend.common.ids.new_code, editable=False, max_length=6
                    ),
                ),
                ("county_code", models.CharField(db_index=True, editable=False, max_length=10)),
                ("road_group", models.CharField(db_index=True, editable=False, max_length=40)),
                ("reserved_at", models.DateTimeField(editable=False)),
                (
                    "lapses_at",
                    models.DateTimeField(
                        db_index=True, editable=False, verbose_name="lapses when not collected by"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("end_reason", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="listings.listing",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="organizations.location",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="organizations.organization",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="organizations.programme",
                    ),
                ),
                (
                    "reserved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimLine",
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
                ("mass_g", models.PositiveBigIntegerField(verbose_name="promised mass, grams")),
                (
                    "adjusted_g",
                    models.BigIntegerField(
                        default=0, editable=False, verbose_name="corrected by weighing, grams"
                    ),
                ),
                ("reserved_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("on_board_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("in_stock_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("delivered_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("returned_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("disposed_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("lost_g", models.PositiveBigIntegerField(default=0, editable=False)),
                ("released_g", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="claims.claim",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_lines",
                        to="listings.lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim line",
                "verbose_name_plural": "claim lines",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimTally",
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
                ("hour_at", models.DateTimeField()),
                ("claims", models.PositiveSmallIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "claims of an hour",
                "verbose_name_plural": "claims of an hour",
            },
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["organization", "status"], name="claim_of_whom"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "reserved",
                            "scheduled",
                            "collected",
                            "settled",
                            "cancelled",
                            "lapsed",
                            "failed",
                        ],
                    )
                ),
                name="claim_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("booked_from_at__isnull", True), ("booked_until_at__isnull", True)),
                    ("booked_until_at__gt", models.F("booked_from_at")),
                    _connector="OR",
                ),
                name="claim_booking_is_a_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.UniqueConstraint(
                fields=("claim", "lot"), name="claim_names_a_lot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("mass_g__gte", 1)), name="claim_line_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("reserved_g__gte", 0)), name="line_reserved_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_board_g__gte", 0)), name="line_on_board_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_stock_g__gte", 0)), name="line_in_stock_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivered_g__gte", 0)), name="line_delivered_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_g__gte", 0)), name="line_returned_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("disposed_g__gte", 0)), name="line_disposed_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("lost_g__gte", 0)), name="line_lost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("released_g__gte", 0)), name="line_released_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "mass_g",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("reserved_g"),
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
                                    models.F("lost_g"),
                                ),
                                "+",
                                models.F("released_g"),
                            ),
                            "-",
                            models.F("adjusted_g"),
                        ),
                    )
                ),
                name="claim_line_balances",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimtally",
            constraint=models.UniqueConstraint(
                fields=("organization", "hour_at"), name="tally_per_hour"
            ),
        ),
    ]
