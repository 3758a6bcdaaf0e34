"""Who can make it: facilities, their operators and agents, what they say now."""
