#include "control/scenarios/persona.hpp"

#include <boost/json/array.hpp>

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view fidelities[] = {"seen", "documented", "reported"};

// "2026-08-25".
std::string read_date(object_reader& in, std::string_view name) {
    auto const text = in.need(name, "a date").text(name).value_or("");
    constexpr std::string_view form = "dddd-dd-dd";
    bool right = text.size() == form.size();
    for (std::size_t i = 0; right && i < form.size(); ++i)
        right = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
    if (!right) in.fail(name, "expected a date like \"2026-08-25\"");
    return text;
}

deviation read_deviation(object_reader& in) {
    deviation d;
    d.what = in.need("what", "a sentence").text("what", 400).value_or("");
    d.client = in.need("client", "a sentence").text("client", 400).value_or("");
    auto const i =
        in.need("fidelity", "seen, documented or reported").choice("fidelity", fidelities);
    // fidelities has the order of the enumeration.
    if (i) d.known_by = static_cast<fidelity>(*i);
    in.need("sources", "https URLs");
    d.sources = in.texts("sources");
    for (auto const& url : d.sources)
        if (!url.starts_with("https://")) in.fail("sources", "expected https URLs");
    if (d.sources.empty()) in.fail("sources", "names no source");
    d.date = read_date(in, "date");
    return d;
}

}  // namespace

persona read_persona(object_reader& in) {
    persona p;
    p.provider = in.need("provider", "a name").text("provider", 80).value_or("");
    p.as_of = read_date(in, "as_of");
    p.not_imitated = in.texts("not_imitated");
    auto const* list = in.need("deviation", "tables").array("deviation");
    if (list == nullptr) return p;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto const* o = (*list)[i].if_object();
        if (o == nullptr) {
            in.fail("deviation", "expected tables");
            continue;
        }
        object_reader one(*o, pointer_to(in.pointer("deviation"), std::to_string(i)));
        p.deviations.push_back(read_deviation(one));
        auto const ok = one.finish();
        if (!ok) in.fail(ok.error());
    }
    return p;
}

json::object describe(persona const& p) {
    json::array deviations;
    for (auto const& d : p.deviations) {
        json::object o;
        o["what"] = d.what;
        o["client"] = d.client;
        o["fidelity"] = fidelities[static_cast<std::size_t>(d.known_by)];
        o["sources"] = json::array(d.sources.begin(), d.sources.end());
        o["date"] = d.date;
        deviations.push_back(std::move(o));
    }
    json::object o;
    o["provider"] = p.provider;
    o["as_of"] = p.as_of;
    o["deviations"] = std::move(deviations);
    o["not_imitated"] = json::array(p.not_imitated.begin(), p.not_imitated.end());
    return o;
}

}  // namespace tollgate::control
