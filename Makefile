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
# The files below some folders that something is made from.
sources = $(shell find $(1) -type f -not -path '*/target/*' -not -path '*/generated-sources/*' -not -name '*.pyc')
RUST := $(call sources,core) Cargo.toml Cargo.lock
# One thing after the other: cargo and Maven share folders, and use both cores by themselves.
.NOTPARALLEL:

.PHONY: help
help:
	@echo "make demo      a letter of credit from a SWIFT message to its payment, its receipt checked three times"
	@echo "make test      every test, in every language"
	@echo "make test-slow what takes minutes: the power cut at 20,000 points, every bit of a log flipped, every decoder fuzzed,"
	@echo "               2,000 simulated networks under random faults, processes killed under 1,000 submissions"
	@echo "make generate  write the generated files of all packages anew"
	@echo "make package   the Python wheel and the Node tarballs, as they ship, in $(PACKAGES)"
	@echo "make bench     what the ledger, a network, starting, a batch and checking a receipt cost beside their bare parts, in target/bench"

# ---------------------------------------------------------------------------------------------------------
# The tools of each language, installed once, and the library as each language loads it, in the dev profile.

# Debian has the module venv in a package of its own.
VENV := .venv/.ready
$(VENV): python/requirements-dev.txt tests/calendars/requirements.txt core/ledger/proofs/requirements.txt
	python3 -m venv .venv || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv .venv; }
	.venv/bin/pip install --quiet --disable-pip-version-check $(foreach file,$^,-r $(file))
	@touch $@

NPM := node/node_modules/.ready
$(NPM): node/package-lock.json
	cd node && npm ci --silent --no-audit --no-fund
	@touch $@

# A hardware security module in software, for the tests.
SOFTHSM := $(STAMPS)/softhsm
$(SOFTHSM):
	command -v softhsm2-util >/dev/null || { apt-get update -qq && apt-get install -y -qq softhsm2; }
	@mkdir -p $(@D) && touch $@

$(STAMPS)/python: $(VENV) $(RUST) $(call sources,bindings/python) python/pyproject.toml
	cd python && $(IN_VENV) maturin develop --quiet --features test-hooks
	@mkdir -p $(@D) && touch $@

$(STAMPS)/node: $(NPM) $(RUST) $(call sources,bindings/node node/src) node/tsconfig.json node/package.json
	cd node && npm run --silent build:debug
	@mkdir -p $(@D) && touch $@

$(STAMPS)/mobile: $(RUST) $(call sources,bindings/mobile) mobile/generate-raw.sh
	cargo build --quiet -p allonge-mobile --features network
	cargo build --quiet --profile tools -p allonge-uniffi-bindgen
	mobile/generate-raw.sh $(CURDIR)/target/tools/uniffi-bindgen $(CURDIR)/target/debug/liballonge_mobile.so
	@mkdir -p $(@D) && touch $@

$(STAMPS)/kotlin: $(STAMPS)/mobile $(call sources,mobile/kotlin/src) mobile/kotlin/pom.xml
	cd mobile/kotlin && mvn process-classes
	@touch $@

# ---------------------------------------------------------------------------------------------------------
.PHONY: demo
demo: $(STAMPS)/python $(STAMPS)/node $(STAMPS)/kotlin
	@tests/demo/run.sh

.PHONY: test
test: test-rust proofs test-generated test-python test-node test-mobile test-documents
	@echo "Everything passed."

.PHONY: test-rust
test-rust: $(SOFTHSM)
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	# Windows and phones have no consensus engine.
	cargo check --quiet -p allonge
	cargo test --quiet

.PHONY: proofs
proofs: $(VENV)
	$(PYTHON) core/ledger/proofs/money.py

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
	cd python && $(IN_VENV) maturin build --quiet --out ../target/wheel
	tests/packages/install-wheel.sh target/wheel

.PHONY: test-node
test-node: $(STAMPS)/node
	@! git rev-parse --quiet --verify HEAD >/dev/null || git diff --exit-code node/src/native.d.cts
	cargo build --quiet -p allonge-cli
	cd node && npm run --silent lint
	cd node && npm test --silent

