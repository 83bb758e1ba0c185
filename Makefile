# One command each. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types contracts bench openapi lock check-locks drills proof clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.runtime  ## the whole tracker in one process on 127.0.0.1:$(PORT), data under var/
	@$(BIN)/amber up --port $(PORT)

test: .venv/.dev  ## the whole suite, on SQLite and on a real PostgreSQL
	$(BIN)/pytest -n auto --no-loadscope-reorder

check: .venv/.dev format lint types contracts test  ## everything CI checks but the container proof

format: .venv/.dev  ## is everything formatted?
	$(BIN)/ruff format --check .

lint: .venv/.dev  ## faults that can be seen without running
	$(BIN)/ruff check .

types: .venv/.dev  ## the types, strictly
	$(BIN)/mypy

contracts: .venv/.dev  ## who may import whom
	$(BIN)/lint-imports

openapi: .venv/.dev  ## write the OpenAPI document again after a change of the API
	$(BIN)/amber openapi

lock: .venv/.dev  ## compile the hash-pinned locks again, keeping the pins they have
	$(LOCK) --group pyproject.toml:build pyproject.toml -o requirements.txt
	$(LOCK) --group pyproject.toml:build --group pyproject.toml:dev pyproject.toml -c requirements.txt -o requirements-dev.txt

check-locks: .venv/.dev  ## do the locks still fit pyproject.toml?
	deploy/ci/check-locks $(BIN)/uv

bench: .venv/.dev  ## the benchmarks: ratios in one run, see bench/RESULTS.md
	$(BIN)/python -m bench
	bench/scoring/run

drills: .venv/.dev  ## the drills at length: kill -9 at 100 boundaries and while versions change, two of each, the database gone, 1,000 replays
	$(BIN)/python -m tests.drills kill
	$(BIN)/python -m tests.drills change
	$(BIN)/python -m tests.drills double
	$(BIN)/python -m tests.drills gone
	$(BIN)/python -m tests.drills replay

proof: .venv/.dev  ## the container proof: image and docker-compose.yml with a real engine (as root)
	deploy/ci/prove-containers

clean:  ## remove the environment (never var/: that is data)
	rm -rf .venv

# pip checks every hash; the certificate file and the index come from the caller's environment.
.venv/.runtime: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked packages into .venv (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "installing the locked development packages into .venv (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
