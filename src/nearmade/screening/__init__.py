"""May it be made, can it be made: verdicts with reasons.

Knows: block-lists of hashes, licence rules, printability, limits of processes; the
strictest rule wins and every reason is kept.
Leaves to others: who decides a review (cloud), what a licence says (designs).
Public: ``screen.Subject``, ``screen.screen``, ``screen.screen_all``,
``printability.check_makeable``, ``blocklist.Blocklist``,
``failsafe.screen_or_review``, ``verdict``, ``machine_verdict.judge``,
``machine_limits.MachineLimits``.
"""
