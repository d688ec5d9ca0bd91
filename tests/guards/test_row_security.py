"""PostgreSQL's half of tenancy: the catalogue is as ARCHITECTURE.md section 6 says, and hostile SQL gets nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, models, transaction

from clinic import scope
from clinic.models import Clinic, Member
from clinic.scope import ClinicOwned, ScopeError, in_clinic
from tests.cast import Cast

postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="row-level security is PostgreSQL's")

OWNED = [model for model in apps.get_models() if issubclass(model, ClinicOwned)]
ids = [model._meta.label for model in OWNED]


def rows(sql: str, *params: object) -> list[tuple[Any, ...]]:
    """Run SQL on the connection that requests use."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def test_owned_models_are_known() -> None:
    """The list that the other tests walk is not empty by accident."""
    assert len(OWNED) >= 20
    assert Member in OWNED


def test_every_model_with_a_clinic_is_owned() -> None:
    """No table slips past the wall by spelling its own clinic column."""
    for model in apps.get_models():
        fields = {field.name for field in model._meta.get_fields() if field.concrete}
        assert "clinic" not in fields or model in OWNED, model._meta.label


def test_owned_models_have_no_automatic_tables() -> None:
    """An automatic many-to-many table has no clinic_id, hence no policy."""
    for model in OWNED:
        assert not model._meta.local_many_to_many, model._meta.label


@postgres_only
@pytest.mark.django_db
def test_tests_run_as_the_app_role() -> None:
    """A run as superuser would make every test here pass falsely."""
    user, is_super, bypasses = rows(
        "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )[0]
    assert user == "backstride_app"
    assert not is_super
    assert not bypasses


@postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=ids)
def test_table_has_a_forced_policy(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table) == [(True, True)]
    policies = {
        name: (command, using, check)
        for name, command, using, check in rows(
            "SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = %s", table
        )
    }
    command, using, check = policies["clinic"]
    assert command == "ALL"
    assert "backstride.clinic_id" in using
    assert "backstride.clinic_id" in check
    extra = {name: command for name, (command, _, _) in policies.items() if name != "clinic"}
    allowed = {"clinic_member": {"own"}, "clinic_message": {"across"}, "athletes_duesession": {"across"}}
    allowed["athletes_alert"] = {"across"}
    assert set(extra) == allowed.get(table, set())
    assert set(extra.values()) <= {"SELECT"}


@postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=ids)
def test_foreign_keys_stay_in_the_clinic(model: type[models.Model]) -> None:
    """Each key to a tenant table has a two-column twin: checks of plain keys bypass row security."""
    if not model._meta.get_field("clinic").db_constraint:
        pytest.skip("points at nothing with an enforced key")
    twins = {
        (tuple(columns), target)
        for columns, target in rows(
            """SELECT array_agg(a.attname::text ORDER BY k.ord), f.relname::text FROM pg_constraint c
               JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
               JOIN unnest(c.conkey) WITH ORDINALITY k(num, ord) ON true
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num
               WHERE c.contype = 'f' AND t.relname = %s GROUP BY c.oid, f.relname""",
            model._meta.db_table,
        )
    }
    for field in model._meta.concrete_fields:
        target = field.related_model if field.is_relation else None
        if isinstance(target, type) and issubclass(target, ClinicOwned):
            assert (("clinic_id", field.column), target._meta.db_table) in twins, f"{model._meta.label}.{field.name}"


@postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=ids)
def test_app_role_may_not_truncate(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert rows("SELECT has_table_privilege(current_user, %s, 'TRUNCATE')", table) == [(False,)]


@postgres_only
@pytest.mark.django_db
def test_nothing_reads_around_the_policies() -> None:
    """No views, no materialized views, no SECURITY DEFINER functions of ours."""
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []
    assert (
        rows(
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef"
        )
        == []
    )


@contextmanager
def without_orm_layer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cut the ORM's half out, so that only PostgreSQL stands between the clinics."""
    with monkeypatch.context() as patch:
        patch.setattr(scope.InScope, "as_sql", lambda *_: ("1 = 1", []))
        patch.setattr(scope, "refuse_other_clinics", lambda _: None)
        yield


@postgres_only
def test_postgres_alone_hides_the_other_clinic(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_clinic(cast.hilltop.pk):
        theirs = {model: model.objects.count() for model in OWNED}
    assert sum(theirs.values()) > 10
    with without_orm_layer(monkeypatch), in_clinic(cast.riverside.pk):
        for model in OWNED:
            found = set(model.objects.values_list("clinic_id", flat=True))
            assert found <= {cast.riverside.pk}, model._meta.label


def test_orm_alone_hides_the_other_clinic(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on SQLite, or for a role that escapes the policies."""
    monkeypatch.setattr(scope, "_tell_postgres", lambda _: None)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    with in_clinic(cast.riverside.pk):
        for model in OWNED:
            found = set(model.objects.values_list("clinic_id", flat=True))
            assert found <= {cast.riverside.pk}, model._meta.label
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE backstride_app")


def test_outside_a_scope_every_query_raises(cast: Cast) -> None:
    del cast
    for model in OWNED:
        for query in (
            lambda m=model: list(m.objects.all()),
            lambda m=model: m.objects.exists(),
            lambda m=model: m.objects.count(),
            lambda m=model: m._base_manager.first(),
        ):
            with pytest.raises(ScopeError):
                query()


@postgres_only
def test_hostile_sql_gets_nothing(cast: Cast) -> None:
    """Raw SQL, as the app role, in Riverside's scope: read, change, delete, move and point at Hilltop's rows."""
    with in_clinic(cast.hilltop.pk):
        ben = cast.ben.pk
    with in_clinic(cast.riverside.pk):
        for model in OWNED:
            table = model._meta.db_table
            assert rows(f"SELECT count(*) FROM {table} WHERE clinic_id = %s", cast.hilltop.pk) == [(0,)]  # noqa: S608
        assert rows("UPDATE athletes_athlete SET phone = 'x' WHERE id = %s RETURNING id", ben) == []
        assert rows("DELETE FROM athletes_athlete WHERE id = %s RETURNING id", ben) == []
        hostile = [
            ("UPDATE athletes_athlete SET clinic_id = %s WHERE id = %s", cast.hilltop.pk, cast.ana.pk),
            ("UPDATE athletes_caretie SET athlete_id = %s WHERE athlete_id = %s", ben, cast.ana.pk),
            ("UPDATE clinic_auditevent SET verb = 'x'",),
            ("DELETE FROM clinic_auditevent",),
            ("TRUNCATE athletes_athlete CASCADE",),
            ("ALTER TABLE athletes_athlete DISABLE ROW LEVEL SECURITY",),
        ]
        for sql, *params in hostile:
            with pytest.raises(DatabaseError), transaction.atomic():
                rows(sql, *params)
        assert rows("UPDATE clinic_clinic SET name = 'x' WHERE id = %s RETURNING id", cast.hilltop.pk) == []


@postgres_only
def test_without_a_scope_postgres_shows_nothing(cast: Cast) -> None:
    del cast
    for model in OWNED:
        table = model._meta.db_table
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)], model._meta.label  # noqa: S608


@postgres_only
def test_role_that_escapes_the_policies_is_refused(cast: Cast) -> None:
    """A superuser's connection does not serve."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        with pytest.raises(ImproperlyConfigured), in_clinic(cast.riverside.pk):
            pytest.fail("served")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE backstride_app")


@postgres_only
def test_clinic_table_changes_only_itself(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        assert Clinic.objects.filter(pk=cast.hilltop.pk).update(name="x") == 0
        assert Clinic.objects.filter(pk=cast.riverside.pk).update(name="Riverside") == 1
