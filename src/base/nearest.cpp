#include "base/nearest.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tollgate {

namespace {

// What a peer sent is compared in time proportional to its length: no name of ours is longer.
constexpr std::size_t longest_compared = 80;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the usual table: a swap looks two rows back.
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
            bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

std::string_view nearest_name(std::string_view wanted, std::span<std::string_view const> known) {
    wanted = wanted.substr(0, longest_compared);
    std::string_view best;
    auto fewest = std::numeric_limits<std::size_t>::max();
    for (auto const name : known) {
        auto const edits = edit_distance(wanted, name);
        if (edits >= fewest) continue;
        fewest = edits;
        best = name;
    }
    return best;
}

}  // namespace tollgate
