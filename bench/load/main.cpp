// The load of scripts/bench: reads one order as JSON from its first argument, does it, and says as
// JSON what it cost the server. The names of the members are those of loads.hpp.
#include <cstdio>
#include <exception>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "loads.hpp"

namespace json = boost::json;

namespace {

template <class T>
T member(json::object const& o, std::string_view name, T otherwise) {
    auto const* v = o.if_contains(name);
    return v ? json::value_to<T>(*v) : std::move(otherwise);
}

bench::order order_from(std::string_view text) {
    auto const document = json::parse(text);
    auto const& o = document.as_object();
    bench::order one;
    one.kind = json::value_to<std::string>(o.at("kind"));
    one.port = json::value_to<unsigned short>(o.at("port"));
    one.pids = member(o, "pids", one.pids);
    one.connections = member(o, "connections", one.connections);
    one.for_so_long = std::chrono::milliseconds(member(o, "milliseconds", 1000));
    one.bytes = member(o, "bytes", one.bytes);
    one.status = member(o, "status", one.status);
    one.command = member(o, "command", one.command);
    one.core = member(o, "core", one.core);
    return one;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: bench_load ORDER\n", stderr);
        return 2;
    }
    try {
        auto const done = bench::run(order_from(arguments[1]));
        json::object const said{{"operations", done.operations},
                                {"cpu", done.cpu_nanoseconds / 1000},
                                {"wall", done.wall_nanoseconds / 1000},
                                {"bytes", done.bytes}};
        std::puts(json::serialize(said).c_str());
    } catch (std::exception const& e) {
        std::fprintf(stderr, "bench_load: %s\n", e.what());
        return 1;
    }
}
