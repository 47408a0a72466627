# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The one place for what should play from the chip's RAM, and for what does."""

# The chip plays the slot that its pins select.
NOTHING = "nothing"
# output.hex or output.fxc.
FILE = "file"
# What a PC program has loaded: nobody here can bring it back.
PC = "pc"


class Playing:
    """`wanted` and `actual` are NOTHING, FILE or PC; `actual` as far as is known. Who changes them, and when:

    | what happens | told by | wanted | actual |
    | --- | --- | --- | --- |
    | output.hex has been loaded | Runner: `runs` | FILE | FILE |
    | output.hex is deleted or empty, or the chip refused it | Runner: `give_up` | NOTHING | |
    | a PC program executes what it has loaded | Traffic: `runs` | PC | PC |
    | a stop, an upload, a burn or a PC leaves RAM; the chip is lost | Chip, Traffic: `ends` | PC: NOTHING | NOTHING |

    What follows: the light's heartbeat is `actual`; FILE comes back by itself (`restorable`); what nobody wants is
    stopped. `left_open`: since a PC program's last words the chip may be in programming mode.
    """

    def __init__(self):
        self.wanted = self.actual = NOTHING
        self.left_open = False
        self.program = None
        self.name = "output.hex"

    def runs(self, what, program=None, name=None):
        """This plays from now on.

        :param program: the Program of FILE, to run it again when its file is no longer what it was
        :param name: the file's, which is kept until another one runs
        """
        self.wanted = self.actual = what
        self.program = program
        self.name = name or self.name
        self.left_open = False

    def ends(self):
        """What played does not play any more; returns True if it was a PC program's, which is lost."""
        lost = self.wanted == PC
        if lost:
            self.wanted = NOTHING
        self.actual = NOTHING
        return lost

    def give_up(self):
        """Nothing is to play any more."""
        self.wanted = NOTHING
        self.program = None

    @property
    def unwanted(self):
        """True if something plays that nobody wants."""
        return self.wanted == NOTHING != self.actual

    @property
    def restorable(self):
        """True if output.hex should play and perhaps does not."""
        return self.wanted == FILE and (self.actual != FILE or self.left_open)