.PHONY: test-mobile
test-mobile: $(STAMPS)/mobile
	cargo build --quiet -p allonge-cli
	cargo test --quiet -p allonge-mobile
	cargo test --quiet -p allonge-mobile --features network
	cd mobile/kotlin && mvn test
	mobile/swift/test.sh

.PHONY: test-documents
test-documents: $(STAMPS)/python $(STAMPS)/node
	$(PYTHON) -m pytest -q tests/docs tests/calendars

# Twenty minutes at most, all together.
.PHONY: test-slow
test-slow: test-crash test-fuzz simulate test-network

.PHONY: test-crash
test-crash:
	ALLONGE_CRASH_POINTS=20000 cargo test --quiet -p allonge-ledger --test crash -- --nocapture

# Random work under random faults and up to a third of liars, from 2,000 seeds; ALLONGE_SEED is the first.
.PHONY: simulate
simulate:
	ALLONGE_SEEDS=$${ALLONGE_SEEDS:-2000} cargo test --quiet -p allonge-network --features mocks --test simulated -- --nocapture under_random mocks

# A thousand submissions to four processes that are killed, restarted, partitioned, wiped or have a full disk; and a client
# killed 50 times.
.PHONY: test-network
test-network:
	ALLONGE_SUBMITS=1000 cargo test --quiet -p allonge-cli --test cli -- --nocapture --test-threads 1 four_processes trouble::
	ALLONGE_KILLS=50 cargo test --quiet -p allonge --features validator --test connected -- --nocapture killed_at

CARGO_FUZZ := target/cargo-fuzz/bin/cargo-fuzz
$(CARGO_FUZZ):
	cargo install --quiet --locked --debug --root target/cargo-fuzz --version 0.13.2 cargo-fuzz

# Two minutes, and some more the first time; needs g++. ALLONGE_FUZZ_SECONDS=3600 gives each decoder an hour.
.PHONY: test-fuzz
test-fuzz: $(CARGO_FUZZ)
	PATH="$(CURDIR)/$(dir $(CARGO_FUZZ)):$$PATH" tests/fuzz/run.sh

# ---------------------------------------------------------------------------------------------------------
.PHONY: generate
generate:
	cargo run --quiet -p allonge-generate

# The wheel for the glibc of manylinux2014 needs a linker for it: pip install ziglang, and pass
# WHEEL="--zig --compatibility manylinux2014".
.PHONY: package
package: $(VENV) $(NPM)
	rm -rf $(PACKAGES)
	cd python && $(IN_VENV) maturin build --quiet --release $(WHEEL) --out ../$(PACKAGES)
	cd python && $(IN_VENV) maturin sdist --out ../$(PACKAGES)
	cd node && npm run --silent build:release && npm run --silent pack:all
	rm -f $(STAMPS)/node
	ls -l $(PACKAGES)

# The wheel that the source distribution gives is the wheel.
.PHONY: test-sdist
test-sdist: package
	MATURIN_PEP517_ARGS="--profile dev" CARGO_TARGET_DIR=$(CURDIR)/target \
	    .venv/bin/pip wheel --no-deps --no-binary allonge $(PACKAGES)/allonge-*.tar.gz -w target/from-sdist

.PHONY: bench
bench: bench-start bench-languages bench-ledger bench-instruments bench-network

.PHONY: bench-start
bench-start: package
	cargo bench --quiet -p allonge --bench receipt | $(PYTHON) tests/bench/start.py $(PACKAGES) target/bench/start.json

.PHONY: bench-languages
bench-languages: package
	$(PYTHON) tests/bench/languages.py $(PACKAGES) target/bench/languages.json

# ACCOUNTS=20000 ROUNDS=1 takes a minute; GROWTH="100000 10000000" compares the two sizes too, in half an hour.
.PHONY: bench-ledger
bench-ledger: $(VENV)
	$(PYTHON) tests/bench/ledger.py target/bench/ledger.json

# What a transition of an instrument costs, beside a transfer. DEALS=5000.
.PHONY: bench-instruments
bench-instruments:
	cargo bench --quiet -p allonge --bench instruments -- $(DEALS)

# Three rounds; ROUNDS=1 takes two minutes when everything is built.
.PHONY: bench-network
bench-network: $(VENV)
	$(PYTHON) tests/bench/network.py target/bench/network.json
