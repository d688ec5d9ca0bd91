"""What the domain refuses, without words for humans: pages and the API word it in one place each."""


class DomainError(Exception):
    """A rule of the domain was broken.

    `code` is stable and machine-readable; `field` names the input it is about, if one.
    """

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


class ConflictError(DomainError):
    """Somebody else was faster, or the same id came with another body. Nothing of either side is lost."""


class RefusedError(DomainError):
    """This member may not do this to this object."""
