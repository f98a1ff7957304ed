# `make demo` and `make test` set up what they need; the other targets are parts of these two, the packages
# and the benchmarks.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

STAMPS := target/stamps
PACKAGES := target/packages
PYTHON := $(CURDIR)/.venv/bin/python
# maturin finds the environment, and its other tools, by these.
IN_VENV := export VIRTUAL_ENV="$(CURDIR)/.venv" PATH="$(CURDIR)/.venv/bin:$$PATH" &&
RUST := $(shell git ls-files -co --exclude-standard 'core/*' Cargo.toml Cargo.lock)

.PHONY: help
help:
	@echo "make demo      a letter of credit from a SWIFT message to its payment, its receipt checked three times"
	@echo "make test      every test, in every language"
	@echo "make generate  write the generated files of all packages anew"
	@echo "make package   the Python wheel and the Node tarballs, as they ship, in $(PACKAGES)"
	@echo "make bench     what starting and checking a receipt cost beside their bare parts, in target/bench"

# ---------------------------------------------------------------------------------------------------------
# The tools of each language, installed once, and the library as each language loads it, in the dev profile.

$(STAMPS)/venv: python/requirements-dev.txt tests/calendars/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check $(foreach file,$^,-r $(file))
	@mkdir -p $(@D) && touch $@

$(STAMPS)/npm: node/package-lock.json
	cd node && npm ci --silent --no-audit --no-fund
	@mkdir -p $(@D) && touch $@

$(STAMPS)/python: $(STAMPS)/venv $(RUST) $(shell git ls-files -co --exclude-standard bindings/python python/pyproject.toml)
	cd python && $(IN_VENV) maturin develop --quiet --features test-hooks
	@touch $@

$(STAMPS)/node: $(STAMPS)/npm $(RUST) $(shell git ls-files -co --exclude-standard bindings/node node/src node/tsconfig.json)
	cd node && npm run --silent build:debug
	@touch $@

$(STAMPS)/mobile: $(RUST) $(shell git ls-files -co --exclude-standard bindings/mobile mobile/generate-raw.sh)
	cargo build --quiet -p allonge-mobile
	cargo build --quiet --profile tools -p allonge-uniffi-bindgen
	mobile/generate-raw.sh $(CURDIR)/target/tools/uniffi-bindgen $(CURDIR)/target/debug/liballonge_mobile.so
	@mkdir -p $(@D) && touch $@

$(STAMPS)/kotlin: $(STAMPS)/mobile $(shell git ls-files -co --exclude-standard mobile/kotlin)
	cd mobile/kotlin && mvn process-classes
	@touch $@

# ---------------------------------------------------------------------------------------------------------
.PHONY: demo
demo: $(STAMPS)/python $(STAMPS)/node $(STAMPS)/kotlin
	@tests/demo/run.sh

.PHONY: test
test: test-rust test-generated test-python test-node test-mobile test-documents
	@echo "Everything passed."

.PHONY: test-rust
test-rust:
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	cargo test --quiet

.PHONY: test-generated
test-generated:
	cargo test --quiet -p allonge-generate
	cargo run --quiet -p allonge-generate -- --check

.PHONY: test-python
test-python: $(STAMPS)/python
	cd python && $(IN_VENV) ruff format --check . && ruff format --check --config pyproject.toml ../tests
	cd python && $(IN_VENV) ruff check . && ruff check --config pyproject.toml ../tests
	cd python && $(IN_VENV) mypy
	cd python && $(IN_VENV) pyright
	cd python && $(PYTHON) -m pytest

.PHONY: test-node
test-node: $(STAMPS)/node
	git diff --exit-code node/src/native.d.cts
	cd node && npm run --silent lint
	cd node && npm test --silent

.PHONY: test-mobile
test-mobile: $(STAMPS)/mobile
	cargo test --quiet -p allonge-mobile
	cd mobile/kotlin && mvn test
	mobile/swift/test.sh

.PHONY: test-documents
test-documents: $(STAMPS)/python $(STAMPS)/node
	$(PYTHON) -m pytest -q tests/docs tests/calendars

# ---------------------------------------------------------------------------------------------------------
.PHONY: generate
generate:
	cargo run --quiet -p allonge-generate

# The wheel for the glibc of manylinux2014 needs a linker for it: pip install ziglang, and pass
# WHEEL="--zig --compatibility manylinux2014".
.PHONY: package
package: $(STAMPS)/venv $(STAMPS)/npm
	rm -rf $(PACKAGES)
	cd python && $(IN_VENV) maturin build --quiet --release $(WHEEL) --out ../$(PACKAGES)
	cd python && $(IN_VENV) maturin sdist --quiet --out ../$(PACKAGES)
	cd node && npm run --silent build:release && npm run --silent pack:all
	rm -f $(STAMPS)/node
	ls -l $(PACKAGES)

# The wheel that the source distribution gives is the wheel.
.PHONY: test-sdist
test-sdist: package
	MATURIN_PEP517_ARGS="--profile dev" CARGO_TARGET_DIR=$(CURDIR)/target \
	    .venv/bin/pip wheel --no-deps --no-binary allonge $(PACKAGES)/allonge-*.tar.gz -w target/from-sdist

.PHONY: bench
bench: package
	cargo bench --quiet -p allonge --bench receipt | $(PYTHON) tests/bench/start.py $(PACKAGES) target/bench/start.json
