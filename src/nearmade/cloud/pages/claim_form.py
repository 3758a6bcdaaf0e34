"""The form that claims a place: each field with its help and its remedy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nearmade.adapters.places import one_place
from nearmade.cloud.network.claims import LEAST_REASON, Grounds
from nearmade.cloud.network.models import LONGEST_WORDS, Listing
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.place import Place


class ClaimForm(forms.Form):
    """Why this place is mine to run, and what shows it."""

    reason = forms.CharField(
        label=_("Who are you there?"),
        min_length=LEAST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your task there and since when. A moderator reads it."),
    )
    evidence_url = forms.URLField(
        label=_("A page that shows it"),
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text=_("For example the place's own page that names you."),
    )
    evidence = forms.CharField(
        label=_("Or in words: how can we check it?"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example whom to write to at the place's own address."),
    )
    town = forms.CharField(
        label=_("In which town does it stand?"),
        max_length=80,
        help_text=_("Its source names no point. Write the town and the country."),
        error_messages={"required": _("Write the town, for example Porto, PT.")},
    )

    def __init__(self, listing: Listing, data: Any = None) -> None:
        super().__init__(data)
        if listing.lat_deg is not None:
            del self.fields["town"]
        elif listing.town:
            self.fields["town"].initial = f"{listing.town}, {listing.country}"
        self.fields["reason"].error_messages["min_length"] = _(
            "Say a little more: your task there and since when."
        )

    def clean_town(self) -> Place:
        """Look the town up."""
        try:
            return one_place(self.cleaned_data["town"])
        except NotFound as error:
            raise forms.ValidationError(
                _("We know no town of that name. %(remedy)s"),
                params={"remedy": error.remedy},
            ) from error

    def clean(self) -> dict[str, Any]:
        """Ask for evidence of one sort at least."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = cleaned.get("evidence") or cleaned.get("evidence_url")
        if not given and "evidence_url" not in self.errors:
            why = _("Link a page that names you, or say below how we can check.")
            self.add_error("evidence_url", why)
        return cleaned

    def grounds(self) -> Grounds:
        """Give what was brought forward, once the form is valid."""
        given = self.cleaned_data
        return Grounds(
            given["reason"], given["evidence"], given["evidence_url"], given.get("town")
        )
