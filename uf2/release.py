# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The CircuitPython release that the images are built on. A newer one: change version and hash here, nowhere else."""

BOARD = "waveshare_rp2040_zero"
VERSION = "10.0.3"
SHA256 = "317c6a74e9285679319f67870d6ef5ed0b36dbecd1266ca063c282746b0c1b18"

FILE = f"adafruit-circuitpython-{BOARD}-en_US-{VERSION}.uf2"
URL = f"https://downloads.circuitpython.org/bin/{BOARD}/en_US/{FILE}"
