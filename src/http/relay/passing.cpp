#include "http/relay/passing.hpp"

namespace tollgate::http {

task<std::optional<std::string>> passing_order::next() {
    co_return std::nullopt;
}

passing_order const* order_in(reply const& r) noexcept {
    return dynamic_cast<passing_order const*>(r.stream.get());
}

}  // namespace tollgate::http
