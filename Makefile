# Everything the project does, one sentence each: `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# uv is used where it is found, and otherwise installed into .tools from the package registry.
UV := $(shell command -v uv || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
export UV_PYTHON_DOWNLOADS = never
# Offices read TLS through a proxy with a certificate of their own: the machine knows it, uv's own list does not.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS = 1
endif
export PYTHONDONTWRITEBYTECODE =
export DO_NOT_TRACK = 1

HOUSEHOLDS ?= 60000
CITY ?= 600000
MARK_CITY ?= 300000
QUIET_CITY ?= 200000
SIZES ?=
REAL_DATA ?=
SEED ?= 7
OUT ?= out/demo
BUNDLES ?= $(OUT)/bundles
PORT ?= 3000

.PHONY: help setup demo bench bench-data bench-rules bench-models bench-contributions bench-service bench-city bench-profiles bench-spark mark serve test test-long test-spark fuzz test-browser check format lint types contracts docs browser screenshots clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.tools/bin/uv:
	python3 -m venv .tools || { echo "python3 cannot make environments: install python3-venv (Debian: apt-get install python3-venv)"; exit 2; }
	.tools/bin/python -m pip install --quiet uv

.venv/.installed: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --locked --extra all --compile-bytecode --quiet
	@touch $@

setup: .venv/.installed ## Make the environment (.venv) from the lock file

demo: setup ## Make a practice district and run the whole road on it (out/demo); HOUSEHOLDS=, SEED=
	$(RUN) python benchmarks/demo.py --households $(HOUSEHOLDS) --seed $(SEED) --out $(OUT)

bench: bench-contributions bench-service bench-rules bench-spark bench-city bench-profiles ## Every figure of speed (out/bench/speed.json, docs/performance.md); after make demo; hours
	$(RUN) python -m benchmarks.speed --out out/bench --docs docs/performance.md

bench-data: setup ## Make and take in a city of 600,000 households (out/bench/data.json); about half an hour
	$(RUN) python benchmarks/data.py --households $(CITY) --seed $(SEED) --out out/bench

bench-rules: setup ## Judge 600,000 households beside OpenFisca-core, run every situation (out/bench/rules.json)
	$(RUN) python -m benchmarks.rules --households $(CITY) --seed $(SEED) --out out/bench

bench-models: setup ## Judge models, planner and guards on cities and real sets (out/bench/models.json); REAL_DATA=; hours
	$(RUN) python benchmarks/real_data.py sets $(REAL_DATA) --out out/bench/real_data.json
	$(RUN) python -m benchmarks.planner --households $(QUIET_CITY) --out out/bench
	$(RUN) python -m benchmarks.cycles --households $(QUIET_CITY) --out out/bench
	$(RUN) python -m benchmarks.bench_models --households $(CITY) --out out/bench --docs docs/models.md

bench-contributions: setup ## Explain households beside LightGBM's own contributions and woodelf (out/bench/contributions.json)
	$(RUN) python -m benchmarks.contributions --out out/bench --docs docs/performance

bench-service: setup ## Ask the demo's service beside a bare FastAPI with the same boosters (out/bench/service.json)
	$(RUN) python -m benchmarks.service_load --bundles $(OUT)/bundles --database sqlite:///$(OUT)/casework.db --out out/bench --docs docs/performance/service.md

bench-city: setup ## Time a city from files to lists, its night, pandas and shap beside it (out/bench/night.json); SIZES=, BUNDLES=; hours
	$(RUN) python -m benchmarks.night --households $(CITY) --sizes "$(SIZES)" --seed $(SEED) --bundles $(BUNDLES) --out out/bench

bench-profiles: setup ## Profile both universes beside plain pandas (out/bench/profiles.json, profiles_plan_….txt); after bench-city
	$(RUN) python -m benchmarks.profiles --households $(CITY) --seed $(SEED) --out out/bench

bench-spark: setup ## Hold Spark and DuckDB together on 60,000 households, both timed (out/bench/spark.json)
	$(RUN) python -m benchmarks.spark_city --households $(HOUSEHOLDS) --seed $(SEED) --out out/bench

mark: setup ## Tell how far the demo's models are from the possible (out/bench/mark.json); MARK_CITY=
	$(RUN) python benchmarks/mark.py --households $(MARK_CITY) --judged $(OUT) --out out/bench

serve: setup ## Open the console on the demo's data: http://127.0.0.1:3000/
	$(RUN) python -m serving serve --database sqlite:///$(OUT)/casework.db --bundles $(OUT)/bundles --port $(PORT)

test: setup ## Run the tests, under five minutes on two cores
	$(RUN) pytest -n 2 --dist loadfile

test-long: setup ## Run the tests that take minutes: kills, worlds in every shape, reports of whole worlds
	$(RUN) pytest -n 2 --dist loadfile -m long

test-spark: setup ## Run the tests that hold Spark and DuckDB together; needs Java 17
	$(RUN) pytest tests/engines -m spark

fuzz: setup ## Fuzz the readers of departments' files with 2,000 examples a test
	INTAKE_FUZZ_EXAMPLES=2000 $(RUN) pytest tests/features/test_intake_fuzz.py

test-browser: setup ## Run only the tests that open Chromium
	$(RUN) pytest tests/browser

format: setup ## Rewrite the code in the house's format
	$(RUN) ruff format .
	$(RUN) ruff check --fix-only --quiet .

lint: setup ## Check format, lint and declared dependencies
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) deptry .

types: setup ## Check types
	$(RUN) mypy

contracts: setup ## Check that imports run one way
	$(RUN) lint-imports

docs: setup ## Rewrite docs/reference from the declarations
	$(RUN) python -m features reference

check: setup ## Everything that must hold before a change lands; reports every failure, not only the first
	@failed=""; for target in lint types contracts test; do \
		echo "== make $$target"; $(MAKE) --no-print-directory $$target || failed="$$failed $$target"; done; \
	if [ -n "$$failed" ]; then echo "check failed:$$failed"; exit 1; fi; echo "check passed"

browser: ## Install Debian's Chromium and the Chinese fonts that the browser tests use
	apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk

screenshots: setup ## Take the README's pictures from the demo's data
	$(RUN) python benchmarks/screenshots.py --database sqlite:///$(OUT)/casework.db --bundles $(OUT)/bundles --lists $(OUT)/lists

clean: ## Remove what the targets made, except the environment
	rm -rf out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
