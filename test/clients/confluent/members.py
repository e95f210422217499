"""Two members of a group in one process, and what they are told to take and to give back."""

import time

from confluent_kafka import Consumer

POLL_S = 0.05
DEADLINE_S = 60


class Member:
    """Polls; keeps what it has, what happened to it, and what it read."""

    def __init__(self, servers, group, topic, **config):
        self.owned = set()
        self.events = []
        self.values = []
        self.consumer = Consumer(
            {
                "bootstrap.servers": servers,
                "group.id": group,
                "auto.offset.reset": "earliest",
                "session.timeout.ms": 6000,
                "heartbeat.interval.ms": 500,
                "partition.assignment.strategy": "cooperative-sticky",
                **config,
            }
        )
        self.consumer.subscribe([topic], on_assign=self._take, on_revoke=self._give, on_lost=self._lose)

    def poll(self):
        message = self.consumer.poll(POLL_S)
        if message is not None and message.error() is None:
            self.values.append(int(message.value()))

    def forget_events(self):
        self.events.clear()

    def _take(self, consumer, partitions):
        self._note("assigned", partitions)
        self.owned |= {one.partition for one in partitions}
        consumer.incremental_assign(partitions)

    def _give(self, consumer, partitions):
        self._note("revoked", partitions)
        self.owned -= {one.partition for one in partitions}
        consumer.incremental_unassign(partitions)

    def _lose(self, consumer, partitions):
        self._note("lost", partitions)
        self.owned.clear()

    def _note(self, what, partitions):
        if partitions:
            self.events.append([what, len(partitions)])


def poll_until(what, members, is_true):
    """Polls all of them in turn."""
    give_up_at = time.monotonic() + DEADLINE_S
    while not is_true():
        if time.monotonic() > give_up_at:
            events = [member.events for member in members]
            raise SystemExit(f"not within {DEADLINE_S} s: {what}: {events}")
        for member in members:
            member.poll()
