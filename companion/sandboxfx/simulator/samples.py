# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sound as words: samples x 4 channels, int32."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sandboxfx.errors import SandboxError

CHANNELS = 4
FULL_SCALE = 1 << 31


def as_words(sound: ArrayLike | int) -> NDArray[np.int32]:
    """Returns sound as words, with silence on the channels that it does not have.

    :param sound: samples, or samples x 1 to 4 channels, as integers or as floats of -1.0 to 1.0 (louder is clipped);
        or a number of samples of silence
    :raises SandboxError: it has another shape, or something that is no number
    """
    if isinstance(sound, int):
        return np.zeros((sound, CHANNELS), dtype=np.int32)
    given = np.asarray(sound)
    if given.ndim == 1:
        given = given[:, np.newaxis]
    if given.ndim != 2 or given.shape[1] > CHANNELS:
        raise SandboxError("sound-shape", f"Sound is samples x 1 to 4 channels, not {given.shape}.")
    words = np.zeros((len(given), CHANNELS), dtype=np.int32)
    words[:, : given.shape[1]] = _from_floats(given) if given.dtype.kind == "f" else _from_integers(given)
    return words


def as_floats(words: NDArray[np.int32]) -> NDArray[np.float64]:
    """Words as -1.0 to 1.0."""
    return words / FULL_SCALE


def _from_floats(sound: NDArray[np.floating]) -> NDArray[np.int32]:
    broken = ~np.isfinite(sound)
    if broken.any():
        at = int(np.argmax(broken.any(axis=1)))
        value = sound[at][broken[at]][0]
        raise SandboxError("sound-nan", f"Sample {at} of the sound is {value}, which is no loudness.")
    scaled = np.rint(sound.astype(np.float64) * FULL_SCALE)
    limited: NDArray[np.int32] = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int32)
    return limited


def _from_integers(sound: NDArray[np.generic]) -> NDArray[np.int32]:
    numbers = sound.astype(np.int64)
    if numbers.size and (numbers.min() < -FULL_SCALE or numbers.max() >= 2 * FULL_SCALE):
        raise SandboxError("sound-range", "A sample of the sound does not fit into 32 bits.")
    words: NDArray[np.int32] = numbers.astype(np.uint32).view(np.int32)
    return words
