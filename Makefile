# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
#
# Every target installs what it needs by itself, into .venv and lib/. Paths are relative: the checkout may lie anywhere.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
# Ends a line that installs what a file lists; what pip itself says before is for whoever knows pip.
OR_SAY_HOW = || { echo 'make: pip cannot install what $< lists: it needs a network, once, or a mirror of the package index (make PIP_INDEX_URL=address)' >&2; exit 1; }
HOST_READY := $(VENV)/.ready
LIB_READY := lib/.ready

DEVICE := boot.py code.py sandbox fxcore ft260 fxasm
HOST := host_tests uf2 conftest.py
COMPANION := companion

# fsck.fat looks at drives that we have made. Who may not install it is told what was left out.
define BRING_DOSFSTOOLS
PATH="$$PATH:/usr/sbin:/sbin"; \
if ! command -v fsck.fat >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo 'installing dosfstools'; \
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends dosfstools >/dev/null; \
fi || true
endef

export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup test lint demo bench drive clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo [DIR=path] [VM=1] [SOUND=1]'
	@echo '                          the whole device on a virtual board: drop files, watch light, console and chip; DIR: the'
	@echo '                          folder that is its drive, and is kept; VM=1: the same on the real interpreter, emulated'
	@echo '                          (needs what make test-vm needs)'
	@echo 'make test                 every test that needs nothing but this computer'
	@echo 'make lint                 ruff, mypy, and the compiler of the board'
	@echo 'make bench [BASE=path] [BOOTROM=path] [EMU=path]'
	@echo '                          how long an upload takes, split into wire, pauses and own work; with Node 18 also on the'
	@echo '                          real interpreter, emulated'
	@echo 'make test-vm [BASE=path] [BASE_9=path] [BOOTROM=path]'
	@echo '                          the same scenes on the real interpreter, emulated (needs Node 18)'
	@echo 'make test-linux           the bridge with the drivers of real Linux kernels, in QEMU'
	@echo 'make test-random-user     500 users who do anything at any time for a minute (10 minutes)'
	@echo 'make test-simulator       the simulator: 300 random programs, plain and compiled, bit by bit; each instruction'
	@echo '                          500 times against a second definition (minutes)'
	@echo 'make drive DIR=path [VARIANT=disk-hid|disk|dev] [MPY=1]'
	@echo '                          write the device files into a folder or onto a mounted CIRCUITPY drive'
	@echo 'make uf2 [BASE=path] [VARIANT=name] [SOURCE=1] [CLEAN=1]   images to flash, into build/; see uf2/README.md'
	@echo 'make firmware [BASE=path] only bring and check the CircuitPython that they are built on'
	@echo 'make verify UF2=file [BASE=path] [CLEAN=1]   read an image back and compare it with this source tree'
	@echo 'make setup                only install what the others need (.venv and lib/)'
	@echo 'make clean                remove what make made'

setup: $(HOST_READY) $(LIB_READY)

test: setup
	@$(BRING_DOSFSTOOLS)
	@$(PY) -m pytest -n auto --dist worksteal

lint: setup
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(DEVICE)
	@$(PY) -m mypy $(HOST)
	@$(PY) -m mypy $(COMPANION)
	@$(PY) -m host_tests.tools.dialect $(DEVICE)

demo: setup
	@$(if $(filter-out 0,$(VM)),$(PY) -m host_tests.boards.emulator.prepare)
	@$(PY) -m host_tests.demo $(if $(DIR),"$$DIR") $(if $(filter-out 0,$(VM)),--vm) $(if $(filter-out 0,$(SOUND)),--sound)

bench: setup
	@$(PY) -m host_tests.bench

# DIR and VARIANT reach the programs through the environment, so that a path may hold any character.
drive: setup
	@$(PY) -m uf2.stage "$$DIR" $(if $(VARIANT),--variant "$$VARIANT") $(if $(filter-out 0,$(MPY)),--mpy)

clean:
	rm -rf $(addprefix host_tests/boards/emulator/,node_modules core core.part) $(VENV) build .hypothesis .mypy_cache .pytest_cache .ruff_cache __pycache__
	find lib -mindepth 1 ! -name requirements.txt -delete
	find $(DEVICE) $(HOST) $(COMPANION) -name __pycache__ -prune -exec rm -rf {} +

# Debian keeps the part that puts pip into a new environment in a package of its own, python3-venv.
$(VENV)/bin/pip:
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'installing python3-venv'; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends python3-venv >/dev/null; \
	fi
	@$(PYTHON) -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo 'make: needs Python 3.11 or later with venv (Debian, Ubuntu: apt install python3-venv; or name another: make PYTHON=path)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(HOST_READY): host_tests/requirements.txt companion/pyproject.toml companion/hatch_build.py \
		host_tests/tools/keep_stdlib_code.pth | $(VENV)/bin/pip
	@echo 'installing the host tools into $(VENV)'
	@$(PIP) install --no-deps --require-hashes -r $< $(OR_SAY_HOW)
	@$(PIP) install --no-deps --no-build-isolation --editable ./companion $(OR_SAY_HOW)
	@cp host_tests/tools/keep_stdlib_code.pth "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	@$(PY) -c 'import circuitpython_setboard as s; s.set_board()' waveshare_rp2040_zero
	@touch $@

$(LIB_READY): lib/requirements.txt | $(VENV)/bin/pip
	@echo 'installing the device libraries into lib'
	@$(PIP) install --no-deps --require-hashes --only-binary :all: --no-compile --upgrade --target lib -r $< $(OR_SAY_HOW)
	@touch $@

# --- The same scenes on the real interpreter, emulated: needs Node 18, fetches CircuitPython and the boot ROM. ---
.PHONY: test-vm

test-vm: setup
	@$(PY) -m host_tests.boards.emulator.prepare --older
	@$(PY) -m pytest -m emulator -n auto --dist loadgroup host_tests/on_emulator

# --- The bridge with real Linux kernels: installs QEMU, fetches packages of Debian 12 (MIRROR=address where the system's
# own apt knows no Debian), takes minutes. ---
.PHONY: test-linux

test-linux: setup
	@$(PY) -m host_tests.on_linux.prepare
	@$(PY) -m pytest -o python_files='check_*.py' host_tests/on_linux

# --- A minute of 500 users who do anything at any time. ---
.PHONY: test-random-user

test-random-user: setup
	@$(PY) -m pytest -n auto -o python_files='check_*.py' host_tests/scenes

# --- 300 random programs on both engines of the simulator, and the other proofs that take minutes. ---
.PHONY: test-simulator

test-simulator: setup
	@$(PY) -m pytest -o python_files='check_*.py' companion/tests/simulator

# --- UF2 images, see uf2/README.md. Names of files reach the programs through the environment here too. ---
.PHONY: uf2 firmware verify

uf2: setup
	@$(PY) -m uf2.image $(if $(BASE),--base "$$BASE") $(if $(VARIANT),--variant "$$VARIANT") \
	    $(if $(filter-out 0,$(SOURCE)),--source) $(if $(filter-out 0,$(CLEAN)),--clean)

firmware: setup
	@$(PY) -m uf2.firmware $(if $(BASE),--base "$$BASE")

verify: setup
	@$(BRING_DOSFSTOOLS)
	@$(PY) -m uf2.verify "$$UF2" $(if $(BASE),--base "$$BASE") $(if $(filter-out 0,$(CLEAN)),--clean)
