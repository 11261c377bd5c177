#include "base/metrics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace tollgate {

namespace {

struct registry {
    std::mutex mutex;
    std::vector<metric const*> metrics;
};

// Never destroyed: metrics of any file may come and go before and after everything else.
registry& registered() {
    static auto* const instance = new registry;
    return *instance;
}

auto const started = std::chrono::system_clock::now();

// Upper bounds of the histogram, and how they are written.
using std::chrono::microseconds;
struct bound {
    microseconds at;
    std::string_view text;
};
constexpr bound bounds[] = {{microseconds(500), "0.0005"},   {microseconds(1'000), "0.001"},
                            {microseconds(2'500), "0.0025"}, {microseconds(5'000), "0.005"},
                            {microseconds(10'000), "0.01"},  {microseconds(25'000), "0.025"},
                            {microseconds(50'000), "0.05"},  {microseconds(100'000), "0.1"},
                            {microseconds(250'000), "0.25"}, {microseconds(500'000), "0.5"},
                            {microseconds(1'000'000), "1"},  {microseconds(2'500'000), "2.5"},
                            {microseconds(5'000'000), "5"},  {microseconds(10'000'000), "10"},
                            {microseconds(30'000'000), "30"}};

// Of one endpoint.
struct endpoint_counts {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};
    std::array<std::atomic<std::uint64_t>, std::size(bounds) + 1> by_bound{};  // each alone
    std::atomic<std::uint64_t> microseconds{0};
};

constexpr std::string_view duration_name = "tollgate_request_duration_seconds";

struct request_counts {
    std::shared_mutex mutex;
    std::map<std::string, std::unique_ptr<endpoint_counts>, std::less<>> by_endpoint;
};

request_counts& requests() {
    static auto* const instance = new request_counts;
    return *instance;
}

// Endpoints are the names of routes, so the map stays as small as the route tables.
endpoint_counts& counts_of(std::string_view endpoint) {
    auto& all = requests();
    {
        std::shared_lock const lock(all.mutex);
        auto const at = all.by_endpoint.find(endpoint);
        if (at != all.by_endpoint.end()) return *at->second;
    }
    std::unique_lock const lock(all.mutex);
    auto& slot = all.by_endpoint[std::string(endpoint)];
    // Somebody may have made it between the two locks.
    if (!slot) slot = std::make_unique<endpoint_counts>();
    return *slot;
}

// Text format 0.0.4: backslash, quote and newline are escaped in label values.
std::string label_value(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

std::string help_text(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '\\') out += '\\';
        out += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return out;
}

void head(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
    out += "# HELP ";
    out += name;
    out += ' ' + help_text(help) + "\n# TYPE ";
    out += name;
    out += ' ';
    out += type;
    out += '\n';
}

void sample(std::string& out, std::string_view name, std::string const& value) {
    out += name;
    out += ' ' + value + '\n';
}

std::string_view base_name(std::string_view name) noexcept {
    return name.substr(0, name.find('{'));
}

void render_requests(std::string& out) {
    constexpr std::string_view name = "tollgate_requests_total";
    head(out, name, "Requests answered, by endpoint and class of status.", "counter");
    auto& all = requests();
    std::shared_lock const lock(all.mutex);
    for (auto const& [endpoint, counts] : all.by_endpoint) {
        for (std::size_t i = 1; i < counts->by_class.size(); ++i) {
            auto const n = counts->by_class[i].load(std::memory_order_relaxed);
            if (n == 0) continue;
            out += name;
            out += "{endpoint=\"" + label_value(endpoint) + "\",status=\"" + std::to_string(i) +
                   "xx\"} " + std::to_string(n) + '\n';
        }
    }
}

void render_histogram(std::string& out, std::string const& endpoint, endpoint_counts const& of) {
    auto const label = "{endpoint=\"" + label_value(endpoint) + '"';
    auto const name = std::string(duration_name);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i <= std::size(bounds); ++i) {
        so_far += of.by_bound[i].load(std::memory_order_relaxed);
        auto const le = i == std::size(bounds) ? std::string_view("+Inf") : bounds[i].text;
        out += name + "_bucket" + label + ",le=\"" + std::string(le) + "\"} " +
               std::to_string(so_far) + '\n';
    }
    auto const us = of.microseconds.load(std::memory_order_relaxed);
    auto fraction = std::to_string(us % 1'000'000);
    fraction.insert(0, 6 - fraction.size(), '0');
    out += name + "_sum" + label + "} " + std::to_string(us / 1'000'000) + '.' + fraction + '\n';
    out += name + "_count" + label + "} " + std::to_string(so_far) + '\n';
}

void render_durations(std::string& out) {
    auto& all = requests();
    std::shared_lock const lock(all.mutex);
    if (all.by_endpoint.empty()) return;
    head(out, duration_name, "Time until there was an answer, by endpoint; of streams their head.",
         "histogram");
    for (auto const& [endpoint, counts] : all.by_endpoint)
        render_histogram(out, endpoint, *counts);
}

void render_registered(std::string& out) {
    auto& all = registered();
    std::lock_guard const lock(all.mutex);
    auto sorted = all.metrics;
    // Text format 0.0.4: the lines of one name stand together.
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](metric const* a, metric const* b) { return a->name < b->name; });
    std::string_view last;
    for (auto const* m : sorted) {
        if (base_name(m->name) != last) {
            last = base_name(m->name);
            head(out, last, m->help, m->type == metric::kind::counter ? "counter" : "gauge");
        }
        sample(out, m->name, std::to_string(m->value()));
    }
}

void render_process(std::string& out) {
    using seconds = std::chrono::duration<double>;
    head(out, "process_start_time_seconds", "Start of the process, since the epoch.", "gauge");
    sample(out, "process_start_time_seconds",
           std::to_string(seconds(started.time_since_epoch()).count()));
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    head(out, "process_resident_memory_bytes", "Resident memory.", "gauge");
    auto const page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    sample(out, "process_resident_memory_bytes", std::to_string(resident * page));
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const cpu = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    head(out, "process_cpu_seconds_total", "User and system time.", "counter");
    sample(out, "process_cpu_seconds_total",
           std::to_string(cpu(used.ru_utime) + cpu(used.ru_stime)));
}

}  // namespace

metric::metric(kind k, std::string_view metric_name, std::string_view help_text)
    : type(k), name(metric_name), help(help_text) {
    auto& all = registered();
    std::lock_guard const lock(all.mutex);
    all.metrics.push_back(this);
}

metric::~metric() {
    auto& all = registered();
    std::lock_guard const lock(all.mutex);
    std::erase(all.metrics, this);
}

void count_request(std::string_view endpoint, unsigned status,
                   std::chrono::steady_clock::duration took) {
    auto const at = std::min<std::size_t>(status / 100, 5);
    auto const us = std::chrono::duration_cast<microseconds>(took);
    auto const* const under = std::ranges::lower_bound(bounds, us, {}, &bound::at);
    auto& counts = counts_of(endpoint);
    counts.by_class[at].fetch_add(1, std::memory_order_relaxed);
    counts.by_bound[static_cast<std::size_t>(under - bounds)].fetch_add(1,
                                                                        std::memory_order_relaxed);
    counts.microseconds.fetch_add(static_cast<std::uint64_t>(us.count()),
                                  std::memory_order_relaxed);
}

std::string render_metrics() {
    std::string out;
    render_requests(out);
    render_durations(out);
    render_registered(out);
    render_process(out);
    return out;
}

}  // namespace tollgate
