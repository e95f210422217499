#!/bin/sh
# Makes the golden data anew with the ZooKeeper of Debian's package `zookeeper`, a JDK and python3. Takes a free port.
set -eu
port=${1:-21871}
here=$(cd "$(dirname "$0")" && pwd)
jars=/usr/share/java/zookeeper.jar:/usr/share/java/zookeeper-jute.jar
work=$(mktemp -d)
javac -d "$work" -cp "$jars" "$here/Generate.java" "$here/Dump.java"

start() {
  java -Dzookeeper.extendedTypesEnabled=true -Dzookeeper.digest.enabled="$digest" -Dzookeeper.snapCount=40 \
    -Dznode.container.checkIntervalMs=3600000 -cp "$jars" \
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$work/zoo.cfg" > "$work/server.out" 2>&1 &
  server=$!
}

fill() {
  start
  java -cp "$work:$jars" Generate "127.0.0.1:$port" "$1" "$digest" 2> "$work/client.out"
  # A snapshot may still be under way.
  sleep 1
  kill -9 "$server"
  wait "$server" || true
}

for digest in false true; do
  name=$([ "$digest" = true ] && echo with-digest || echo without-digest)
  printf 'tickTime=2000\ndataDir=%s\nclientPort=%s\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n' \
    "$work/$name" "$port" > "$work/zoo.cfg"
  fill first
  fill second
  rm -rf "${here:?}/../$name"
  cp -r "$work/$name" "$here/../$name"
  java -Dzookeeper.digest.enabled="$digest" -cp "$work:$jars" Dump "$work/$name" \
    > "$here/../$name.ndjson" 2> "$work/dump.out"
  python3 "$here/trim.py" "$here/../$name"/version-2/log.*
done
rm -rf "$work"
