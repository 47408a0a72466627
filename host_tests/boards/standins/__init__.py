# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the firmware offers and answers, as the virtual board's stand-ins must, too."""
