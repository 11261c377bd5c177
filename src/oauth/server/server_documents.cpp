// What clients have elsewhere: the documents that their ids name, their key sets, and what stands
// in for them.
#include <utility>

#include "oauth/clients/client_document.hpp"
#include "oauth/fetch/fetch_failure.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

task<outcome<client_ptr>> server::find_documented_client(http::context const& c, std::string id) {
    auto const& r = c.realm();
    auto const& p = rules(c);
    auto const reach = check_document_id(id, p);
    if (!reach) co_return reach.error();
    remote_question q;
    q.noun = "the client metadata document";
    q.url = id;
    q.reach = *reach;
    auto const found = co_await document(r, std::move(q));
    if (!found) co_return with_ways_out(found.error(), id);
    auto made = client_from_document(id, **found, p);
    if (!made) {
        forget_document(r, id);
        co_return made.error();
    }
    co_return std::make_shared<client const>(std::move(*made));
}

task<outcome<remote_document>> server::document(http::realm const& r, remote_question q) {
    auto here = r.get<document_stand_ins>().find(q.url);
    if (here) co_return here;
    if (!documents_) co_return errors::temporarily_unavailable.log("nothing to fetch with");
    // By id: a later realm of the same name shares nothing with this one.
    q.owner = std::to_string(r.id());
    auto got = co_await documents_->get(std::move(q));
    co_return got;
}

void server::forget_document(http::realm const& r, std::string const& url) {
    if (documents_) documents_->forget(std::to_string(r.id()), url);
}

outcome<void> server::put_client_document(http::realm& r, std::string url,
                                          boost::json::object document) {
    auto p = *state(r).current();
    p.client_documents = true;  // a realm may be told before it is asked
    auto const named = check_document_id(url, p);
    if (!named) return problem(400, "invalid_url", named.error().description());
    auto const wrong = flaw_of_stand_in(url, document, std::move(p));
    if (!wrong.empty()) return problem(400, "invalid_request", wrong);
    if (r.get<document_stand_ins>().put(std::move(url), std::move(document)))
        return outcome<void>();
    return problem(409, "too_many_client_documents",
                   "this realm has " + std::to_string(document_stand_ins::most) +
                       " client documents already; delete some first");
}

std::vector<stand_in> server::client_documents(http::realm const& r) const {
    return r.get<document_stand_ins>().list();
}

std::size_t server::erase_client_documents(http::realm& r, std::string_view url) {
    auto& all = r.get<document_stand_ins>();
    return url.empty() ? all.clear() : all.erase(url);
}

}  // namespace tollgate::oauth
