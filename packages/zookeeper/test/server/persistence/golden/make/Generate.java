import org.apache.zookeeper.*;
import org.apache.zookeeper.data.*;
import java.util.*;
import java.util.concurrent.*;
/** Writes varied content to a server; `first` and `second` come before and after its restart. Sessions stay open. */
public class Generate {
  static ZooKeeper open(String hp, int t) throws Exception {
    CountDownLatch l = new CountDownLatch(1);
    ZooKeeper z = new ZooKeeper(hp, t, e -> { if (e.getState() == Watcher.Event.KeeperState.SyncConnected) l.countDown(); });
    if (!l.await(20, TimeUnit.SECONDS)) throw new Exception("no connection");
    return z;
  }
  static void expect(String code, Callable<?> c) throws Exception {
    try { c.call(); } catch (KeeperException e) { if (e.code().name().equals(code)) return; throw e; }
    throw new Exception("no " + code);
  }
  public static void main(String[] a) throws Exception {
    String phase = a[1];
    ZooKeeper zk = open(a[0], 30000);
    List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
    if (phase.equals("first")) {
      zk.create("/plain", "data".getBytes(), open, CreateMode.PERSISTENT);
      zk.create("/null", null, open, CreateMode.PERSISTENT);
      zk.create("/empty", new byte[0], open, CreateMode.PERSISTENT);
      zk.create("/plain/ünïcode-日本", "ö".getBytes("UTF-8"), open, CreateMode.PERSISTENT);
      zk.create("/seq-", "s".getBytes(), open, CreateMode.PERSISTENT_SEQUENTIAL);
      zk.create("/seq-", "s".getBytes(), open, CreateMode.PERSISTENT_SEQUENTIAL);
      zk.create("/container", "c".getBytes(), open, CreateMode.CONTAINER);
      zk.create("/container/child", "c".getBytes(), open, CreateMode.PERSISTENT);
      zk.create("/ttl", "t".getBytes(), open, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 86400000L);
      zk.create("/ttl-", "t".getBytes(), open, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, new Stat(), 7200000L);
      // Asked for with a stat, it is logged as a create2, which is a create but for its number.
      if (a[2].equals("true")) zk.create("/with-stat", "w".getBytes(), open, CreateMode.PERSISTENT, new Stat());
      else zk.create("/with-stat", "w".getBytes(), open, CreateMode.PERSISTENT);
      zk.setData("/plain", "more data".getBytes(), 0);
      zk.setData("/plain", null, -1);
      zk.setData("/plain", "again".getBytes(), -1);
      zk.addAuthInfo("digest", "ann:secret".getBytes());
      zk.create("/mine", "m".getBytes(), ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
      zk.create("/readable", "r".getBytes(), ZooDefs.Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
      List<ACL> two = Arrays.asList(new ACL(31, new Id("digest", "bob:abcdefg=")), new ACL(1, new Id("ip", "10.0.0.0/8")));
      zk.create("/two", "2".getBytes(), two, CreateMode.PERSISTENT);
      zk.setACL("/empty", two, 0);
      zk.multi(Arrays.asList(Op.create("/multi", "1".getBytes(), open, CreateMode.PERSISTENT),
        Op.create("/multi/a", null, open, CreateMode.EPHEMERAL), Op.check("/plain", 3), Op.setData("/multi", "2".getBytes(), 0),
        Op.create("/multi/ttl", "x".getBytes(), open, CreateMode.PERSISTENT_WITH_TTL, 3600000L),
        Op.create("/multi/container", "x".getBytes(), open, CreateMode.CONTAINER),
        Op.delete("/null", -1)));
      expect("BADVERSION", () -> zk.multi(Arrays.asList(Op.create("/never", null, open, CreateMode.PERSISTENT), Op.check("/plain", 99), Op.delete("/plain", -1))));
      expect("NODEEXISTS", () -> zk.create("/plain", null, open, CreateMode.PERSISTENT));
      expect("NONODE", () -> { zk.delete("/nowhere", -1); return null; });
      expect("NOTEMPTY", () -> { zk.delete("/plain", -1); return null; });
      ZooKeeper other = open(a[0], 20000);
      other.create("/eph-closed", "e".getBytes(), open, CreateMode.EPHEMERAL);
      other.create("/eph-closed-", "e".getBytes(), open, CreateMode.EPHEMERAL_SEQUENTIAL);
      other.close();
      ZooKeeper stays = open(a[0], 40000);
      stays.create("/eph-stays", "e".getBytes(), open, CreateMode.EPHEMERAL);
      stays.create("/eph-stays-", null, open, CreateMode.EPHEMERAL_SEQUENTIAL);
      for (int i = 0; i < 60; i++) zk.setData("/with-stat", ("value " + i).getBytes(), -1);
      zk.delete("/multi/a", -1);
      System.out.println("done");
      Runtime.getRuntime().halt(0);
    } else if (phase.equals("second")) {
      for (int i = 0; i < 20; i++) zk.create("/second-", ("v" + i).getBytes(), open, CreateMode.PERSISTENT_SEQUENTIAL);
      zk.create("/eph-second", "e".getBytes(), open, CreateMode.EPHEMERAL);
      zk.delete("/container/child", -1);
      System.out.println("done");
      Runtime.getRuntime().halt(0);
    }
  }
}
