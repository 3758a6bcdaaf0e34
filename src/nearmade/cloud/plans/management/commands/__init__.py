"""Commands of the planner's desk."""
