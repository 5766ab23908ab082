"""What REST clients read of offers and rounds: words in the reader's language beside the codes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.claims.models import Claim, Transport
from backend.claims.selectors.facts import leg_between
from backend.common.choices import StorageClass
from backend.common.rest.pagination import Page
from backend.geo.rest import PointView
from backend.listings.selectors import area_point
from matching.domain.shortages import Short
from matching.models import (
    Offer,
    OfferStatus,
    Proposal,
    Round,
    Transfer,
    TransferAgreement,
)
from matching.selectors.rounds import gap_of

#: Distances are told in steps of this, and places as areas: the address comes with the claim.
ROUNDED_TO_M = 100
MG_PER_KG = 1_000_000
SHORTAGE_KINDS = [each.value for each in Short]


class OfferLineView(serializers.ModelSerializer[Proposal]):
    """One lot's part: what was offered, what is still held, what was accepted."""

    lot_id = serializers.UUIDField()
    category = serializers.CharField(source="lot.category")
    description = serializers.CharField(source="lot.description")
    storage_class = serializers.ChoiceField(
        choices=StorageClass.choices, source="lot.storage_class"
    )
    best_before_date = serializers.DateField(source="lot.best_before_date", allow_null=True)
    use_by_date = serializers.DateField(source="lot.use_by_date", allow_null=True)
    safe_until_at = serializers.DateTimeField(source="lot.safe_until_at")
    allergens = serializers.ListField(child=serializers.CharField(), source="lot.allergens")
    diet_flags = serializers.ListField(child=serializers.CharField(), source="lot.diet_flags")
    step_g = serializers.IntegerField(source="lot.step_g")

    class Meta:
        model = Proposal
        fields = [
            *("lot_id", "category", "description", "storage_class", "best_before_date"),
            *("use_by_date", "safe_until_at", "allergens", "diet_flags", "step_g"),
            *("mass_g", "held_g", "accepted_g"),
        ]
        read_only_fields = fields


class OfferView(serializers.ModelSerializer[Offer]):
    """An offer, as its recipient and the coordinators of its county see it."""

    listing_id = serializers.UUIDField()
    round_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.UUIDField()
    programme_id = serializers.UUIDField()
    organization_id = serializers.UUIDField(source="location.organization_id")
    listing_title = serializers.CharField(source="listing.title")
    donor_name = serializers.CharField(source="listing.organization.name")
    recipient_name = serializers.CharField(source="location.organization.name")
    programme_name = serializers.CharField(source="programme.name")
    transport = serializers.ChoiceField(choices=Transport.choices)
    status = serializers.ChoiceField(choices=OfferStatus.choices)
    pickup_from_at = serializers.DateTimeField(source="listing.pickup_from_at")
    pickup_until_at = serializers.DateTimeField(source="listing.pickup_until_at")
    area = serializers.SerializerMethodField()
    distance_m = serializers.SerializerMethodField()
    is_backup = serializers.SerializerMethodField()
    lines = OfferLineView(many=True, source="proposals")

    class Meta:
        model = Offer
        fields = [
            *("id", "round_id", "listing_id", "listing_title", "donor_name", "organization_id"),
            *("recipient_name", "location_id", "programme_id", "programme_name", "transport"),
            *("status", "decline_reason", "made_at", "answer_by_at", "answered_at"),
            *("receive_date", "pickup_from_at", "pickup_until_at", "area", "distance_m"),
            *("is_backup", "version", "lines"),
        ]
        read_only_fields = fields

    def get_is_backup(self, offer: Offer) -> bool:
        """In waiting: asked at once when somebody else does not take it."""
        return offer.backs_id is not None

    @extend_schema_field(PointView)
    def get_area(self, offer: Offer) -> dict[str, float]:
        return area_point(offer.listing, coarse=False)._asdict()

    def get_distance_m(self, offer: Offer) -> int:
        road_m = leg_between(offer.listing.point, offer.location.point).distance_m
        return round(road_m / ROUNDED_TO_M) * ROUNDED_TO_M


