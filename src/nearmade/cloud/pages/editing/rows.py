"""Rows of a form that can be added and taken away without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

#: Empty rows that wait at the end to be filled in.
SPARE = 2
MOST_ROWS = 200


def rows_of(
    form: type[forms.Form],
    prefix: str,
    initial: Sequence[Mapping[str, Any]],
    data: QueryDict | None,
    *,
    spare: int = SPARE,
) -> BaseFormSet[forms.Form]:
    """Give the rows of one kind: those there are, and spare ones."""
    kind = formset_factory(
        form, extra=spare, can_delete=True, max_num=MOST_ROWS, validate_max=True
    )
    return kind(data, prefix=prefix, initial=[dict(row) for row in initial])


def filled(rows: BaseFormSet[forms.Form]) -> list[dict[str, Any]]:
    """Give what the rows say, without those left empty or taken away."""
    return [
        form.cleaned_data
        for form in rows.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]


def lines(text: str) -> tuple[str, ...]:
    """Split what was written, one thing on a line, each once."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in found if line))
