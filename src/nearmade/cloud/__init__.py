"""The Django project: one app a desk.

Knows: accounts, rows, pages, the API, durable work.
Leaves to others: every decision (the rooms).
Public: services of each app.
"""
