"""A second member of a cooperative group takes half, and the first goes on with the other half: SERVERS TOPIC PARTITIONS."""

import json
import sys

from confluent_kafka import Producer
from members import Member, poll_until

servers, topic, partitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
half = partitions // 2
producer = Producer({"bootstrap.servers": servers, "acks": "all"})


def produce(first, count):
    for number in range(first, first + count):
        producer.produce(topic, str(number), partition=number % partitions)
    if producer.flush(30) > 0:
        raise SystemExit("not all are delivered")


found = {}
produce(0, 60)
one = Member(servers, "cooperative", topic)
poll_until("one has all and has read all", [one], lambda: len(one.owned) == partitions and len(one.values) == 60)
found["alone"] = one.events[:]
one.forget_events()

two = Member(servers, "cooperative", topic)
poll_until("they share", [one, two], lambda: len(one.owned) == half and len(two.owned) == half)
found["of the first"] = one.events[:]
found["of the second"] = two.events[:]
found["together"] = sorted(one.owned | two.owned)
produce(60, 60)
poll_until("all is read", [one, two], lambda: set(one.values) | set(two.values) == set(range(120)))
found["read"] = sorted(one.values + two.values) == list(range(120))

two.consumer.close()
poll_until("one has all again", [one], lambda: len(one.owned) == partitions)
one.consumer.close()
print(json.dumps(found))
