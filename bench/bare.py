"""The reference: Django views that do only the work, signed in by session and nothing else."""

import json

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

SCHEMA = """
    CREATE TABLE IF NOT EXISTS bare_item (id serial PRIMARY KEY, name text NOT NULL);
    CREATE TABLE IF NOT EXISTS bare_log (id serial PRIMARY KEY, user_id bigint NOT NULL, pain int, note text,
        at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS bare_entry (id serial PRIMARY KEY, log_id int NOT NULL REFERENCES bare_log,
        exercise int NOT NULL, done text NOT NULL, sets int, reps int);
    INSERT INTO bare_item (name) SELECT 'item ' || n FROM generate_series(1, 50) n;
"""


@login_required
def one_query(request: HttpRequest) -> HttpResponse:
    """One row by primary key."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM bare_item WHERE id = %s", [7])
        row = cursor.fetchone()
    return JsonResponse({"id": row[0], "name": row[1]})


@csrf_exempt
@login_required
def session(request: HttpRequest) -> HttpResponse:
    """One log with eight entries in one transaction: look the plan up, insert the log, insert its rows."""
    body = json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bare_item WHERE id = ANY(%s)", [[e["exercise"] for e in body["entries"]]])
        cursor.fetchall()
        cursor.execute(
            "INSERT INTO bare_log (user_id, pain, note) VALUES (%s, %s, %s) RETURNING id",
            [request.user.pk, body["pain"], body["note"]],
        )
        (log,) = cursor.fetchone()
        rows = [(log, e["exercise"], e["done"], e["sets"], e["reps"]) for e in body["entries"]]
        values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        cursor.execute(
            f"INSERT INTO bare_entry (log_id, exercise, done, sets, reps) VALUES {values}",  # noqa: S608 - placeholders
            [value for row in rows for value in row],
        )
    return JsonResponse({"id": log}, status=201)


urlpatterns = [path("one/", one_query), path("session/", session)]
