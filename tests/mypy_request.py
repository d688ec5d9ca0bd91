"""A mypy plugin: every request carries `now` (portal's clock) and `member` (clinic's scope) below our middleware."""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, TypeOfAny

REQUEST = "django.http.request.HttpRequest"


def _add(context: ClassDefContext) -> None:
    info = context.cls.info
    for name in ("now", "member"):
        attribute = Var(name, AnyType(TypeOfAny.explicit))
        attribute.info = info
        attribute._fullname = f"{REQUEST}.{name}"
        info.names[name] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


class RequestPlugin(Plugin):
    """Adds the two attributes to Django's class."""

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _add if fullname == REQUEST else None


def plugin(_version: str) -> type[Plugin]:
    """Return the plugin; mypy's entry point."""
    return RequestPlugin
