"""Where consumers stand, commit and jump to, on one partition of ten records: SERVERS TOPIC."""

import json
import sys

from confluent_kafka import Consumer, Producer, TopicPartition

FIRST_TIME_MS = 1_600_000_000_000
COUNT = 10

servers, topic = sys.argv[1], sys.argv[2]

producer = Producer({"bootstrap.servers": servers, "acks": "all"})
for number in range(COUNT):
    producer.produce(topic, str(number), partition=0, timestamp=FIRST_TIME_MS + 1000 * number)
if producer.flush(30) > 0:
    raise SystemExit("not all are delivered")


def member():
    return Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": f"{topic}-readers",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )


def next_value(consumer):
    message = consumer.poll(30)
    if message is None or message.error() is not None:
        raise SystemExit(f"no record: {message and message.error()}")
    return int(message.value())


def offset_at(consumer, time_ms):
    return consumer.offsets_for_times([TopicPartition(topic, 0, time_ms)], 30)[0].offset


found = {}
one = member()
one.assign([TopicPartition(topic, 0)])
found["from the start"] = [next_value(one) for _ in range(4)]
found["committed before"] = one.committed([TopicPartition(topic, 0)], 30)[0].offset
one.commit(asynchronous=False)
one.close()

two = member()
found["committed"] = two.committed([TopicPartition(topic, 0)], 30)[0].offset
two.assign([TopicPartition(topic, 0)])
found["from the commit"] = [next_value(two) for _ in range(2)]
two.seek(TopicPartition(topic, 0, 1))
found["from where it was sent"] = [next_value(two) for _ in range(2)]
found["position"] = two.position([TopicPartition(topic, 0)])[0].offset
two.commit(offsets=[TopicPartition(topic, 0, 9)], asynchronous=False)
found["committed by hand"] = two.committed([TopicPartition(topic, 0)], 30)[0].offset
found["watermarks"] = two.get_watermark_offsets(TopicPartition(topic, 0), 30)
found["at a time"] = offset_at(two, FIRST_TIME_MS + 2500)
found["after the last"] = offset_at(two, FIRST_TIME_MS + 1000 * COUNT)
two.close()

print(json.dumps(found))
