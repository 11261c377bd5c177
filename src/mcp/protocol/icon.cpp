#include "mcp/protocol/icon.hpp"

#include <boost/json/object.hpp>

#include "base/crypto.hpp"

namespace tollgate::mcp {

namespace json = boost::json;

namespace {

// A gate with its bar down.
constexpr char drawing[] = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">)"
                           R"(<path fill="#246" d="M2 3h2v10H2zM12 3h2v10h-2z"/>)"
                           R"(<path fill="#c33" d="M4 7h8v2H4z"/></svg>)";

}  // namespace

json::array icons() {
    json::object icon;
    icon["src"] = "data:image/svg+xml;base64," + to_base64(drawing);
    icon["mimeType"] = "image/svg+xml";
    icon["sizes"] = json::array{"any"};
    json::array out;
    out.push_back(std::move(icon));
    return out;
}

}  // namespace tollgate::mcp
