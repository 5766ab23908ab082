import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

import backend.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
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
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("api_key", "api_key"),
                            ("system", "system"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                ("action", models.CharField(max_length=80)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(max_length=80)),
                ("correlation_id", models.UUIDField()),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["subject_id", "id"], name="audit_subject"),
                    models.Index(fields=["actor_id", "id"], name="audit_actor"),
                    models.Index(
                        condition=models.Q(("sequence__isnull", True)),
                        fields=["id"],
                        name="audit_unchained",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="audit_sequence_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sequence__isnull", True),
                            models.Q(("hash", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="audit_chained_has_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                ("type", models.CharField(max_length=80)),
                ("schema_version", models.PositiveSmallIntegerField(default=1)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField()),
                ("subject_version", models.PositiveIntegerField()),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("api_key", "api_key"),
                            ("system", "system"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                ("causation_id", models.UUIDField(null=True)),
                ("correlation_id", models.UUIDField()),
                ("occurred_at", models.DateTimeField()),
                (
                    "payload",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("changed", models.JSONField(default=list)),
                ("position", models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "id"], name="event_subject"),
                    models.Index(
                        condition=models.Q(("position__isnull", True)),
                        fields=["id"],
                        name="event_unpublished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="event_position_from_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RelayLease",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("epoch", models.UUIDField(default=backend.common.ids.new_id)),
                ("position", models.BigIntegerField(default=0)),
                ("audit_sequence", models.BigIntegerField(default=0)),
                ("audit_hash", models.CharField(blank=True, max_length=64)),
                ("holder", models.CharField(blank=True, max_length=64)),
                ("fence", models.BigIntegerField(default=0)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="relay_lease_is_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)), name="relay_position"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventAudience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("audience", models.CharField(max_length=80)),
                ("position", models.BigIntegerField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audience_rows",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["audience", "position"], name="event_audience_feed")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "audience"), name="event_audience_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandlerReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handler", models.CharField(max_length=160)),
                ("position", models.BigIntegerField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("dead_lettered_at", models.DateTimeField(null=True)),
                ("last_error_code", models.CharField(blank=True, max_length=80)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("dead_lettered_at__isnull", True), ("handled_at__isnull", True)
                        ),
                        fields=["position", "handler"],
                        name="handler_outstanding",
                    ),
                    models.Index(
                        condition=models.Q(("dead_lettered_at__isnull", False)),
                        fields=["dead_lettered_at"],
                        name="handler_dead",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "handler"), name="handler_once_per_event"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handled_at__isnull", True),
                            ("dead_lettered_at__isnull", True),
                            _connector="OR",
                        ),
                        name="handler_done_or_dead",
                    ),
                ],
            },
        ),
    ]
