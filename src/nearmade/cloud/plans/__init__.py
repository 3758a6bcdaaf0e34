"""The desk of the planner: plans of the whole network, made here or looked at here."""
