"""Writes the records on standard input to partition 0: SERVERS TOPIC. They are JSON, all bytes as base64."""

import json
import sys
from base64 import b64decode

from confluent_kafka import Producer

servers, topic = sys.argv[1], sys.argv[2]


def bytes_of(text):
    return None if text is None else b64decode(text)


def on_delivery(error, _message):
    if error is not None:
        raise SystemExit(f"not delivered: {error}")


producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True})
for record in json.load(sys.stdin):
    producer.produce(
        topic,
        key=bytes_of(record["key"]),
        value=bytes_of(record["value"]),
        headers=[(name, bytes_of(value)) for name, value in record["headers"]],
        timestamp=record["timestamp"],
        partition=0,
        on_delivery=on_delivery,
    )
if producer.flush(30) > 0:
    raise SystemExit("not all are delivered")
