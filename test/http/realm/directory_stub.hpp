// A directory of realms that a test fills.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/realm/resolver.hpp"

namespace test {

// Knows the scenario "plain", and makes up to `room` implicit realms.
class directory_stub final : public tollgate::http::realm_directory {
public:
    using realm_ptr = tollgate::http::realm_ptr;

    std::map<std::string, realm_ptr, std::less<>> realms;
    int room = 10;
    int made = 0;
    std::vector<std::string> founders;  // of those made

    directory_stub() { add("default"); }

    realm_ptr add(std::string const& name) {
        return realms[name] = std::make_shared<tollgate::http::realm>(name);
    }
    realm_ptr find(std::string_view name) override {
        auto const at = realms.find(name);
        return at == realms.end() ? nullptr : at->second;
    }
    tollgate::outcome<realm_ptr> implicit(std::string_view scenario, std::string_view run,
                                          tollgate::http::founder const* by) override {
        using tollgate::problem;
        if (scenario != "plain") return problem(404, "not_found", "did you mean plain?");
        auto const name = "s." + std::string(scenario) + '.' + std::string(run);
        if (auto known = find(name)) return known;
        if (!by) return problem(404, "not_found", "this run has not begun");
        if (room == 0) return problem(503, "temporarily_unavailable", "too many realms");
        founders.push_back(by->trusted ? "trusted" : by->who.local ? "local" : by->who.peer);
        --room;
        ++made;
        return add(name);
    }
};

}  // namespace test
