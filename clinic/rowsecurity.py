"""Migration operations for PostgreSQL's half of tenancy; no-ops on SQLite, which has no row-level security."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import migrations, models

ModelLookup = Callable[[str], type[models.Model]]


class PostgresOperation(migrations.operations.base.Operation):
    """SQL that only PostgreSQL runs."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        del from_state
        self._run(self.forwards, app_label, schema_editor, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        del to_state
        self._run(self.backwards, app_label, schema_editor, from_state)

    def _run(self, statements: Any, app_label: str, editor: Any, state: Any) -> None:
        if editor.connection.vendor == "postgresql":
            for sql in statements(lambda name: state.apps.get_model(app_label, name)):
                editor.execute(sql, params=None)

    def forwards(self, model: ModelLookup) -> Iterator[str]:
        raise NotImplementedError

    def backwards(self, model: ModelLookup) -> Iterator[str]:
        del model
        yield from ()


class AppRole(PostgresOperation):
    """First operation of clinic.0001: what web and worker may do with every table, made before or after."""

    def forwards(self, model: ModelLookup) -> Iterator[str]:
        del model
        role = settings.APP_ROLE
        # Roles belong to the server, not to the database: two test runs may create it at the same moment.
        yield f"""DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN; GRANT {role} TO CURRENT_USER; END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        for kind, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE")):
            yield f"GRANT {rights} ON ALL {kind} IN SCHEMA public TO {role}"
            yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {role}"


class RowSecurity(PostgresOperation):
    """Force a policy on a model's table: only rows of the clinic in force are read or written.

    `own` names a column whose rows the signed-in person may read before a clinic is chosen; `across` lets
    across_clinics() read the table.
    """

    def __init__(self, model: str, *, own: str | None = None, across: bool = False) -> None:
        self.model, self.own, self.across = model, own, across

    def forwards(self, model: ModelLookup) -> Iterator[str]:
        table = model(self.model)._meta.db_table
        # The sub-SELECT makes the setting an InitPlan, evaluated once a query; '' is what an ended transaction leaves.
        clinic = "clinic_id = (SELECT NULLIF(current_setting('backstride.clinic_id', true), '')::bigint)"
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY clinic ON {table} USING ({clinic}) WITH CHECK ({clinic})"
        if self.own:
            me = "(SELECT NULLIF(current_setting('backstride.user_id', true), '')::bigint)"
            yield f"CREATE POLICY own ON {table} FOR SELECT USING ({self.own} = {me})"
        if self.across:
            on = "(SELECT current_setting('backstride.across', true) = 'on')"
            yield f"CREATE POLICY across ON {table} FOR SELECT USING ({on})"

    def backwards(self, model: ModelLookup) -> Iterator[str]:
        table = model(self.model)._meta.db_table
        yield from (f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("clinic", "own", "across"))
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"


class SameClinic(PostgresOperation):
    """Composite foreign key: plain ones bypass row security and would let a child point into another clinic."""

    def __init__(self, model: str, field: str) -> None:
        self.model, self.field = model, field

    def forwards(self, model: ModelLookup) -> Iterator[str]:
        field: Any = model(self.model)._meta.get_field(self.field)
        child, parent = field.model._meta.db_table, field.related_model._meta.db_table
        yield f"""DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{parent}_in_clinic') THEN
            ALTER TABLE {parent} ADD CONSTRAINT {parent}_in_clinic UNIQUE (clinic_id, id); END IF; END $$"""
        yield f"""ALTER TABLE {child} ADD CONSTRAINT {child}_{field.column}_in_clinic
            FOREIGN KEY (clinic_id, {field.column}) REFERENCES {parent} (clinic_id, id)"""

    def backwards(self, model: ModelLookup) -> Iterator[str]:
        field: Any = model(self.model)._meta.get_field(self.field)
        child = field.model._meta.db_table
        yield f"ALTER TABLE {child} DROP CONSTRAINT {child}_{field.column}_in_clinic"


class ClinicTable(PostgresOperation):
    """Policies of the Clinic table itself: anyone may read names and add one, only the clinic in force changes itself."""

    def forwards(self, model: ModelLookup) -> Iterator[str]:
        del model
        me = "id = (SELECT NULLIF(current_setting('backstride.clinic_id', true), '')::bigint)"
        yield "ALTER TABLE clinic_clinic ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield "CREATE POLICY anyone_reads ON clinic_clinic FOR SELECT USING (true)"
        yield "CREATE POLICY anyone_adds ON clinic_clinic FOR INSERT WITH CHECK (true)"
        yield f"CREATE POLICY own_change ON clinic_clinic FOR UPDATE USING ({me}) WITH CHECK ({me})"


class AppendOnly(migrations.operations.base.Operation):
    """Rows of this table are written once: no grant to change them, and a trigger for whoever has one."""

    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        del from_state
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        statements = (
            _postgres_trigger(table) if schema_editor.connection.vendor == "postgresql" else sqlite_trigger(table)
        )
        for sql in statements:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        del to_state
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        else:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


def _postgres_trigger(table: str) -> Iterator[str]:
    yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {settings.APP_ROLE}"
    yield f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"""
    yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"""


def sqlite_trigger(table: str) -> Iterator[str]:
    """SQL of the SQLite triggers; the tests drop and remake them around their flush."""
    for verb in ("UPDATE", "DELETE"):
        yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
