#!/bin/sh
# A Docker engine of its own in a directory, until standard input ends. Then it goes with all that it holds: however the program
# at the other end of that pipe ends, nothing is left to run.
#
#   own-engine.sh DIR     the engine listens on DIR/docker.sock, and its log is DIR/log
dir=$1
# Where Debian has it, and not everybody looks.
export PATH="$PATH:/usr/sbin:/sbin"
bridge=/sys/class/net/docker0
[ -e "$bridge" ] && had_bridge=yes

dockerd --host "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
  >"$dir/log" 2>&1 &
engine=$!

while read -r _; do :; done
kill "$engine" 2>/dev/null
wait "$engine"
[ "${had_bridge:-no}" = yes ] || ip link delete docker0
# Many files, for which nobody has to wait.
rm -rf "$dir" >/dev/null 2>&1 &
