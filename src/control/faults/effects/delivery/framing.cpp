// interim, framing: what stands around a body and is wrong.
#include <algorithm>
#include <array>

#include "control/faults/effects/fields.hpp"
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control::effects {

namespace {

constexpr std::int64_t most_flooded = 1 << 20;

std::string reason_of(std::int64_t status) {
    switch (status) {
        case 100:
            return " Continue";
        case 102:
            return " Processing";
        case 103:
            return " Early Hints";
        default:
            return " Interim";
    }
}

class interim final : public effect {
public:
    std::string text;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        r.delivery().interim += text;
        co_return true;
    }
};

enum class coding { none, gzip };

class framing final : public effect {
public:
    std::int64_t length_error = 0;
    std::size_t chunk = 0;
    std::string lines;
    coding body = coding::none;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        auto& d = r.delivery();
        if (length_error != 0) d.length_error = length_error;
        if (chunk != 0) d.chunk = chunk;
        d.lines += lines;
        if (body == coding::gzip) r.body = as_gzip(r.body);
        co_return true;
    }

private:
    static std::uint32_t crc32(std::string_view bytes) noexcept {
        std::uint32_t crc = 0xffffffffu;
        for (char const ch : bytes) {
            crc ^= static_cast<unsigned char>(ch);
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
        }
        return ~crc;
    }

    static void add_number(std::string& out, std::uint32_t n, int bytes) {
        for (int i = 0; i < bytes; ++i)
            out += static_cast<char>((n >> (8 * i)) & 0xffu);
    }

    // RFC 1952 around the stored blocks of RFC 1951 §3.2.4.
    static std::string as_gzip(std::string_view bytes) {
        constexpr std::size_t longest_block = 65535;
        std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
        auto rest = bytes;
        do {
            auto const block = rest.substr(0, longest_block);
            rest.remove_prefix(block.size());
            out += rest.empty() ? '\1' : '\0';
            auto const size = static_cast<std::uint32_t>(block.size());
            add_number(out, size, 2);
            add_number(out, ~size, 2);
            out += block;
        } while (!rest.empty());
        add_number(out, crc32(bytes), 4);
        add_number(out, static_cast<std::uint32_t>(bytes.size()), 4);
        return out;
    }
};

// Each as it is: that is what they are for.
std::string read_lines(object_reader& in) {
    std::string lines;
    auto const* list = in.array("lines");
    if (list == nullptr) return lines;
    for (auto const& one : *list) {
        if (auto const* text = one.if_string(); text != nullptr && text->size() <= 16384)
            lines.append(*text).append("\r\n");
        else
            in.fail("lines", "expected texts of at most 16384 bytes");
    }
    if (list->size() > 64) in.fail("lines", "expected at most 64");
    return lines;
}

// "X-Flood-1: aaa…" and so on.
std::string read_flood(object_reader& in) {
    auto const count = in.integer("fields", 1, 10'000);
    auto const size = in.integer("field_bytes", 1, most_flooded);
    if (size && !count) in.fail("field_bytes", "needs fields");
    std::string lines;
    if (!count) return lines;
    auto const each = size.value_or(64);
    if (*count * each > 16 * most_flooded) in.fail("fields", "are more than 16 MiB together");
    for (std::int64_t i = 1; i <= *count && lines.size() <= 16 * most_flooded; ++i) {
        lines.append("X-Flood-").append(std::to_string(i)).append(": ");
        lines.append(static_cast<std::size_t>(each), 'a').append("\r\n");
    }
    return lines;
}

}  // namespace

// RFC 9110 §15.2.
new_effect read_interim(object_reader& in) {
    auto e = std::make_shared<interim>();
    auto const status = in.need("status", "100 to 199").integer("status", 100, 199).value_or(103);
    auto const times = in.integer("times", 1, 1000).value_or(1);
    if (status == 101) in.fail("status", "101 would end HTTP on the connection");
    std::string one = "HTTP/1.1 " + std::to_string(status) + reason_of(status) + "\r\n";
    for (auto const& field : read_fields(in, "headers"))
        one.append(field.name).append(": ").append(field.value).append("\r\n");
    one += "\r\n";
    for (std::int64_t i = 0; i < times; ++i)
        e->text += one;
    return e;
}

new_effect read_framing(object_reader& in) {
    auto e = std::make_shared<framing>();
    e->length_error = in.integer("length_error", -most_flooded, most_flooded).value_or(0);
    e->chunk = static_cast<std::size_t>(in.integer("chunk", 1, 1 << 20).value_or(0));
    e->lines = read_lines(in) + read_flood(in);
    constexpr std::string_view codings[] = {"none", "gzip"};
    e->body = static_cast<coding>(in.choice("coding", codings).value_or(0));
    return e;
}

}  // namespace tollgate::control::effects
