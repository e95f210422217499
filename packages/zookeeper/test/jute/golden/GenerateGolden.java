import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.data.StatPersisted;
import org.apache.zookeeper.proto.*;
import org.apache.zookeeper.server.persistence.Util;
import org.apache.zookeeper.txn.*;

/** Writes jute.ndjson with ZooKeeper's own classes; see README.md. */
public class GenerateGolden {
    static final long MAX_SAFE = (1L << 53) - 1;
    static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    static final byte[] DATA = {0, 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff};
    static final byte[] PASSWORD = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, (byte) 0xf0};
    static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));
    static final List<ACL> TWO =
        List.of(new ACL(1, new Id("digest", "u:wk9Qd8cPpsJ2wP3pjYF8JbrFBF4=")), new ACL(-1, new Id("auth", "")));
    static final Stat ZERO = new Stat();
    static final Stat USUAL = new Stat(
        0x100000002L, 0x100000003L, 1700000000123L, 1700000000456L, 1, 2, 3, 0x10000abcdef0001L, 5, 7, 0x100000004L);
    static final Stat EDGE = new Stat(MAX_SAFE, -1, -MAX_SAFE, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, -1,
        Long.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffffffffL);
    static final String WIDE = "/caf\u00e9/\u65e5\u672c";

    interface Body {
        void write(BinaryOutputArchive archive) throws IOException;
    }

    public static void main(String[] args) throws IOException {
        handshakes();
        requests();
        replies();
        watchEvents();
        txns();
        oldTxns();
        stats();
        strings();
    }

    // ---- frames ----------------------------------------------------------------------------------------------------

    static void handshakes() throws IOException {
        ConnectRequest fresh = new ConnectRequest(0, 0, 30000, 0, new byte[16]);
        ConnectRequest again = new ConnectRequest(0, 0x100000002L, 4000, 0x10000abcdef0001L, PASSWORD);
        ConnectRequest odd = new ConnectRequest(-1, -1, Integer.MIN_VALUE, Long.MIN_VALUE, null);
        for (ConnectRequest r : List.of(fresh, again, odd)) {
            String fields = "\"protocolVersion\":" + r.getProtocolVersion() + ",\"lastZxidSeen\":" + r.getLastZxidSeen()
                + ",\"timeoutMs\":" + r.getTimeOut() + ",\"sessionId\":" + big(r.getSessionId())
                + ",\"password\":" + j(r.getPasswd());
            emit("connectRequest", "old client", "{" + fields + "}", bytes(a -> r.serialize(a, "")));
            for (boolean readOnly : new boolean[] {false, true}) {
                emit("connectRequest", "readOnly " + readOnly, "{" + fields + ",\"readOnly\":" + readOnly + "}",
                    bytes(a -> { r.serialize(a, ""); a.writeBool(readOnly, "readOnly"); }));
            }
        }
        ConnectResponse taken = new ConnectResponse(0, 30000, 0x10000abcdef0001L, PASSWORD);
        ConnectResponse expired = new ConnectResponse(0, 0, 0, new byte[16]);
        for (ConnectResponse r : List.of(taken, expired)) {
            String fields = "\"protocolVersion\":" + r.getProtocolVersion() + ",\"timeoutMs\":" + r.getTimeOut()
                + ",\"sessionId\":" + big(r.getSessionId()) + ",\"password\":" + j(r.getPasswd());
            emit("connectResponse", "to an old client", "{" + fields + "}", bytes(a -> r.serialize(a, "")));
            emit("connectResponse", "readOnly", "{" + fields + ",\"readOnly\":false}",
                bytes(a -> { r.serialize(a, ""); a.writeBool(false, "readOnly"); }));
        }
    }

    static void requests() throws IOException {
        creates(OpCode.create, "create");
        creates(OpCode.create2, "create2");
        creates(OpCode.createContainer, "createContainer");
        for (long ttl : new long[] {1, (1L << 40) - 1, MAX_SAFE, -5}) {
            request(OpCode.createTTL, createJson("createTTL", "/t", DATA, OPEN, 5) + ",\"ttlMs\":" + ttl,
                new CreateTTLRequest("/t", DATA, OPEN, 5, ttl));
        }
        for (int version : new int[] {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            String rest = ",\"path\":\"/a\",\"version\":" + version;
            request(OpCode.delete, op("delete") + rest, new DeleteRequest("/a", version));
            request(OpCode.check, op("check") + rest, new CheckVersionRequest("/a", version));
            for (byte[] data : Arrays.asList(null, new byte[0], DATA)) {
                request(OpCode.setData, op("setData") + ",\"data\":" + j(data) + rest,
                    new SetDataRequest("/a", data, version));
            }
            request(OpCode.setACL, op("setACL") + ",\"acl\":" + j(TWO) + rest, new SetACLRequest("/a", TWO, version));
        }
        for (boolean watch : new boolean[] {false, true}) {
            String rest = ",\"path\":" + j(WIDE) + ",\"watch\":" + watch;
            request(OpCode.exists, op("exists") + rest, new ExistsRequest(WIDE, watch));
            request(OpCode.getData, op("getData") + rest, new GetDataRequest(WIDE, watch));
            request(OpCode.getChildren, op("getChildren") + rest, new GetChildrenRequest(WIDE, watch));
            request(OpCode.getChildren2, op("getChildren2") + rest, new GetChildren2Request(WIDE, watch));
        }
        request(OpCode.getACL, op("getACL") + ",\"path\":\"/a\"", new GetACLRequest("/a"));
        request(OpCode.sync, op("sync") + ",\"path\":\"/a\"", new SyncRequest("/a"));
        request(OpCode.getAllChildrenNumber, op("getAllChildrenNumber") + ",\"path\":\"/\"",
            new GetAllChildrenNumberRequest("/"));
        request(OpCode.getEphemerals, op("getEphemerals") + ",\"prefix\":\"\"", new GetEphemeralsRequest(""));
        String[] types = {"children", "data", "any"};
        for (int type = 1; type <= 3; type++) {
            String rest = ",\"path\":\"/a\",\"type\":\"" + types[type - 1] + "\"";
            request(OpCode.checkWatches, op("checkWatches") + rest, new CheckWatchesRequest("/a", type));
            request(OpCode.removeWatches, op("removeWatches") + rest, new RemoveWatchesRequest("/a", type));
        }
        request(OpCode.addWatch, op("addWatch") + ",\"path\":\"/a\",\"mode\":\"persistent\"", new AddWatchRequest("/a", 0));
        request(OpCode.addWatch, op("addWatch") + ",\"path\":\"/a\",\"mode\":\"persistentRecursive\"",
            new AddWatchRequest("/a", 1));
        watches(0, List.of(), List.of(), List.of(), List.of(), List.of());
        watches(MAX_SAFE, List.of("/d1", "/d2"), List.of("/e"), List.of("/c"), List.of("/p"), List.of("/r", WIDE));
        request(OpCode.auth, op("auth") + ",\"scheme\":\"digest\",\"auth\":" + j("u:p".getBytes()),
            new AuthPacket(0, "digest", "u:p".getBytes()));
        request(OpCode.whoAmI, op("whoAmI"), null);
        request(OpCode.ping, op("ping"), null);
        request(OpCode.closeSession, op("closeSession"), null);
        multis();
    }

    static void creates(int code, String op) throws IOException {
        for (int flags : new int[] {0, 3, 4, -1}) {
            request(code, createJson(op, WIDE, DATA, TWO, flags), new CreateRequest(WIDE, DATA, TWO, flags));
        }
        request(code, createJson(op, "/n", null, List.of(), 0), new CreateRequest("/n", null, List.of(), 0));
        request(code, createJson(op, "/n", new byte[0], OPEN, 0), new CreateRequest("/n", new byte[0], OPEN, 0));
    }

    static void watches(long zxid, List<String> data, List<String> exist, List<String> child, List<String> persistent,
            List<String> recursive) throws IOException {
        String common = ",\"relativeZxid\":" + zxid + ",\"dataWatches\":" + strings(data) + ",\"existWatches\":"
            + strings(exist) + ",\"childWatches\":" + strings(child);
        request(OpCode.setWatches,
            op("setWatches") + common + ",\"persistentWatches\":[],\"persistentRecursiveWatches\":[]",
            new SetWatches(zxid, data, exist, child));
        request(OpCode.setWatches2,
            op("setWatches2") + common + ",\"persistentWatches\":" + strings(persistent)
                + ",\"persistentRecursiveWatches\":" + strings(recursive),
            new SetWatches2(zxid, data, exist, child, persistent, recursive));
    }

    static void multis() throws IOException {
        request(OpCode.multi, op("multi") + ",\"ops\":[]", new MultiOperationRecord());
        request(OpCode.multiRead, op("multiRead") + ",\"ops\":[]", new MultiOperationRecord());
        String ops = "[{" + op("check") + ",\"path\":\"/a\",\"version\":0},"
            + "{" + createJson("create", "/b", DATA, OPEN, 1) + "},"
            + "{" + createJson("createContainer", "/c", null, TWO, 4) + "},"
            + "{" + createJson("createTTL", "/t", DATA, OPEN, 6) + ",\"ttlMs\":86400000},"
            + "{" + op("setData") + ",\"path\":\"/d\",\"data\":null,\"version\":-1},"
            + "{" + op("delete") + ",\"path\":" + j(WIDE) + ",\"version\":7}]";
        request(OpCode.multi, op("multi") + ",\"ops\":" + ops, new MultiOperationRecord(List.of(
            Op.check("/a", 0),
            Op.create("/b", DATA, OPEN, CreateMode.EPHEMERAL),
            Op.create("/c", null, TWO, CreateMode.CONTAINER),
            Op.create("/t", DATA, OPEN, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, 86400000L),
            Op.setData("/d", null, -1),
            Op.delete(WIDE, 7))));
        request(OpCode.multiRead, op("multiRead") + ",\"ops\":[{" + op("getData") + ",\"path\":\"/a\",\"watch\":false},{"
            + op("getChildren") + ",\"path\":\"/\",\"watch\":false}]",
            new MultiOperationRecord(List.of(Op.getData("/a"), Op.getChildren("/"))));
    }

    static void replies() throws IOException {
        reply(op("create") + ",\"path\":" + j(WIDE), new CreateResponse(WIDE));
        reply(op("sync") + ",\"path\":\"/\"", new SyncResponse("/"));
        for (Stat stat : List.of(ZERO, USUAL, EDGE)) {
            String s = ",\"stat\":" + j(stat);
            for (String name : List.of("create2", "createContainer", "createTTL")) {
                reply(op(name) + ",\"path\":\"/a\"" + s, new Create2Response("/a", stat));
            }
            reply(op("setData") + s, new SetDataResponse(stat));
            reply(op("setACL") + s, new SetACLResponse(stat));
            reply(op("exists") + s, new ExistsResponse(stat));
            for (byte[] data : Arrays.asList(null, new byte[0], DATA)) {
                reply(op("getData") + ",\"data\":" + j(data) + s, new GetDataResponse(data, stat));
            }
            for (List<String> children : List.of(List.<String>of(), List.of("a", "b\u00e9", "c0000000001"))) {
                reply(op("getChildren2") + ",\"children\":" + strings(children) + s,
                    new GetChildren2Response(children, stat));
            }
            reply(op("getACL") + ",\"acl\":" + j(TWO) + s, new GetACLResponse(TWO, stat));
        }
        reply(op("getChildren") + ",\"children\":[\"x\"]", new GetChildrenResponse(List.of("x")));
        reply(op("getEphemerals") + ",\"paths\":[\"/e\",\"/f\"]", new GetEphemeralsResponse(List.of("/e", "/f")));
        reply(op("getAllChildrenNumber") + ",\"count\":2147483647", new GetAllChildrenNumberResponse(Integer.MAX_VALUE));
        reply(op("whoAmI") + ",\"identities\":[{\"scheme\":\"ip\",\"id\":\"127.0.0.1\"},{\"scheme\":\"digest\",\"id\":\"u\"}]",
            new WhoAmIResponse(List.of(new ClientInfo("ip", "127.0.0.1"), new ClientInfo("digest", "u"))));
        reply(op("addWatch"), new ErrorResponse(0));
        for (String name : List.of("delete", "deleteContainer", "checkWatches", "removeWatches", "setWatches", "setWatches2",
                "auth", "ping", "closeSession")) {
            reply(op(name), null);
        }
        MultiResponse done = new MultiResponse();
        done.add(new OpResult.CheckResult());
        done.add(new OpResult.CreateResult("/b"));
        done.add(new OpResult.CreateResult("/c", USUAL));
        done.add(new OpResult.SetDataResult(EDGE));
        done.add(new OpResult.DeleteResult());
        reply(op("multi") + ",\"results\":[{" + op("check") + "},{" + op("create") + ",\"path\":\"/b\"},{" + op("create2")
            + ",\"path\":\"/c\",\"stat\":" + j(USUAL) + "},{" + op("setData") + ",\"stat\":" + j(EDGE) + "},{" + op("delete")
            + "}]", done);
        MultiResponse failed = new MultiResponse();
        for (int err : new int[] {0, -103, -2}) failed.add(new OpResult.ErrorResult(err));
        reply(op("multi") + ",\"results\":[{" + op("error") + ",\"code\":0},{" + op("error") + ",\"code\":-103},{"
            + op("error") + ",\"code\":-2}]", failed);
        reply(op("multi") + ",\"results\":[]", new MultiResponse());
        MultiResponse reads = new MultiResponse();
        reads.add(new OpResult.GetDataResult(DATA, USUAL));
        reads.add(new OpResult.GetDataResult(null, ZERO));
        reads.add(new OpResult.ErrorResult(-101));
        reads.add(new OpResult.GetChildrenResult(List.of("a", "b")));
        reply(op("multiRead") + ",\"results\":[{" + op("getData") + ",\"data\":" + j(DATA) + ",\"stat\":" + j(USUAL) + "},{"
            + op("getData") + ",\"data\":null,\"stat\":" + j(ZERO) + "},{" + op("error") + ",\"code\":-101},{"
            + op("getChildren") + ",\"children\":[\"a\",\"b\"]}]", reads);
        for (int code : new int[] {-101, -127, -6, 77}) {
            ReplyHeader header = new ReplyHeader(Integer.MIN_VALUE, MAX_SAFE, code);
            emit("errorReply", "" + code, "{\"xid\":-2147483648,\"zxid\":" + MAX_SAFE + ",\"code\":" + code + "}",
                bytes(a -> header.serialize(a, "")));
        }
    }

    static void watchEvents() throws IOException {
        String[] types = {"nodeCreated", "nodeDeleted", "nodeDataChanged", "nodeChildrenChanged"};
        for (int type = 1; type <= 4; type++) {
            WatcherEvent event = new WatcherEvent(type, 3, WIDE);
            for (long zxid : new long[] {-1, 0x100000002L}) {
                emit("watchEvent", types[type - 1],
                    "{\"zxid\":" + zxid + ",\"event\":{\"type\":\"" + types[type - 1] + "\",\"path\":" + j(WIDE) + "}}",
                    bytes(a -> { new ReplyHeader(-1, zxid, 0).serialize(a, ""); event.serialize(a, ""); }));
            }
        }
    }

    // ---- the transaction log ---------------------------------------------------------------------------------------

    static void txns() throws IOException {
        for (boolean ephemeral : new boolean[] {false, true}) {
            txn(OpCode.create, "\"type\":\"create\"" + node(WIDE, DATA, TWO, ephemeral, 9),
                new CreateTxn(WIDE, DATA, TWO, ephemeral, 9));
        }
        txn(OpCode.create, "\"type\":\"create\"" + node("/n", null, List.of(), false, Integer.MAX_VALUE),
            new CreateTxn("/n", null, List.of(), false, Integer.MAX_VALUE));
        txn(OpCode.createContainer, "\"type\":\"createContainer\"" + node("/c", new byte[0], OPEN, false, 1),
            new CreateContainerTxn("/c", new byte[0], OPEN, 1));
        txn(OpCode.createTTL, "\"type\":\"createTTL\"" + node("/t", DATA, OPEN, false, 1) + ",\"ttlMs\":1099511627775",
            new CreateTTLTxn("/t", DATA, OPEN, 1, 1099511627775L));
        txn(OpCode.delete, "\"type\":\"delete\",\"path\":\"/a\"", new DeleteTxn("/a"));
        txn(OpCode.deleteContainer, "\"type\":\"deleteContainer\",\"path\":\"/c\"", new DeleteTxn("/c"));
        txn(OpCode.setData, setData(DATA, 3), new SetDataTxn("/a", DATA, 3));
        txn(OpCode.setData, setData(null, Integer.MIN_VALUE), new SetDataTxn("/a", null, Integer.MIN_VALUE));
        txn(OpCode.setACL, "\"type\":\"setACL\",\"path\":\"/a\",\"acl\":" + j(TWO) + ",\"version\":1",
            new SetACLTxn("/a", TWO, 1));
        txn(OpCode.createSession, "\"type\":\"createSession\",\"timeoutMs\":30000", new CreateSessionTxn(30000));
        txn(OpCode.closeSession, "\"type\":\"closeSession\",\"paths\":[]", new CloseSessionTxn(List.of()));
        txn(OpCode.closeSession, "\"type\":\"closeSession\",\"paths\":[\"/e\",\"/f\"]",
            new CloseSessionTxn(List.of("/e", "/f")));
        txn(OpCode.error, "\"type\":\"error\",\"code\":-101", new ErrorTxn(-101));
        txn(OpCode.multi, "\"type\":\"multi\",\"txns\":[]", new MultiTxn(List.of()));
        txn(OpCode.multi, "\"type\":\"multi\",\"txns\":[{\"type\":\"check\",\"path\":\"/a\",\"version\":-1},"
            + "{\"type\":\"create\"" + node("/b", DATA, OPEN, true, 2) + "},"
            + "{\"type\":\"createContainer\"" + node("/c", null, OPEN, false, 3) + "},"
            + "{\"type\":\"createTTL\"" + node("/t", null, OPEN, false, 4) + ",\"ttlMs\":1},"
            + "{" + setData(DATA, 5) + "},{\"type\":\"delete\",\"path\":\"/d\"}]",
            new MultiTxn(List.of(
                part(OpCode.check, new CheckVersionTxn("/a", -1)),
                part(OpCode.create, new CreateTxn("/b", DATA, OPEN, true, 2)),
                part(OpCode.createContainer, new CreateContainerTxn("/c", null, OPEN, 3)),
                part(OpCode.createTTL, new CreateTTLTxn("/t", null, OPEN, 4, 1)),
                part(OpCode.setData, new SetDataTxn("/a", DATA, 5)),
                part(OpCode.delete, new DeleteTxn("/d")))));
        txn(OpCode.multi, "\"type\":\"multi\",\"txns\":[{\"type\":\"error\",\"code\":-103},{\"type\":\"error\",\"code\":-2}]",
            new MultiTxn(List.of(part(OpCode.error, new ErrorTxn(-103)), part(OpCode.error, new ErrorTxn(-2)))));
    }

    /** Records that are read and never written. */
    static void oldTxns() throws IOException {
        TxnHeader close = new TxnHeader(0x10000abcdef0001L, 1, 2, 3, OpCode.closeSession);
        emit("oldTxn", "closeSession before 3.6", txnJson(close, "\"type\":\"closeSession\",\"paths\":[]"),
            Util.marshallTxnEntry(close, null));
        TxnHeader create = new TxnHeader(1, 1, 2, 3, OpCode.create);
        emit("oldTxn", "create before 3.4", txnJson(create, "\"type\":\"create\"" + node("/v0", DATA, OPEN, true, -1)),
            Util.marshallTxnEntry(create, new CreateTxnV0("/v0", DATA, OPEN, true)));
        TxnHeader create2 = new TxnHeader(1, 1, 2, 3, OpCode.create2);
        emit("oldTxn", "create2", txnJson(create2, "\"type\":\"create\"" + node("/2", DATA, OPEN, false, 4)),
            Util.marshallTxnEntry(create2, new CreateTxn("/2", DATA, OPEN, false, 4)));
        TxnHeader reconfig = new TxnHeader(1, 1, 2, 3, OpCode.reconfig);
        emit("oldTxn", "reconfig", txnJson(reconfig, setData(DATA, 3)),
            Util.marshallTxnEntry(reconfig, new SetDataTxn("/a", DATA, 3)));
        emit("oldTxn", "create without an ACL", txnJson(create, "\"type\":\"create\"" + node("/a", null, List.of(), false, 1)),
            Util.marshallTxnEntry(create, new CreateTxn("/a", null, null, false, 1)));
    }

    static void stats() throws IOException {
        for (Stat s : List.of(ZERO, USUAL, EDGE)) {
            StatPersisted kept = new StatPersisted(s.getCzxid(), s.getMzxid(), s.getCtime(), s.getMtime(), s.getVersion(),
                s.getCversion(), s.getAversion(), s.getEphemeralOwner(), s.getPzxid());
            emit("statPersisted", "", "{" + keptJson(s) + "}", bytes(a -> kept.serialize(a, "")));
        }
    }

    /** What Java reads from bytes that are no UTF-8, and what it writes for characters beyond 16 bits. */
    static void strings() throws IOException {
        for (String hex : List.of("61ff62", "61e282", "f09f9841", "c080", "e08080", "f888808080", "efbbbf61", "eda0bdedb880")) {
            byte[] content = HexFormat.of().parseHex(hex);
            byte[] bytes = bytes(a -> a.writeBuffer(content, ""));
            String read = BinaryInputArchive.getArchive(new java.io.ByteArrayInputStream(bytes)).readString("");
            emit("readString", hex, j(read), bytes);
        }
        emit("writtenString", "beyond 16 bits", j("\ud83d\ude00"), bytes(a -> a.writeString("\ud83d\ude00", "")));
        emit("writtenString", "of two and three bytes", j(WIDE), bytes(a -> a.writeString(WIDE, "")));
    }

    // ---- lines -----------------------------------------------------------------------------------------------------

    static int xid = 1;

    static void request(int type, String fields, Record record) throws IOException {
        int number = xid++;
        emit("request", "", "{\"xid\":" + number + ",\"request\":{" + fields + "}}", bytes(a -> {
            new RequestHeader(number, type).serialize(a, "header");
            if (record != null) record.serialize(a, "request");
        }));
    }

    static void reply(String fields, Record record) throws IOException {
        ReplyHeader header = new ReplyHeader(xid++, 0x100000002L, 0);
        emit("reply", "", "{\"header\":{\"xid\":" + header.getXid() + ",\"zxid\":4294967298,\"code\":0},\"reply\":{" + fields
            + "}}", bytes(a -> {
                header.serialize(a, "header");
                if (record != null) record.serialize(a, "reply");
            }));
    }

    static void txn(int type, String fields, Record record) throws IOException {
        TxnHeader header = new TxnHeader(0x10000abcdef0001L, xid++, 0x200000000L + xid, 1700000000123L, type);
        emit("txn", "", txnJson(header, fields), Util.marshallTxnEntry(header, record));
        emit("txnWithDigest", "", txnJson(header, fields),
            Util.marshallTxnEntry(header, record, new TxnDigest(2, 0x1122334455667788L)));
    }

    static String txnJson(TxnHeader h, String fields) {
        return "{\"header\":{\"sessionId\":" + big(h.getClientId()) + ",\"cxid\":" + h.getCxid() + ",\"zxid\":" + h.getZxid()
            + ",\"timeMs\":" + h.getTime() + "},\"txn\":{" + fields + "}}";
    }

    static Txn part(int type, Record record) throws IOException {
        return new Txn(type, bytes(a -> record.serialize(a, "")));
    }

    static void emit(String kind, String name, String value, byte[] bytes) {
        OUT.println("{\"kind\":" + j(kind) + (name.isEmpty() ? "" : ",\"name\":" + j(name)) + ",\"value\":" + value
            + ",\"hex\":\"" + HexFormat.of().formatHex(bytes) + "\"}");
    }

    static byte[] bytes(Body body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.write(BinaryOutputArchive.getArchive(out));
        return out.toByteArray();
    }

    // ---- JSON ------------------------------------------------------------------------------------------------------

    static String op(String name) {
        return "\"op\":\"" + name + "\"";
    }

    static String createJson(String op, String path, byte[] data, List<ACL> acl, int flags) {
        return op(op) + ",\"path\":" + j(path) + ",\"data\":" + j(data) + ",\"acl\":" + j(acl) + ",\"flags\":" + flags;
    }

    static String node(String path, byte[] data, List<ACL> acl, boolean ephemeral, int parentCVersion) {
        return ",\"path\":" + j(path) + ",\"data\":" + j(data) + ",\"acl\":" + j(acl) + ",\"ephemeral\":" + ephemeral
            + ",\"parentCVersion\":" + parentCVersion;
    }

    static String setData(byte[] data, int version) {
        return "\"type\":\"setData\",\"path\":\"/a\",\"data\":" + j(data) + ",\"version\":" + version;
    }

    static String keptJson(Stat s) {
        return "\"czxid\":" + s.getCzxid() + ",\"mzxid\":" + s.getMzxid() + ",\"pzxid\":" + s.getPzxid() + ",\"ctimeMs\":"
            + s.getCtime() + ",\"mtimeMs\":" + s.getMtime() + ",\"version\":" + s.getVersion() + ",\"cversion\":"
            + s.getCversion() + ",\"aversion\":" + s.getAversion() + ",\"ephemeralOwner\":" + big(s.getEphemeralOwner());
    }

    static String j(Stat s) {
        return "{" + keptJson(s) + ",\"dataLengthBytes\":" + s.getDataLength() + ",\"numChildren\":" + s.getNumChildren() + "}";
    }

    static String j(List<ACL> acl) {
        return list(acl, a -> "{\"permissions\":" + a.getPerms() + ",\"scheme\":" + j(a.getId().getScheme()) + ",\"id\":"
            + j(a.getId().getId()) + "}");
    }

    static String strings(List<String> strings) {
        return list(strings, GenerateGolden::j);
    }

    static <T> String list(List<T> items, java.util.function.Function<T, String> json) {
        return "[" + String.join(",", items.stream().map(json).toList()) + "]";
    }

    static String big(long value) {
        return "{\"$bigint\":\"" + value + "\"}";
    }

    static String j(byte[] bytes) {
        return bytes == null ? "null" : "{\"$hex\":\"" + HexFormat.of().formatHex(bytes) + "\"}";
    }

    /** A JSON string of ASCII characters only. */
    static String j(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') json.append('\\').append(c);
            else if (c < ' ' || c > '~') json.append(String.format("\\u%04x", (int) c));
            else json.append(c);
        }
        return json.append('"').toString();
    }
}
