# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the app and polls it."""

import os
import sys

import microcontroller
from watchdog import WatchDogMode

WATCHDOG_S = 8


def run(last_words):
    """Runs the app until an exception ends it; leaves the chip in RUN mode.

    :param last_words: lines of the traceback that ended the app before this one; none at first
    """
    watchdog = microcontroller.watchdog
    watchdog.timeout = WATCHDOG_S
    watchdog.mode = WatchDogMode.RESET
    watchdog.feed()
    settings, hardware = open_hardware()
    try:
        app = make_app(settings, hardware, last_words)
        del settings
        try:
            while True:
                app.poll()
                watchdog.feed()
        finally:
            app.shut_down()
    finally:
        hardware.close()


def open_hardware():
    """Returns the Settings and the Hardware."""
    from sandbox.hardware import Hardware
    from sandbox.settings import Settings, read_settings

    text = read_settings(open)
    settings = Settings(os.getenv, text)
    if text and text.replace(b"\x00", b"").count(b"SANDBOX") > settings.given:
        from sandbox.unread import unread_keys

        settings.faults.extend(unread_keys(text))
        forget("unread")
    forget("settings", "hardware")
    return settings, Hardware(settings)


def make_app(*parts):
    """Returns what parts.make_app() makes of these."""
    from sandbox.parts import make_app

    forget("parts")
    return make_app(*parts)


def forget(*names):
    """Drops modules of the sandbox that have done their work, for a few KB of RAM."""
    import sandbox

    for name in names:
        del sys.modules["sandbox." + name]
        delattr(sandbox, name)
