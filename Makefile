# Every command that people and CI run. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# One target directory for demo and tests; set CARGO_TARGET_DIR to keep it elsewhere.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
BIN := $(CARGO_TARGET_DIR)/debug
# Where scripts/contracts.sh, scripts/lint.sh and scripts/test-tools.sh install what is no Debian package.
export ASSENT_TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/assent/tools

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.PHONY: setup
setup: ## Name the system packages that are missing; root, or ASSENT_SUDO=1, has them installed
	@scripts/setup.sh

.PHONY: build
build: setup ## Build the node, deploy, indexer, API and the demo
	@echo "==> building (the first time takes up to half an hour on 2 cores)"
	cargo build --locked

.PHONY: demo
demo: build ## Start everything, play the story, stay up until Ctrl-C (DEMO_EXIT=1: exit after the story)
	@$(BIN)/assent-demo

.PHONY: test
test: check-artifacts test-tools build ## Run all tests: contracts, host units, database, API, end to end
	@echo "==> contract unit tests"
	cargo test --locked --quiet --manifest-path contracts/Cargo.toml --workspace
	@echo "==> the contracts on the real pallet, host, database and end-to-end tests"
	$(BIN)/with-postgres cargo test --locked --workspace

.PHONY: test-tools
test-tools: setup ## Install what the tests of examples and READMEs run: Node.js, jq, curl, cargo-contract 5.0.3
	@scripts/test-tools.sh

.PHONY: walk
walk: setup ## Walk over all contracts at random: WALK_CALLS (1,000,000) messages from WALK_SEED (2026)
	WALK_CALLS=$${WALK_CALLS:-1000000} cargo test --locked --workspace --test sandbox walk:: -- --nocapture

.PHONY: bench-contracts
bench-contracts: setup ## Print what each message costs; COSTS=--write also puts it into contracts/README.md
	cargo build --locked --workspace --bin contract-costs
	@$(BIN)/contract-costs $(COSTS)

.PHONY: bench-indexer
bench-indexer: build ## Measure the indexer beside its limits, on chains of BENCH_BLOCKS (20,000) blocks that are kept
	@scripts/bench-tools.sh
	@BENCH_FOLDER=$${BENCH_FOLDER:-$(CARGO_TARGET_DIR)/bench} $(BIN)/assent-bench indexer

.PHONY: bench-latency
bench-latency: build ## Measure how long after finality a block's rows can be seen
	@$(BIN)/assent-bench latency

.PHONY: faults
faults: build ## Disturb the indexer at random, RUNS (10) times from SEED (1) on, and compare every table
	@$(BIN)/assent-faults --seed $${SEED:-1} --runs $${RUNS:-10}

.PHONY: check-artifacts
check-artifacts: setup ## Fail when a source changed and its bundle or the runtime was not rebuilt
	@scripts/check-artifacts.sh

.PHONY: lint
lint: setup ## Check formatting, clippy with warnings denied, licences and sources (installs cargo-deny)
	@scripts/lint.sh

.PHONY: artifacts
artifacts: contracts runtime ## Rebuild the committed contract bundles and the runtime from source

.PHONY: contracts
contracts: ## Rebuild contracts/artifacts (installs cargo-contract 5.0.3 and Rust 1.85 when missing)
	@scripts/contracts.sh

.PHONY: verify-artifacts
verify-artifacts: ## Rebuild the contracts elsewhere and compare their code hashes with the committed ones
	@scripts/contracts.sh --verify

.PHONY: runtime
runtime: build ## Rebuild the runtime in chain/specs
	@scripts/runtime.sh
