import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("claims", "0001_initial"),
        ("couriers", "0001_initial"),
        ("listings", "0001_initial"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
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
                ("client_id", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collected", "collected from the donor"),
                            ("delivered", "handed to the charity"),
                            ("transferred", "handed to another driver"),
                            ("stocked", "received into stock"),
                            ("returned", "given back to the donor"),
                            ("disposed", "disposed of"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("visit_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "clock_offset_s",
                    models.IntegerField(default=0, verbose_name="device clock ahead by, seconds"),
                ),
                ("recorded_by_id", models.UUIDField(null=True)),
                (
                    "code_matched",
                    models.BooleanField(
                        default=False, verbose_name="code of the other side was right"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "counted"),
                            ("unmatched", "waiting for an earlier record"),
                        ],
                        default="applied",
                        max_length=10,
                    ),
                ),
                (
                    "breach_codes",
                    models.JSONField(blank=True, default=list, verbose_name="rules broken"),
                ),
                ("county_code", models.CharField(db_index=True, max_length=10)),
                (
                    "claim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="claims.claim",
                    ),
                ),
                (
                    "from_courier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="couriers.courier",
                    ),
                ),
                (
                    "from_location",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.location",
                    ),
                ),
                (
                    "to_courier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="couriers.courier",
                    ),
                ),
                (
                    "to_location",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over",
                "verbose_name_plural": "hand-overs",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HandOverEvidence",
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
                    "signer_name",
                    models.CharField(blank=True, max_length=80, verbose_name="signed by"),
                ),
                (
                    "photo",
                    models.ImageField(blank=True, upload_to="hand-overs/", verbose_name="photo"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "hand_over",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="custody.handover",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="HandOverLine",
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
                ("mass_g", models.PositiveBigIntegerField(verbose_name="mass as received, grams")),
                (
                    "giver_mass_g",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="mass as given, grams"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "accepted"), ("refused", "refused")],
                        default="accepted",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="reason")),
                (
                    "remainder",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nothing was left"),
                            ("left_behind", "left at the place; free for others"),
                            ("never_there", "there was less than promised"),
                            ("comes_later", "follows with another hand-over"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "temperature_dc",
                    models.SmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="temperature, tenths of a degree Celsius",
                    ),
                ),
                (
                    "claim_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_over_lines",
                        to="claims.claimline",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="custody.handover",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="listings.lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over line",
                "verbose_name_plural": "hand-over lines",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                ("code", models.CharField(max_length=40, verbose_name="rule broken")),
                ("county_code", models.CharField(db_index=True, max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a decision"),
                            ("confirmed", "counts as it was recorded"),
                            ("excluded", "does not count as diverted"),
                            ("resolved", "explained by a later record"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision_note",
                    models.CharField(blank=True, max_length=300, verbose_name="note"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="custody.handover",
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("client_id", models.UUIDField(unique=True)),
                ("visit_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("is_pickup", models.BooleanField(verbose_name="at the donor's")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("closed", "nobody was there"),
                            ("not_ready", "the food was not ready"),
                            ("gone", "the food was gone"),
                            ("not_edible", "the food was no longer good"),
                            ("refused", "everything was refused"),
                            ("no_access", "the place could not be reached"),
                            ("courier", "the driver could not go on"),
                            ("other", "another reason"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_id", models.UUIDField(null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "closed",
                                    "not_ready",
                                    "gone",
                                    "not_edible",
                                    "refused",
                                    "no_access",
                                    "courier",
                                    "other",
                                ],
                            )
                        ),
                        name="attempt_reason_known",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "collected",
                            "delivered",
                            "transferred",
                            "stocked",
                            "returned",
                            "disposed",
                        ],
                    )
                ),
                name="hand_over_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(
                fields=("hand_over", "claim_line", "outcome"),
                name="hand_over_names_a_line_once_per_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(
                fields=("hand_over", "code"), name="incident_opened_once"
            ),
        ),
    ]
