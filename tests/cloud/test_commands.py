"""What whoever runs the platform does from its command line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError

from nearmade.agent.config import load_config
from nearmade.cloud.keys import platform_key
from nearmade.cloud.network.management.commands import (
    appoint_operator,
    import_network,
    issue_agent_token,
)
from nearmade.cloud.network.management.desk_command import DeskCommand
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import site_of_token, site_operated_by
from nearmade.vocabulary.errors import InvalidInput, NotFound, Refused
from tests.cloud.workshop import a_person, facility_in_words, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def said(command: DeskCommand, **options: object) -> str:
    out = io.StringIO()
    command.stdout._out = out  # type: ignore[attr-defined]
    command.act(**options)
    return out.getvalue()


def token_for(site: str, *, revoke_others: bool = False) -> str:
    head = said(issue_agent_token.Command(), site=site, revoke_others=revoke_others)
    return str(tomllib.loads(head)["token"])


def test_a_new_token_opens_its_site() -> None:
    the_lyon_fablab()
    assert site_of_token(token_for("lyon")).pk == "lyon"


def test_what_is_printed_begins_an_agents_configuration(tmp_path: Path) -> None:
    the_lyon_fablab()
    head = said(issue_agent_token.Command(), site="lyon", revoke_others=False)
    rest = (
        'state_dir = "state"\n[[printer]]\nmachine_id = "lyon/mk3s"\n'
        'driver = "octoprint"\n[printer.settings]\nurl = "http://x"\napi_key = "k"\n'
    )
    (tmp_path / "agent.toml").write_text(head + rest)
    config = load_config(tmp_path / "agent.toml")
    own_key = platform_key(settings.CONFIGURATION.data_dir).public_key()
    assert config.site == "lyon"
    assert config.platform_key.public_bytes_raw() == own_key.public_bytes_raw()


def test_older_tokens_go_on_until_they_are_revoked() -> None:
    the_lyon_fablab()
    first, second = token_for("lyon"), token_for("lyon")
    assert site_of_token(first) == site_of_token(second)
    third = token_for("lyon", revoke_others=True)
    for ended in (first, second):
        with pytest.raises(Refused):
            site_of_token(ended)
    assert site_of_token(third).pk == "lyon"


def test_no_token_for_a_site_that_is_not_in_the_network() -> None:
    with pytest.raises(NotFound, match="nowhere"):
        token_for("nowhere")


def test_a_network_file_comes_in_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "sites.json"
    lyon, oslo = facility_in_words(), facility_in_words("oslo", "Oslo")
    file.write_text(json.dumps({"facilities": [lyon, {**oslo, "equipment": 7}]}))
    with pytest.raises(InvalidInput):
        said(import_network.Command(), file=file)
    assert not Site.objects.exists()
    file.write_text(json.dumps({"facilities": [lyon, oslo]}))
    assert "2 sites" in said(import_network.Command(), file=file)
    assert {site.pk for site in Site.objects.all()} == {"lyon", "oslo"}


def test_a_person_who_signed_up_is_appointed() -> None:
    the_lyon_fablab()
    ada = a_person("ada@example.org")
    with pytest.raises(NotFound):
        site_operated_by(ada, "lyon")
    said(appoint_operator.Command(), email="Ada@example.org", site="lyon")
    assert site_operated_by(ada, "lyon").pk == "lyon"


def test_nobody_is_appointed_who_has_not_signed_up() -> None:
    the_lyon_fablab()
    with pytest.raises(NotFound, match="sign"):
        said(appoint_operator.Command(), email="bob@example.org", site="lyon")


def test_what_cannot_be_done_is_one_line_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "issue_agent_token", "nowhere"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "nearmade.cloud.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    # this run's tables are in another database than the one that the command finds
    (line,) = done.stderr.splitlines()
    assert line.startswith("CommandError: the database has no tables")
    assert line.endswith("start the platform once with nearmade up")


def test_an_error_of_ours_is_a_command_error_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = "nearmade.cloud.network.management.desk_command.start_embedded"
    monkeypatch.setattr(module, lambda configuration: None)
    the_lyon_fablab()
    with pytest.raises(CommandError, match=r"nobody signed up.*; sign up on"):
        appoint_operator.Command().handle(email="bob@example.org", site="lyon")
