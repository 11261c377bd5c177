// Conditional replies with the documents that clients discover the server by.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/json/object.hpp>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

// A document as it is sent, and its entity tag.
struct discovery_document {
    explicit discovery_document(boost::json::object const& o);

    std::string body;
    std::string tag;
};

// Documents that were made before, by a key that names all that they depend on: they are asked for
// again and again. Thread-safe, bounded.
class discovery_documents {
public:
    using document = std::shared_ptr<discovery_document const>;

    // Null: it has to be made.
    document find(std::string_view key) const;
    document keep(std::string_view key, boost::json::object const& o);

private:
    struct hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    mutable std::mutex mutex_;
    std::unordered_map<std::string, document, hash, std::equal_to<>> made_;
};

// 200 with the document, or 304 for a client that has it already (RFC 9110 §13.1.2). Kept only
// with leave: the policy can change between two requests, and a client that is being tested
// against the change must see it.
reply discovery_reply(context const& c, discovery_document const& d);
reply discovery_reply(context const& c, boost::json::object const& o);

}  // namespace tollgate::http
