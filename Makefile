# Every program comes from node_modules/.bin, Node itself too: the system's own may be too old for TypeScript.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
INSTALLED := node_modules/.package-lock.json

BENCH := log zookeeper transport cluster

.DEFAULT_GOAL := help
.PHONY: help up down demo test interop chaos docker-test bench check lint format layers docs clean

help: ## Lists these verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r verb what; do \
		printf '  make %-11s %s\n' "$$verb" "$$what"; done

up: $(INSTALLED) ## Starts ZooKeeper and three brokers, and waits for them: BROKERS, PORT_OFFSET, DATA_DIR, ZOOKEEPER_CONNECT=host:port/chroot, UP_FLAGS
	@barnabas up $(UP_FLAGS)

down: $(INSTALLED) ## Stops them; DATA_DIR as with up
	@barnabas down

demo: $(INSTALLED) ## Kills the leader of a partition while real data flows through it, and shows that nothing is lost
	@barnabas demo

test: check lint layers ## Types, lint, layers, then all tests but interop, chaos and docker-test
	@vitest run $(VITEST_FLAGS)

interop: $(INSTALLED) ## Tests against Apache Kafka itself; needs Java 17 and Maven
	@vitest run --config vitest.interop.config.ts $(VITEST_FLAGS)

chaos: $(INSTALLED) ## Kills, halts, wipes and restarts brokers and ZooKeeper under load: CHAOS_ROUNDS=10, CHAOS_OUTAGE_SECONDS=60
	@CHAOS_ROUNDS=$${CHAOS_ROUNDS:-10} CHAOS_OUTAGE_SECONDS=$${CHAOS_OUTAGE_SECONDS:-60} \
		vitest run --config vitest.chaos.config.ts $(VITEST_FLAGS)

docker-test: $(INSTALLED) ## Tests the image and docker/compose.yaml: brokers in containers, cut off, paused, killed
	@test/docker/engine/with-engine.sh vitest run --config vitest.docker.config.ts $(VITEST_FLAGS)

bench: $(INSTALLED) ## Measures the log against the raw disk, ZooKeeper, the peers' HTTP/2 and a cluster; BENCH=log and the like for one
	@for bench in $(BENCH); do node bench/$$bench.ts $(BENCH_FLAGS) || exit; done

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
