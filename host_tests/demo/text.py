# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The demo without a terminal: the script on the board's clock, each step's expectation and outcome as text."""

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo.board import ShownBoard
from host_tests.demo.ear import Ear
from host_tests.demo.evidence import Evidence, Finding
from host_tests.demo.hand import Hand, perform
from host_tests.demo.script import STEPS, Step

TURN_MS = 50


def play(board: ShownBoard, chip: VirtualFXCore, hand: Hand, ear: Ear) -> bool:
    """Plays and prints the script; returns True if each step came out right."""
    wrong = [step.title for number, step in enumerate(STEPS) if not _play_step(number, step, board, chip, hand, ear)]
    print(
        f"{len(STEPS) - len(wrong)} of {len(STEPS)} steps came out right, in {board.now_ms / 1000:.0f} s of device time"
    )
    ear.finish()
    for said in ear.told:
        print(f"heard: {said}")
    if wrong:
        print(f"WRONG: {', '.join(wrong)}")
    return not wrong


def _play_step(number: int, step: Step, board: ShownBoard, chip: VirtualFXCore, hand: Hand, ear: Ear) -> bool:
    print(f"{number}. {step.title}{': $ ' if step.command else ''}{step.command}")
    print(f"   {step.story}")
    evidence = Evidence(step, board, chip)
    if step.command:
        perform(step.command, hand)
    while not evidence.complete:
        board.run(TURN_MS)
        ear.poll()
    findings = evidence.findings()
    for finding in findings:
        _print(finding)
    print(flush=True)
    return all(finding.right for finding in findings)


def _print(finding: Finding) -> None:
    print(f"   {'ok   ' if finding.right else 'WRONG'} {finding.aspect:<8} expected: {finding.expected}")
    print(f"                  seen:     {finding.seen or 'nothing'}")
