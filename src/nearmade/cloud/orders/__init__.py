"""Orders from wish to door: rows, an append-only trail, legs, the impact card."""
