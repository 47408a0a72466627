# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The official release is downloaded once, tried again when the network stumbles, and never taken for another."""

import errno
import hashlib
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from rich.progress import Progress

from host_tests.uf2.rig import OTHER_VERSION, RP2350, base_file, pages_of, uf2
from uf2 import base as base_module
from uf2 import firmware
from uf2.files import StageError
from uf2.release import BOARD, FILE, URL, VERSION

GOOD = base_file(version=VERSION)
SHA = hashlib.sha256(GOOD).hexdigest()


class Store:
    """A release store on this computer. `answers`: (status, body, announced length or None), the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, int | str | None]] = [(200, GOOD, len(GOOD))]
        self.asked = 0
        self.pauses: list[float] = []
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, length = store.answers[min(store.asked, len(store.answers) - 1)]
                store.asked += 1
                self.send_response(status)
                if length is not None:
                    self.send_header("Content-Length", str(length))
                self.end_headers()
                with suppress(OSError):  # the other side may have had enough
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{FILE}"


@pytest.fixture
def store(monkeypatch) -> Iterator[Store]:
    store = Store()
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setattr(firmware, "sleep", store.pauses.append)
    for module in (firmware, base_module):
        monkeypatch.setattr(module, "SHA256", SHA)
    thread = threading.Thread(target=store.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield store
    store.server.shutdown()
    thread.join()
    store.server.server_close()


def official(store: Store, cache):
    return firmware.official(cache, store.url)


def refusal(store: Store, cache) -> str:
    with pytest.raises(StageError) as caught:
        official(store, cache)
    return str(caught.value)


def test_the_release_is_downloaded_once_and_then_taken_from_the_cache(store, tmp_path):
    first = official(store, tmp_path / "cache")
    assert (first.sha256, store.asked) == (SHA, 1)
    assert official(store, tmp_path / "cache") == first
    assert store.asked == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [FILE]


def test_the_way_is_shown_while_it_is_gone(store, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(firmware, "PIECE", 4096)
    monkeypatch.setattr(Progress, "advance", lambda bar, task, by: seen.append((bar.tasks[task].total, by)))
    official(store, tmp_path)
    assert sum(by for _, by in seen) == len(GOOD)
    assert len(seen) >= len(GOOD) // 4096
    assert {total for total, _ in seen} == {len(GOOD)}


@pytest.mark.parametrize("length", [None, "many"])
def test_a_store_that_does_not_say_how_much_comes_is_read_to_the_end(store, tmp_path, length):
    store.answers = [(200, GOOD, length)]
    assert official(store, tmp_path).sha256 == SHA


@pytest.mark.parametrize("trouble", [(503, b"busy", 4), (200, GOOD[:5000], len(GOOD))])
def test_trouble_on_the_way_is_tried_again(store, trouble, tmp_path, capsys):
    store.answers = [trouble, trouble, (200, GOOD, len(GOOD))]
    assert official(store, tmp_path).sha256 == SHA
    assert (store.asked, store.pauses) == (3, [1, 4])
    assert "next try in 4 s" in capsys.readouterr().err


def test_trouble_that_does_not_end_is_told(store, tmp_path):
    store.answers = [(503, b"busy", 4)]
    message = refusal(store, tmp_path)
    assert message.startswith(store.url)
    assert "503" in message
    assert "BASE=path" in message
    assert store.asked == 4
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_broken_off_is_told(store, tmp_path, monkeypatch):
    """With Ctrl-C, as in the pause before the next try."""

    def break_off(_: float) -> None:
        raise KeyboardInterrupt

    store.answers = [(503, b"", 0)]
    monkeypatch.setattr(firmware, "sleep", break_off)
    with pytest.raises(StageError, match=r"broken off, and nothing of it is kept\.$"):
        firmware.official(tmp_path, store.url)
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_is_not_there_is_not_asked_for_again(store, tmp_path):
    store.answers = [(404, b"<html>no such key</html>", 24)]
    assert "404" in refusal(store, tmp_path)
    assert store.asked == 1


def test_no_network_is_told(store, tmp_path):
    store.url = "http://127.0.0.1:9/nobody.uf2"
    assert "Connection refused" in refusal(store, tmp_path)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>sign in to this hotel's network</html>", "is a web page, not a UF2 file"),
        (base_file(board="raspberry_pi_pico"), "not for waveshare_rp2040_zero"),
        (base_file(version=VERSION, seed=2), f"is not the {VERSION} that was released, or has changed since"),
        (base_file(version="10.0.2"), f"not version {VERSION}."),
        (bytes(firmware.MOST + 1), "it cannot be what is looked for"),
    ],
)
def test_another_file_is_refused_and_not_kept(store, body, sentence, tmp_path):
    store.answers = [(200, body, len(body))]
    assert sentence in refusal(store, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changed_in_the_cache_is_refused(store, tmp_path):
    official(store, tmp_path)
    for changed in (base_file(version=VERSION, seed=2), base_file(version="10.0.2"), GOOD[:5000], b""):
        (tmp_path / FILE).write_bytes(changed)
        assert refusal(store, tmp_path) == f"{tmp_path / FILE} has changed since it was downloaded: delete it."
    assert store.asked == 1


def test_a_cache_that_cannot_be_read_or_written_is_told(store, tmp_path):
    (tmp_path / FILE).mkdir()
    assert refusal(store, tmp_path) == f"{tmp_path / FILE}: Is a directory."
    (tmp_path / "file").write_text("")
    assert refusal(store, tmp_path / "file") == f"{tmp_path / 'file' / FILE}: Not a directory."
    assert store.asked == 0


def test_a_full_disk_leaves_nothing_half_written(store, tmp_path, monkeypatch):
    def write(path, data):
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", write)
    assert refusal(store, tmp_path).endswith(f"{FILE}.part: No space left on device.")
    assert list(tmp_path.iterdir()) == []


def test_a_local_file_needs_no_network(tmp_path, capsys):
    path = tmp_path / "my base.uf2"
    path.write_bytes(base_file())
    assert firmware.main(["--base", str(path)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{path}: CircuitPython {OTHER_VERSION} on 2026-01-02; {BOARD} with rp2040"
    assert second.startswith("SHA-256 ")
    assert second.endswith(f", not {VERSION}, which the project is tested with")


WRONG = {
    "a web page": b"<html>",
    "truncated": GOOD[:9000],
    "changed": GOOD,
    "another board": base_file(board="raspberry_pi_pico"),
    "another chip": base_file(family=RP2350),
    "with a hole": uf2({at: page for at, page in pages_of(base_file()).items() if at != 4096}),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_command_says_what_is_wrong_in_one_sentence_and_leaves_nothing(tmp_path, capsys, what):
    path = tmp_path / "x.uf2"
    path.write_bytes(WRONG[what])
    assert firmware.main(["--base", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"make firmware: {path}")
    assert said.err.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.uf2"]


def test_the_address_is_that_of_the_release():
    assert URL.startswith("https://downloads.circuitpython.org/bin/")
    assert VERSION.startswith("10.0.")
    assert URL.count(VERSION) == 1
    assert URL.count(BOARD) == 2
