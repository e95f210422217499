"""Uses a ZooKeeper server through kazoo and prints what it sees, without what differs from run to run.

Usage: transcript.py HOST:PORT
"""
import logging
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import (BadVersionError, InvalidACLError, NoAuthError, NodeExistsError, NoNodeError,
                              NotEmptyError, RolledBackError)
from kazoo.protocol.states import KazooState
from kazoo.recipe.watchers import PatientChildrenWatch
from kazoo.security import make_acl, make_digest_acl

logging.basicConfig(level=logging.CRITICAL)
address = sys.argv[1]


def started(**options):
    client = KazooClient(hosts=address, timeout=6, **options)
    client.start(timeout=15)
    return client


def say(*what):
    print(*what, flush=True)


def refusal(call, *arguments, **options):
    try:
        call(*arguments, **options)
        return 'done'
    except Exception as error:  # the kind of the error is what is printed
        return type(error).__name__


def numbers(stat):
    return (stat.version, stat.cversion, stat.aversion, stat.dataLength, stat.numChildren, stat.ephemeralOwner != 0)


a = started()
b = started()
a.ensure_path('/py/base')
say('create', a.create('/py/base/one', b'1'), refusal(a.create, '/py/base/one'))
say('sequence', a.create('/py/base/s-', sequence=True), a.create('/py/base/s-', sequence=True, ephemeral=True))
say('include data', numbers(a.create('/py/base/two', b'22', include_data=True)[1]))
say('get', a.get('/py/base/one')[0], numbers(a.get('/py/base/one')[1]))
say('set', numbers(a.set('/py/base/one', b'new', version=0)), refusal(a.set, '/py/base/one', b'x', version=0))
say('children', sorted(a.get_children('/py/base')), numbers(a.get_children('/py/base', include_data=True)[1]))
say('delete', refusal(a.delete, '/py/base'), refusal(a.delete, '/py/none'), refusal(a.delete, '/py/base/one', version=7))
say('null and empty', a.create('/py/empty', b''), a.get('/py/empty')[0])
say('names', a.create('/py/h\u00e9llo \u4e16\u754c'), refusal(a.create, '/py/./x'), refusal(a.create, '/py/missing/x'))

transaction = a.transaction()
transaction.check('/py/base/one', 1)
transaction.create('/py/base/t', b't')
transaction.set_data('/py/base/t', b'tt', version=0)
transaction.create('/py/base/t-', sequence=True)
transaction.delete('/py/base/two')
say('transaction', [type(r).__name__ if not isinstance(r, str) else r for r in transaction.commit()])
transaction = a.transaction()
transaction.create('/py/base/u')
transaction.check('/py/base/one', 99)
transaction.delete('/py/base/t')
say('rolled back', [type(r).__name__ for r in transaction.commit()], a.exists('/py/base/u'))

seen = []
arrived = threading.Condition()


def watch(event):
    with arrived:
        seen.append((event.type, event.path))
        arrived.notify_all()


def wait_for(count):
    with arrived:
        arrived.wait_for(lambda: len(seen) >= count, timeout=15)
        return list(seen)


a.get('/py/base/one', watch=watch)
a.exists('/py/base/later', watch=watch)
a.get_children('/py/base', watch=watch)
b.set('/py/base/one', b'by b')
b.create('/py/base/later')
b.delete('/py/base/later')
say('watches', sorted(wait_for(3)))

secret = started(auth_data=[('digest', 'ann:secret')])
secret.create('/py/secret', b'hidden', acl=[make_digest_acl('ann', 'secret', all=True), make_acl('world', 'anyone', read=False, create=True)])
say('acl', refusal(a.get, '/py/secret'), secret.get('/py/secret')[0], refusal(a.create, '/py/secret/child'))
say('acls', [(acl.perms, acl.id.scheme) for acl in secret.get_acls('/py/secret')[0]])
secret.set_acls('/py/secret', [make_acl('ip', '127.0.0.1', all=True)])
say('ip', a.get('/py/secret')[0], numbers(a.get('/py/secret')[1]), refusal(a.set_acls, '/py/secret', [make_acl('nonsense', 'x', all=True)]))
secret.stop()

lock = a.Lock('/py/lock', 'a')
lock.acquire()
other = b.Lock('/py/lock', 'b')
say('lock', other.acquire(blocking=False), lock.contenders())
taken = threading.Event()
threading.Thread(target=lambda: (other.acquire(), taken.set()), daemon=True).start()
lock.release()
say('lock moves', taken.wait(15))
other.release()

led = []
elections = [threading.Thread(target=lambda c=c, n=n: c.Election('/py/election', n).run(led.append, n)) for c, n in ((a, 'a'), (b, 'b'))]
for thread in elections:
    thread.start()
for thread in elections:
    thread.join(15)
say('election', sorted(led))

counter = a.Counter('/py/counter')
threads = [threading.Thread(target=lambda c=c: [c.Counter('/py/counter').__add__(1) for _ in range(10)]) for c in (a, b)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(30)
say('counter', counter.value)

queue = a.LockingQueue('/py/queue')
queue.put_all([b'1', b'2', b'3'])
say('queue', queue.get(5), queue.consume(), queue.get(5), queue.consume(), len(queue))
party = a.Party('/py/party', 'a')
party.join()
say('party', len(b.Party('/py/party', 'b')))
party.leave()
semaphore = a.Semaphore('/py/semaphore', max_leases=1)
semaphore.acquire()
say('semaphore', b.Semaphore('/py/semaphore', max_leases=1).acquire(blocking=False))
semaphore.release()

states = []
lost = threading.Event()
c = started()
c.create('/py/ephemeral', ephemeral=True)
say('ephemeral', numbers(a.exists('/py/ephemeral')), refusal(c.create, '/py/ephemeral/child'))
gone = threading.Event()
a.exists('/py/ephemeral', watch=lambda event: gone.set())
c.stop()
say('closed', gone.wait(15), a.exists('/py/ephemeral'))

d = started()
d.add_listener(lambda state: states.append(state))
d.create('/py/held', ephemeral=True)
session = d.client_id[0]
d._connection._socket.shutdown(2)  # as if the network had cut it
back = threading.Event()
d.add_listener(lambda state: back.set() if state == KazooState.CONNECTED else None)
back.wait(15)
say('reattached', d.client_id[0] == session, a.exists('/py/held') is not None, states)
d.stop()

say('ruok', a.command(b'ruok'))
a.delete('/py', recursive=True)
say('recursive', a.exists('/py'))
a.stop()
b.stop()
