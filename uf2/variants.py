# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The variants of the device: the same files, other values in settings.toml. The image of each bears its name."""

# Each has a value for each of the keys: so any of them becomes any other. The first has the defaults of the settings.
VARIANTS: dict[str, dict[str, int | str]] = {
    "disk-hid": {"SANDBOX_HID": 1, "SANDBOX_CHATTER": 0},
    "disk": {"SANDBOX_HID": 0, "SANDBOX_CHATTER": 0},
    "dev": {"SANDBOX_HID": 1, "SANDBOX_CHATTER": 1},
}
DEFAULT = "disk-hid"
# Their images hold the modules as source, for whoever changes them on the drive.
SOURCE_VARIANTS = ("dev",)
# The drive alone, for a board that keeps its CircuitPython.
DRIVE_IMAGE = "CIRCUITPY.uf2"


def image_name(variant: str) -> str:
    """The name of the variant's image, interpreter and drive."""
    return f"SANDBOXFX_{variant.upper().replace('-', '_')}.uf2"
