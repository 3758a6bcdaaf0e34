"""Services that foretell the weather, asked over the network."""
