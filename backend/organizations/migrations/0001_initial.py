import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
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
            name="Organization",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "legal_id",
                    models.CharField(blank=True, max_length=20, verbose_name="registration number"),
                ),
                ("is_donor", models.BooleanField(default=False, verbose_name="gives food")),
                ("is_recipient", models.BooleanField(default=False, verbose_name="receives food")),
                (
                    "is_hub",
                    models.BooleanField(default=False, verbose_name="stores food for others"),
                ),
                ("is_carrier", models.BooleanField(default=False, verbose_name="carries food")),
                (
                    "is_authority",
                    models.BooleanField(default=False, verbose_name="is a public authority"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "waiting for verification"),
                            ("verified", "verified"),
                            ("recertification_due", "due for re-certification"),
                            ("suspended", "suspended"),
                            ("rejected", "rejected"),
                        ],
                        default="applied",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "verified_until_date",
                    models.DateField(blank=True, null=True, verbose_name="verified until"),
                ),
                (
                    "decision_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("papers_checked", "papers checked"),
                            ("known_to_us", "known to us"),
                            ("imported", "on the county's own list"),
                            ("papers_missing", "papers are missing"),
                            ("papers_not_valid", "papers are not valid"),
                            ("papers_expired", "papers have expired"),
                            ("not_eligible", "not eligible"),
                            ("duplicate", "registered twice"),
                            ("food_safety", "food safety"),
                            ("misuse", "misuse"),
                            ("asked_for", "asked for it"),
                            ("cleared_up", "cleared up"),
                            ("date_reached", "the date of the next check was reached"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="reason of the last decision",
                    ),
                ),
                (
                    "decision_note",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        verbose_name="note on the last decision",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail"),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=30, verbose_name="contact phone"),
                ),
                (
                    "county_code",
                    models.CharField(db_index=True, max_length=10, verbose_name="county"),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=60)),
                ("source_ref", models.CharField(blank=True, editable=False, max_length=120)),
                ("created_at", models.DateTimeField(editable=False, verbose_name="registered")),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_donor", True),
                            ("is_recipient", True),
                            ("is_hub", True),
                            ("is_carrier", True),
                            ("is_authority", True),
                            _connector="OR",
                        ),
                        name="organization_has_a_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "applied",
                                    "verified",
                                    "recertification_due",
                                    "suspended",
                                    "rejected",
                                ],
                            )
                        ),
                        name="organization_status_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_ref", ""), _negated=True),
                        fields=("source", "source_ref"),
                        name="organization_imported_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("legal_id", ""), _negated=True),
                        fields=("legal_id",),
                        name="organization_legal_id_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Location",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="kind of place")),
                ("address", models.CharField(max_length=200, verbose_name="address")),
                (
                    "county_code",
                    models.CharField(
                        db_index=True, editable=False, max_length=10, verbose_name="county"
                    ),
                ),
                (
                    "township_code",
                    models.CharField(
                        db_index=True, editable=False, max_length=20, verbose_name="township"
                    ),
                ),
                (
                    "road_group",
                    models.CharField(
                        db_index=True, editable=False, max_length=40, verbose_name="road group"
                    ),
                ),
                (
                    "access_notes",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="how to find the door"
                    ),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=30, verbose_name="phone at the door"),
                ),
                (
                    "is_hub",
                    models.BooleanField(default=False, verbose_name="stores food for others"),
                ),
                (
                    "handling_s",
                    models.PositiveIntegerField(
                        default=300, verbose_name="seconds a hand-over usually takes"
                    ),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=60)),
                ("source_ref", models.CharField(blank=True, editable=False, max_length=120)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="no longer used since"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locations",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "location",
                "verbose_name_plural": "locations",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[("manager", "manager"), ("staff", "staff")],
                        default="staff",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
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
                ("terms", models.CharField(max_length=40, verbose_name="terms")),
                ("terms_version", models.CharField(max_length=20, verbose_name="version")),
                ("agreed_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Programme",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "people_per_week",
                    models.PositiveIntegerField(verbose_name="people served per week"),
                ),
                (
                    "diet_rules",
                    models.JSONField(blank=True, default=list, verbose_name="diet rules"),
                ),
                (
                    "categories_not_taken",
                    models.JSONField(blank=True, default=list, verbose_name="food not taken"),
                ),
                (
                    "allergens_not_taken",
                    models.JSONField(blank=True, default=list, verbose_name="allergens not taken"),
                ),
                (
                    "max_distance_m",
                    models.PositiveIntegerField(
                        default=10000, verbose_name="farthest own collection, metres"
                    ),
                ),
                (
                    "collects_itself",
                    models.BooleanField(default=True, verbose_name="can fetch food itself"),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="ended"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programmes",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VerificationDocument",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("registration", "certificate of registration"),
                            ("food_licence", "food business licence"),
                            ("charity_permit", "permit of a charity"),
                            ("insurance", "insurance"),
                            ("other", "another paper"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                ("file", models.FileField(upload_to="verification/", verbose_name="file")),
                ("file_name", models.CharField(max_length=120)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="organizations.organization",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "verification document",
                "verbose_name_plural": "verification documents",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Coordinator",
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
                    "county_code",
                    models.CharField(db_index=True, max_length=10, verbose_name="county"),
                ),
                ("since_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "coordinator",
                "verbose_name_plural": "coordinators",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "county_code"),
                        name="coordinator_of_a_county_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HoursException",
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
                ("local_date", models.DateField(verbose_name="date")),
                (
                    "opens_minute",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="opens"),
                ),
                (
                    "closes_minute",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="closes"),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours_exceptions",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "exceptional hours",
                "verbose_name_plural": "exceptional hours",
                "ordering": ["location_id", "local_date", "opens_minute"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closes_minute__isnull", True), ("opens_minute__isnull", True)
                            ),
                            models.Q(
                                ("closes_minute__gt", models.F("opens_minute")),
                                (
                                    "closes_minute__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("opens_minute"), "+", models.Value(1440)
                                    ),
                                ),
                                ("opens_minute__lt", 1440),
                            ),
                            _connector="OR",
                        ),
                        name="exception_closed_or_proper_hours",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
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
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday (Monday is 0)")),
                (
                    "opens_minute",
                    models.PositiveSmallIntegerField(verbose_name="opens (minutes after midnight)"),
                ),
                (
                    "closes_minute",
                    models.PositiveSmallIntegerField(
                        verbose_name="closes (minutes after midnight)"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="organizations.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["location_id", "weekday", "opens_minute"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="hours_weekday_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens_minute__lt", 1440)),
                        name="hours_open_within_the_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_minute__gt", models.F("opens_minute")),
                            (
                                "closes_minute__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("opens_minute"), "+", models.Value(1440)
                                ),
                            ),
                        ),
                        name="hours_close_after_opening",
                    ),
                    models.UniqueConstraint(
                        fields=("location", "weekday", "opens_minute"), name="hours_open_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                    "role",
                    models.CharField(
                        choices=[("manager", "manager"), ("staff", "staff")],
                        default="staff",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("since_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "organization"),
                        name="membership_held_once",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("lat__range", (-90, 90)), ("lon__range", (-180, 180))),
                name="location_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_ref", ""), _negated=True),
                fields=("source", "source_ref"),
                name="location_imported_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("organization", "terms", "terms_version"), name="agreement_signed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("people_per_week__gte", 1)), name="programme_serves_somebody"
            ),
        ),
    ]
