"""The one tree of exceptions, split by who acts next.

NearmadeError
├── InvalidInput   the caller mends the request
├── NotFound       the caller names something that exists
├── Refused        nobody; permission, licence or law says no
├── Conflict       the caller reads again and retries
└── Unavailable    waiting helps; an outside system failed
"""


class NearmadeError(Exception):
    """The base of every error a caller may meet.

    Parameters
    ----------
    message
        Names the thing, the value and the rule, in one sentence.
    code
        A stable word in kebab-case for programs, such as ``stl-count-mismatch``.
    remedy
        What the reader can do about it; empty when nothing helps.
    """

    default_code = "error"

    def __init__(self, message: str, *, code: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.remedy = remedy

    def as_dict(self) -> dict[str, str]:
        """Give the error as plain values for JSON."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


class InvalidInput(NearmadeError):
    """The request breaks a rule that the caller can mend."""

    default_code = "invalid-input"


class NotFound(NearmadeError):
    """The thing named does not exist, or not for this caller."""

    default_code = "not-found"


class Refused(NearmadeError):
    """Permission, licence or law says no."""

    default_code = "refused"


class Conflict(NearmadeError):
    """The state has moved on: read again, then retry."""

    default_code = "conflict"


class Unavailable(NearmadeError):
    """An outside system failed or is away; waiting helps."""

    default_code = "unavailable"
