"""How often durable work is tried again."""

from procrastinate import RetryStrategy

from nearmade.vocabulary.errors import Unavailable

#: Outside systems get time to recover: 2, 4, 8, 16 and 32 s apart.
PATIENT = RetryStrategy(
    max_attempts=6, exponential_wait=2, retry_exceptions=[Unavailable]
)
