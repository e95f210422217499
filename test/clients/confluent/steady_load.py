"""Produces a record to each partition in turn, with its number as its value, until standard input ends: SERVERS TOPIC PARTITIONS PACE_MS.

Prints after each round how many it has sent to each, and at last, as JSON, how many of each are acknowledged.
"""

import json
import select
import sys

from confluent_kafka import Producer

servers, topic, partitions, pace_ms = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
acknowledged = [0] * partitions


def on_delivery(error, message):
    if error is not None:
        raise SystemExit(f"not delivered: {error}")
    acknowledged[message.partition()] += 1


producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 5})
sent = 0
while not select.select([sys.stdin], [], [], pace_ms / 1000)[0]:
    for partition in range(partitions):
        producer.produce(topic, str(sent), partition=partition, on_delivery=on_delivery)
    producer.poll(0)
    sent += 1
    print(sent)
if producer.flush(60) > 0:
    raise SystemExit("not all are delivered")
print(json.dumps(acknowledged))
