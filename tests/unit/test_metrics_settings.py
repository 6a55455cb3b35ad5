"""Where the gateway tells its figures: nowhere unless asked, on this machine unless asked, never on the pages' port."""

from pathlib import Path

import pytest

from zvonok.settings import Settings, SettingsError, read_settings

PAGES = {"public_url": "https://zvonok.school.example"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"ZVONOK_{field.upper()}", raising=False)


def test_nothing_listens_unasked_and_then_only_on_this_machine() -> None:
    assert read_settings().metrics_port is None
    assert read_settings(metrics_port="9464").metrics_host == "127.0.0.1"
    assert read_settings(metrics_port="9464", metrics_host="10.0.0.5").metrics_host == "10.0.0.5"


@pytest.mark.parametrize("port", ["8080", "9000"])
def test_the_port_of_the_pages_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match="ZVONOK_METRICS_PORT: на этом порту уже страницы"):
        read_settings(metrics_port=port, web_port=port, **PAGES)
    assert read_settings(metrics_port=port, web_port=port).metrics_port == int(port), "there are no pages"


@pytest.mark.parametrize(("name", "value"), [("metrics_port", "0"), ("metrics_port", "x"), ("metrics_host", "")])
def test_what_is_no_place_to_listen_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"ZVONOK_{name.upper()}: "):
        read_settings(**{name: value})
