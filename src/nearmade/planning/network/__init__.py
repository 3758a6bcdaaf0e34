"""The plan of a whole network: who makes what by which day, and where it is assembled.

Knows: the choice problem as arrays, prices of hours, energy, stock and hubs, the lower
bound that any such prices prove, and plans with their gap to it.
Leaves to others: candidates of a component (matching), their figures (quoting, impact).
Public: ``problem.NetworkProblem``, ``weights.Weights``, ``plan.NetworkPlan``.
"""
