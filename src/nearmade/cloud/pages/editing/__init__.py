"""Editing a site by forms: each section reads a facility and gives what changes."""
