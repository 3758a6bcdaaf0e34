"""Commands of ``python -m django``."""
