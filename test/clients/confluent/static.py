"""A static member that is back within its session has what it had, and nobody else notices: SERVERS TOPIC PARTITIONS."""

import json
import sys

from confluent_kafka.admin import AdminClient
from members import Member, poll_until

servers, topic, partitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
half = partitions // 2
CONFIG = {"session.timeout.ms": 20000}


def join(instance):
    return Member(servers, "static", topic, **CONFIG, **{"group.instance.id": instance})


found = {}
stays = join("stays")
poll_until("one has all", [stays], lambda: len(stays.owned) == partitions)
first_life = join("leaves")
poll_until("they share", [stays, first_life], lambda: len(stays.owned) == half and len(first_life.owned) == half)
had = first_life.owned.copy()
(group,) = AdminClient({"bootstrap.servers": servers}).list_groups("static", 30)
found["state"] = group.state
found["protocol"] = group.protocol
found["members"] = len(group.members)

stays.forget_events()
first_life.consumer.close()
second_life = join("leaves")
poll_until("it is back", [stays, second_life], lambda: len(second_life.owned) == half)
found["has what it had"] = second_life.owned == had
found["seen by the other"] = stays.events[:]
second_life.consumer.close()
stays.consumer.close()
print(json.dumps(found))
