"""Prints the first records of partition 0, one on each line: SERVERS TOPIC COUNT. They are JSON, all bytes as base64."""

import json
import sys
from base64 import b64encode

from confluent_kafka import Consumer, TopicPartition

servers, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def text_of(some_bytes):
    return None if some_bytes is None else b64encode(some_bytes).decode()


consumer = Consumer({"bootstrap.servers": servers, "group.id": f"{topic}-readers", "check.crcs": True})
consumer.assign([TopicPartition(topic, 0, 0)])
for _ in range(count):
    message = consumer.poll(30)
    if message is None or message.error() is not None:
        raise SystemExit(f"no record: {message and message.error()}")
    record = {
        "key": text_of(message.key()),
        "value": text_of(message.value()),
        "headers": [(name, text_of(value)) for name, value in message.headers() or []],
        "timestamp": message.timestamp()[1],
    }
    print(json.dumps(record))
consumer.close()
