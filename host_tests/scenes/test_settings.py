# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""settings.toml on a whole device: a wrong value stops nothing, a right one changes what it says it changes."""

import pytest

from host_tests.boards.pedal import SONG, Pedal
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.scenes.resting import assert_class_5
from sandbox.settings import SETTINGS

WRONG = {
    "SANDBOX_I2C_ADDRESS": 200,
    "SANDBOX_I2C_HZ": 30000,
    "SANDBOX_PIXEL_ORDER": "PINK",
    "SANDBOX_BRIGHTNESS": 300,
    "SANDBOX_REFLASH": "sometimes",
    "SANDBOX_VERIFY": "maybe",
    "SANDBOX_PAUSE_PERCENT": -50,
    "SANDBOX_HID": 7,
    "SANDBOX_CONSOLE": 9,
    "SANDBOX_USB_ID": "nobody",
    "SANDBOX_DRIVE_LABEL": "MUCH TOO LONG A LABEL",
    "SANDBOX_BRIDGE_TIMEOUT": "soon",
    "SANDBOX_HID_INTERVAL": 9,
    "SANDBOX_FT260_HELD": "no",
    "SANDBOX_CHATTER": "yes",
    "SANDBOX_ASM_ROUNDING": "up",
}


def test_each_setting_has_its_turn():
    assert list(WRONG) == ["SANDBOX_" + key for _, key, _, _ in SETTINGS]


@pytest.mark.parametrize(("key", "value"), WRONG.items())
def test_a_wrong_value_is_told_once_and_the_device_works(pedal, key, value):
    board = pedal({"output.hex": SONG}, settings={key: value})
    board.run(5000)
    told = [line for line in board.console.splitlines() if line.startswith("error")]
    assert len(told) == 1
    assert told[0].startswith(f"error 5: {key}: ")
    assert str(value) in told[0]
    assert board.plays(SONG)
    assert board.life.boot_exception is None


@pytest.mark.parametrize(
    "line", ["SANDBOX_BRIGHTNESS = bright", 'SANDBOX_VERIFY = "auto', "SANDBOX_HID =", "SANDBOX_I2C_HZ = 4.5"]
)
def test_a_line_that_circuitpython_cannot_read_is_told_and_the_device_works(pedal, line):
    board = pedal({"output.hex": SONG, "settings.toml": line + "\n"})
    board.run(5000)
    assert f"error 5: {line.split()[0]}: " in board.console
    assert board.plays(SONG)
    assert board.life.boot_exception is None


@pytest.mark.parametrize(
    "text",
    [
        b"SANDBOX_BRIGTHNESS = 10\n",
        b"\xef\xbb\xbfSANDBOX_BRIGHTNESS = 10\n",
        b"# settings\n" + "SANDBOX_BRIGHTNESS = 10\r\n".encode("utf-16"),
    ],
    ids=["misspelt", "behind a byte order mark", "appended as UTF-16"],
)
def test_a_setting_without_effect_is_told_once_and_the_device_works(pedal, text):
    board = pedal({"output.hex": SONG, "settings.toml": text})
    since = board.note()
    board.run(5000)
    told = [line for line in board.console.splitlines() if line.startswith("error 5: SANDBOX_BRIG")]
    assert len(told) == 1
    assert since.errors == []
    assert board.plays(SONG)
    assert board.life.boot_exception is None


def test_all_values_wrong_at_once_and_the_device_works(pedal):
    board = pedal({"output.hex": SONG}, settings=WRONG)
    board.run(5000)
    assert all(f"error 5: {key}: " in board.console for key in WRONG)
    assert board.plays(SONG)


def test_a_wrong_value_blinks_class_5_until_the_next_action(pedal):
    board = pedal(settings={"SANDBOX_BRIGHTNESS": 300})
    board.run(1000)
    since = board.note()
    board.run(3000)
    assert_class_5(since)
    board.drop("output.hex", SONG)
    since = board.note()
    board.run(3000)
    assert since.colours == ["red"]


def test_the_chip_is_found_at_the_address_of_the_settings(pedal):
    board = pedal({"output.hex": SONG}, chip=VirtualFXCore(address=0x35), settings={"SANDBOX_I2C_ADDRESS": 0x35})
    board.run(5000)
    assert board.plays(SONG)
    assert {transfer.address for transfer in board.i2c.log} == {0x35}


@pytest.mark.parametrize("hz", [40000, 400000, 1000000])
def test_the_bus_has_the_clock_of_the_settings(pedal, hz):
    board = pedal({"output.hex": SONG}, settings={"SANDBOX_I2C_HZ": hz})
    board.run(5000)
    assert board.plays(SONG)
    assert board.i2c.frequency == hz
    assert board.i2c.log
    assert f"{hz // 1000} kHz" in board.console


@pytest.mark.parametrize("order", ["RGB", "RBG", "GBR", "BRG", "BGR"])
def test_colours_are_right_in_every_order_of_the_led(pedal, order):
    board = pedal(settings={"SANDBOX_PIXEL_ORDER": order}, pixel_order=order)
    since = board.note()
    board.drop("output.hex", SONG)
    assert since.colours == ["blue", "red"]


def brightest(board: Pedal) -> int:
    return max(max(rgb) for _, rgb in board.pixel.log)


@pytest.mark.parametrize(("percent", "level"), [(0, 0), (10, 25), (100, 255)])
def test_the_light_is_as_bright_as_the_settings_say(pedal, percent, level):
    board = pedal({"output.hex": SONG}, settings={"SANDBOX_BRIGHTNESS": percent})
    board.run(5000)
    assert board.plays(SONG)
    assert abs(brightest(board) - level) <= 1


def execution_ms(board: Pedal) -> float:
    """From the first byte of the upload to EXEC_FROM_RAM."""
    steps = {event.step: event.t_ms for event in board.chip.history}
    return steps["EXEC_FROM_RAM"] - steps["ENTER_PRG"]


def test_pauses_are_stretched_as_the_settings_say(pedal):
    took = []
    for percent in (0, 100, 300):
        board = pedal(
            {"output.hex": SONG}, settings={"SANDBOX_PAUSE_PERCENT": percent}, knobs={"pause_percent": percent}
        )
        board.run(5000)
        assert board.plays(SONG)
        assert board.chip.complaints == []
        took.append(execution_ms(board))
    nothing, normal, long = took
    assert long - nothing == pytest.approx(3 * (normal - nothing), rel=0.1)
