# Two commands: `make run` serves the portal, `make test` checks it. `make demo` shows it filled.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORTAL := $(BIN)/python -m portal
RUNTIME := $(VENV)/.runtime
TOOLS := $(VENV)/.tools
ARGS ?=

.PHONY: run demo test lint unit browser check benchmarks screenshots docs clean

run: $(RUNTIME)
	@$(PORTAL) serve $(ARGS)

demo: $(RUNTIME)
	@$(PORTAL) demo $(ARGS)

check: $(RUNTIME)
	@$(PORTAL) check $(ARGS)

test: lint unit browser

lint: $(TOOLS)
	$(BIN)/ruff format --check portal tests
	$(BIN)/ruff check portal tests
	$(BIN)/lint-imports
	$(BIN)/mypy portal

unit: $(TOOLS)
	@# whole files: what a file's tests share is set up once, not once a process
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests --ignore tests/browser --ignore tests/benchmarks

browser: $(TOOLS)
	@sh tests/browser/install.sh
	@# what a busy machine was too slow for is tried once more, alone
	@# three at a time: a browser waits half of its time
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder tests/browser \
	  || $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none tests/browser

benchmarks: $(TOOLS)
	$(BIN)/python -m tests.benchmarks

screenshots: $(TOOLS)
	@sh tests/browser/install.sh
	$(BIN)/python -m tests.browser.screenshots

# the virtual environment, made again when its Python has gone, filled when requirements change
ifneq ($(shell $(BIN)/python -c "print(1)" 2>/dev/null),1)
$(shell rm -f $(VENV)/.made $(RUNTIME) $(TOOLS))
endif
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更新的版本；用 make PYTHON=python3.12 run 指定。 / Python 3.11 or newer is needed; name one with make PYTHON=python3.12 run."; exit 1; }
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tests/make_venv.sh
	@touch $@

$(RUNTIME): requirements.txt $(VENV)/.made
	@echo "正在安装运行所需的库（首次约一分钟）… / Installing what the portal runs on (about a minute the first time) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(TOOLS): tests/requirements.txt $(RUNTIME)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r tests/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
