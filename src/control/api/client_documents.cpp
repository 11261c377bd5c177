// client-documents: what stands in for a URL that a client is named by.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control/api/api.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

task<outcome<reply>> list_client_documents(control_plane& p, context& c) {
    json::array list;
    for (auto const& d : p.servers().oauth.client_documents(c.realm())) {
        json::object o;
        o["url"] = d.url;
        o["configured"] = d.configured;
        list.push_back(std::move(o));
    }
    co_return json_answer("client_documents", std::move(list));
}

task<outcome<reply>> put_client_document(control_plane& p, context& c) {
    constexpr std::size_t longest_url = 2048;
    auto const body = body_object(c);
    if (!body) co_return body.error();
    object_reader in(**body);
    auto url =
        in.need("url", "the URL that clients are named by").text("url", longest_url).value_or("");
    auto const* document = in.need("document", "what the URL answers").object("document");
    auto const ok = in.finish();
    if (!ok) co_return ok.error();
    auto const done = p.servers().oauth.put_client_document(c.realm(), url, *document);
    // What is wrong with it is told by its place in the body.
    if (!done && done.error().status() == 400) {
        auto const* where = done.error().error() == "invalid_url" ? "/url" : "/document";
        co_return mistake(where, done.error().description());
    }
    if (!done) co_return done.error();
    json::object made;
    made["url"] = url;
    co_return json_answer(201, made);
}

// ?url=… takes one away; without it, all that were put into this realm go.
task<outcome<reply>> delete_client_documents(control_plane& p, context& c) {
    auto const query = c.query();
    if (!query) co_return query.error();
    auto const url = (*query)->one("url");
    bool const empty = std::ranges::count((*query)->without_value(), "url") != 0;
    if (empty || (!url && (*query)->has("url")))
        co_return problem(400, "invalid_request",
                          "url: expected one URL, or no such parameter for all of them");
    auto& servers = p.servers();
    auto const gone = servers.oauth.erase_client_documents(c.realm(), url.value_or(""));
    if (url && gone == 0)
        co_return problem(404, "unknown_client_document",
                          "no document was put into this realm for that URL");
    co_return json_answer("removed", gone);
}

}  // namespace tollgate::control::api
