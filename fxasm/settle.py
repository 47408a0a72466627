# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Between the passes: constants and blocks that use what comes after them, and the blocks' places."""

from fxasm.errors import PAUSE, SourceFault, show


def settle(names, report):
    """Generator: evaluates what is pending and allocates the blocks, one name per step.

    :param report: called with a SourceFault, its line, and the column from which `at` is counted
    """
    order = names.order
    for i in range(0, len(order), 3):
        yield from _settle(names, order[i], report)
    for i in range(0, len(order), 3):
        try:
            names.allocate(i)
        except SourceFault as fault:
            fault.at = 0
            report(fault, order[i + 1], order[i + 2])
        yield
    for name in list(names.constants):
        yield from _settle(names, name, report)


def _settle(names, name, report):
    """Evaluates one name, before it those that it uses: without recursion, for chains of any length."""
    stack = [name]
    while stack:
        table, key = names.table_of(stack[-1])
        definition = table[key]
        if type(definition) is not tuple or len(definition) != 4:
            stack.pop()
            continue
        try:
            needed = names.evaluate_pending(table, key)
            if needed is None:
                stack.pop()
            else:
                _push(names, stack, needed, report)
        except SourceFault as fault:
            if fault.code != PAUSE:
                report(fault, definition[0], definition[1])
                stack.pop()
        yield


def _push(names, stack, needed, report):
    """What is needed comes first, unless it needs itself."""
    table, key = names.table_of(needed)
    if type(table[key]) is int:  # the address of a block, for the length of one
        _circle(names, stack, [stack[-1]], report)
    elif key in stack:
        _circle(names, stack, stack[stack.index(key) :], report)
    else:
        stack.append(key)


def _circle(names, stack, circle, report):
    detail = " needs ".join([show(name) for name in circle] + [show(circle[0])])
    for name in circle:
        table, key = names.table_of(name)
        line, column, text, _ = table[key]
        table[key] = None
        report(SourceFault("circular-definition", text, 0, detail), line, column)
        stack.pop()
