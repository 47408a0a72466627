# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""settings.toml: each key's default and limits, what a wrong value does, and the commented file that ships."""

import io
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.boards.virtual.drive.settings_toml import getenv
from host_tests.tools.readme import table
from sandbox.faults import describe
from sandbox.settings import SETTINGS, Settings, read_settings

SHIPPED = Path(__file__).parents[2] / "settings.toml"
COLOUR_ORDERS = ["RGB", "RBG", "GRB", "GBR", "BRG", "BGR"]

# key: attribute, default, allowed values at the edges, values just outside
KEYS: dict[str, tuple[str, int | str, Sequence[int | str], Sequence[int | str]]] = {
    "SANDBOX_I2C_ADDRESS": ("address", 0x30, [1, 0x31, 127], [0, 128, -1]),
    "SANDBOX_I2C_HZ": ("i2c_hz", 100000, [40000, 1000000], [39999, 1000001, 0]),
    "SANDBOX_PIXEL_ORDER": ("pixel_order", "GRB", COLOUR_ORDERS, ["RGBW", "grb", "RRB", ""]),
    "SANDBOX_BRIGHTNESS": ("brightness", 30, [0, 100], [-1, 101]),
    "SANDBOX_REFLASH": ("reflash", "changed", ["changed", "always"], ["never", "Always", ""]),
    "SANDBOX_VERIFY": ("verify", "auto", ["auto", "strict", "off"], ["on", "OFF", ""]),
    "SANDBOX_PAUSE_PERCENT": ("pause_percent", 100, [0, 1000], [-1, 1001]),
    "SANDBOX_HID": ("hid", 1, [0, 1], [2, -1]),
    "SANDBOX_CONSOLE": ("console", 1, [0, 1], [2, -1]),
    "SANDBOX_USB_ID": ("usb_id", "sandbox", ["sandbox", "ft260", "devboard", "board"], ["FT260", "1209:3911", ""]),
    "SANDBOX_DRIVE_LABEL": ("drive_label", "CIRCUITPY", ["A", "ABCDEFGHIJ1", "A-B_C"], ["", "A" * 12, "A:B", "\u00c4"]),
    "SANDBOX_BRIDGE_TIMEOUT": ("bridge_timeout", 10, [1, 3600], [0, 3601]),
    "SANDBOX_HID_INTERVAL": ("hid_interval", 1, [1, 8], [0, 9]),
    "SANDBOX_FT260_HELD": ("ft260_held", 0, [0, 1], [2, -1]),
    "SANDBOX_CHATTER": ("chatter", 0, [0, 1], [2, -1]),
    "SANDBOX_ASM_ROUNDING": ("asm_rounding", "vendor", ["vendor", "nearest"], ["round", ""]),
}
GOOD = [(key, value) for key, (_, _, good, _) in KEYS.items() for value in good]
WRONG = [(key, value) for key, (_, _, _, wrong) in KEYS.items() for value in wrong]
WRONG_TYPE = [(key, 5 if isinstance(default, str) else str(default)) for key, (_, default, _, _) in KEYS.items()]


def values(settings):
    return {key: getattr(settings, attribute) for key, (attribute, _, _, _) in KEYS.items()}


DEFAULTS = {key: default for key, (_, default, _, _) in KEYS.items()}


def test_there_are_no_other_keys():
    assert {"SANDBOX_" + key for _, key, _, _ in SETTINGS} == set(KEYS)


def test_without_a_file_every_setting_has_its_default():
    settings = Settings({}.get)
    assert values(settings) == DEFAULTS
    assert settings.faults == []


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_a_value_within_the_limits_is_used_and_moves_no_other_setting(key, value):
    settings = Settings({key: value}.get)
    assert values(settings) == {**DEFAULTS, key: value}
    assert settings.faults == []


@pytest.mark.parametrize(("key", "value"), WRONG + WRONG_TYPE)
def test_a_wrong_value_is_told_with_key_and_value_and_the_default_is_used(key, value):
    settings = Settings({key: value}.get)
    assert values(settings) == DEFAULTS
    [(subject, fault)] = settings.faults
    sentence = describe(fault, subject)
    assert sentence.startswith(f"error 5: {key}: ")
    assert repr(value) in sentence
    assert f"{DEFAULTS[key]!r} is used" in sentence


@pytest.mark.parametrize("key", KEYS)
def test_a_value_that_cannot_be_read_is_told_with_its_key_and_the_default_is_used(key):
    settings = Settings(lambda name: getenv(f"{key} = neither number nor quoted\n".encode(), name))
    assert values(settings) == DEFAULTS
    [(subject, fault)] = settings.faults
    assert describe(fault, subject).startswith(f"error 5: {key}: ")


