// Origin: where a client is before it says who it is.
#pragma once

#include <string>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "http/message/request.hpp"
#include "http/realm/peer.hpp"

namespace tollgate::control {

// The address and the program of whoever sent a request. Most often without the heap.
class origin {
public:
    explicit origin(http::request const& r) {
        if (r.peer_is_loopback)
            append("loopback");
        else
            append(http::peer_of(r));
        append("|");
        append(r.header("User-Agent").substr(0, longest_name));
    }

    operator std::string_view() const noexcept { return {text_.data(), text_.size()}; }

private:
    static constexpr std::size_t longest_name = 100;

    void append(std::string_view text) { text_.insert(text_.end(), text.begin(), text.end()); }

    boost::container::small_vector<char, 160> text_;
};

inline origin origin_of(http::request const& r) {
    return origin(r);
}

}  // namespace tollgate::control
