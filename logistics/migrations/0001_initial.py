import django.db.models.deletion
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("claims", "0001_initial"),
        ("couriers", "0001_initial"),
        ("listings", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("solving", "being worked out"),
                            ("applied", "applied"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="solving",
                        max_length=10,
                    ),
                ),
                ("seed", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("inputs", models.JSONField(default=dict)),
                ("figures", models.JSONField(default=dict)),
                ("checker_violations", models.JSONField(default=list)),
                (
                    "routes_dropped",
                    models.PositiveIntegerField(
                        default=0, verbose_name="no longer possible when applied"
                    ),
                ),
                (
                    "is_estimated",
                    models.BooleanField(default=False, verbose_name="road times are estimated"),
                ),
                ("solve_ms", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(db_index=True)),
                (
                    "stop_asked_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="asked to end with what there is"
                    ),
                ),
                (
                    "solved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="the search was over"),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["-started_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "solving")),
                        fields=("area",),
                        name="plan_solved_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Route",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("under_way", "under way"),
                            ("finished", "finished"),
                            ("declined", "declined"),
                            ("abandoned", "given up"),
                        ],
                        db_index=True,
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="leaves at")),
                ("ends_at", models.DateTimeField(verbose_name="back at")),
                ("distance_m", models.PositiveIntegerField()),
                ("duration_s", models.PositiveIntegerField()),
                (
                    "on_time_share",
                    models.FloatField(
                        blank=True,
                        null=True,
                        verbose_name="share of simulated drives wholly on time",
                    ),
                ),
                (
                    "is_estimated",
                    models.BooleanField(default=False, verbose_name="road times are estimated"),
                ),
                ("county_code", models.CharField(db_index=True, max_length=10)),
                ("road_group", models.CharField(db_index=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_up_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("vehicle", "the vehicle broke down"),
                            ("health", "illness or accident"),
                            ("time", "not enough time"),
                            ("weather", "weather or road"),
                            ("shift", "the shift was changed"),
                            ("coordinator", "decided by the coordinator"),
                            ("other", "another reason"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="couriers.courier",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="routes",
                        to="logistics.plan",
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="couriers.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "route",
                "verbose_name_plural": "routes",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RouteOffer",
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
                ("wave", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("lapsed", "not answered in time"),
                            ("withdrawn", "taken by another driver"),
                        ],
                        default="offered",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("answer_by_at", models.DateTimeField(db_index=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("decline_reason", models.CharField(blank=True, max_length=40)),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="route_offers",
                        to="couriers.courier",
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="logistics.route",
                    ),
                ),
            ],
            options={
                "verbose_name": "route offer",
                "verbose_name_plural": "route offers",
                "ordering": ["answer_by_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
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
                ("leg", models.PositiveSmallIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "delivery"),
                            ("return", "return"),
                            ("transfer", "transfer"),
                        ],
                        default="delivery",
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a route"),
                            ("planned", "planned"),
                            ("on_board", "on board"),
                            ("delivered", "delivered"),
                            ("returned", "returned"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        db_index=True,
                        default="waiting",
                        editable=False,
                        max_length=10,
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
                ("mass_g", models.PositiveBigIntegerField()),
                ("volume_ml", models.PositiveBigIntegerField()),
                ("pickup_from_at", models.DateTimeField()),
                ("pickup_until_at", models.DateTimeField()),
                (
                    "delivery_windows",
                    models.JSONField(
                        default=list,
                        verbose_name="times the receiver is open, as pairs of instants",
                    ),
                ),
                (
                    "deliver_until_at",
                    models.DateTimeField(verbose_name="latest delivery: the food's life"),
                ),
                ("longest_on_board_s", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "prize_mg",
                    models.PositiveBigIntegerField(
                        default=0, verbose_name="worth of serving it, milligrams of food"
                    ),
                ),
                ("county_code", models.CharField(db_index=True, max_length=10)),
                ("road_group", models.CharField(db_index=True, max_length=40)),
                ("unassigned_reason", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="claims.claim",
                    ),
                ),
                (
                    "delivery_location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.location",
                    ),
                ),
                (
                    "pickup_location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "ordering": ["pickup_until_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                    "route",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="logistics.route",
                    ),
                ),
                (
                    "shipment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitment",
                        to="logistics.shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
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
                ("mass_g", models.PositiveBigIntegerField()),
                (
                    "claim_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_lines",
                        to="claims.claimline",
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
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="logistics.shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment line",
                "verbose_name_plural": "shipment lines",
            },
        ),
        migrations.CreateModel(
            name="Stop",
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
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("arrived", "arrived"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("skipped", "skipped"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("is_locked", models.BooleanField(default=False, verbose_name="stays where it is")),
                ("arrive_at", models.DateTimeField(verbose_name="planned arrival")),
                (
                    "service_from_at",
                    models.DateTimeField(verbose_name="planned beginning of service"),
                ),
                ("leave_at", models.DateTimeField(verbose_name="planned departure")),
                (
                    "distance_m",
                    models.PositiveIntegerField(verbose_name="metres from the stop before"),
                ),
                (
                    "on_time_share",
                    models.FloatField(
                        blank=True,
                        null=True,
                        verbose_name="share of simulated drives on time here",
                    ),
                ),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.location",
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stops",
                        to="logistics.route",
                    ),
                ),
            ],
            options={
                "verbose_name": "stop",
                "verbose_name_plural": "stops",
                "ordering": ["route_id", "sequence"],
            },
        ),
        migrations.CreateModel(
            name="StopTask",
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
                ("is_pickup", models.BooleanField()),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stop_tasks",
                        to="logistics.shipment",
                    ),
                ),
                (
                    "stop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="logistics.stop",
                    ),
                ),
            ],
            options={
                "verbose_name": "stop task",
                "verbose_name_plural": "stop tasks",
                "ordering": ["stop_id", "-is_pickup", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "draft",
                            "offered",
                            "accepted",
                            "under_way",
                            "finished",
                            "declined",
                            "abandoned",
                        ],
                    )
                ),
                name="route_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_time_share__gte", 0), ("on_time_share__lte", 1)),
                name="route_on_time_share_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "under_way")),
                fields=("courier",),
                name="courier_drives_one_route_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="routeoffer",
            constraint=models.UniqueConstraint(
                fields=("route", "courier"), name="route_offered_once_to_a_courier"
            ),
        ),
        migrations.AddConstraint(
            model_name="routeoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "accepted")), fields=("route",), name="first_yes_wins"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "waiting",
                            "planned",
                            "on_board",
                            "delivered",
                            "returned",
                            "failed",
                            "cancelled",
                        ],
                    )
                ),
                name="shipment_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("mass_g__gte", 1)), name="shipment_weighs_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(
                fields=("claim", "storage_class", "leg"), name="shipment_made_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.UniqueConstraint(
                fields=("shipment", "claim_line"), name="shipment_names_a_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                fields=("route", "sequence"), name="stop_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(("leave_at__gte", models.F("arrive_at"))),
                name="stop_ends_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_time_share__gte", 0), ("on_time_share__lte", 1)),
                name="stop_on_time_share_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoptask",
            constraint=models.UniqueConstraint(
                fields=("stop", "shipment", "is_pickup"), name="stop_does_a_task_once"
            ),
        ),
    ]
