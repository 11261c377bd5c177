#include "http/pipeline/kept_exchange.hpp"

namespace tollgate::http {

// Two passes: the bytes must not move once views point at them.
request kept_exchange::owned_copy(http::request const& r, std::string& bytes) {
    std::size_t needed = r.method_text.size() + r.target.size() + r.path.size() + r.query.size();
    for (auto const& h : r.headers)
        needed += h.name.size() + h.value.size();
    bytes.reserve(needed);
    auto const keep = [&](std::string_view& view) {
        auto const at = bytes.size();
        bytes += view;
        view = std::string_view(bytes).substr(at, view.size());
    };
    auto copy = r;
    copy.body = {};
    keep(copy.method_text);
    keep(copy.target);
    keep(copy.path);
    keep(copy.query);
    for (auto& h : copy.headers) {
        keep(h.name);
        keep(h.value);
    }
    return copy;
}

kept_exchange::kept_exchange(context const& c)
    : request_(owned_copy(c.request(), bytes_)),
      place_(c.place()),
      path_(c.path()),
      route_(c.route()),
      context_(request_, place_, path_, route_, c.real_clock(), c.executor(), c.request_id()) {
    if (auto const* const who = c.who()) context_.authenticate(*who);
}

}  // namespace tollgate::http
