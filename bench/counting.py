"""Counts a request's SQL when it carries `X-Count`; costs nothing otherwise."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class CountSql:
    """Answer with `X-Sql`: how many statements ran, housekeeping of transactions apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count" not in request.headers:
            return self.get_response(request)
        statements: list[str] = []

        def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
            if not sql.lstrip().startswith(HOUSEKEEPING):
                statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Sql"] = str(len(statements))
        if request.headers["X-Count"] == "show":
            response["X-Sql-Text"] = " | ".join(" ".join(sql.split())[:90] for sql in statements)
        return response
