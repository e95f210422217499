"""Prints partition, offset and value of what it reads as a member of a group, until SIGTERM: SERVERS GROUP TOPIC SESSION_MS COMMIT_MS."""

import signal
import sys

from confluent_kafka import Consumer

servers, group, topic, session_ms, commit_ms = sys.argv[1:6]
is_stopped = False


def stop(_signal, _frame):
    global is_stopped
    is_stopped = True


signal.signal(signal.SIGTERM, stop)
consumer = Consumer(
    {
        "bootstrap.servers": servers,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "session.timeout.ms": int(session_ms),
        "heartbeat.interval.ms": 500,
        "auto.commit.interval.ms": int(commit_ms),
        "partition.assignment.strategy": "cooperative-sticky",
        "check.crcs": True,
    }
)
consumer.subscribe([topic])
while not is_stopped:
    message = consumer.poll(0.1)
    if message is not None and message.error() is None:
        print(message.partition(), message.offset(), message.value().decode())
consumer.close()
