#!/usr/bin/env bash
# Writes zoo.cfg from the environment, unless /conf has one, and becomes the server.
#   ZOO_MY_ID    this server's number in ZOO_SERVERS
#   ZOO_SERVERS  all servers of the ensemble: server.1=host1:2888:3888;2181 server.2=host2:2888:3888;2181 ...
set -eu

config=/conf/zoo.cfg

if [ ! -f "$config" ]; then
  {
    echo dataDir=/data
    echo dataLogDir=/datalog
    echo "tickTime=${ZOO_TICK_TIME:-2000}"
    echo "initLimit=${ZOO_INIT_LIMIT:-5}"
    echo "syncLimit=${ZOO_SYNC_LIMIT:-2}"
    echo "maxClientCnxns=${ZOO_MAX_CLIENT_CNXNS:-60}"
    echo "autopurge.snapRetainCount=${ZOO_AUTOPURGE_SNAPRETAINCOUNT:-3}"
    echo "autopurge.purgeInterval=${ZOO_AUTOPURGE_PURGEINTERVAL:-0}"
    echo "admin.enableServer=${ZOO_ADMINSERVER_ENABLED:-true}"
    echo "4lw.commands.whitelist=${ZOO_4LW_COMMANDS_WHITELIST:-srvr}"
    # Servers, and further lines are separated by blanks.
    printf '%s\n' ${ZOO_SERVERS:-'server.1=localhost:2888:3888;2181'} ${ZOO_CFG_EXTRA:-}
  } >"$config"
fi

[ -f /data/myid ] || echo "${ZOO_MY_ID:-1}" >/data/myid

exec java ${JVMFLAGS:-} -cp /conf:/usr/share/java/slf4j-simple.jar:/usr/share/java/zookeeper.jar \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$config"
