#include "control/faults/effects/effect.hpp"

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr effect_kind kinds[] = {
    {"answer", "an answer in the place of the server's", &effects::read_answer},
    {"delay", "a wait, before the server acts or before its answer goes out", &effects::read_delay},
    {"status", "another status", &effects::read_status},
    {"headers", "header fields set, added or removed", &effects::read_headers},
    {"json", "members of a JSON answer changed or removed (RFC 7396)", &effects::read_json},
    {"text", "the bytes of a body changed", &effects::read_text},
    {"redirect", "parameters of a redirect set, removed or doubled", &effects::read_redirect},
    {"errors", "other OAuth errors, by the codes of the standard's", &effects::read_errors},
    {"form", "a form in the place of a JSON object", &effects::read_form},
    {"scopes", "the scopes of an answer told in another way", &effects::read_scopes},
    {"copy", "members that stand in an object of the answer as well", &effects::read_copy},
    {"only_with_scope", "members that only answers with that scope have",
     &effects::read_only_with_scope},
    {"cut", "the connection ends too early", &effects::read_cut},
    {"pace", "the answer comes in small pieces, with time in between", &effects::read_pace},
    {"garbage", "bytes that are no HTTP", &effects::read_garbage},
    {"interim", "interim answers before the answer (RFC 9110 §15.2)", &effects::read_interim},
    {"framing", "lengths, chunks and header lines that are wrong", &effects::read_framing},
    {"connect", "connections refused, never accepted, never answered", &effects::read_connect},
    {"tls", "certificates and handshakes of TLS that a client must refuse", &effects::read_tls},
    {"events", "events of a stream dropped, doubled, delayed or altered", &effects::read_events},
    {"rpc", "the result or error of a JSON-RPC response changed", &effects::read_rpc},
    {"do", "something happens to the realm: tokens die, sessions end", &effects::read_do},
    {"claims", "other claims in the JWTs that are made", &effects::read_claims},
    {"sign", "JWTs that are made are signed or put together wrongly", &effects::read_sign},
    {"policy", "another policy for this one request", &effects::read_policy},
    {"validator", "the bearer guard decides otherwise", &effects::read_validator},
    {"store", "records that cannot be read or written, or are lost", &effects::read_store},
};

effect_kind const* find_kind(std::string_view name) noexcept {
    for (auto const& kind : kinds)
        if (kind.name == name) return &kind;
    return nullptr;
}

problem unknown_kind(std::string_view pointer, std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& kind : kinds)
        names.push_back(kind.name);
    return mistake(pointer, "no effect is called \"" + tollgate::printable(name, 80) +
                                "\"; the nearest is \"" + std::string(nearest_name(name, names)) +
                                '"');
}

condition read_where(json::value const& place, std::string const& pointer, object_reader& in) {
    if (auto const* o = place.if_object()) return read_place(*o, pointer, in);
    json::object const whole{{"endpoint", place}};
    return read_place(whole, pointer, in);
}

// {NAME: {…}}, and "at" where it is about some requests alone.
new_effect read_effect(json::value const& v, std::string const& pointer, object_reader& in) {
    auto const* object = v.if_object();
    auto const* place = object ? object->if_contains("at") : nullptr;
    if (object == nullptr || object->size() != (place ? 2 : 1)) {
        in.fail(mistake(pointer, "expected an object of one member, the name of an effect"));
        return nullptr;
    }
    bool const second = object->begin()->key() == "at";
    auto const& member = second ? *std::next(object->begin()) : *object->begin();
    std::string_view const name(member.key());
    auto const* kind = find_kind(name);
    auto const at = pointer_to(pointer, name);
    if (kind == nullptr) {
        in.fail(unknown_kind(at, name));
        return nullptr;
    }
    auto const* arguments = member.value().if_object();
    if (arguments == nullptr) {
        in.fail(mistake(at, "expected an object, got " + std::string(kind_of(member.value()))));
        return nullptr;
    }
    object_reader reader(*arguments, at);
    auto made = kind->read(reader);
    auto const ok = reader.finish();
    if (!ok) in.fail(ok.error());
    if (made && place) made->where = read_where(*place, pointer_to(pointer, "at"), in);
    return made;
}

}  // namespace

bool is_among(http::reply const& r, answers wanted) noexcept {
    if (wanted == answers::all) return true;
    if (wanted == answers::unauthorized) return r.status == 401;
    if (wanted == answers::forbidden) return r.status == 403;
    return (r.status < 400) == (wanted == answers::success);
}

task<std::optional<http::reply>> effect::before(http::context&, administrations const&) const {
    co_return std::nullopt;
}

task<bool> effect::after(http::context&, http::reply&, administrations const&) const {
    co_return false;
}

std::vector<effect_ptr> copies_of(std::vector<effect_ptr> const& all) {
    std::vector<effect_ptr> made;
    for (auto const& e : all) {
        auto own = e->copy();
        made.push_back(own ? effect_ptr(std::move(own)) : e);
    }
    return made;
}

std::span<effect_kind const> effect_kinds() noexcept {
    return kinds;
}

std::vector<effect_ptr> read_effects(json::array const& list, object_reader& in,
                                     std::string_view name) {
    std::vector<effect_ptr> all;
    if (list.empty() || list.size() > most_effects)
        in.fail(name, "expected 1 to " + std::to_string(most_effects) + " effects");
    auto const base = in.pointer(name);
    for (std::size_t i = 0; i < list.size() && i < most_effects; ++i) {
        auto made = read_effect(list[i], pointer_to(base, std::to_string(i)), in);
        if (made) all.push_back(std::move(made));
    }
    return all;
}

answers effects::read_only(object_reader& in) {
    constexpr std::string_view choices[] = {"success", "error", "unauthorized", "forbidden"};
    auto const i = in.choice("only", choices);
    // The words have the order of the enumeration, which has `all` in front.
    return i ? static_cast<answers>(*i + 1) : answers::all;
}

}  // namespace tollgate::control
