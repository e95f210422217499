#!/usr/bin/env bash
# Runs a command that needs a Docker engine and our images: with the engine that answers, or else one of its own, which is gone
# afterwards. Only root on Debian can start that one; the packages that this takes are installed, and stay, as does what an engine
# tells iptables.
#
#   test/docker/engine/with-engine.sh vitest run ...
#
# The command finds in its environment, as docker/compose.yaml does:
#   BROKER_IMAGE      built from docker/Dockerfile
#   ZOOKEEPER_IMAGE   the official one, or where it cannot be pulled, built from docker/zookeeper
#   BASE              what they are built on: Debian's official image, or where it cannot be pulled, one of docker/make-base.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
docker=$here/../../../docker

export BASE=${BASE:-debian:bookworm-slim}
export BROKER_IMAGE=${BROKER_IMAGE:-barnabas:test}
export ZOOKEEPER_IMAGE=${ZOOKEEPER_IMAGE:-zookeeper:3.9}
# Its image may not be to be had; what tests leave behind they remove by themselves.
export TESTCONTAINERS_RYUK_DISABLED=true
OWN_ZOOKEEPER_IMAGE=barnabas-zookeeper:test

ENGINE_MAX_S=30
PULL_MAX_S=300

say() { printf 'docker-test, %3d s: %s\n' "$SECONDS" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# This machine has no use for the command. Whoever runs it among others says by DOCKER_TEST=optional that this is no failure.
cannot() {
  say "NOT RUN: $*"
  [ "${DOCKER_TEST:-}" = optional ] && exit 0
  exit 1
}

# Installs what is missing of the packages whose commands are these: command=package ...
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ "${#missing[@]}" = 0 ] && return
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] || cannot "needs ${missing[*]}, which only root on Debian can install"
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null \
    || cannot "apt-get could not install ${missing[*]}"
}

engine_answers() { command -v docker >/dev/null && timeout 5 docker version >/dev/null 2>&1; }

# It lives for as long as this shell holds the other end of its pipe.
start_own_engine() {
  [ "$(id -u)" = 0 ] || cannot 'no Docker engine answers, and only root can start one'
  need docker=docker.io dockerd=docker.io iptables=iptables ip=iproute2 docker-compose=docker-compose
  local dir
  dir=$(mktemp -d)
  exec {alive}> >(exec setsid "$here/own-engine.sh" "$dir")
  engine=$!
  trap stop_own_engine EXIT
  export DOCKER_HOST=unix://$dir/docker.sock
  local give_up_at=$((SECONDS + ENGINE_MAX_S))
  until engine_answers; do
    [ "$SECONDS" -lt "$give_up_at" ] || cannot "dockerd does not start here: $(tail -n 1 "$dir/log")"
    sleep 0.2
  done
}

stop_own_engine() {
  exec {alive}>&-
  wait "$engine" || true
}

have_image() { docker image inspect "$1" >/dev/null 2>&1; }

pull() { have_image "$1" || timeout "$PULL_MAX_S" docker pull --quiet "$1" >/dev/null 2>&1; }

build() {
  local log
  log=$(docker build --quiet --build-arg "BASE=$BASE" "$@" 2>&1) || fail "docker build $*:"$'\n'"$(tail -n 20 <<<"$log")"
}

make_images() {
  if ! pull "$BASE"; then
    need debootstrap=debootstrap
    say "cannot pull $BASE: making one"
    "$docker/make-base.sh" "$BASE" || cannot "nor make $BASE"
  fi
  say 'building images'
  local building=
  if ! pull "$ZOOKEEPER_IMAGE"; then
    export ZOOKEEPER_IMAGE=$OWN_ZOOKEEPER_IMAGE
    build --tag "$ZOOKEEPER_IMAGE" "$docker/zookeeper" &
    building=$!
  fi
  build --tag "$BROKER_IMAGE" --file "$docker/Dockerfile" "$docker/.."
  [ -z "$building" ] || wait "$building"
}

engine_answers || start_own_engine
docker compose version >/dev/null 2>&1 || need docker-compose=docker-compose
make_images
say 'ready'

# The command, and what it leaves behind, does not hold the engine.
if [ -n "${alive:-}" ]; then
  "$@" {alive}>&-
else
  "$@"
fi
