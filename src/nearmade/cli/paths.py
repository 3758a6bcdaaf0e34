"""Options that are paths: a blank one is refused, and means no folder."""

from __future__ import annotations

import os

import click


class GivenPath(click.Path):
    """A path as options take it.

    A blank text would else mean the folder that the command is called in.
    """

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Read a path, or refuse it in click's words."""
        if not os.fspath(value).strip():
            self.fail("a blank path names nothing.", param, ctx)
        return super().convert(value, param, ctx)
