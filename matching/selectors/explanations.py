"""Why an offer was made, in words: the terms of its score and why the next best were not asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from backend.common.actor import Actor
from backend.common.choices import StorageClass
from backend.listings.models import Lot
from backend.organizations.models import Programme
from backend.organizations.selectors import visible_programmes
from matching.domain.explain import Alternative
from matching.domain.objective import TERMS
from matching.domain.sentences import TERM_LABELS, reason_sentence, sentence_of
from matching.models import Offer, Proposal


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score, in kilograms of food; negative when it counts against it."""

    code: str
    label: str
    kilograms: float


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Somebody else who could have been asked. `name` is empty unless the viewer may know it."""

    name: str
    why: str
    sentence: str
    score_kg: float | None

    @property
    def text(self) -> str:
        who = self.name or gettext("Another charity")
        return gettext("%(who)s: %(why)s") % {"who": who, "why": self.sentence}


@dataclass(frozen=True, slots=True)
class LotExplanation:
    """Why this share of one lot: its terms add up to its score."""

    lot: Lot
    mass_g: int
    terms: tuple[Term, ...]
    runners_up: tuple[RunnerUp, ...]

    @property
    def score_kg(self) -> float:
        return sum(term.kilograms for term in self.terms)


def offer_explanation(viewer: Actor, offer: Offer) -> tuple[LotExplanation, ...]:
    """Lot by lot, in the active language; for an offer that the viewer sees.

    Whoever else was considered is named only to those who see that programme anyway, such as the
    coordinators of its county.
    """
    proposals = list(offer.proposals.select_related("lot").order_by("rank", "pk"))
    names = _names(viewer, proposals)
    return tuple(
        LotExplanation(
            lot=proposal.lot,
            mass_g=proposal.mass_g,
            terms=tuple(_terms(proposal.terms)),
            runners_up=tuple(_runner_up(each, names) for each in proposal.reasons),
        )
        for proposal in proposals
    )


def in_words(code: str) -> str:
    """The sentence for a reason why a pair is impossible or a lot stays."""
    return gettext(reason_sentence(code))


def _names(viewer: Actor, proposals: list[Proposal]) -> Mapping[str, str]:
    ids = {UUID(each["programme_id"]) for proposal in proposals for each in proposal.reasons}
    seen = Programme.objects.all() if viewer.is_system else visible_programmes(viewer)
    found = seen.filter(pk__in=ids).select_related("location__organization")
    return {
        str(each.pk): gettext("%(charity)s (%(programme)s)")
        % {"charity": each.location.organization.name, "programme": each.name}
        for each in found
    }


def _terms(stored: Mapping[str, float]) -> Iterator[Term]:
    """The terms that count for something, in the order in which people read them."""
    for code in TERMS:
        kilograms = stored.get(code, 0.0)
        if kilograms:
            yield Term(code, gettext(TERM_LABELS[code]), kilograms)


def _runner_up(stored: Mapping[str, Any], names: Mapping[str, str]) -> RunnerUp:
    alternative = Alternative(**stored)
    sentence, facts = sentence_of(alternative)
    return RunnerUp(
        name=names.get(alternative.programme_id, ""),
        why=alternative.why,
        sentence=gettext(sentence) % _said(facts),
        score_kg=alternative.score if alternative.terms else None,
    )


def _said(facts: Mapping[str, float | str]) -> dict[str, Any]:
    """The facts with the words for how food is kept."""
    said: dict[str, Any] = dict(facts)
    if "storage" in said:
        said["storage"] = StorageClass(said["storage"]).label
    return said