class ScoreTermView(serializers.Serializer[Any]):
    """One part of the score, in kilograms of food."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kilograms = serializers.FloatField()


class RunnerUpView(serializers.Serializer[Any]):
    """Somebody else who was considered: why they were not asked. Named only to who knows them."""

    name = serializers.CharField()
    why = serializers.CharField()
    text = serializers.CharField()
    score_kg = serializers.FloatField(allow_null=True)


class LotExplanationView(serializers.Serializer[Any]):
    """Why this share of one lot was offered here; the terms add up to the score."""

    lot_id = serializers.UUIDField(source="lot.id")
    mass_g = serializers.IntegerField()
    score_kg = serializers.FloatField()
    terms = ScoreTermView(many=True)
    runners_up = RunnerUpView(many=True)


class OfferDetailView(OfferView):
    """An offer with its reasons and, once accepted, its claim."""

    claim_id = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()

    class Meta(OfferView.Meta):
        fields = [*OfferView.Meta.fields, "claim_id", "explanation"]
        read_only_fields = fields

    def get_claim_id(self, offer: Offer) -> UUID | None:
        return Claim.objects.filter(offer_id=offer.pk).values_list("pk", flat=True).first()

    @extend_schema_field(LotExplanationView(many=True))
    def get_explanation(self, offer: Offer) -> Any:
        return LotExplanationView(self.context["explanation"], many=True).data


class RoundView(serializers.ModelSerializer[Round]):
    """A round and how good its plan is; score and bound are in kilograms of food."""

    objective_kg = serializers.SerializerMethodField()
    bound_kg = serializers.SerializerMethodField()
    gap = serializers.SerializerMethodField()
    checker_violations = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Round
        fields = [
            *("id", "area", "trigger", "status", "seed", "weights_version", "digest"),
            *("started_at", "finished_at", "solve_ms", "lots_considered", "proposals_made"),
            *("proposals_dropped", "objective_kg", "bound_kg", "gap", "truncated"),
            "checker_violations",
        ]
        read_only_fields = fields

    def get_objective_kg(self, round_: Round) -> float | None:
        return _kilograms(round_.objective_mg)

    def get_bound_kg(self, round_: Round) -> float | None:
        return _kilograms(round_.bound_mg)

    def get_gap(self, round_: Round) -> float | None:
        return gap_of(round_)


class ShortageView(serializers.Serializer[Any]):
    """What of drivers is short for a lot: `hours`, `boxes` that keep it, or `room` in a vehicle.

    `needs_s` of one driver would do, for a trip that begins between the two instants.
    """

    of = serializers.ChoiceField(choices=SHORTAGE_KINDS)
    needs_s = serializers.IntegerField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()


class LeftOverView(serializers.Serializer[Any]):
    """Food of the reader's counties that nobody was offered, and why."""

    lot_id = serializers.UUIDField(source="lot.id")
    listing_id = serializers.UUIDField(source="lot.listing_id")
    listing_title = serializers.CharField(source="lot.listing.title")
    mass_g = serializers.IntegerField()
    reason = serializers.CharField()
    message = serializers.CharField(source="sentence")
    county_code = serializers.CharField(source="lot.listing.county_code")
    storage_class = serializers.CharField(source="lot.storage_class")
    short = ShortageView(allow_null=True)


class MeasuredView(serializers.Serializer[Any]):
    """How a plan does; inequality and the worst county once it is carried out."""

    assigned_g = serializers.IntegerField()
    offered_g = serializers.IntegerField()
    driven_m = serializers.IntegerField()
    trips = serializers.IntegerField()
    recipients = serializers.IntegerField()
    gini = serializers.FloatField()
    worst_county = serializers.CharField()
    worst_g_per_person = serializers.FloatField()


class ProgrammeShiftView(serializers.Serializer[Any]):
    """What a programme that the reader sees would get, without and with the changes."""

    programme_id = serializers.UUIDField(source="programme.id")
    programme_name = serializers.CharField(source="programme.name")
    recipient_name = serializers.CharField(source="programme.location.organization.name")
    before_g = serializers.IntegerField()
    after_g = serializers.IntegerField()


class TriedRoomView(serializers.Serializer[Any]):
    location_id = serializers.CharField()
    storage_class = serializers.CharField()
    room_g = serializers.IntegerField()


