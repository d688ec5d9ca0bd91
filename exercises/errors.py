"""What the room of exercises refuses."""

from clinic.errors import DomainError


class DoseError(DomainError):
    """A dose is out of range or says two things at once. `field` is the part of the dose that is wrong."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code, field=field)


class ScheduleError(DomainError):
    """A schedule is out of range or incomplete. `field` is the part of the schedule that is wrong."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code, field=field)


class ContentError(DomainError):
    """An exercise or a protocol cannot be what was said. `problems` are all of them, as (path, code)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("content_invalid", field=problems[0][0])
        self.problems = problems


class MediaError(DomainError):
    """An upload is not a photo or video that we can make a clean file of."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, field="file", **params)


class CellError(ValueError):
    """A cell of a table cannot be read. Its argument is the code of what is wrong: the table goes on."""


class CatalogueError(ValueError):
    """The catalogue that we ship is broken: a mistake of ours, never of a user."""
