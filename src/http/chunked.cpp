#include "http/chunked.hpp"

#include <algorithm>

namespace tollgate::http {
namespace {

// A size line with its extensions, which nobody uses.
constexpr std::size_t max_line = 1024;
// Sixteen hexadecimal digits would overflow the sums below.
constexpr std::size_t max_digits = 15;

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::size_t chunk_decoder::decode(std::string_view in, std::string& body) {
    std::size_t used = 0;
    while (!over() && used < in.size()) {
        if (state_ == state::data) {
            auto const n =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size() - used));
            body.append(in.substr(used, n));
            used += n;
            left_ -= n;
            if (left_ == 0) state_ = state::data_end;
        } else {
            used += take_line(in.substr(used));
        }
    }
    return used;
}

std::size_t chunk_decoder::take_line(std::string_view in) {
    if (state_ == state::data_end && in.front() != (line_.empty() ? '\r' : '\n')) {
        state_ = state::malformed;
        return 0;
    }
    auto const end = in.find('\n');
    auto const limit = state_ == state::trailer ? max_trailer_ : max_line;
    auto const n = end == std::string_view::npos ? in.size() : end + 1;
    if (line_.size() + n > limit) {
        state_ = state::malformed;
        return n;
    }
    line_.append(in.substr(0, n));
    if (end == std::string_view::npos) return n;
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r') {
        state_ = state::malformed;
        return n;
    }
    line_complete(std::string_view(line_).substr(0, line_.size() - 2));
    line_.clear();
    return n;
}

void chunk_decoder::line_complete(std::string_view line) {
    switch (state_) {
        case state::size:
            start_chunk(line);
            break;
        case state::data_end:
            state_ = line.empty() ? state::size : state::malformed;
            break;
        case state::trailer:  // RFC 9110 §6.5.1: trailers may be discarded
            trailer_ += line.size();
            if (line.empty()) state_ = state::done;
            if (trailer_ > max_trailer_) state_ = state::malformed;
            break;
        default:
            break;
    }
}

void chunk_decoder::start_chunk(std::string_view line) {
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && digits <= max_digits && hex_value(line[digits]) >= 0)
        size = size * 16 + static_cast<std::uint64_t>(hex_value(line[digits++]));
    auto const rest = line.substr(digits);
    bool const extension =
        !rest.empty() && (rest.front() == ';' || rest.front() == ' ' || rest.front() == '\t');
    if (digits == 0 || digits > max_digits || (!rest.empty() && !extension) ||
        rest.find('\r') != std::string_view::npos) {
        state_ = state::malformed;
        return;
    }
    if (size > max_body_ - taken_) {
        state_ = state::too_large;
        return;
    }
    taken_ += static_cast<std::size_t>(size);
    left_ = size;
    state_ = size == 0 ? state::trailer : state::data;
}

}  // namespace tollgate::http
