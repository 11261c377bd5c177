#include "control/verdict/sessions.hpp"

#include <boost/json/parse.hpp>

#include "base/json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string revision_of(json::value const& answer) {
    auto const* o = answer.if_object();
    auto const* result = o ? o->if_contains("result") : nullptr;
    auto const* object = result ? result->if_object() : nullptr;
    return object ? std::string(text_member(*object, "protocolVersion").value_or(""))
                  : std::string();
}

// In the answer, or in the stream that was the answer.
std::string negotiated(conversation const& c, observation const& initialize) {
    auto told = revision_of(initialize.answer);
    if (!told.empty()) return told;
    for (auto const& o : c.all()) {
        if (o.what().of != initialize.seq() || o.what().stream_data.empty()) continue;
        json::error_code wrong;
        auto const message = json::parse(o.what().stream_data, wrong);
        if (wrong) continue;
        told = revision_of(message);
        if (!told.empty()) return told;
    }
    return {};
}

// A session without an id is that of whoever opened it.
bool is_of(session_seen const& s, observation const& o) {
    if (!s.id.empty()) return o.header("Mcp-Session-Id") == s.id;
    return o.header("Mcp-Session-Id").empty() && o.peer_key() == s.opened->peer_key();
}

bool is_refused(json::value const& answer) {
    auto const* o = answer.if_object();
    return o && o->contains("error");
}

}  // namespace

std::vector<session_seen> sessions_of(conversation const& c) {
    std::vector<session_seen> all;
    for (auto const* o : c.mcp()) {
        if (o->endpoint() != "mcp") continue;
        bool const opens = o->method == "POST" && o->mcp_method() == "initialize";
        bool const well = o->succeeded() && !o->cut() && !is_refused(o->answer);
        if (opens && well) {
            all.push_back(
                {o, std::string(o->answer_header("Mcp-Session-Id")), negotiated(c, *o), {}});
            continue;
        }
        for (auto s = all.rbegin(); s != all.rend(); ++s) {
            if (!is_of(*s, *o)) continue;
            s->later.push_back(o);
            break;
        }
    }
    return all;
}

}  // namespace tollgate::control
