// as_change: what a client does when its MCP server names another authorization server.
#include <set>
#include <string>

#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

namespace {

// Which of its two sides is asked about.
enum class side { registered, kept_apart };

// The first authorization server is the one that the client registered at first; they are told
// apart by their origins.
class as_change final : public predicate {
public:
    explicit as_change(side what) : what_(what) {}

    answer judge(conversation const& c, moment const& m) const override {
        std::string_view first;
        std::set<std::string> ids;  // that the first one gave
        for (auto const& r : c.registrations()) {
            if (first.empty()) first = r.at->host();
            if (r.at->host() == first) ids.insert(r.client_id);
        }
        observation const* shown = nullptr;
        for (auto const* o : c.exchanges()) {
            if (first.empty() || o->host() == first) continue;
            bool const again = o->endpoint() == "register" && o->succeeded();
            if (again && what_ == side::registered) return {answer::kind::holds, o};
            if (what_ == side::kept_apart && ids.contains(named_by(*o)))
                return {answer::kind::broken, o};
            if (again) shown = o;
        }
        if (what_ == side::registered || !c.tried()) return {};
        return {m.over ? answer::kind::holds : answer::kind::waiting, shown};
    }
    bool waits() const noexcept override { return what_ == side::registered; }

private:
    static std::string named_by(observation const& o) {
        if (o.endpoint() == "authorize") return std::string(o.query.one("client_id").value_or(""));
        return o.endpoint() == "token" ? client_of(o) : std::string();
    }

    side what_;
};

}  // namespace

predicate_ptr read_as_change(object_reader& in) {
    constexpr std::string_view words[] = {"registered", "kept_apart"};
    in.need("what", "registered or kept_apart");
    auto const what = in.choice("what", words);
    return std::make_shared<as_change>(what == 1u ? side::kept_apart : side::registered);
}

}  // namespace tollgate::control::predicates
