"""The moderators' desk: block-list, held things, decisions with reasons."""
