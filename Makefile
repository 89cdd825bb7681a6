# Needs only make and Python 3.11 to 3.13; everything else is installed into .venv.
# Offline but for the package registry. No root for `make run` and `make test`.

PYTHON ?= $(shell for v in 3.11 3.12 3.13; do command -v python$$v >/dev/null 2>&1 && python$$v -c 'import venv, ensurepip' 2>/dev/null && { echo python$$v; break; }; done || true)
ifeq ($(strip $(PYTHON)),)
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEOPLE ?= 10000
BANK ?= .run/bank
UV_VERSION := 0.13.9

# Some machines tell Python not to write byte-code; everything here would then start slowly.
export PYTHONDONTWRITEBYTECODE :=
export GX_ANALYTICS_ENABLED := false
export AIRFLOW__CORE__LOAD_EXAMPLES := False

.DEFAULT_GOAL := help
.PHONY: help install run test check format airflow bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(STAMP) ## make .venv with the locked versions

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "This needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is another. Install one, or: make PYTHON=/path/to/python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the locked versions into $(VENV) (about half a minute with warm caches) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode -c constraints.txt -e '.[airflow,postgres,mysql,bank,dev]'
	@touch $@

run: install ## make the example bank and walk the whole flow through Airflow
	@$(BIN)/golden-bank demo $(BANK) --people $(PEOPLE)

test: install ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: install ## types, lint, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: install ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

airflow: install ## start Airflow on the example bank, http://127.0.0.1:8080
	@$(BIN)/golden-bank airflow $(BANK) --people $(PEOPLE)

bench: install ## measure matching beside its rivals, and every step of the flow; results in docs/reference
	@$(BIN)/python -m benchmarks.matching
	@$(BIN)/python -m benchmarks.matching bank --records 1000000
	@$(BIN)/python -m benchmarks.flow

lock: install ## bring constraints.txt to the newest versions that pyproject.toml allows
	@$(BIN)/python scripts/lock.py

clean: ## remove what was built, keep .venv
	rm -rf .run build .mypy_cache .ruff_cache .pytest_cache
