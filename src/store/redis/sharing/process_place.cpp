#include "store/redis/sharing/process_place.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/text.hpp"

namespace tollgate::oauth::redis {

namespace {

// "BOOT NAMESPACE"; empty where it cannot be read.
std::string this_machine() {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::array<char, 64> space{};
    auto const length = readlink("/proc/self/ns/pid", space.data(), space.size() - 1);
    if (boot.empty() || length <= 0) return {};
    return boot + ' ' + space.data();
}

// In ticks since the machine began: the 22nd word of its status (proc(5)), whose second, in
// parentheses, may hold anything. Empty: it has ended. Nothing: it is not to be seen.
std::optional<std::string> start_of(std::string const& process) {
    constexpr int words_before = 19;  // behind the parenthesis
    std::ifstream file("/proc/" + process + "/stat");
    if (!file) return std::nullopt;
    std::string const text((std::istreambuf_iterator<char>(file)), {});
    auto const end = text.rfind(") ");
    if (end == std::string::npos) return std::nullopt;
    std::string_view rest = std::string_view(text).substr(end + 2);
    // It has ended, and its parent has not looked yet.
    if (rest.starts_with('Z') || rest.starts_with('X')) return std::string();
    for (int i = 0; i < words_before; ++i)
        next_part(rest, ' ');
    return std::string(next_part(rest, ' '));
}

// Where /proc shows each user only their own processes (hidepid), that one is not seen does not
// mean that there is none.
bool is_no_process(std::string const& number) {
    pid_t process = 0;
    std::from_chars(number.data(), number.data() + number.size(), process);
    return process > 0 && kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

std::string place_of_this_process() {
    auto const here = this_machine();
    auto const process = std::to_string(getpid());
    auto const start = start_of(process);
    if (here.empty() || !start || start->empty()) return {};
    return here + ' ' + process + ' ' + *start;
}

bool process_is_gone(std::string_view place) {
    auto const here = this_machine();
    if (here.empty() || !place.starts_with(here + ' ')) return false;
    place.remove_prefix(here.size() + 1);
    std::string const process(next_part(place, ' '));
    if (process.empty() || place.empty() || !std::filesystem::exists("/proc/self/stat"))
        return false;
    auto const start = start_of(process);
    return start ? *start != place : is_no_process(process);
}

}  // namespace tollgate::oauth::redis
