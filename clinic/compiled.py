"""Queries whose shape never changes: the ORM writes their SQL once a connection, later calls only bind values.

Building and compiling a queryset costs more than running it. Pages that are opened most, and the door in front of all of
them, ask the same few questions each time.
"""

import inspect
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, get_args
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

from clinic.scope import Scope, ScopeError, current_clinic_id, scope_is

P = ParamSpec("P")
CLINIC = object()  # stands in the SQL's parameters for the clinic in force
FIELDS: dict[type, Callable[[], "models.Field[Any, Any]"]] = {
    UUID: models.UUIDField,
    date: models.DateField,
    datetime: models.DateTimeField,
    int: models.BigIntegerField,
    str: models.CharField,
}


class Argument(models.Expression):
    """Stands for a value that each call brings."""

    def __init__(self, name: str, kind: type) -> None:
        super().__init__(output_field=FIELDS[kind]())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        return "%s", (self,)


def compiled(build: Callable[P, models.QuerySet[Any, Any]]) -> Callable[P, list[Any]]:
    """Turn a function that returns a queryset into one that returns its rows.

    Each argument stands where a column is compared with it, and nowhere else: the function runs before there are values.
    The scope is asked at every call, and its clinic bound like the arguments; outside a clinic's scope a call raises.
    """
    return _calling(build, _Select)


def compiled_update(build: Callable[P, tuple[models.QuerySet[Any, Any], dict[str, Any]]]) -> Callable[P, int]:
    """Turn a function that returns a queryset, and new values for it, into one that updates and counts the rows."""
    return _calling(build, _Update)


def _calling(build: Callable[..., Any], statement: "type[_Select | _Update]") -> Callable[..., Any]:
    kinds = {name: _kind(parameter.annotation) for name, parameter in inspect.signature(build).parameters.items()}

    @wraps(build)
    def call(*args: Any, **kwargs: Any) -> Any:
        clinic_id = current_clinic_id()
        known: dict[Any, _Statement] = connection.__dict__.setdefault("compiled", {})
        if (found := known.get(build)) is None:
            arguments: Any = [Argument(name, kind) for name, kind in kinds.items()]
            with scope_is(Scope(clinic_id=CLINIC)):  # type: ignore[arg-type]
                found = known[build] = statement(build(*arguments))
        return found.run(clinic_id, dict(zip(kinds, args, strict=False)) | kwargs)

    return call


def _kind(annotation: Any) -> type:
    """Return the type of an argument; `| None` is allowed, and equals nothing."""
    return next(kind for kind in (annotation, *get_args(annotation)) if kind in FIELDS)


class _Statement:
    """SQL with gaps."""

    def __init__(self, compiler: Any) -> None:
        self.sql, self.parameters = compiler.as_sql()
        if CLINIC not in self.parameters:
            raise ScopeError("A compiled query must be about a clinic's rows.")

    def bound(self, clinic_id: int, values: dict[str, Any]) -> list[Any]:
        """Return the parameters of one call."""
        return [
            clinic_id if p is CLINIC else _adapted(p, values[p.name]) if isinstance(p, Argument) else p
            for p in self.parameters
        ]

    def run(self, clinic_id: int, values: dict[str, Any]) -> Any:
        """Execute it and return what came of it."""
        raise NotImplementedError


class _Select(_Statement):
    """Knows the way from its columns to what the queryset would have returned."""

    def __init__(self, queryset: Any) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        super().__init__(compiler)
        width = compiler.col_count or len(compiler.select)
        self.converters = compiler.get_converters([column for column, _, _ in compiler.select[:width]])
        self.compiler = compiler
        self.make = None if queryset._fields is not None else _instance_maker(compiler, queryset.db)

    def run(self, clinic_id: int, values: dict[str, Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.bound(clinic_id, values))
            found: Iterable[Any] = cursor.fetchall()
        if self.converters:
            found = map(tuple, self.compiler.apply_converters(found, self.converters))
        return [self.make(row) for row in found] if self.make else list(found)


class _Update(_Statement):
    """An update of one table's rows."""

    def __init__(self, built: Any) -> None:
        queryset, changes = built
        if {"clinic", "clinic_id"} & changes.keys():
            raise ScopeError("A row never moves to another clinic.")
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(changes)
        super().__init__(query.get_compiler(connection=connection))

    def run(self, clinic_id: int, values: dict[str, Any]) -> int:
        with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
            cursor.execute(self.sql, self.bound(clinic_id, values))
            return int(cursor.rowcount)


def _adapted(argument: Argument, value: Any) -> Any:
    return argument.output_field.get_db_prep_value(value, connection)


def _instance_maker(compiler: Any, using: str) -> Callable[[Any], Any]:
    info, select = compiler.klass_info, compiler.select
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _, _ in select[first:last]]
    related = get_related_populators(info, select, using)  # type: ignore[call-arg]
    annotations = tuple(compiler.annotation_col_map.items())

    def make(row: Any) -> Any:
        instance = info["model"].from_db(using, names, row[first:last])
        for populator in related:
            populator.populate(row, instance)
        for name, position in annotations:
            setattr(instance, name, row[position])
        return instance

    return make
