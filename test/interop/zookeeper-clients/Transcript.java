import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Uses a ZooKeeper server through the Java client and prints what it sees, without what differs from run to run. */
public final class Transcript {
    private static String address;

    interface Call {
        Object run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        address = args[0];
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        ZooKeeper a = client(event -> seen.add(text(event)));
        ZooKeeper b = client(event -> { });
        a.create("/java", bytes("root"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        znodes(a);
        transactions(a);
        watches(a, b, seen);
        persistentWatches(a, b);
        manyChildren(a);
        sessions(a);
        a.close();
        b.close();
    }

    private static void znodes(ZooKeeper zk) throws Exception {
        say("null data", () -> {
            zk.create("/java/null", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            return zk.getData("/java/null", false, null) == null;
        });
        say("every mode", () -> {
            List<String> made = new ArrayList<>();
            for (CreateMode mode : CreateMode.values()) {
                Stat stat = new Stat();
                String path = "/java/mode-" + mode.name() + "-";
                made.add(mode.isTTL()
                    ? zk.create(path, bytes("x"), Ids.OPEN_ACL_UNSAFE, mode, stat, 600_000)
                    : zk.create(path, bytes("x"), Ids.OPEN_ACL_UNSAFE, mode, stat));
                made.add(text(stat));
            }
            return made;
        });
        say("a ttl that is none", () -> zk.create("/java/ttl", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, -1));
        say("no parent", () -> zk.create("/java/a/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        say("below an ephemeral", () -> zk.create("/java/mode-EPHEMERAL-/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        say("twice", () -> zk.create("/java", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        say("version 0 of 1", () -> {
            zk.setData("/java/null", bytes("1"), 0);
            return zk.setData("/java/null", bytes("2"), 0);
        });
        say("root", () -> {
            try {
                zk.delete("/", -1);
            } catch (KeeperException | IllegalArgumentException error) {
                return error.getClass().getSimpleName();
            }
            return null;
        });
        say("ephemerals", () -> {
            List<String> paths = new ArrayList<>(zk.getEphemerals("/java"));
            Collections.sort(paths);
            return paths;
        });
        say("all children", () -> zk.getAllChildrenNumber("/java"));
        say("acl", () -> {
            zk.addAuthInfo("digest", bytes("ann:secret"));
            zk.create("/java/mine", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            return zk.getACL("/java/mine", null);
        });
        say("empty acl", () -> zk.create("/java/none", null, Collections.emptyList(), CreateMode.PERSISTENT));
        say("who", () -> {
            List<String> schemes = new ArrayList<>();
            zk.whoAmI().forEach(info -> schemes.add(info.getAuthScheme() + " " + info.getUser()));
            Collections.sort(schemes);
            return schemes;
        });
        say("large", () -> zk.create("/java/large", new byte[1_000_000], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    private static void transactions(ZooKeeper zk) throws Exception {
        say("multi", () -> results(zk.multi(Arrays.asList(
            Op.check("/java", 0),
            Op.create("/java/m", bytes("m"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.create("/java/m/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
            Op.setData("/java/m", bytes("mm"), 0),
            Op.delete("/java/null", -1)))));
        say("multi that fails", () -> {
            try {
                return zk.multi(Arrays.asList(
                    Op.create("/java/n", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                    Op.setData("/java/m", bytes("x"), 0),
                    Op.delete("/java/m", -1)));
            } catch (KeeperException error) {
                return error.code() + " " + results(error.getResults());
            }
        });
        say("nothing of it", () -> zk.exists("/java/n", false));
        say("multi read", () -> results(zk.multi(Arrays.asList(
            Op.getData("/java/m"), Op.getChildren("/java/m"), Op.getData("/java/n")))));
    }

    private static void watches(ZooKeeper a, ZooKeeper b, BlockingQueue<String> seen) throws Exception {
        a.getData("/java/m", true, null);
        a.getChildren("/java/m", true);
        a.exists("/java/w", true);
        b.setData("/java/m", bytes("by b"), -1);
        b.create("/java/m/d", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        b.create("/java/w", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        say("watches", () -> take(seen, 3));
        a.getData("/java/w", true, null);
        a.getChildren("/java/w", true);
        b.delete("/java/w", -1);
        say("deleted", () -> take(seen, 1));
        a.exists("/java/w", true);
        say("removed", () -> {
            a.removeAllWatches("/java/w", Watcher.WatcherType.Any, false);
            return take(seen, 1);
        });
        say("none to remove", () -> {
            a.removeAllWatches("/java/never", Watcher.WatcherType.Data, false);
            return null;
        });
    }

    private static void persistentWatches(ZooKeeper a, ZooKeeper b) throws Exception {
        BlockingQueue<String> one = new LinkedBlockingQueue<>();
        BlockingQueue<String> all = new LinkedBlockingQueue<>();
        a.addWatch("/java/m", event -> one.add(text(event)), AddWatchMode.PERSISTENT);
        a.addWatch("/java", event -> all.add(text(event)), AddWatchMode.PERSISTENT_RECURSIVE);
        b.setData("/java/m", bytes("1"), -1);
        b.setData("/java/m", bytes("2"), -1);
        b.create("/java/m/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        b.delete("/java/m/e", -1);
        say("persistent", () -> take(one, 4));
        say("recursive", () -> take(all, 4));
    }

    private static void manyChildren(ZooKeeper zk) throws Exception {
        zk.create("/java/many", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        CountDownLatch made = new CountDownLatch(2000);
        for (int i = 0; i < 2000; i++) {
            zk.create("/java/many/n-", bytes("" + i), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL,
                (code, path, context, name) -> {
                    if (code == 0) made.countDown();
                }, null);
        }
        say("pipelined", () -> made.await(30, TimeUnit.SECONDS) + " " + zk.getChildren("/java/many", false).size());
        say("last", () -> text(zk.exists("/java/many", false)));
        List<Op> deletes = new ArrayList<>();
        for (String child : zk.getChildren("/java/many", false)) deletes.add(Op.delete("/java/many/" + child, 0));
        say("deleted at once", () -> zk.multi(deletes).size() + " " + text(zk.exists("/java/many", false)));
    }

    private static void sessions(ZooKeeper a) throws Exception {
        BlockingQueue<String> gone = new LinkedBlockingQueue<>();
        ZooKeeper first = client(event -> { });
        first.create("/java/session", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long id = first.getSessionId();
        byte[] password = first.getSessionPasswd();
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper second = new ZooKeeper(address, 6000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        }, id, password);
        say("taken over", () -> connected.await(15, TimeUnit.SECONDS) + " " + (second.getSessionId() == id));
        a.exists("/java/session", event -> gone.add(text(event)));
        second.close();
        say("closed", () -> take(gone, 1));
        BlockingQueue<String> states = new LinkedBlockingQueue<>();
        ZooKeeper wrong = new ZooKeeper(address, 6000, event -> states.add(event.getState().name()), id, new byte[16]);
        say("no such session", () -> take(states, 1));
        wrong.close();
        first.close();
    }

    private static ZooKeeper client(Watcher watcher) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(address, 6000, event -> {
            if (event.getType() != Watcher.Event.EventType.None) watcher.process(event);
            else if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        });
        if (!connected.await(15, TimeUnit.SECONDS)) throw new IllegalStateException("not connected");
        return client;
    }

    private static void say(String what, Call call) {
        String came;
        try {
            came = String.valueOf(call.run());
        } catch (Exception error) {
            came = error instanceof KeeperException ? ((KeeperException) error).code().name() : error.getClass().getSimpleName();
        }
        System.out.println(what + ": " + came);
    }

    private static List<String> take(BlockingQueue<String> queue, int count) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) taken.add(queue.poll(15, TimeUnit.SECONDS));
        return taken;
    }

    private static String results(List<OpResult> results) {
        List<String> texts = new ArrayList<>();
        for (OpResult result : results) {
            if (result instanceof OpResult.ErrorResult) texts.add("error " + ((OpResult.ErrorResult) result).getErr());
            else if (result instanceof OpResult.CreateResult) texts.add("create " + ((OpResult.CreateResult) result).getPath());
            else if (result instanceof OpResult.SetDataResult) texts.add("set " + text(((OpResult.SetDataResult) result).getStat()));
            else if (result instanceof OpResult.GetDataResult) texts.add("data " + new String(((OpResult.GetDataResult) result).getData()));
            else if (result instanceof OpResult.GetChildrenResult) texts.add("children " + ((OpResult.GetChildrenResult) result).getChildren());
            else texts.add(result.getClass().getSimpleName());
        }
        return texts.toString();
    }

    private static String text(WatchedEvent event) {
        return event.getType() + " " + event.getState() + " " + event.getPath();
    }

    private static String text(Stat stat) {
        if (stat == null) return "none";
        return String.format("v%d cv%d av%d %d bytes %d children %s", stat.getVersion(), stat.getCversion(), stat.getAversion(),
            stat.getDataLength(), stat.getNumChildren(), owner(stat.getEphemeralOwner()));
    }

    /** A session's id differs from run to run; the marks of containers and TTLs do not. */
    private static String owner(long owner) {
        return owner == 0 || (owner & 0xff00000000000000L) == 0xff00000000000000L || owner == Long.MIN_VALUE
            ? Long.toHexString(owner) : "session";
    }

    private static byte[] bytes(String text) {
        return text.getBytes();
    }
}