def test_every_wrong_value_is_told_in_a_sentence_of_its_own():
    settings = Settings({key: wrong[0] for key, (_, _, _, wrong) in KEYS.items()}.get)
    assert values(settings) == DEFAULTS
    assert [key for key, _ in settings.faults] == list(KEYS)


@given(st.dictionaries(st.sampled_from(list(KEYS)), st.integers() | st.text()))
def test_whatever_the_file_says_each_setting_is_allowed_and_each_refusal_told(chosen):
    settings = Settings(chosen.get)
    refused = {key for key, _ in settings.faults}
    for key, value in values(settings).items():
        assert value == (chosen[key] if key in chosen and key not in refused else DEFAULTS[key])
        assert type(value) is type(DEFAULTS[key])
    assert refused <= set(chosen)


def read(text: bytes) -> bytes | None:
    return read_settings(lambda name, mode: io.BytesIO(text))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_keys_of_the_file_are_asked_for(end):
    lines = ["# SANDBOX_HID = 0", 'SANDBOX_VERIFY = "off"', "  SANDBOX_CHATTER = 1", "#SANDBOX_CONSOLE = 0", ""]
    text = end.join(lines)
    asked: list[str] = []

    def ask(key: str) -> int | str | None:
        asked.append(key)
        return getenv(text.encode(), key)

    settings = Settings(ask, read(text.encode()))
    assert asked == ["SANDBOX_VERIFY", "SANDBOX_CHATTER"]
    assert values(settings) == {**DEFAULTS, "SANDBOX_VERIFY": "off", "SANDBOX_CHATTER": 1}


def test_a_file_that_cannot_be_read_has_every_key_asked_for():
    def refuse(name, mode):
        raise OSError(5)

    asked: list[str] = []
    Settings(asked.append, read_settings(refuse))
    assert asked == list(KEYS)


@given(st.text(alphabet=' \t\r\n#=[]"1aSANDBOX_HID'))
def test_whatever_is_in_the_file_what_getenv_finds_is_found(text):
    text = text.replace("aa", "SANDBOX_HID")
    try:
        wanted = getenv(text.encode(), "SANDBOX_HID")
    except ValueError:
        wanted = None
    if wanted is not None:
        assert b"SANDBOX_HID" in (read(text.encode()) or b"")


def shown_as_comments(text: str) -> dict[str, int | str]:
    """What `# SANDBOX_KEY = value  # meaning` lines say; fails where a key comes twice or has no meaning beside it."""
    lines = re.findall(r"^# (SANDBOX_\w+ *= *[^#\n]*?) *# \S.*$", text, flags=re.M)
    assert len(lines) == len(re.findall(r"SANDBOX_\w+ *=", text))
    return tomllib.loads("\n".join(lines))


def test_the_shipped_file_explains_every_key_and_shows_its_true_default():
    assert shown_as_comments(SHIPPED.read_text()) == DEFAULTS


def test_the_shipped_file_changes_nothing():
    settings = Settings(lambda key: getenv(SHIPPED.read_bytes(), key))
    assert (values(settings), settings.faults) == (DEFAULTS, [])


@pytest.mark.parametrize("key", KEYS)
def test_a_line_of_the_shipped_file_works_when_its_comment_sign_is_taken_away(key):
    text = SHIPPED.read_text().replace(f"# {key} =", f"{key} =")
    assert getenv(text.encode(), key) == DEFAULTS[key]
    assert tomllib.loads(text)[key] == DEFAULTS[key]


@pytest.mark.parametrize(("key", "words"), [(key, good) for key, (_, d, good, _) in KEYS.items() if isinstance(d, str)])
def test_the_shipped_file_names_every_word_that_is_allowed(key, words):
    [line] = [line for line in SHIPPED.read_text().splitlines() if line.startswith(f"# {key} ")]
    assert key == "SANDBOX_DRIVE_LABEL" or all(word in line for word in words)


def allowed_in_words(key: str) -> str:
    """As the README puts it."""
    _, default, good, _ = KEYS[key]
    if key == "SANDBOX_DRIVE_LABEL":
        return "1 to 11 of A-Z 0-9 _ -"
    if isinstance(default, str) or good == [0, 1]:
        return ", ".join(map(str, good))
    return f"{good[0]} to {good[-1]}"


def test_the_readme_has_the_same_table():
    head, rows = table("settings")
    assert head == ["key", "default", "allowed", "meaning"]
    assert [key for key, *_ in rows] == list(KEYS)
    for key, default, allowed, meaning in rows:
        assert tomllib.loads(f"{key} = {default}") == {key: DEFAULTS[key]}
        assert allowed == allowed_in_words(key)
        assert len(meaning) > 10
