// Store trouble: what goes wrong with the records of one request.
#pragma once

namespace tollgate::oauth {

struct store_trouble {
    bool reads_fail = false;   // the store is away: 503
    bool writes_fail = false;  // likewise
    bool writes_lost = false;  // said to be done, and nothing is
    bool reads_empty = false;  // nothing is found

    friend constexpr store_trouble operator|(store_trouble a, store_trouble b) noexcept {
        return {a.reads_fail || b.reads_fail, a.writes_fail || b.writes_fail,
                a.writes_lost || b.writes_lost, a.reads_empty || b.reads_empty};
    }
};

}  // namespace tollgate::oauth
