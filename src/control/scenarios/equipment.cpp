#include "control/scenarios/equipment.hpp"

#include <boost/json/array.hpp>

namespace tollgate::control {

namespace json = boost::json;

namespace {

// Runs `read` on a reader for each table of the list.
template <class Read>
void for_each_table(object_reader& in, std::string_view name, Read read) {
    auto const* list = in.array(name);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto const* o = (*list)[i].if_object();
        if (o == nullptr) return in.fail(name, "expected tables");
        object_reader one(*o, pointer_to(in.pointer(name), std::to_string(i)));
        read(one);
        auto const ok = one.finish();
        if (!ok) in.fail(ok.error());
    }
}

oauth::known_client read_client(object_reader& in) {
    oauth::known_client c;
    c.id = in.need("client_id", "a name").text("client_id").value_or("");
    c.secret = in.text("client_secret").value_or("");
    c.auth_method = in.text("token_endpoint_auth_method").value_or("");
    auto grants = in.texts("grant_types");
    if (!grants.empty()) c.grant_types = std::move(grants);
    if (auto const* keys = in.object("jwks")) c.jwks = *keys;
    return c;
}

oauth::trusted_issuer read_issuer(object_reader& in) {
    oauth::trusted_issuer t;
    t.issuer = in.need("issuer", "a URL").text("issuer").value_or("");
    if (auto const* keys = in.object("jwks")) t.jwks = *keys;
    constexpr std::string_view kinds[] = {"workload", "id-jag"};
    auto const kind = in.choice("assertions", kinds);
    t.workloads = kind != 1u;
    t.id_jag = kind != 0u;
    t.scopes = in.texts("scopes");
    return t;
}

void read_server(object_reader& in, scenario_equipment& e) {
    for_each_table(in, "clients",
                   [&](object_reader& one) { e.clients.push_back(read_client(one)); });
    for_each_table(in, "issuers",
                   [&](object_reader& one) { e.issuers.push_back(read_issuer(one)); });
    for_each_table(in, "documents", [&](object_reader& one) {
        auto url = one.need("url", "a URL").text("url").value_or("");
        auto const* document = one.need("document", "an object").object("document");
        if (document != nullptr) e.documents.emplace_back(std::move(url), *document);
    });
    e.auth_methods = in.texts("auth_methods");
    e.scopes = in.texts("scopes");
    e.key = in.text("key", 4096).value_or("");
    e.provider = in.text("provider").value_or("");
}

}  // namespace

scenario_equipment read_equipment(object_reader& in) {
    scenario_equipment e;
    if (auto const* server = in.object("server")) {
        object_reader inner(*server, in.pointer("server"));
        read_server(inner, e);
        auto const ok = inner.finish();
        if (!ok) in.fail(ok.error());
    }
    if (auto const* context = in.object("context")) e.context = *context;
    return e;
}

void apply(scenario_equipment const& e, policies& to) {
    auto& p = to.oauth;
    p.known_clients = e.clients;
    for (auto const& one : e.issuers)
        p.trusted_issuers.push_back(one);
    // Where they listen nobody can know before they come.
    p.any_loopback_redirect = !e.clients.empty() || !e.documents.empty();
    if (!e.scopes.empty()) {
        p.scopes = e.scopes;
        to.mcp.grantable_scopes = e.scopes;
    }
    if (e.auth_methods.empty()) return;
    p.auth_methods = e.auth_methods;
    p.default_auth_method = e.auth_methods.front();
    p.replaces_auth_method = true;
}

}  // namespace tollgate::control
