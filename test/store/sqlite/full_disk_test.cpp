// A disk that is full while the store writes: 503, nothing half-written, and on it goes afterwards.
#include <sys/resource.h>

#include <csignal>

#include "store/store_bench.hpp"

using namespace test::stores;

namespace {

// No file of this process may grow beyond so many bytes, as if the disk were full.
class small_disk {
public:
    explicit small_disk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        auto small = before_;
        small.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~small_disk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    small_disk(small_disk const&) = delete;
    small_disk& operator=(small_disk const&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int);
};

realm_records pair_of(int i) {
    std::string const body(20'000, 'x');
    realm_records all;
    all.push_back(kept(kind::access_token, std::to_string(i), text(body, "f")));
    all.push_back(kept(kind::refresh_token, std::to_string(i), text(body, "f")));
    return all;
}

// The first start of a program on a disk of so many bytes, and the next one when there is room.
// Whether the first one could.
bool begins_with(rlim_t bytes) {
    test::folder place;
    manual_clock time;
    auto const path = (place.path() / "store.db").string();
    bool begun = false;
    try {
        small_disk const small(bytes);
        open_sqlite_store({path}, time);
        begun = true;
    } catch (std::runtime_error const&) {
        // It says so and ends.
    }
    auto const again = open_sqlite_store({path}, time);
    BOOST_TEST(again.secret.size() > 32u);
    return begun;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_full_disk)

BOOST_AUTO_TEST_CASE(a_first_start_without_room_leaves_nothing_that_cannot_be_opened) {
    BOOST_TEST(!begins_with(10));  // not even for its key
    rlim_t bytes = 0;
    for (bool begun = false; !begun && bytes < 2'000'000; bytes += 4096)
        BOOST_TEST_CONTEXT("with room for " << bytes << " bytes") begun = begins_with(bytes);
    BOOST_TEST(bytes > 16'000u);
    BOOST_TEST(bytes < 2'000'000u);
}

BOOST_FIXTURE_TEST_CASE(writes_nothing_by_halves_and_goes_on_when_there_is_room, sqlite_backend) {
    int written = 0;
    bool used = false;
    {
        small_disk const small(2'000'000);
        for (; written < 1000; ++written) {
            auto const done = now(s.put_all("r", pair_of(written)));
            if (done) continue;
            BOOST_TEST(done.error().status() == 503u);
            BOOST_TEST(done.error().error() == "unavailable");
            break;
        }
        BOOST_TEST(written > 0);
        BOOST_REQUIRE(written < 1000);
        // What was acknowledged can be read meanwhile.
        BOOST_TEST(failure(now(s.get("r", kind::access_token, "0"))) == "success");
        // What is little may still find room.
        used = now(s.redeem("r", kind::refresh_token, "0")).has_value();
    }
    BOOST_TEST(now(s.copy("r"))->size() == static_cast<std::size_t>(written) * 2);
    BOOST_TEST(now(s.redeem("r", kind::refresh_token, "0"))->first_time == !used);
    BOOST_TEST(failure(now(s.put_all("r", pair_of(written)))) == "success");
    auto const path_again = path;
    owned.reset();
    auto const again = open_sqlite_store({path_again}, time).store;
    BOOST_TEST(now(again->copy("r"))->size() == static_cast<std::size_t>(written + 1) * 2);
}

BOOST_AUTO_TEST_SUITE_END()