class ChangesView(serializers.Serializer[Any]):
    """What was different in a trial."""

    closed = serializers.ListField(child=serializers.CharField())
    room = TriedRoomView(many=True)
    weights = serializers.DictField(child=serializers.FloatField())


class TrialView(serializers.Serializer[Any]):
    """A trial beside what is; `others_g` is what programmes of other counties would get more."""

    changes = ChangesView()
    before = MeasuredView()
    after = MeasuredView()
    shifts = ProgrammeShiftView(many=True)
    others_g = serializers.IntegerField()


class RoundDetailView(serializers.Serializer[Any]):
    """A round with its offers and what stayed, as far as they touch the reader's counties; of a
    trial how it compares, once it is solved.
    """

    round = RoundView()
    offers = OfferView(many=True)
    left_over = LeftOverView(many=True)
    trial = TrialView(allow_null=True)


class RoundBegunView(serializers.Serializer[Any]):
    """The round was put in line; it appears in the list as soon as it begins."""

    area = serializers.CharField()


class StandingView(serializers.Serializer[Any]):
    """How a programme stands: grams a person as the past still weighs, and how it keeps what it
    accepts. The county's figures are null where too few programmes share them.
    """

    own_g = serializers.FloatField()
    county_g = serializers.FloatField(allow_null=True)
    kept = serializers.IntegerField(source="reliability.record.kept")
    unkept = serializers.IntegerField(source="reliability.record.unkept")
    reliability = serializers.FloatField(source="reliability.chance")
    county_reliability = serializers.FloatField(allow_null=True)


class TransferAgreementView(serializers.ModelSerializer[TransferAgreement]):
    """What two counties agreed, or one proposed."""

    category_groups = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = TransferAgreement
        fields = [
            *("id", "from_county", "to_county", "category_groups", "quota_g", "until_date"),
            *("status", "proposed_by_county", "proposed_at", "answered_at", "version"),
        ]
        read_only_fields = fields


class TransferView(serializers.ModelSerializer[Transfer]):
    """One line of the record of transfers, with the offer that it is."""

    agreement_id = serializers.UUIDField()
    offer_id = serializers.UUIDField()
    from_county = serializers.CharField(source="agreement.from_county")
    to_county = serializers.CharField(source="agreement.to_county")
    listing_id = serializers.UUIDField(source="offer.listing_id")
    donor_name = serializers.CharField(source="offer.listing.organization.name")
    recipient_name = serializers.CharField(source="offer.location.organization.name")
    offer_status = serializers.ChoiceField(choices=OfferStatus.choices, source="offer.status")

    class Meta:
        model = Transfer
        fields = [
            *("id", "agreement_id", "offer_id", "from_county", "to_county", "listing_id"),
            *("donor_name", "recipient_name", "offer_status", "mode", "waybill", "departs_at"),
            *("arrives_at", "keeps_cold", "week", "counted_g", "arranged_at"),
        ]
        read_only_fields = fields


class TakerView(serializers.Serializer[Any]):
    """A programme of a county that agreed; those that got least come first."""

    programme_id = serializers.UUIDField(source="programme.id")
    programme_name = serializers.CharField(source="programme.name")
    recipient_name = serializers.CharField(source="programme.location.organization.name")
    county_code = serializers.CharField(source="programme.location.county_code")
    agreement_id = serializers.UUIDField(source="agreement.id")
    got_g_per_person = serializers.FloatField()


class TakersView(serializers.Serializer[Any]):
    """Who could take a lot elsewhere."""

    results = TakerView(many=True)


class TransferAgreementPage(Page):
    """A page of agreements."""

    results = TransferAgreementView(many=True)


class TransferPage(Page):
    """A page of the record of transfers."""

    results = TransferView(many=True)


class OfferPage(Page):
    """A page of offers."""

    results = OfferView(many=True)


class RoundPage(Page):
    """A page of rounds."""

    results = RoundView(many=True)


def _kilograms(milligrams: int | None) -> float | None:
    return None if milligrams is None else milligrams / MG_PER_KG
