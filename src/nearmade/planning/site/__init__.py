"""Which build starts when, on which machine of one site, and why it waits.

Knows: builds, change-overs, hands, nights, maintenance, power by the quarter of an
hour with a battery, dues; a quick search, an exact model, a check that trusts neither.
Leaves to others: what a build takes (quoting), who makes what (network).
Public: ``solve.schedule_site``, ``check.faults_of_plan``, ``explain.Reasons``,
``site_record.site_from_record``, ``plan_record.record_of_plan``.
"""
