# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One event loop in a thread of its own, for programs that are not asynchronous themselves."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class LoopThread:
    """Carries out coroutines, one call after the other or from several threads at once."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandboxfx", daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Returns what the coroutine returns, or raises what it raises.

        Ctrl-C cancels it, and waits until it has left everything as it should be.
        """
        errand = _Errand(work)
        try:
            return asyncio.run_coroutine_threadsafe(errand.run(), self._loop).result()
        except KeyboardInterrupt:
            self._loop.call_soon_threadsafe(errand.cancel)
            errand.over.wait()
            raise

    def close(self) -> None:
        """Ends the thread. Nothing may be under way."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _Errand(Generic[T]):
    """One coroutine, which another thread may cancel at any moment; `over` is set when it has come to its end."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self._task: asyncio.Task[Any] | None = None
        self._cancelled = False
        self.over = threading.Event()

    async def run(self) -> T:
        self._task = asyncio.current_task()
        try:
            if self._cancelled:
                self._work.close()
                raise asyncio.CancelledError
            return await self._work
        finally:
            self.over.set()

    def cancel(self) -> None:
        self._cancelled = True
        if self._task:
            self._task.cancel()
