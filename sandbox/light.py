# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The one NeoPixel: what goes on, as a colour and a rhythm. README prints the same table."""

from fxcore.programmer import BURNT, RAN
from sandbox import ticks
from sandbox.playing import NOTHING

OFF = (0, 0, 0)
RED = (255, 0, 0)
AMBER = (255, 80, 0)
GREEN = (0, 255, 0)
BLUE = (0, 0, 255)
PURPLE = (160, 0, 255)
WHITE = (255, 255, 255)

# What the programmer is loading a program for.
WORK = {RAN: BLUE, BURNT: PURPLE}

BLINK = 100
SUCCESS = 2000
BLIP = 150
FLASH = 50
HEARTBEAT = 1000
DIP = 100

ERROR_PERIOD = 3000
RAPID = 50
RAPID_BLINKS = 5
PAUSE = 250
SLOW = 200


class Light:
    """Shown by `step` in this order: work > error > bridge flash > heartbeat > off.

    Work and heartbeat follow from what the programmer does and what plays; the rest is told.

    :param programmer: `loading`, see fxcore.programmer.Programmer
    :param playing: `actual`, see Playing
    :param pixel: `pixel[0] = (red, green, blue)` shows the colour at once, and costs 1.5 ms
    :param led: `led.value` is set for a flash; None where the board has no second light
    """

    def __init__(self, programmer, playing, pixel, led=None):
        self._programmer = programmer
        self._playing = playing
        self._pixel = pixel
        self._led = led
        self._shown = self._wanted = None
        self._colour = OFF
        self._work_since = None
        self._work_until = None
        self._working = False
        self._error = 0
        self._error_since = 0
        self._flash_until = None

    def success(self, now, duration=SUCCESS):
        """Solid green for a while."""
        self._working = False
        self._colour = GREEN
        self._work_since = None
        self._work_until = ticks.add(now, duration)

    def error(self, now, number):
        """Rapid red, then `number` slow amber blinks, every 3 s until `clear_error`."""
        self._working = False
        self._work_until = None
        self._error = number
        self._error_since = now

    def clear_error(self):
        """The next action has begun."""
        self._error = 0

    def flash(self, now):
        """A short white flash."""
        self._flash_until = ticks.add(now, FLASH)
        self._light_led(True)

    def step(self, now):
        """Shows what `now` asks for; writes to the pixel only when the colour changes."""
        if self.changes(now):
            self.show()

    def changes(self, now):
        """Returns True if `now` asks for another colour than the one shown; `show` then writes it."""
        self._wanted = self._pick(now)
        return self._wanted is not self._shown

    def show(self):
        """Writes the colour that `changes` found to the pixel."""
        self._shown = self._wanted
        self._pixel[0] = self._wanted

    def _pick(self, now):
        self._follow(now)
        if self._working or self._pending(now):
            if self._work_since is None:
                return self._colour
            return OFF if ticks.age(now, self._work_since) % (2 * BLINK) >= BLINK else self._colour
        flashing = self._flashes(now)
        if self._error:
            return _error_colour(ticks.age(now, self._error_since) % ERROR_PERIOD, self._error)
        if flashing:
            return WHITE
        if self._playing.actual != NOTHING and now % HEARTBEAT >= DIP:
            return RED
        return OFF

    def _follow(self, now):
        """Work blinks while it lasts and to the end of the next blink, or nobody would see a short one."""
        colour = WORK.get(self._programmer.loading)
        if colour is None:
            if self._working:
                self._working = False
                blinks = ticks.age(now, self._work_since) // (2 * BLINK) + 1
                self._work_until = ticks.add(self._work_since, 2 * BLINK * blinks + BLINK)
        elif not self._working or self._colour is not colour:
            if colour is BLUE and self._colour is GREEN and self._pending(now):
                return  # what ran before a burn runs again meanwhile
            self._colour = colour
            self._work_since = now
            self._working = True

    def _flashes(self, now):
        if self._flash_until is not None and ticks.reached(now, self._flash_until):
            self._flash_until = None
            self._light_led(False)
        return self._flash_until is not None

    def _light_led(self, on):
        if self._led is not None:
            self._led.value = on

    def _pending(self, now):
        if self._work_until is not None and ticks.reached(now, self._work_until):
            self._work_until = None
        return self._work_until is not None


def _error_colour(at, number):
    """Returns the colour `at` ms into the error pattern."""
    if at < 2 * RAPID * RAPID_BLINKS:
        return OFF if at // RAPID % 2 else RED
    at -= 2 * RAPID * RAPID_BLINKS + PAUSE
    if 0 <= at < 2 * SLOW * number and not at // SLOW % 2:
        return AMBER
    return OFF
