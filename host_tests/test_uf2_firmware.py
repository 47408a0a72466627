# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The official release is downloaded once, tried again when the network stumbles, and never taken for another."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from host_tests.uf2_bench import base_file
from uf2 import firmware
from uf2.blocks import ImageError
from uf2.release import BOARD, FILE, URL, VERSION

GOOD = base_file()
SHA = hashlib.sha256(GOOD).hexdigest()


class Store:
    """A release store on this computer. `answers`: (status, body, announced length) each, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, int]] = [(200, GOOD, len(GOOD))]
        self.asked = 0
        self.pauses: list[float] = []
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, length = store.answers[min(store.asked, len(store.answers) - 1)]
                store.asked += 1
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                self.end_headers()
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
    thread = threading.Thread(target=store.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield store
    store.server.shutdown()
    thread.join()
    store.server.server_close()


def official(store: Store, cache, sha256: str = SHA):
    return firmware.official(cache, store.url, sha256)


def refusal(store: Store, cache, sha256: str = SHA) -> str:
    with pytest.raises(ImageError) as caught:
        official(store, cache, sha256)
    return str(caught.value)


def test_the_release_is_downloaded_once_and_then_taken_from_the_cache(store, tmp_path):
    first = official(store, tmp_path / "cache")
    assert (first.sha256, store.asked) == (SHA, 1)
    assert official(store, tmp_path / "cache") == first
    assert store.asked == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [FILE]


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
        (base_file(seed=2), f"is another file than was released as {VERSION}"),
    ],
)
def test_another_file_is_refused_and_not_kept(store, body, sentence, tmp_path):
    store.answers = [(200, body, len(body))]
    assert sentence in refusal(store, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changed_in_the_cache_is_refused(store, tmp_path):
    official(store, tmp_path)
    (tmp_path / FILE).write_bytes(base_file(seed=2))
    assert f"has changed since it was released as {VERSION}: delete it." in refusal(store, tmp_path)
    assert store.asked == 1


def test_a_local_file_needs_no_network(tmp_path, capsys):
    path = tmp_path / "my base.uf2"
    path.write_bytes(GOOD)
    assert firmware.main(["--base", str(path)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{path}: CircuitPython {VERSION} on 2026-01-02; {BOARD} with rp2040"
    assert second.startswith(f"SHA-256 {SHA}, not the official {VERSION}")


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path, capsys):
    path = tmp_path / "x.uf2"
    path.write_bytes(b"<html>")
    assert firmware.main(["--base", str(path)]) == 1
    assert capsys.readouterr().err == f"make firmware: {path} is a web page, not a UF2 file.\n"


def test_the_address_is_that_of_the_release():
    assert URL.startswith("https://downloads.circuitpython.org/bin/")
    assert VERSION.startswith("10.0.")
    assert URL.count(VERSION) == 1
    assert URL.count(BOARD) == 2
