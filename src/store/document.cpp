#include "store/document.hpp"

#include <utility>

namespace tollgate::oauth {

task<outcome<void>> keep_newest(store& s, std::string realm, kind k, std::string key,
                                std::function<std::string()> make) {
    for (;;) {
        auto const there = co_await s.get(realm, k, key);
        if (!there && there.error().status() != 404) co_return there.error();
        if (there) {
            record r(make(), {}, time_point::max());
            // The same again is nothing to write.
            if (r.body == there->body) co_return outcome<void>();
            auto const done = co_await s.replace(realm, k, key, std::move(r), there->version);
            if (done || done.error().status() == 503) co_return done;
        } else {
            record r(make(), {}, time_point::max());
            auto const done = co_await s.put(realm, k, key, std::move(r));
            if (done || done.error().status() == 503) co_return done;
        }
        // Somebody else was faster: look again.
    }
}

}  // namespace tollgate::oauth
