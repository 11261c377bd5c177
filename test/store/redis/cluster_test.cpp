// A cluster of three masters on this machine.
#include <memory>

#include "store/redis/protocol/layout.hpp"
#include "store/redis/redis_bench.hpp"

using namespace test::stores;

namespace {

struct cluster {
    std::vector<std::string> ports;
    std::vector<std::unique_ptr<test::redis_server>> nodes;

    cluster() {
        for (int i = 0; i < 3; ++i) {
            ports.push_back(std::to_string(test::redis_server::free_port()));
            std::vector<std::string> words{"--port",    ports.back(),        "--bind",
                                           "127.0.0.1", "--cluster-enabled", "yes"};
            nodes.push_back(std::make_unique<test::redis_server>(std::move(words)));
        }
        char const* const slots[][2] = {{"0", "5460"}, {"5461", "10922"}, {"10923", "16383"}};
        for (std::size_t i = 0; i < 3; ++i) {
            nodes[i]->ask({"CLUSTER", "ADDSLOTSRANGE", slots[i][0], slots[i][1]});
            nodes[i]->ask({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
        }
        for (std::size_t i = 1; i < 3; ++i)
            nodes[0]->ask({"CLUSTER", "MEET", "127.0.0.1", ports[i]});
        for (auto const& node : nodes)
            BOOST_REQUIRE(test::eventually([&] {
                auto const info = node->ask({"CLUSTER", "INFO"});
                return contains(info, "cluster_state:ok") &&
                       contains(info, "cluster_known_nodes:3");
            }));
    }
    int node_of(std::string const& realm) const {
        auto const slot = redis::realm_keys("own", realm).slot();
        return slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2;
    }
    std::string id_of(int node) const {
        auto const said = nodes[static_cast<std::size_t>(node)]->ask({"CLUSTER", "MYID"});
        return said.substr(said.find('\n') + 1, 40);
    }
};

struct redis_cluster : cluster {
    test::folder folder;
    manual_clock time;
    opened_store opened;

    redis_cluster() {
        redis_options o;
        o.url = "redis://127.0.0.1:" + ports[0];
        o.prefix = "own";
        o.key_file = (folder.path() / "key").string();
        o.timeout = 20s;
        o.sweeping = 20ms;
        opened = open_redis_store(o, time);
        opened.begin_sweeping();
    }
    store& s() { return *opened.store; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_clusters)

BOOST_FIXTURE_TEST_CASE(keeps_realms_on_all_masters_of_a_cluster, redis_cluster) {
    std::vector<int> realms_at(3);
    for (int i = 0; i < 12; ++i) {
        auto const realm = "realm" + std::to_string(i);
        ++realms_at[static_cast<std::size_t>(node_of(realm))];
        realm_records pair;
        pair.push_back(kept(kind::access_token, "t", text("at", "f")));
        pair.push_back(kept(kind::refresh_token, "t", text("rt", "f")));
        BOOST_TEST(failure(now(s().put_all(realm, std::move(pair)))) == "success");
        BOOST_TEST(now(s().redeem(realm, kind::refresh_token, "t"))->first_time);
        BOOST_TEST(*now(s().erase_group(realm, "f")) == 2u);
        BOOST_TEST(failure(now(s().put(realm, kind::code, "c", text("x", "f")))) == "group_dead");
        now(s().put(realm, kind::client, "c", text("x"))).value();
    }
    for (auto const n : realms_at)
        BOOST_TEST(n > 0);
    BOOST_TEST(now(s().realms())->size() == 12u);
    for (auto const& node : nodes)
        BOOST_TEST(!contains(node->ask({"DBSIZE"}), ":0\r\n"));
}

// A slot that moves while it is written to: nothing is in two places, nothing is lost.
BOOST_FIXTURE_TEST_CASE(follows_a_slot_to_another_master, redis_cluster) {
    std::string const realm = "moving";
    auto const from = node_of(realm);
    auto const to = (from + 1) % 3;
    auto& source = *nodes[static_cast<std::size_t>(from)];
    auto& target = *nodes[static_cast<std::size_t>(to)];
    auto const slot = std::to_string(redis::realm_keys("own", realm).slot());
    now(s().put(realm, kind::client, "before", text("x"))).value();

    target.ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", id_of(from)});
    source.ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", id_of(to)});
    std::atomic<bool> written{false};
    std::jthread writer([&] {
        // Waits until all keys of the realm are in one place again.
        written =
            failure(now(s().put(realm, kind::code, "meanwhile", text("x", "g")))) == "success";
    });
    for (auto const& key : redis::realm_keys("own", realm).all())
        source.ask({"MIGRATE", "127.0.0.1", ports[static_cast<std::size_t>(to)], key, "0", "5000"});
    for (auto* const node : {&target, &source})
        node->ask({"CLUSTER", "SETSLOT", slot, "NODE", id_of(to)});
    writer.join();
    BOOST_TEST(written);
    BOOST_TEST(failure(now(s().get(realm, kind::client, "before"))) == "success");
    BOOST_TEST(failure(now(s().get(realm, kind::code, "meanwhile"))) == "success");
    BOOST_TEST(now(s().copy(realm))->size() == 2u);
}

// One key asked for while its slot moves: ASK.
BOOST_FIXTURE_TEST_CASE(asks_the_master_that_is_about_to_have_a_slot, redis_cluster) {
    std::string const realm = "moving";
    auto const from = node_of(realm);
    auto const to = (from + 1) % 3;
    auto& source = *nodes[static_cast<std::size_t>(from)];
    auto& target = *nodes[static_cast<std::size_t>(to)];
    redis::realm_keys const keys("own", realm);
    now(s().put(realm, kind::code, "k", text("x"))).value();
    auto const slot = std::to_string(keys.slot());
    target.ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", id_of(from)});
    source.ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", id_of(to)});
    auto const moved = source.ask({"MIGRATE", "127.0.0.1", ports[static_cast<std::size_t>(to)],
                                   keys.of(kind::code), "0", "5000"});
    BOOST_TEST(moved == "+OK\r\n");
    BOOST_TEST(failure(now(s().get(realm, kind::code, "k"))) == "success");
    BOOST_TEST(now(s().redeem(realm, kind::code, "k"))->first_time);
    BOOST_TEST(failure(now(s().get(realm, kind::client, "none"))) == "not_found");
}

// While a master is away its realms cannot be asked about; those of the others can.
BOOST_FIXTURE_TEST_CASE(goes_on_where_a_master_comes_back, redis_cluster) {
    std::string lost = "a";
    while (node_of(lost) == node_of(""))
        lost += 'a';
    now(s().put(lost, kind::client, "c", text("x"))).value();
    auto& node = *nodes[static_cast<std::size_t>(node_of(lost))];
    node.kill();
    node.begin();
    BOOST_TEST(failure(now(s().get(lost, kind::client, "c"))) == "success");
}

BOOST_AUTO_TEST_SUITE_END()
