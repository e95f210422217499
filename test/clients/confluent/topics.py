"""What an administrator does with topics: SERVERS TOPIC."""

import json
import sys
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

DEADLINE_S = 30

servers, topic = sys.argv[1], sys.argv[2]
admin = AdminClient({"bootstrap.servers": servers})


def outcome(futures):
    """OK, or the name of the error."""
    (future,) = futures.values()
    try:
        future.result(DEADLINE_S)
        return "OK"
    except KafkaException as error:
        return error.args[0].name()


def retention():
    resource = ConfigResource("topic", topic)
    (future,) = admin.describe_configs([resource]).values()
    entry = future.result(DEADLINE_S)["retention.ms"]
    return [entry.value, entry.is_default]


def when(what, is_true):
    """Waits for every broker to know: metadata are asked of any of them."""
    give_up_at = time.monotonic() + DEADLINE_S
    while not is_true():
        if time.monotonic() > give_up_at:
            raise SystemExit(f"not within {DEADLINE_S} s: {what}")
        time.sleep(0.05)


def partitions():
    found = admin.list_topics(timeout=DEADLINE_S).topics.get(topic)
    return 0 if found is None else len(found.partitions)


found = {}
new_topic = NewTopic(topic, 3, 3, config={"retention.ms": "100000"})
found["validated"] = outcome(admin.create_topics([NewTopic(topic, 3, 3)], validate_only=True))
found["created"] = outcome(admin.create_topics([new_topic]))
when("it has partitions", lambda: partitions() == 3)
found["created again"] = outcome(admin.create_topics([new_topic]))
found["of a bad name"] = outcome(admin.create_topics([NewTopic("a/b", 1, 1)]))
found["on too many brokers"] = outcome(admin.create_topics([NewTopic(f"{topic}-wide", 1, 4)]))
found["retention"] = retention()
altered = ConfigResource("topic", topic, set_config={"retention.ms": "200000"})
found["altered"] = outcome(admin.alter_configs([altered]))
when("the config is another", lambda: retention()[0] == "200000")
found["more partitions"] = outcome(admin.create_partitions([NewPartitions(topic, 5)]))
when("it has more partitions", lambda: partitions() == 5)
found["fewer partitions"] = outcome(admin.create_partitions([NewPartitions(topic, 2)]))
found["deleted"] = outcome(admin.delete_topics([topic]))
when("it is gone", lambda: partitions() == 0)
found["deleted again"] = outcome(admin.delete_topics([topic]))

print(json.dumps(found))
