# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is left when the program has crashed too often. Needs no other module of the device: any may be broken."""

WATCHDOG_S = 8
PERIOD = 3000
DARK = bytes(3)
# As a GRB pixel takes them.
RED = bytes((0, 40, 0))
AMBER = bytes((12, 40, 0))
LAST_LINES = ["error 5: the program failed again and again, and rests: repair the drive, then press RESET", ""]


def give_up(last_words):
    """Never returns. code.py's last act, with what the board has.

    :param list last_words: lines of the last traceback
    """
    import board
    import microcontroller
    from digitalio import DigitalInOut
    from neopixel_write import neopixel_write
    from supervisor import ticks_ms
    from usb_cdc import console
    from watchdog import WatchDogMode

    watchdog = microcontroller.watchdog
    watchdog.timeout = WATCHDOG_S
    watchdog.mode = WatchDogMode.RESET
    light = DigitalInOut(getattr(board, "NEOPIXEL", board.GP16))
    light.switch_to_output()
    tell_for_ever(last_words, console, ticks_ms, lambda colour: neopixel_write(light, colour), watchdog.feed)


def tell_for_ever(last_words, port, clock, show, feed):
    """Never returns: error light 5, and the reason for every terminal that is opened; drive and console live.

    :param list last_words: lines of the last traceback
    :param port: usb_cdc.console or None
    :param clock: supervisor.ticks_ms
    :param show: sends 3 bytes to the pixel
    :param feed: feeds the watchdog
    """
    text = memoryview("\r\n".join(last_words + LAST_LINES).encode())
    connected = False
    left = text[:0]
    while True:
        feed()
        show(error_colour(clock() % PERIOD))
        if port is None:
            continue
        was_connected, connected = connected, port.connected
        if connected and not was_connected:
            port.write_timeout = 0
            left = text
        if connected and len(left):
            left = left[port.write(left) or 0 :]


def error_colour(at):
    """Returns the colour `at` ms into the pattern of class 5: rapid red, then five slow amber blinks."""
    if at < 500:
        return DARK if at // 50 % 2 else RED
    return AMBER if 750 <= at < 2750 and (at - 750) // 200 % 2 == 0 else DARK
