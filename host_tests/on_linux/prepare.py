# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes ready what the checks need: `python -m host_tests.on_linux.prepare`, part of `make test-linux`.

Installs QEMU and builds the guest into build/on_linux. Exit status 2 and one sentence where something is missing.
"""

import shutil
import sys

from host_tests.on_linux import images, machine
from host_tests.on_linux.debian import Missing, install


def main() -> int:
    try:
        if not shutil.which(machine.QEMU):
            install("qemu-system-x86", f"{machine.QEMU} is missing")
        for sentence in images.build(machine.BUILD):
            print(f"make test-linux: {sentence} Its checks are skipped.", file=sys.stderr)
    except Missing as missing:
        print(f"make test-linux: {missing}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"make test-linux: the guest cannot be built ({error}).", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
