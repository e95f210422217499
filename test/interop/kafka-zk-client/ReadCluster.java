import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import kafka.cluster.Broker;
import kafka.cluster.EndPoint;
import kafka.controller.LeaderIsrAndControllerEpoch;
import kafka.controller.ReplicaAssignment;
import kafka.zk.KafkaZkClient;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.zookeeper.client.ZKClientConfig;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** Prints what Kafka's own code reads of a cluster: ReadCluster host:port/chroot. */
public final class ReadCluster {
    public static void main(String[] args) {
        KafkaZkClient client = KafkaZkClient.apply(
            args[0], false, 10_000, 10_000, 10, Time.SYSTEM, "reader", new ZKClientConfig(), "group", "type", false, false);
        try {
            System.out.println("cluster " + client.getClusterId().get());
            System.out.println("controller " + client.getControllerId().get() + " epoch " + client.getControllerEpoch().get()._1());
            printBrokers(client);
            printTopics(client);
        } finally {
            client.close();
        }
    }

    private static void printBrokers(KafkaZkClient client) {
        TreeMap<Integer, String> lines = new TreeMap<>();
        for (Tuple2<Broker, Object> found : CollectionConverters.asJava(client.getAllBrokerAndEpochsInCluster()).entrySet().stream()
                .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue())).toList()) {
            Broker broker = found._1();
            List<String> endpoints = new ArrayList<>();
            for (EndPoint endpoint : CollectionConverters.asJava(broker.endPoints())) endpoints.add(endpoint.connectionString());
            lines.put(broker.id(), "epoch " + found._2() + " " + String.join(",", endpoints));
        }
        lines.forEach((id, line) -> System.out.println("broker " + id + " " + line));
    }

    private static void printTopics(KafkaZkClient client) {
        var names = client.getAllTopicsInCluster(false);
        var ids = new TreeMap<String, Uuid>(CollectionConverters.asJava(client.getTopicIdsForTopics(names)));
        ids.forEach((name, id) ->
            System.out.println("topic " + name + " " + id + " " + new TreeMap<>(client.getEntityConfigs("topics", name))));
        TreeMap<String, String> lines = new TreeMap<>();
        var assignments = CollectionConverters.asJava(client.getFullReplicaAssignmentForTopics(names));
        var states = CollectionConverters.asJava(
            client.getTopicPartitionStates(CollectionConverters.asScala(new ArrayList<>(assignments.keySet())).toSeq()));
        for (TopicPartition partition : assignments.keySet()) lines.put(partition.toString(), line(assignments.get(partition), states.get(partition)));
        lines.forEach((partition, line) -> System.out.println("partition " + partition + " " + line));
    }

    private static String line(ReplicaAssignment assignment, LeaderIsrAndControllerEpoch state) {
        var leaderAndIsr = state.leaderAndIsr();
        return "replicas " + CollectionConverters.asJava(assignment.replicas())
            + " leader " + leaderAndIsr.leader() + " epoch " + leaderAndIsr.leaderEpoch()
            + " isr " + CollectionConverters.asJava(leaderAndIsr.isr());
    }
}
