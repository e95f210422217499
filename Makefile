# Every program comes from node_modules/.bin, Node itself too: the system's own may be too old for TypeScript.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
INSTALLED := node_modules/.package-lock.json

PARTITION := test/golden/cluster/broker-2/data/codec-zstd-0

.DEFAULT_GOAL := help
.PHONY: help up test interop bench check lint format layers docs clean

help: ## Lists these verbs
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r verb what; do \
		printf '  make %-8s %s\n' "$$verb" "$$what"; done

up: $(INSTALLED) ## Shows what there is so far: prints a partition that Apache Kafka wrote
	@barnabas dump-log --deep-iteration --print-data-log --files $(PARTITION)/00000000000000000000.log
	@echo 'Above: one segment that Apache Kafka 3.9.1 wrote, read by Barnabas. A cluster to start with this verb comes next.'

test: check lint layers ## Types, lint, layers, then all tests but interop
	@vitest run $(VITEST_FLAGS)

interop: $(INSTALLED) ## Tests against Apache Kafka itself; needs Java 17 and Maven
	@vitest run --config vitest.interop.config.ts $(VITEST_FLAGS)

bench: $(INSTALLED) ## Measures the log against the raw disk
	@node bench/log.ts $(BENCH_FLAGS)

check: $(INSTALLED) ## Checks the types
	@tsc --noEmit -p tsconfig.json

lint: $(INSTALLED) ## Checks style and format
	@biome check --error-on-warnings .

format: $(INSTALLED) ## Puts style and format right where that can be done
	@biome check --write .

layers: $(INSTALLED) ## Checks that packages import only what lies below them
	@node tools/layers.ts

docs: $(INSTALLED) ## Writes the pages of docs/ that are made from the code
	@node tools/docs.ts

clean: ## Removes what was installed and built
	rm -rf node_modules .cache coverage

# npm notes down here what it installed last; the lock file is newer when that has changed.
$(INSTALLED): package-lock.json
	@npm ci --loglevel=error --no-audit --no-fund
	@touch $@
