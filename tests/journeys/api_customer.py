"""A customer who speaks to a platform as a program would: signed in, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.journeys.platform_host import eventually


class ApiCustomer:
    """One signed-in person.

    Parameters
    ----------
    url
        Of the platform.
    """

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=120.0, trust_env=False)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form that people use."""
        self.http.get("/accounts/login/").raise_for_status()
        form = {"login": email, "password": password, **self._token()}
        answer = self.http.post("/accounts/login/", data=form)
        assert answer.status_code == 302, answer.text

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.http.cookies["csrftoken"]}

    def patiently(self, method: str, path: str, **body: Any) -> httpx.Response:
        """Ask until the platform answers: it may be starting again."""

        def ask() -> httpx.Response | None:
            headers = {"X-CSRFToken": self.http.cookies.get("csrftoken") or ""}
            try:
                return self.http.request(method, path, headers=headers, **body)
            except httpx.TransportError:
                return None

        return eventually(ask, f"{method} {path}", within_s=30)

    def instance(self, design: str, values: dict[str, Any]) -> dict[str, Any]:
        """Ask for a customised design; it may still be in the making."""
        path = f"/api/designs/{design}/instances"
        answer = self.patiently("POST", path, json={"values": values})
        made: dict[str, Any] = answer.raise_for_status().json()
        return made

    def order(self, key: str, to: str, site: str) -> dict[str, Any]:
        """Order a finished instance at a site, to be collected."""
        wish = {"instance_key": key, "to": to, "deliver": False}
        quote = self.patiently("POST", "/api/quotes", json=wish)
        offers = quote.raise_for_status().json()["offers"]
        assert f"site:{site}" in {offer["id"] for offer in offers}
        wish |= {"offer_id": f"site:{site}", "idempotency_key": key[:20]}
        answer = self.patiently("POST", "/api/orders", json=wish)
        placed: dict[str, Any] = answer.raise_for_status().json()
        return placed

    def look(self, order: str) -> dict[str, Any]:
        """Read an order with its trail."""
        answer = self.patiently("GET", f"/api/orders/{order}")
        seen: dict[str, Any] = answer.raise_for_status().json()
        return seen
