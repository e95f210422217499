"""Produces records with idempotence and a codec, and reads them back: SERVERS TOPIC CODEC COUNT."""

import json
import sys

from confluent_kafka import Consumer, Producer, TopicPartition

servers, topic, codec, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

acknowledged = []


def on_delivery(error, message):
    if error is not None:
        raise SystemExit(f"not delivered: {error}")
    acknowledged.append(message.offset())


producer = Producer(
    {
        "bootstrap.servers": servers,
        "enable.idempotence": True,
        "compression.type": codec,
        "linger.ms": 20,
    }
)
for number in range(count):
    producer.produce(topic, f"value {number}", f"key {number}", 0, on_delivery)
    producer.poll(0)
if producer.flush(60) > 0:
    raise SystemExit("not all are delivered")

consumer = Consumer({"bootstrap.servers": servers, "group.id": f"{topic}-readers", "check.crcs": True})
consumer.assign([TopicPartition(topic, 0, 0)])
read = []
while len(read) < count:
    message = consumer.poll(30)
    if message is None or message.error() is not None:
        raise SystemExit(f"after {len(read)} records: {message and message.error()}")
    read.append([message.offset(), message.key().decode(), message.value().decode()])
consumer.close()

print(json.dumps({"acknowledged": acknowledged, "read": read}))
