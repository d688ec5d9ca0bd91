"""Keeping a clinic's cards as the catalogue says them."""

from datetime import datetime

from django.db import transaction

from clinic.actions import audit
from clinic.models import Member
from exercises.catalogue import Catalogue, load
from exercises.models import EducationCard
from exercises.rules.card import CardContent

WRITTEN = ("kind", "title", "body", "caveat", "evidence", "source", "exercises", "factors", "order")
KEPT = (*WRITTEN, "catalogue_version", "retired_at")


@transaction.atomic
def refresh(*, by: Member | None, now: datetime, catalogue: Catalogue | None = None) -> int:
    """Bring the clinic's cards to the shipped state and return how many changed: four queries at most.

    Cards have no editor, so that nothing of the clinic's is lost: a new text replaces the old under the same address, and
    what the catalogue dropped is retired. Runs in the clinic's scope; doing it twice changes nothing.
    """
    catalogue = catalogue or load()
    rows = {row.code: row for row in EducationCard.objects.all()}
    new = [EducationCard(code=card.code) for card in catalogue.cards if card.code not in rows]
    known = rows | {row.code: row for row in new}
    changed = []
    for order, card in enumerate(catalogue.cards):
        row = known[card.code]
        if _fill(row, card, order) or row.retired_at is not None:
            row.catalogue_version, row.retired_at = catalogue.version, None
            changed.append(row)
    dropped = [rows[code] for code in rows.keys() - {card.code for card in catalogue.cards}]
    dropped = [row for row in dropped if row.retired_at is None]
    for row in dropped:
        row.retired_at = now
    EducationCard.objects.bulk_create(new)
    EducationCard.objects.bulk_update([row for row in (*changed, *dropped) if row.code in rows], KEPT)
    if changed or dropped:
        audit.record("catalogue.cards", by=by, now=now, changed=len(changed), retired=len(dropped))
    return len(changed) + len(dropped)


def _fill(row: EducationCard, card: CardContent, order: int) -> bool:
    """Write the card into its row and return whether that changed anything."""
    before = [getattr(row, name) for name in WRITTEN]
    row.kind, row.title, row.order = card.kind.value, card.title, order
    row.body, row.caveat, row.evidence, row.source = list(card.body), card.caveat, card.evidence, card.source
    row.exercises, row.factors = list(card.exercises), [factor.value for factor in card.factors]
    return before != [getattr(row, name) for name in WRITTEN]
