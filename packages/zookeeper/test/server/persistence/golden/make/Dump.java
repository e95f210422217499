import java.io.*;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.jute.*;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.*;
import org.apache.zookeeper.server.*;
import org.apache.zookeeper.server.persistence.*;
import org.apache.zookeeper.txn.*;

/** Says, a JSON object a line, what ZooKeeper's own classes read in a data directory: files, then the restored tree. */
public class Dump {
    static final PrintStream out = System.out;

    public static void main(String[] args) throws Exception {
        File dataDir = new File(args[0]);
        File[] files = new File(dataDir, "version-2").listFiles();
        for (File file : Util.sortDataDir(files, "snapshot", true)) {
            if (file.getName().startsWith("snapshot.")) dumpSnapshot(file);
        }
        for (File file : Util.sortDataDir(files, "log", true)) {
            if (file.getName().startsWith("log.")) dumpLog(file);
        }
        DataTree tree = new DataTree();
        ConcurrentHashMap<Long, Integer> sessions = new ConcurrentHashMap<>();
        long zxid = new FileTxnSnapLog(dataDir, dataDir).restore(tree, sessions, (header, record, digest) -> { });
        dumpTree("restored", zxid, tree, sessions);
    }

    static void dumpSnapshot(File file) throws Exception {
        DataTree tree = new DataTree();
        Map<Long, Integer> sessions = new HashMap<>();
        try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
            new FileSnap(null).deserialize(tree, sessions, BinaryInputArchive.getArchive(in));
        }
        dumpTree(file.getName(), Util.getZxidFromName(file.getName(), "snapshot"), tree, sessions);
    }

    static void dumpTree(String name, long zxid, DataTree tree, Map<Long, Integer> sessions) throws Exception {
        List<String> timeouts = new ArrayList<>();
        new TreeMap<>(sessions).forEach((id, timeout) -> timeouts.add("[\"" + id + "\"," + timeout + "]"));
        List<String> nodes = new ArrayList<>();
        addNodes(tree, "", nodes);
        Collections.sort(nodes);
        out.println("{\"tree\":\"" + name + "\",\"lastZxid\":" + zxid + ",\"sessions\":" + timeouts + ",\"nodes\":" + nodes + "}");
    }

    static void addNodes(DataTree tree, String path, List<String> nodes) throws Exception {
        DataNode node = tree.getNode(path);
        Stat stat = new Stat();
        node.copyStat(stat);
        nodes.add("[" + text(path.isEmpty() ? "/" : path) + ",{\"data\":" + hex(node.getData()) + ",\"acl\":" + acl(tree.getACL(node))
            + ",\"czxid\":" + stat.getCzxid() + ",\"mzxid\":" + stat.getMzxid() + ",\"pzxid\":" + stat.getPzxid()
            + ",\"ctimeMs\":" + stat.getCtime() + ",\"mtimeMs\":" + stat.getMtime() + ",\"version\":" + stat.getVersion()
            + ",\"cversion\":" + node.stat.getCversion() + ",\"aversion\":" + stat.getAversion()
            + ",\"ephemeralOwner\":\"" + node.stat.getEphemeralOwner() + "\"}]");
        for (String child : node.getChildren()) addNodes(tree, path + "/" + child, nodes);
    }

    static void dumpLog(File file) throws Exception {
        try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
            InputArchive archive = BinaryInputArchive.getArchive(in);
            new FileHeader().deserialize(archive, "header");
            for (;;) {
                try {
                    archive.readLong("checksum");
                } catch (EOFException end) {
                    return;
                }
                byte[] bytes = Util.readTxnBytes(archive);
                if (bytes == null || bytes.length == 0) return;
                TxnLogEntry entry = org.apache.zookeeper.server.util.SerializeUtils.deserializeTxn(bytes);
                TxnHeader h = entry.getHeader();
                out.println("{\"log\":\"" + file.getName() + "\",\"header\":{\"sessionId\":\"" + h.getClientId() + "\",\"cxid\":" + h.getCxid()
                    + ",\"zxid\":" + h.getZxid() + ",\"timeMs\":" + h.getTime() + "},\"txn\":" + txn(h.getType(), entry.getTxn()) + "}");
            }
        }
    }

    static String txn(int type, org.apache.jute.Record record) throws Exception {
        switch (type) {
            case OpCode.create:
            case OpCode.create2: {
                CreateTxn t = (CreateTxn) record;
                return create("create", t.getPath(), t.getData(), t.getAcl(), t.getEphemeral(), t.getParentCVersion(), "");
            }
            case OpCode.createContainer: {
                CreateContainerTxn t = (CreateContainerTxn) record;
                return create("createContainer", t.getPath(), t.getData(), t.getAcl(), false, t.getParentCVersion(), "");
            }
            case OpCode.createTTL: {
                CreateTTLTxn t = (CreateTTLTxn) record;
                return create("createTTL", t.getPath(), t.getData(), t.getAcl(), false, t.getParentCVersion(), ",\"ttlMs\":" + t.getTtl());
            }
            case OpCode.delete:
                return "{\"type\":\"delete\",\"path\":" + text(((DeleteTxn) record).getPath()) + "}";
            case OpCode.deleteContainer:
                return "{\"type\":\"deleteContainer\",\"path\":" + text(((DeleteTxn) record).getPath()) + "}";
            case OpCode.setData: {
                SetDataTxn t = (SetDataTxn) record;
                return "{\"type\":\"setData\",\"path\":" + text(t.getPath()) + ",\"data\":" + hex(t.getData()) + ",\"version\":" + t.getVersion() + "}";
            }
            case OpCode.setACL: {
                SetACLTxn t = (SetACLTxn) record;
                return "{\"type\":\"setACL\",\"path\":" + text(t.getPath()) + ",\"acl\":" + acl(t.getAcl()) + ",\"version\":" + t.getVersion() + "}";
            }
            case OpCode.check: {
                CheckVersionTxn t = (CheckVersionTxn) record;
                return "{\"type\":\"check\",\"path\":" + text(t.getPath()) + ",\"version\":" + t.getVersion() + "}";
            }
            case OpCode.createSession:
                return "{\"type\":\"createSession\",\"timeoutMs\":" + ((CreateSessionTxn) record).getTimeOut() + "}";
            case OpCode.closeSession: {
                List<String> paths = new ArrayList<>();
                for (String path : ((CloseSessionTxn) record).getPaths2Delete()) paths.add(text(path));
                return "{\"type\":\"closeSession\",\"paths\":" + paths + "}";
            }
            case OpCode.error:
                return "{\"type\":\"error\",\"code\":" + ((ErrorTxn) record).getErr() + "}";
            case OpCode.multi: {
                List<String> parts = new ArrayList<>();
                for (Txn part : ((MultiTxn) record).getTxns()) parts.add(txn(part.getType(), part(part)));
                return "{\"type\":\"multi\",\"txns\":" + parts + "}";
            }
            default:
                throw new IOException("type " + type);
        }
    }

    static org.apache.jute.Record part(Txn part) throws Exception {
        org.apache.jute.Record record;
        switch (part.getType()) {
            case OpCode.create: record = new CreateTxn(); break;
            case OpCode.createTTL: record = new CreateTTLTxn(); break;
            case OpCode.createContainer: record = new CreateContainerTxn(); break;
            case OpCode.delete: record = new DeleteTxn(); break;
            case OpCode.setData: record = new SetDataTxn(); break;
            case OpCode.check: record = new CheckVersionTxn(); break;
            case OpCode.error: record = new ErrorTxn(); break;
            default: throw new IOException("part " + part.getType());
        }
        record.deserialize(BinaryInputArchive.getArchive(new ByteArrayInputStream(part.getData())), "part");
        return record;
    }

    static String create(String type, String path, byte[] data, List<ACL> acl, boolean ephemeral, int cversion, String more) {
        return "{\"type\":\"" + type + "\",\"path\":" + text(path) + ",\"data\":" + hex(data) + ",\"acl\":" + acl(acl)
            + ",\"ephemeral\":" + ephemeral + ",\"parentCVersion\":" + cversion + more + "}";
    }

    static String acl(List<ACL> acl) {
        List<String> entries = new ArrayList<>();
        for (ACL entry : acl) {
            entries.add("{\"permissions\":" + entry.getPerms() + ",\"scheme\":" + text(entry.getId().getScheme()) + ",\"id\":" + text(entry.getId().getId()) + "}");
        }
        return entries.toString();
    }

    static String hex(byte[] data) {
        if (data == null) return "null";
        StringBuilder hex = new StringBuilder();
        for (byte b : data) hex.append(String.format("%02x", b));
        return "\"" + hex + "\"";
    }

    static String text(String text) {
        return "\"" + text + "\"";
    }
}
