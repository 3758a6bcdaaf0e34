from pathlib import Path

import pytest

from nearmade.agent.config import AgentConfig, checked_url, load_config
from nearmade.vocabulary.errors import InvalidInput, Refused
from tests.agent.wire_platform import config_text

OCTOPRINT = """
[[printer]]
machine_id = "lab/one"
driver = "octoprint"
clear_before_next = false
clear_reason = "a belt carries the build off"
[printer.settings]
url = "http://127.0.0.1:5001"
api_key_file = "key"
"""


def load(folder: Path, text: str) -> AgentConfig:
    (folder / "site.toml").write_text(text)
    return load_config(folder / "site.toml")


def text_with(printers: str = OCTOPRINT, power: str = "") -> str:
    return config_text("https://nearmade.example", printers=printers, power=power)


def test_secrets_come_from_files_beside_it_and_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key\n")
    (tmp_path / "token").write_text("secret-token\n")
    text = text_with().replace('token = "token-of-the-lab"', 'token_file = "token"')
    config = load(tmp_path, text)
    assert config.token == "secret-token"
    assert config.printers[0].settings["api_key"] == "secret-key"
    assert "secret" not in repr(config)
    assert config.state_dir == tmp_path / "state"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('clear_reason = "a belt carries the build off"\n', "", "onto each other"),
        ('api_key_file = "key"', 'api_key_file = "nowhere"', "nowhere"),
        ('site = "lab"', "site = 7", "site must be text"),
        ('driver = "octoprint"', "", "driver must be text"),
        ("poll_s = 0.05", "poll_s = 0", "above zero"),
        ("nearmade-ed25519-public:", "", "key must be"),
        ("[printer.settings]", '[printer.settings]\npower_model = "x"', "not known"),
        ("clear_before_next = false", 'clear_before_next = "no"', "must be a bool"),
        (OCTOPRINT, "", "printers must differ"),
        (OCTOPRINT, OCTOPRINT * 2, "printers must differ"),
        ("[[printer]]", "[printer]", "TOML|must be"),
        ("poll_s", "= poll_s", "site.toml"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    (tmp_path / "key").write_text("k")
    with pytest.raises(InvalidInput, match=why):
        load(tmp_path, text_with().replace(old, new))


FORECAST = '[power.forecast]\nurl = "https://weather.example/v1/ensemble"\n'
METERED = 'kind = "solar"\nbattery_wh = 500\nmeter = "meter.json"\n' + FORECAST


def test_a_weather_service_and_a_zone_are_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k")
    (tmp_path / "weather-key").write_text("secret-7\n")
    power = f'[power]\nzone = "Europe/Paris"\n{METERED}key_file = "weather-key"'
    config = load(tmp_path, text_with(power=power)).power
    assert config.forecast is not None
    assert config.forecast.key == "secret-7"
    assert "secret-7" not in repr(config)
    service = config.service()
    assert service is not None
    assert (service.host, service.models) == ("weather.example", "icon_seamless")
    assert config.standard_h == 1.0


@pytest.mark.parametrize(
    ("power", "why"),
    [
        ('kind = "steam"', "grid or solar"),
        ('kind = "solar"', "battery_wh above zero"),
        ("max_w = 0", "out of range"),
        ("first_fraction = 2", "0..1"),
        ("watts = 3", "power"),
        ("meter = 3", "meter must be a path"),
        ('standing_w = "a"', "must be a number"),
        ("utc_offset_h = 20", "-14..14"),
        ('zone = "Paris"', "is no IANA zone"),
        ("zone = 3", "zone must be text"),
        (FORECAST, "says nothing of a modelled"),
        ("forecast = 1", "forecast: must be a table"),
        (METERED + "days = 3", "'days' is not known"),
        (METERED + "refresh_h = 0.1", "refresh_h must be in 0.5..12"),
        (METERED + "timeout_s = 0", "timeout_s"),
        (METERED + 'key_file = "none"', "key_file none"),
        (METERED + 'key = "a"\nkey_file = "key"', "without a key"),
        (METERED.replace("https", "ftp"), "must be http"),
        (METERED.partition("url")[0] + "models = 'x'", "must be http"),
        ("[power.rules]\nmay_pause = 1", "true or false"),
        ("[power.rules]\nspare_fraction = 2", "rules"),
        ("[power.rules]\nspare = 0.1", "'spare' is not known"),
        ("rules = 4", "must be a table"),
        ("[power.windows]\ntariff = 1", "list of bands"),
        ("[power.windows]\ntariff = [1]", "must be a table"),
        ("[power.windows]\ntariff = [{from_h = 1, to_h = 30, per_kwh = 1}]", "0..24"),
        ("[power.windows]\ntariff = [{from_h = 1}]", "power.windows.tariff"),
        ("[power.windows]\ncurrency = 4", "must be text"),
    ],
)
def test_a_power_system_out_of_range_is_named(
    tmp_path: Path, power: str, why: str
) -> None:
    (tmp_path / "key").write_text("k")
    with pytest.raises(InvalidInput, match=why):
        load(tmp_path, text_with(power=f"[power]\n{power}"))


def test_rules_windows_and_meters_are_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k")
    power = """
[power]
kind = "solar"
battery_wh = 500
meter = "meter.json"
[power.rules]
night_fraction = 0.4
[power.windows]
tariff = [{from_h = 22, to_h = 6, per_kwh = 0.1}]
"""
    printers = OCTOPRINT.replace("driver =", 'plug = "plug.csv"\ndriver =', 1)
    config = load(tmp_path, text_with(printers, power))
    assert config.power.meter == tmp_path / "meter.json"
    assert config.power.rules.night_fraction == 0.4
    assert config.power.windows.tariff[0].per_kwh == 0.1
    assert config.printers[0].plug == tmp_path / "plug.csv"


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://127.0.0.1:80", "http://[::1]:1/"]
)
def test_the_platform_is_spoken_to_safely(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize("url", ["http://a.example", "http://127.0.0.1.a.example"])
def test_plain_http_over_a_network_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        checked_url(url)


@pytest.mark.parametrize("url", ["ftp://a", "https://", "https://u:p@a.example", "x"])
def test_what_is_no_address_is_invalid(url: str) -> None:
    with pytest.raises(InvalidInput):
        checked_url(url)
