"""Thin views: read what was asked, call a service, show a template."""
