# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the documents name is there: files, folders, programs, targets of make, and on the map classes and constants."""

import re
from pathlib import Path

import pytest

from uf2.files import ROOT

NAMED = re.compile(r"`([\w./-]+)`")
FILE = re.compile(r"\w\.(py|md|txt|toml|mjs|pth|fxc|in)$")
# What a program makes, or a drive has.
MADE = {"build", "heard", "core", "boot_out.txt", "output.hex.txt", "output.fxc", "0.fxc", "f.fxc", ".fseventsd"}
# A class or a constant, perhaps with an attribute.
SYMBOL = re.compile(r"`([A-Z][A-Za-z0-9_]*[a-z0-9_][A-Za-z0-9_]*|[A-Z]{2,})(?:\.(\w+))?(?:\(\))?`")
ROOMS = ("host_tests", "uf2", "companion", "sandbox", "fxcore", "ft260", "fxasm")
FILES = [*ROOT.glob("*.md"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.md"))]
DOCUMENTS = [path for path in FILES if "node_modules" not in path.parts]


def names_in(document: Path) -> set[str]:
    """What stands between backticks and looks like a file or a folder of the project."""
    found = {name for name in NAMED.findall(document.read_text(encoding="utf-8")) if "/" in name or FILE.search(name)}
    return {name for name in found if name[0] != "/" and name.split("/")[0] not in MADE and name[-4:] != ".mpy"}


def is_there(document: Path, name: str) -> bool:
    """Beside the document, in the top folder, or anywhere below the document's folder."""
    below = [ROOT / room for room in ROOMS] if document.parent == ROOT else [document.parent]
    beside = [document.parent / name, ROOT / name]
    return any(path.exists() for path in beside) or any(path for each in below for path in each.rglob(name.rstrip("/")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(document):
    assert {name for name in names_in(document) if not is_there(document, name)} == set()


def test_classes_and_constants_that_the_map_names_are_in_the_sources():
    """Every word of the sources counts."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    files += [ROOT / "settings.toml", ROOT / "Makefile", *ROOT.glob("*.py")]
    words = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    map_of_house = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {part for found in SYMBOL.findall(map_of_house) for part in found if part} - words == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_programs_that_a_document_starts_are_there(document):
    started = set(re.findall(r"python -m ((?:host_tests|uf2)[\w.]*\w)", document.read_text(encoding="utf-8")))
    places = {name: ROOT / name.replace(".", "/") for name in started}
    missing = (name for name, path in places.items() if not (path / "__main__.py").exists())
    assert [name for name in missing if not places[name].with_suffix(".py").exists()] == []


def test_the_targets_of_make_that_a_document_names_are_there():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name for document in DOCUMENTS for name in re.findall(r"`make ([\w-]+)", document.read_text(encoding="utf-8"))
    }
    assert named - targets == set()


def test_the_map_has_every_module_of_the_device():
    map_of_house = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\w+", map_of_house.partition("### The device")[2].partition("| who decides")[0]))
    modules = {path.stem for room in ("sandbox", "fxcore", "ft260") for path in (ROOT / room).glob("[!_]*.py")}
    assert modules - drawn == set()
