// Keywords that lead to further schemas. JSON Schema Core 2020-12 §8.2 and §10.
#include "mcp/schema/rule.hpp"

namespace tollgate::mcp::schema_rules {

namespace {

using nodes = std::vector<node const*>;

nodes list_of(json::value const& argument, reader& in) {
    auto const* const list = argument.if_array();
    if (list == nullptr || list->empty()) in.refuse("must be an array of schemas");
    nodes out;
    for (std::size_t i = 0; i < list->size(); ++i)
        out.push_back(in.read((*list)[i], '/' + std::to_string(i)));
    return out;
}

std::vector<std::pair<std::string, node const*>> map_of(json::value const& argument, reader& in) {
    auto const* const members = argument.if_object();
    if (members == nullptr) in.refuse("must be an object of schemas");
    std::vector<std::pair<std::string, node const*>> out;
    for (auto const& [name, sub] : *members)
        out.emplace_back(name, in.read(sub, '/' + std::string(name)));
    return out;
}

rule definitions(json::value const& argument, json::object const&, reader& in) {
    map_of(argument, in);
    return {};
}

rule reference(json::value const& argument, json::object const&, reader& in) {
    return [to = in.refer(argument)](json::value const& v, place const& at) {
        return to->check(v, at);
    };
}

rule all_of(json::value const& argument, json::object const&, reader& in) {
    return [all = list_of(argument, in)](json::value const& v, place const& at) -> finding {
        for (auto const* const one : all) {
            if (auto wrong = one->check(v, at)) return wrong;
        }
        return std::nullopt;
    };
}

// "/a: fits none of these: (/a: must be a string) (/a: must be a number)"
std::string none_of(place const& at, std::vector<std::string> const& reasons) {
    std::string sentence = "must fit one of several schemas, and fits none:";
    for (auto const& why : reasons)
        sentence += " (" + why + ')';
    return at.say(sentence);
}

rule any_of(json::value const& argument, json::object const&, reader& in) {
    return [all = list_of(argument, in)](json::value const& v, place const& at) -> finding {
        std::vector<std::string> reasons;
        for (auto const* const one : all) {
            auto wrong = one->check(v, at);
            if (!wrong) return std::nullopt;
            reasons.push_back(std::move(*wrong));
        }
        return none_of(at, reasons);
    };
}

rule one_of(json::value const& argument, json::object const&, reader& in) {
    return [all = list_of(argument, in)](json::value const& v, place const& at) -> finding {
        std::vector<std::string> reasons;
        for (auto const* const one : all) {
            if (auto wrong = one->check(v, at)) reasons.push_back(std::move(*wrong));
        }
        auto const fitting = all.size() - reasons.size();
        if (fitting == 1) return std::nullopt;
        if (fitting == 0) return none_of(at, reasons);
        return at.say("must fit exactly one of several schemas, and fits " +
                      std::to_string(fitting));
    };
}

rule not_this(json::value const& argument, json::object const&, reader& in) {
    return [what = in.read(argument, "")](json::value const& v, place const& at) -> finding {
        auto const wrong = what->check(v, at);
        // Out of budget is no proof of the contrary.
        if (wrong && !at.limit().spent()) return std::nullopt;
        return at.say("must not fit the schema of \"not\"");
    };
}

rule if_this(json::value const& argument, json::object const& siblings, reader& in) {
    auto const* const then = siblings.if_contains("then");
    auto const* const otherwise = siblings.if_contains("else");
    auto const* const question = in.read(argument, "");
    auto const* const yes = then != nullptr ? in.read(*then, "") : nullptr;
    auto const* const no = otherwise != nullptr ? in.read(*otherwise, "") : nullptr;
    return [question, yes, no](json::value const& v, place const& at) -> finding {
        auto const* const next = question->check(v, at) ? no : yes;
        // Then the answer to the question means nothing.
        if (at.limit().spent()) return at.say("is too complicated to be checked");
        return next != nullptr ? next->check(v, at) : std::nullopt;
    };
}

// Without `if` they say nothing (§10.2.2), but must be schemas.
rule branch(json::value const& argument, json::object const&, reader& in) {
    in.read(argument, "");
    return {};
}

rule properties(json::value const& argument, json::object const&, reader& in) {
    return [all = map_of(argument, in)](json::value const& v, place const& at) -> finding {
        auto const* const object = v.if_object();
        if (object == nullptr) return std::nullopt;
        for (auto const& [name, sub] : all) {
            auto const* const member = object->if_contains(name);
            if (member == nullptr) continue;
            if (auto wrong = sub->check(*member, place(at, name))) return wrong;
        }
        return std::nullopt;
    };
}

// Members that `properties` beside it does not name (§10.3.2.3).
rule additional_properties(json::value const& argument, json::object const& siblings, reader& in) {
    auto const* const beside = siblings.if_contains("properties");
    auto const* const named = beside != nullptr ? beside->if_object() : nullptr;
    auto const* const sub = in.read(argument, "");
    return [named, sub](json::value const& v, place const& at) -> finding {
        auto const* const object = v.if_object();
        if (object == nullptr) return std::nullopt;
        for (auto const& [name, member] : *object) {
            if (named != nullptr && named->contains(name)) continue;
            if (auto wrong = sub->check(member, place(at, name))) return wrong;
        }
        return std::nullopt;
    };
}

rule property_names(json::value const& argument, json::object const&, reader& in) {
    return [sub = in.read(argument, "")](json::value const& v, place const& at) -> finding {
        auto const* const object = v.if_object();
        if (object == nullptr) return std::nullopt;
        for (auto const& member : *object) {
            json::value const name(member.key());
            if (sub->check(name, at)) return place(at, member.key()).say("has a wrong name");
        }
        return std::nullopt;
    };
}

rule prefix_items(json::value const& argument, json::object const&, reader& in) {
    return [all = list_of(argument, in)](json::value const& v, place const& at) -> finding {
        auto const* const list = v.if_array();
        if (list == nullptr) return std::nullopt;
        for (std::size_t i = 0; i < list->size() && i < all.size(); ++i) {
            if (auto wrong = all[i]->check((*list)[i], place(at, i))) return wrong;
        }
        return std::nullopt;
    };
}

// Elements after those of `prefixItems` beside it (§10.3.1.2).
rule items(json::value const& argument, json::object const& siblings, reader& in) {
    auto const* const beside = siblings.if_contains("prefixItems");
    std::size_t const first =
        beside != nullptr && beside->is_array() ? beside->get_array().size() : 0;
    auto const* const sub = in.read(argument, "");
    return [first, sub](json::value const& v, place const& at) -> finding {
        auto const* const list = v.if_array();
        if (list == nullptr) return std::nullopt;
        for (auto i = first; i < list->size(); ++i) {
            if (auto wrong = sub->check((*list)[i], place(at, i))) return wrong;
        }
        return std::nullopt;
    };
}

constexpr keyword structure_keywords[] = {
    {"properties", &properties},
    {"additionalProperties", &additional_properties},
    {"propertyNames", &property_names},
    {"items", &items},
    {"prefixItems", &prefix_items},
    {"allOf", &all_of},
    {"anyOf", &any_of},
    {"oneOf", &one_of},
    {"not", &not_this},
    {"if", &if_this},
    {"then", &branch},
    {"else", &branch},
    {"$ref", &reference},
    {"$defs", &definitions},
};

}  // namespace

maker find_structure_keyword(std::string_view name) noexcept {
    for (auto const& k : structure_keywords) {
        if (k.name == name) return k.make;
    }
    return nullptr;
}

}  // namespace tollgate::mcp::schema_rules
