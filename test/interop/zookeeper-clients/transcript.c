/*
 * Uses a ZooKeeper server through the C client and prints what it sees, without what differs from run to run.
 *
 *     gcc -DTHREADED transcript.c -lzookeeper_mt -o transcript && ./transcript HOST:PORT
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connections, events;

static void watch(zhandle_t *handle, int type, int state, const char *path, void *context) {
    (void)handle;
    (void)context;
    pthread_mutex_lock(&lock);
    if (type == ZOO_SESSION_EVENT) {
        if (state == ZOO_CONNECTED_STATE) connections++;
    } else {
        printf("event %d %s\n", type, path);
        events++;
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static int wait_for(const int *counter, int count) {
    struct timespec until;
    int late = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 15;
    pthread_mutex_lock(&lock);
    while (*counter < count && late == 0) late = pthread_cond_timedwait(&changed, &lock, &until);
    pthread_mutex_unlock(&lock);
    return *counter >= count;
}

static void print_stat(const char *what, int rc, const struct Stat *stat) {
    if (rc != ZOK) printf("%s: %d\n", what, rc);
    else printf("%s: v%d cv%d av%d %d bytes %d children%s\n", what, stat->version, stat->cversion, stat->aversion,
                stat->dataLength, stat->numChildren, stat->ephemeralOwner != 0 ? " owned" : "");
}

int main(int count, char **arguments) {
    char path[256], data[64];
    int length = sizeof data, rc;
    struct Stat stat;
    struct String_vector children;
    zoo_op_t ops[4];
    zoo_op_result_t results[4];
    if (count != 2) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    zoo_set_debug_level(0);
    zhandle_t *a = zookeeper_init(arguments[1], watch, 6000, 0, 0, 0);
    zhandle_t *b = zookeeper_init(arguments[1], watch, 6000, 0, 0, 0);
    if (a == NULL || b == NULL || !wait_for(&connections, 2)) return 1;

    rc = zoo_create(a, "/c", "data", 4, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path);
    printf("create: %d %s\n", rc, path);
    printf("again: %d\n", zoo_create(a, "/c", "data", 4, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path));
    rc = zoo_create(a, "/c/s-", NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL | ZOO_SEQUENCE, path, sizeof path);
    printf("ephemeral sequence: %d %s\n", rc, path);
    print_stat("exists", zoo_exists(a, path, 0, &stat), &stat);
    rc = zoo_create2(a, "/c/two", "22", 2, &ZOO_READ_ACL_UNSAFE, 0, path, sizeof path, &stat);
    print_stat("create2", rc, &stat);
    printf("read only: %d\n", zoo_set(a, "/c/two", "x", 1, -1));
    print_stat("set", zoo_set2(a, "/c", "new", 3, 0, &stat), &stat);
    printf("bad version: %d\n", zoo_set(a, "/c", "x", 1, 0));
    rc = zoo_get(a, "/c", 1, data, &length, &stat);
    printf("get: %d %.*s\n", rc, length, data);
    rc = zoo_wget_children2(a, "/c", watch, NULL, &children, &stat);
    printf("children: %d %d\n", rc, children.count);
    deallocate_String_vector(&children);
    /* The event is printed by another thread: it is waited for, so that it always comes first. */
    rc = zoo_set(b, "/c", "by b", 4, 1);
    wait_for(&events, 1);
    printf("by b: %d\n", rc);
    rc = zoo_create(b, "/c/three", "3", 1, &ZOO_OPEN_ACL_UNSAFE, 0, NULL, 0);
    wait_for(&events, 2);
    printf("by b: %d\n", rc);

    zoo_check_op_init(&ops[0], "/c", 2);
    zoo_create_op_init(&ops[1], "/c/m", "m", 1, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path);
    zoo_set_op_init(&ops[2], "/c/m", "mm", 2, 0, &stat);
    zoo_delete_op_init(&ops[3], "/c/three", -1);
    printf("multi: %d\n", zoo_multi(a, 4, ops, results));
    zoo_check_op_init(&ops[0], "/c", 9);
    rc = zoo_multi(a, 4, ops, results);
    printf("failing multi: %d, %d %d %d %d\n", rc, results[0].err, results[1].err, results[2].err, results[3].err);
    printf("not empty: %d\n", zoo_delete(a, "/c", -1));
    printf("no node: %d\n", zoo_delete(a, "/c/none", -1));
    rc = zookeeper_close(b);
    printf("close: %d %d\n", rc, zookeeper_close(a));
    return 0;
}
