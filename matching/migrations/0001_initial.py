import django.db.models.deletion
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("listings", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
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
                ("area", models.CharField(db_index=True, max_length=40, verbose_name="road group")),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("schedule", "by the clock"),
                            ("urgent", "food with a short life"),
                            ("hand", "asked for by a coordinator"),
                            ("what_if", "a trial by a coordinator"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("applied", "applied"),
                            ("failed", "failed"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("seed", models.PositiveBigIntegerField()),
                ("weights_version", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the inputs")),
                ("inputs", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(db_index=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "solve_ms",
                    models.PositiveIntegerField(
                        default=0, verbose_name="solver time, milliseconds"
                    ),
                ),
                ("lots_considered", models.PositiveIntegerField(default=0)),
                ("proposals_made", models.PositiveIntegerField(default=0)),
                (
                    "proposals_dropped",
                    models.PositiveIntegerField(
                        default=0, verbose_name="no longer true when applied"
                    ),
                ),
                ("objective_mg", models.BigIntegerField(blank=True, null=True)),
                ("bound_mg", models.BigIntegerField(blank=True, null=True)),
                ("truncated", models.BooleanField(default=False)),
                ("checker_violations", models.JSONField(default=list)),
                (
                    "unassigned",
                    models.JSONField(default=dict, verbose_name="lots without a taker, and why"),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["-started_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
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
                    "transport",
                    models.CharField(
                        choices=[
                            ("self_collect", "the charity fetches it"),
                            ("courier", "a driver brings it"),
                            ("donor_delivers", "the donor brings it"),
                            ("carrier", "a carrier brings it"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("suggested", "suggested"),
                            ("offered", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("lapsed", "not answered in time"),
                            ("superseded", "replaced"),
                        ],
                        db_index=True,
                        default="suggested",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("receive_date", models.DateField(verbose_name="counts against the capacity of")),
                ("made_at", models.DateTimeField()),
                ("answer_by_at", models.DateTimeField(db_index=True, verbose_name="answer by")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by_id", models.UUIDField(blank=True, null=True)),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "no reason given"),
                            ("too_much", "too much for us"),
                            ("no_storage", "no room to keep it"),
                            ("no_need", "not needed now"),
                            ("too_far", "too far to fetch"),
                            ("no_time", "nobody there at that time"),
                            ("unsuitable", "does not suit the people we serve"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="listings.listing",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="organizations.location",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="organizations.programme",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="matching.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "ordering": ["answer_by_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="FairnessEntry",
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
                ("county_code", models.CharField(db_index=True, max_length=10)),
                ("mass_g", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
                ("cause_type", models.CharField(max_length=40)),
                ("cause_id", models.UUIDField()),
                ("nth", models.PositiveSmallIntegerField(default=1)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fairness_entries",
                        to="organizations.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "fairness entry",
                "verbose_name_plural": "fairness entries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cause_type", "cause_id", "nth"), name="fairness_counted_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                ("mass_g", models.PositiveBigIntegerField(verbose_name="proposed mass, grams")),
                ("held_g", models.PositiveBigIntegerField(default=0)),
                ("accepted_g", models.PositiveBigIntegerField(default=0)),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("terms", models.JSONField(default=dict, verbose_name="terms of the score")),
                (
                    "reasons",
                    models.JSONField(default=list, verbose_name="alternatives and why they lost"),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="listings.lot",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="matching.offer",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["offer_id", "rank", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mass_g__gte", 1)), name="proposal_is_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_g__lte", models.F("mass_g"))),
                        name="proposal_holds_no_more_than_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_g__lte", models.F("mass_g"))),
                        name="proposal_accepts_no_more",
                    ),
                    models.UniqueConstraint(
                        fields=("offer", "lot"), name="proposal_names_a_lot_once"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["suggested", "offered", "accepted", "declined", "lapsed", "superseded"],
                    )
                ),
                name="offer_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by_at__gte", models.F("made_at"))),
                name="offer_leaves_time_to_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["suggested", "offered"])),
                fields=("listing", "programme"),
                name="offer_open_once",
            ),
        ),
    ]
