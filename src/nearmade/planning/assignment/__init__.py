"""Items to agents of limited capacity at least cost, with a checkable bound.

The generalised assignment problem on sparse candidates. Public:

- ``problem.AssignmentProblem`` (arrays), ``problem.from_tables`` (the classical form),
  ``problem.cost_of`` (checks and prices a choice), ``problem.Assignment`` (an answer)
- ``solve.solve_assignment(problem, *, seed, effort, start, prices)`` and
  ``solve.improvements`` (the same, round by round)
- ``bound.knapsack_bound(problem, item_price)`` and ``bound.item_price_at(problem,
  agent_price)``
"""
