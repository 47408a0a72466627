# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A line of settings.toml that has no effect is told, with what to do about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.boards.virtual.drive.settings_toml import getenv
from sandbox.settings import PREFIX, SETTINGS
from sandbox.unread import unread_keys

KEYS = [PREFIX + key for _, key, _, _ in SETTINGS]
MARK = b"\xef\xbb\xbf"
LINE = "SANDBOX_HID = 0\r\n"


def told(text: bytes) -> dict[str, str]:
    return {key: fault.detail for key, fault in unread_keys(text)}


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("SANDBOX_I2C_ADRESS", "SANDBOX_I2C_ADDRESS"), ("SANDBOX_BRIGTHNESS", "SANDBOX_BRIGHTNESS"),
        ("SANDBOX_hid", "SANDBOX_HID"), ("SANDBOX_HIDS", "SANDBOX_HID"), ("SANDBOX_I2C_HERTZ", "SANDBOX_I2C_HZ"),
        ("SANDBOX_PAUSE", "SANDBOX_PAUSE_PERCENT"), ("SANDBOX_USBID", "SANDBOX_USB_ID"),
    ],
)  # fmt: skip
def test_a_misspelt_key_is_named_with_the_nearest_known_one(wrong, nearest):
    assert told(f"{wrong} = 1\n".encode()) == {wrong: f"there is no such setting; the nearest is {nearest}"}


def test_keys_that_are_known_or_somebody_elses_are_not_told():
    text = "".join(f"{key} = 1\n" for key in KEYS) + "CIRCUITPY_WIFI_SSID = 'SANDBOX_HID'\nUSER = 1\n # SANDBOX_X = 1\n"
    assert told(text.encode()) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MARK + LINE.encode(), "a byte order mark stands before it"),
        (LINE.encode("utf-16"), "its line is UTF-16"),
        (b"A = 1\n" + LINE.encode("utf-16"), "its line is UTF-16"),
        (b"A = 1\n" + LINE.encode("utf-16-le"), "its line is UTF-16"),
        ("A = 1\r\n".encode("utf-16") + LINE.encode("utf-16-le"), "its line is UTF-16"),
        ("\ufeffA = 1\r\nSANDBOX_HID = 0".encode("utf-16-be"), "its line is UTF-16"),
        ("A = 1\n".encode("utf-16") + LINE.encode(), "it stands behind a line that is UTF-16"),
        (b"[sandbox]\n" + LINE.encode(), "it stands behind a line that begins with '['"),
        (b'"SANDBOX_HID" = 0\n', "no such setting"),
        (b"SANDBOX_HID: 0\n", "no such setting"),
        (b"SANDBOX_HID\xa0= 0\n", "no such setting"),
        (b"export SANDBOX_HID=0\n", "no such setting"),
        (2 * LINE.encode(), "it is set twice"),
    ],
)
def test_a_line_without_effect_is_told_with_the_cause(text, words):
    [(key, detail)] = told(text).items()
    assert key.startswith("SANDBOX_HID")
    assert words in detail


def test_a_mark_before_a_comment_is_harmless():
    assert told(MARK + b"# comment\n" + LINE.encode()) == {}


PIECES = [
    "SANDBOX_HID = 0",
    "SANDBOX_HDI = 0",
    "A = 1",
    "# c",
    "[t]",
    "",
    "\ufeff",
    "\n",
    "\r\n",
    "SANDBOX_CHATTER = 1",
]
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(ENCODINGS)), max_size=12))
def test_of_each_key_that_the_file_has_either_its_value_is_read_or_it_is_told(pieces):
    data = b"".join(text.encode(encoding) for text, encoding in pieces)
    keys = told(data)
    for key in ("SANDBOX_HID", "SANDBOX_CHATTER"):
        lines = [line for line in data.replace(b"\0", b"").split(b"\n") if line.strip().startswith(key.encode())]
        try:
            read = getenv(data, key)
        except ValueError:
            continue
        assert read is not None or key in "".join(keys) or not lines
