"""What the protocols' pages read, each with a fixed number of SQL queries."""

from django.db.models import Count, QuerySet

from exercises.models import Protocol


def protocols() -> QuerySet[Protocol]:
    """Return the current protocols with `phase_count`: one query."""
    found: QuerySet[Protocol] = Protocol.objects.current().annotate(phase_count=Count("phases"))
    return found


def protocol_parts() -> QuerySet[Protocol]:
    """Return protocols with their phases, blocks, lines and exercises: five queries for any number of lines."""
    found: QuerySet[Protocol] = Protocol.objects.prefetch_related("phases__blocks__items__exercise")
    return found
