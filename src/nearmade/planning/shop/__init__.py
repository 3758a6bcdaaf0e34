"""Shops with several steps a job: which machine, in which order.

Knows: flexible job shops (with joins) and flow lines alike at several sites; searches,
bounds, and checks that trust no solver.
Leaves to others: builds on one site's machines, with people and power (site).
Public: ``job_search.solve_job_shop``, ``job_check.faults_of_schedule``,
``flow_search.solve_flow_lines``, ``flow_lines.faults_of_lines``.
"""
