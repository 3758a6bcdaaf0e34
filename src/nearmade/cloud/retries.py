"""How often durable work is tried again."""

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.exceptions import ConnectorException

from nearmade.vocabulary.errors import Unavailable

#: Attempts that a task on its last try has behind it.
LAST_ATTEMPT = 6
#: Outside systems, the database too, get time to recover: 2, 4, 8, 16, 32 and 64 s.
PATIENT = RetryStrategy(
    max_attempts=LAST_ATTEMPT,
    exponential_wait=2,
    retry_exceptions=[
        Unavailable,
        OperationalError,
        InterfaceError,
        ConnectorException,
    ],
)
