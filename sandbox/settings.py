# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the user may set in settings.toml, with defaults and limits. README lists the same table."""

PIXEL_ORDERS = ("RGB", "RBG", "GRB", "GBR", "BRG", "BGR")

# USB identities: vendor ID, product ID, manufacturer, product. None leaves CircuitPython's own.
USB_IDS = {
    "sandbox": (0x1209, 0x3911, "FXCore Sandbox", "SandboxFX"),
    "ft260": (0x0403, 0x6030, "FTDI", "FT260"),
    "devboard": (0x0403, 0x71D8, "FTDI", "FT260"),
    "board": None,
}

# name, key without SANDBOX_, default, allowed values: (lowest, highest), a tuple of words, or None for a label.
SETTINGS = (
    ("address", "I2C_ADDRESS", 0x30, (1, 127)),
    ("i2c_hz", "I2C_HZ", 100000, (40000, 1000000)),
    ("pixel_order", "PIXEL_ORDER", "GRB", PIXEL_ORDERS),
    ("brightness", "BRIGHTNESS", 30, (0, 100)),
    ("reflash", "REFLASH", "changed", ("changed", "always")),
    ("verify", "VERIFY", "auto", ("auto", "strict", "off")),
    ("pause_percent", "PAUSE_PERCENT", 100, (0, 1000)),
    ("hid", "HID", 1, (0, 1)),
    ("console", "CONSOLE", 1, (0, 1)),
    ("usb_id", "USB_ID", "sandbox", tuple(USB_IDS)),
    ("drive_label", "DRIVE_LABEL", "CIRCUITPY", None),
    ("bridge_timeout", "BRIDGE_TIMEOUT", 10, (1, 3600)),
    ("hid_interval", "HID_INTERVAL", 1, (1, 8)),
    ("ft260_held", "FT260_HELD", 0, (0, 1)),
    ("chatter", "CHATTER", 0, (0, 1)),
    ("asm_rounding", "ASM_ROUNDING", "vendor", ("vendor", "nearest")),
)
PREFIX = "SANDBOX_"
LABEL_LENGTH = 11
LABEL_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"


class Settings:
    """One attribute per setting; `faults` holds (key, Fault) for each value that was refused, `given` counts the keys
    that were found.

    :param getenv: os.getenv: returns int, str or None; raises ValueError for what it cannot read
    :param bytes text: what read_settings() returned: a key that is not in it is not asked for, which takes 5 ms each
    """

    address: int
    i2c_hz: int
    pixel_order: str
    brightness: int
    reflash: str
    verify: str
    pause_percent: int
    hid: int
    console: int
    usb_id: str
    drive_label: str
    bridge_timeout: int
    hid_interval: int
    ft260_held: int
    chatter: int
    asm_rounding: str

    def __init__(self, getenv, text=None):
        self.faults = []
        self.given = 0
        for name, key, default, allowed in SETTINGS:
            asked = text is None or (PREFIX + key).encode() in text
            setattr(self, name, self._value(getenv, PREFIX + key, default, allowed) if asked else default)

    def _value(self, getenv, key, default, allowed):
        try:
            value = getenv(key)
        except ValueError:
            self._refuse(key, "neither a whole number nor a text in quotes", default)
            value = default
        if value is None:
            return default
        self.given += 1
        if _is_allowed(value, default, allowed):
            return value
        self._refuse(key, repr(value), default)
        return default

    def _refuse(self, key, value, default):
        # Only here: boot.py starts sooner without these.
        from fxcore.errors import Fault
        from sandbox.faults import SETTING

        self.faults.append((key, Fault(SETTING, "it is {}; {!r} is used".format(value, default))))


def _is_allowed(value, default, allowed):
    if type(value) is not type(default):
        return False
    if isinstance(value, int):
        return allowed[0] <= value <= allowed[1]
    if allowed is None:
        return 0 < len(value) <= LABEL_LENGTH and all(c in LABEL_CHARACTERS for c in value)
    return value in allowed


def read_settings(open_file):
    """Returns what may set something in settings.toml, all lines but the comments; None where it cannot be read."""
    try:
        with open_file("/settings.toml", "rb") as file:
            lines = file.read().replace(b"\r", b"\n").split(b"\n")
    except OSError:
        return None
    return b"\n".join([line for line in lines if line[:1] != b"#"])
