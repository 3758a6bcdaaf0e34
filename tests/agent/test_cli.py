import json
from pathlib import Path

from click.testing import CliRunner

from nearmade.agent.store import Store
from nearmade.cli.main import cli
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import MachineId
from tests.agent.wire_platform import config_text, wire_platform

ONE = '[[printer]]\nmachine_id = "lab/one"\ndriver = "simulated"\n'


def test_one_look_and_one_call_give_the_status(tmp_path: Path) -> None:
    with wire_platform() as platform:
        config = tmp_path / "site.toml"
        config.write_text(config_text(platform.url, printers=ONE))
        arguments = ["agent", "--config", str(config), "--once"]
        as_json = CliRunner().invoke(cli, [*arguments, "--json"])
        lines = CliRunner().invoke(cli, arguments)
    assert as_json.exit_code == 0, as_json.output
    status = json.loads(as_json.stdout)
    assert status["printers"][0]["machine_id"] == "lab/one"
    assert status["printers"][0]["state"] == "idle"
    assert status["printers"][0]["job_id"] is None
    assert status["power"]["load_w"] > 0
    assert lines.stdout == "lab:\n  lab/one: idle, no job\n"
    assert platform.calls == 2
    assert platform.snapshot["simulated"] is True


def test_the_status_of_a_solar_site_tells_of_its_forecast(tmp_path: Path) -> None:
    power = '[power]\nkind = "solar"\nbattery_wh = 500\npv_wp = 200\n'
    with wire_platform() as platform:
        config = tmp_path / "site.toml"
        config.write_text(config_text(platform.url, printers=power + ONE))
        arguments = ["agent", "--config", str(config), "--once"]
        lines = CliRunner().invoke(cli, arguments).stdout.splitlines()
    assert "  sun: by the 40 likest hours of the last 60 days" in lines
    assert any(line.startswith("  sun: no day of this forecast") for line in lines)
    said = platform.snapshot["power"]
    assert isinstance(said, dict)
    assert said["forecast"]["note"] == ""


def test_a_person_says_that_a_bed_is_clear(tmp_path: Path) -> None:
    config = tmp_path / "site.toml"
    config.write_text(config_text("https://nearmade.example", printers=ONE))
    (tmp_path / "state").mkdir()
    store = Store(tmp_path / "state" / "agent.sqlite3")
    store.set_uncleared(MachineId("lab/one"))
    arguments = ["agent", "--config", str(config), "--cleared"]
    result = CliRunner().invoke(cli, [*arguments, "lab/one"])
    assert result.exit_code == 0, result.output
    assert store.uncleared() == frozenset()
    store.close()
    stranger = CliRunner().invoke(cli, [*arguments, "lab/two"])
    assert isinstance(stranger.exception, NotFound)


def test_a_storm_is_noted_and_called_off(tmp_path: Path) -> None:
    config = tmp_path / "site.toml"
    config.write_text(config_text("https://nearmade.example", printers=ONE))
    arguments = ["agent", "--config", str(config), "--storm-until"]
    noted = CliRunner().invoke(cli, [*arguments, "2026-06-02T18:00+03:00", "--json"])
    assert json.loads(noted.stdout) == {"storm_until": "2026-06-02T15:00:00+00:00"}
    store = Store(tmp_path / "state" / "agent.sqlite3")
    assert store.meta("storm") == "2026-06-02T15:00:00+00:00"
    over = CliRunner().invoke(cli, [*arguments, "over"])
    assert over.stdout == "no storm\n"
    assert store.meta("storm") == ""
    store.close()
    wrong = CliRunner().invoke(cli, [*arguments, "soon"])
    assert isinstance(wrong.exception, InvalidInput)


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.toml")
    result = CliRunner().invoke(cli, ["agent", "--config", missing])
    assert isinstance(result.exception, InvalidInput)
    assert "none.toml" in result.exception.message


def test_the_help_shows_an_example() -> None:
    result = CliRunner().invoke(cli, ["agent", "--help"])
    assert "Example: nearmade agent --config" in result.output
