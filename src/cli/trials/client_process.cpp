#include "cli/trials/client_process.hpp"

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/trials/child_process.hpp"

namespace tollgate::trials {

namespace {

using namespace std::chrono_literals;

constexpr off_t longest_output = 2000;
constexpr off_t much_output = 1 << 20;
constexpr auto between_looks = 100ms;  // at how much it has printed

// A file without a name, for what the client prints.
class print {
public:
    print() {
        char name[] = "/tmp/tollgate-client-XXXXXX";
        file_ = mkostemp(name, O_CLOEXEC | O_APPEND);
        if (file_ >= 0) unlink(name);
    }
    ~print() {
        if (file_ >= 0) close(file_);
    }
    print(print const&) = delete;
    print& operator=(print const&) = delete;

    int file() const noexcept { return file_; }
    std::string end() const {
        if (file_ < 0) return {};
        auto const size = lseek(file_, 0, SEEK_END);
        auto const from = size > longest_output ? size - longest_output : 0;
        std::string text(static_cast<std::size_t>(size - from), '\0');
        auto const got = pread(file_, text.data(), text.size(), from);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        text.insert(0, before_);
        constexpr auto most = static_cast<std::size_t>(longest_output);
        return text.size() > most ? text.substr(text.size() - most) : text;
    }
    // A client that prints without end must not fill the disk: what it writes goes on at the
    // beginning of the file, and of the rest only the end is kept.
    void stay_small() {
        if (lseek(file_, 0, SEEK_END) < much_output) return;
        auto last = end();
        if (ftruncate(file_, 0) == 0) before_ = std::move(last);
    }

private:
    int file_ = -1;
    std::string before_;  // the end of what stood in it earlier
};

// Its status; nothing when it was not over in time, or somebody gave up.
std::optional<int> wait_for(child_process& child, print& output, std::chrono::milliseconds timeout,
                            std::atomic<bool> const& give_up) {
    using std::chrono::steady_clock;
    std::optional<int> status;
    auto const deadline = steady_clock::now() + timeout;
    while (!status && !give_up && steady_clock::now() < deadline) {
        auto const left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
        status = child.wait(std::min<std::chrono::milliseconds>(left, between_looks), give_up);
        output.stay_small();
    }
    return status;
}

// In single quotes, for the shell.
std::string shell_quoted(std::string const& text) {
    std::string out = "'";
    for (char const c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

// Ours, and the variables that are set besides.
std::vector<std::string> environment_with(
    std::vector<std::pair<std::string, std::string>> const& variables) {
    auto all = own_environment();
    for (auto const& [name, value] : variables) {
        std::erase_if(all, [&](auto const& one) { return one.starts_with(name + '='); });
        all.push_back(name + '=' + value);
    }
    return all;
}

client_end end_of(int status) {
    client_end e;
    constexpr int by_signal = 128;  // what a shell adds to the number of a signal
    if (WIFSIGNALED(status)) {
        e.is = client_end::kind::crashed;
        e.exit = WTERMSIG(status);
    } else {
        e.exit = WEXITSTATUS(status);
        if (e.exit > by_signal) e.is = client_end::kind::crashed;
        // 126 and 127: the shell could not run it.
        if (e.exit == 126 || e.exit == 127) e.is = client_end::kind::not_started;
    }
    return e;
}

}  // namespace

client_end run_client(std::string const& command, std::string const& url,
                      std::vector<std::pair<std::string, std::string>> const& variables,
                      std::chrono::milliseconds timeout, std::atomic<bool> const& give_up) {
    print output;
    client_end e;
    e.is = client_end::kind::not_started;
    e.output = "it cannot be started";
    if (output.file() < 0) return e;
    child_process child({"/bin/sh",
                         {"sh", "-c", command + ' ' + shell_quoted(url)},
                         environment_with(variables),
                         true,
                         output.file(),
                         output.file()});
    if (!child.started()) return e;
    auto const status = wait_for(child, output, timeout, give_up);
    // What it has started goes with it.
    auto const killed = child.kill();
    e = end_of(status.value_or(killed));
    if (!status) e.is = client_end::kind::timed_out;
    e.output = output.end();
    return e;
}

}  // namespace tollgate::trials
