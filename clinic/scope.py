"""The scope in force: whose rows may be read, told to the ORM and to PostgreSQL.

Two layers, each sufficient alone for reads: a WHERE clause that every query on a clinic's rows carries, compiled from
the scope at the moment of execution, and row-level security behind it (clinic/rowsecurity.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction

from clinic.ids import uuid7


class ScopeError(RuntimeError):
    """Clinic rows were asked for outside a scope, or another clinic's row was written."""


class Scope(NamedTuple):
    """Which rows are in reach; the empty scope reaches none and every query raises."""

    clinic_id: int | None = None
    user_id: int | None = None  # no clinic chosen yet: only this person's own memberships
    across: bool = False  # read-only: which clinics have work due


_scope: ContextVar[Scope] = ContextVar("scope", default=Scope())  # noqa: B039 - a NamedTuple is immutable

POSTGRES_SCOPE = """
    SELECT set_config('backstride.clinic_id', %s, true), set_config('backstride.user_id', %s, true),
           set_config('backstride.across', %s, true), row_security_active('clinic_member')
"""


def current_clinic_id() -> int:
    """Return the id of the clinic in force; raise ScopeError outside a clinic's scope."""
    if (clinic_id := _scope.get().clinic_id) is None:
        raise ScopeError("No clinic is in force.")
    return clinic_id


def _tell_postgres(scope: Scope) -> None:
    with connection.cursor() as cursor:
        across = "on" if scope.across else ""
        cursor.execute(POSTGRES_SCOPE, [str(scope.clinic_id or ""), str(scope.user_id or ""), across])
        if not cursor.fetchone()[3]:  # the statement that opens the scope also proves that the policies bind us
            raise ImproperlyConfigured("This database role escapes row-level security: connect as the app role.")


@contextmanager
def scope_is(scope: Scope) -> Iterator[None]:
    """Compile queries for a scope, without telling PostgreSQL."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def _enter(scope: Scope) -> Iterator[None]:
    postgres, outer = connection.vendor == "postgresql", _scope.get()
    # Transaction outside, scope inside: on_commit callbacks find no scope and raise instead of reading nothing.
    # SQLite has no setting to hold, and BEGIN IMMEDIATE around a page view would make every reader a writer.
    with transaction.atomic() if postgres else nullcontext():
        if postgres:
            _tell_postgres(scope)
        with scope_is(scope):
            yield
    if postgres and connection.in_atomic_block:  # nested: no COMMIT clears the settings (an error's rollback does)
        _tell_postgres(outer)


def in_clinic(clinic_id: int | None) -> AbstractContextManager[None]:
    """Open one clinic's rows for reading and writing. On PostgreSQL this is a transaction."""
    if not clinic_id:
        raise ScopeError("in_clinic() needs a clinic.")
    return _enter(Scope(clinic_id=clinic_id))


def as_user(user_id: int | None) -> AbstractContextManager[None]:
    """Open only this person's own memberships, for sign-in and clinic switching."""
    if not user_id:
        raise ScopeError("as_user() needs a person.")
    return _enter(Scope(user_id=user_id))


def across_clinics() -> AbstractContextManager[None]:
    """Open, read-only, the few tables that tell which clinics have work due."""
    return _enter(Scope(across=True))


def undo() -> None:
    """Roll the request's transaction back (a 5xx). On SQLite each action has its own."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        transaction.set_rollback(True)


class InScope(models.Expression):
    """A WHERE condition that reads the scope when SQL is compiled: no queryset or subquery outlives its scope."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, *columns: str | models.Expression) -> None:
        super().__init__()
        self.columns: list[Any] = [models.F(column) if isinstance(column, str) else column for column in columns]

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.columns = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        scope = _scope.get()
        for column, value in zip(self.columns, (scope.clinic_id, scope.user_id), strict=False):
            if value is not None:
                sql, params = compiler.compile(column)
                return f"{sql} = %s", (*params, value)
        if scope.across:  # PostgreSQL still shows only tables with an `across` policy
            return "1 = 1", ()
        raise ScopeError("A query on a clinic's rows ran outside a scope.")


def refuse_other_clinics(rows: Iterable[models.Model]) -> None:
    """Raise ScopeError if a row, or a parent already loaded on it, belongs to another clinic."""
    clinic_id = current_clinic_id()
    for row in rows:
        fields = row._meta.concrete_fields
        parents = [f.get_cached_value(row) for f in fields if f.is_relation and f.is_cached(row)]  # type: ignore[attr-defined]
        if any(getattr(owned, "clinic_id", clinic_id) != clinic_id for owned in (row, *parents)):
            raise ScopeError(f"{row._meta.label} would reach into another clinic.")


class ClinicQuerySet(models.QuerySet[Any]):
    """A queryset whose writes stay inside the clinic in force."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        refuse_other_clinics(rows := list(objs))
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if {"clinic", "clinic_id"} & kwargs.keys():
            raise ScopeError("A row never moves to another clinic.")
        return super().update(**kwargs)


class ClinicManager(models.Manager.from_queryset(ClinicQuerySet)):  # type: ignore[misc]
    """The only manager of a tenant model: every query it starts is inside the scope or raises."""

    def __init__(self, own: str | None = None) -> None:
        super().__init__()
        self.columns = ["clinic_id", own] if own else ["clinic_id"]
        self.scoped: dict[type[models.Model], Any] = {}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if (scoped := self.scoped.get(self.model)) is None:  # the condition is the same for ever; its value is not
            scoped = self.scoped[self.model] = rows.filter(InScope(*self.columns)).query
        rows.query = scoped.chain()
        return rows


class ClinicOwned(models.Model):
    """A row that belongs to one clinic. `clinic` comes from the scope in force, never from a form."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(
        "clinic.Clinic", models.PROTECT, default=current_clinic_id, editable=False, related_name="+"
    )
    objects = ClinicManager()  # Member alone says ClinicManager(own="user_id")

    class Meta:
        abstract = True
        base_manager_name = "objects"  # related access, refresh, the admin's r/ redirect and cascades stay inside too

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_other_clinics([self])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_other_clinics([self])
        return super().delete(*args, **kwargs)
