"""Jobs at sites: tickets, the sync with agents, evidence."""
