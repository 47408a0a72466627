# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the PC's half can fail with: one sentence, one cure, one exit status each."""

FAILED = 1  # the chip or a file says no
USAGE = 2  # the command line makes no sense
BOARD_GONE = 3  # there is no board, or more than one
NOT_ALLOWED = 4
IN_USE = 5
OTHER_STATE = 6  # the board is in another state than is needed
TOOK_TOO_LONG = 7


class SandboxError(Exception):
    """One failure, told to the user as it is.

    :param str code: a short name for programs, such as `file-unreadable`
    :param str sentence: what is wrong, with names and numbers, ending in a full stop
    :param str cure: what to do about it, a sentence as well; empty where nothing can be advised
    :param int status: the exit status of a command that ends with it
    """

    def __init__(self, code: str, sentence: str, cure: str = "", status: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.cure = cure
        self.status = status

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints for it."""
        return {"ok": False, "error": {"code": self.code, "sentence": self.sentence, "cure": self.cure}}
