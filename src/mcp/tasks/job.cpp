#include "mcp/tasks/job.hpp"

#include <utility>

#include "mcp/protocol/meta.hpp"
#include "mcp/tasks/task_table.hpp"

namespace tollgate::mcp {

namespace {

// The call itself waits.
class waiting_job final : public job {
public:
    waiting_job(call const& c, json::object const& arguments) : call_(c), arguments_(arguments) {}

    json::object const& arguments() const noexcept override { return arguments_; }
    task<bool> sleep(std::chrono::milliseconds time) override { return call_.out.sleep(time); }
    task<asked> ask(std::vector<input_request> wanted) override {
        return ask_client(call_, std::move(wanted));
    }
    void report(std::string_view) override {}

private:
    call const& call_;
    json::object const& arguments_;
};

tool_result as_tool_result(call const& c, other_answer a) {
    if (std::holds_alternative<rpc_error>(a)) return stopped_result(c, std::move(a));
    tool_result r(c);
    r.instead = std::move(a);
    return r;
}

}  // namespace

task<outcome<tool_result>> run_job(call const& c, json::object const& arguments, job_function work,
                                   task_support support) {
    if (takes_tasks(c)) {
        auto& tasks = c.http.realm().get<task_table>();
        auto begun = tasks.begin(c, arguments, work);
        if (begun) co_return as_tool_result(c, std::move(*begun));
        co_return as_tool_result(c, begun.error());
    }
    if (support == task_support::required) co_return as_tool_result(c, tasks_not_declared());
    waiting_job here(c, arguments);
    auto done = co_await work(here);
    co_return as_tool_result(c, std::move(done));
}

json::object text_object(std::string_view text, bool is_error) {
    json::object block;
    block["type"] = "text";
    block["text"] = json::string_view(text.data(), text.size());
    json::array content;
    content.emplace_back(std::move(block));
    json::object out;
    out["content"] = std::move(content);
    if (is_error) out["isError"] = true;
    return out;
}

bool takes_tasks(call const& c) {
    if (!is_modern(c.revision)) return false;
    auto const* const all = c.client_capabilities.if_contains("extensions");
    if (all == nullptr || !all->is_object()) return false;
    auto const* const ours = all->get_object().if_contains(tasks_extension);
    return ours != nullptr && ours->is_object();
}

rpc_error tasks_not_declared() {
    json::object extensions;
    extensions[tasks_extension].emplace_object();
    json::object required;
    required["extensions"] = std::move(extensions);
    return missing_capability(std::move(required), "This request requires the client extension " +
                                                       std::string(tasks_extension));
}

}  // namespace tollgate::mcp
