#include "control/official/client_context.hpp"

#include <boost/json/array.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string replaced(std::string text, std::string_view name, std::string_view value) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

class writer {
public:
    writer(scenario const& s, json::object const& realm, oauth::administration const& keys,
           time_point now)
        : scenario_(s), keys_(keys) {
        issuer_ = text_member(realm, "issuer").value_or("");
        mcp_ = text_member(realm, "mcp").value_or("");
        now_ = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    }

    json::value filled(json::value const& v) const {
        // TOML has no null.
        if (v == "{null}") return nullptr;
        if (auto const* text = v.if_string()) return json::string(with_names(std::string(*text)));
        if (auto const* list = v.if_array()) {
            json::array out;
            for (auto const& one : *list)
                out.push_back(filled(one));
            return out;
        }
        auto const* o = v.if_object();
        if (o == nullptr) return v;
        if (auto const* claims = o->if_contains("jwt"); claims && claims->is_object())
            return json::string(signed_jwt(*o));
        return filled(*o);
    }
    json::object filled(json::object const& o) const {
        json::object out;
        for (auto const& member : o)
            out[member.key()] = filled(member.value());
        return out;
    }

private:
    std::string with_names(std::string text) const {
        auto const& key = scenario_.equipment.key;
        return replaced(replaced(replaced(std::move(text), "{issuer}", issuer_), "{mcp}", mcp_),
                        "{key}", key);
    }

    std::string signed_jwt(json::object const& o) const {
        auto claims = filled(o.at("jwt").get_object());
        auto const* lives = o.if_contains("lives");
        auto const seconds = lives && lives->is_int64() ? lives->get_int64() : 300;
        claims["iat"] = seconds < 0 ? now_ + seconds * 2 : now_;
        claims["exp"] = now_ + seconds;
        claims["jti"] = random_token(16);
        auto const made = keys_.sign_with(scenario_.equipment.key, {{"typ", "JWT"}}, claims);
        return made ? *made : std::string();
    }

    scenario const& scenario_;
    oauth::administration const& keys_;
    std::string issuer_;
    std::string mcp_;
    std::int64_t now_ = 0;
};

}  // namespace

json::object client_context(scenario const& s, json::object const& realm,
                            oauth::administration const& keys, time_point now) {
    return writer(s, realm, keys, now).filled(s.equipment.context);
}

}  // namespace tollgate::control
